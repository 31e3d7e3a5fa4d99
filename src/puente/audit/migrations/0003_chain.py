from django.db import migrations, models

import puente.platform.ids
import puente.platform.policy
from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

NO_OFFICE = "'00000000-0000-0000-0000-000000000000'::uuid"
OF_OFFICES = f"({in_offices_of('audit.view')} OR (office_id IS NULL AND (SELECT puente_may('audit.view'))))"
# Reserved events are told only to whom the clearance fits (Sensitivity.FLAG is 3).
TOLD = "(sensitivity < 3 OR sensitivity <= (SELECT puente_clearance()))"
OWN = "actor_id = (SELECT puente_actor())"
VERIFYING = "(SELECT puente_may('audit.verify'))"
OF_CHAINS = (
    f"{in_offices_of('audit.view', 'chain')} OR (chain = {NO_OFFICE} AND (SELECT puente_may('audit.view')))"
    f" OR {VERIFYING}"
)

# The text that is hashed, as engines/audit_chain.py writes it: each field with its length before it.
CREATE_TEXT = """
CREATE FUNCTION puente_audit_text(chain uuid, event audit_event) RETURNS text LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT string_agg(
        CASE WHEN part IS NULL THEN '-,' ELSE length(part) || ':' || part || ',' END, '' ORDER BY place
    ) FROM unnest(ARRAY[
        chain::text, event.id::text, extract(epoch FROM event.at)::text, event.verb, event.actor_id::text,
        event.office_id::text, event.record_type, event.record_id::text, event.person_id::text, event.purpose,
        event.sensitivity::text, event.detail::text
    ]) WITH ORDINALITY AS field(part, place)
$$
"""
# With the owner's rights: the application role may not write links at all.
CREATE_APPEND = f"""
CREATE FUNCTION puente_append_link(event audit_event) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own uuid := coalesce(event.office_id, {NO_OFFICE});
    last audit_link;
    before bytea;
BEGIN
    SELECT * INTO last FROM audit_link WHERE chain = own ORDER BY seq DESC LIMIT 1;
    before := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
    INSERT INTO audit_link (chain, seq, event_id, previous, hash) VALUES (
        own, coalesce(last.seq, 0) + 1, event.id, before,
        sha256(before || convert_to(puente_audit_text(own, event), 'UTF8'))
    );
END $$
"""
# Runs when the transaction is committed. All chains of the transaction are locked in one order, so that two
# transactions that each write to two offices cannot wait for each other. The lock lasts until the commit is visible.
CREATE_LINK = f"""
CREATE FUNCTION puente_link_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    own text := coalesce(NEW.office_id, {NO_OFFICE})::text;
    locked text;
BEGIN
    FOR locked IN
        SELECT DISTINCT name FROM unnest(string_to_array(
            coalesce(current_setting('puente.chains', true), '') || ',' || own, ','
        )) AS name WHERE name <> '' ORDER BY name
    LOOP
        PERFORM pg_advisory_xact_lock(hashtext('puente.audit'), hashtext(locked));
    END LOOP;
    PERFORM puente_append_link(NEW);
    RETURN NULL;
END $$
"""
CREATE_NOTE = f"""
CREATE FUNCTION puente_note_chain() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    own text := coalesce(NEW.office_id, {NO_OFFICE})::text;
    noted text := coalesce(current_setting('puente.chains', true), '');
BEGIN
    IF position(own IN noted) = 0 THEN
        PERFORM set_config('puente.chains', noted || ',' || own, true);
    END IF;
    RETURN NULL;
END $$
"""
LINK_EXISTING = """
DO $$
DECLARE
    event audit_event;
BEGIN
    FOR event IN SELECT * FROM audit_event ORDER BY at, id LOOP
        PERFORM puente_append_link(event);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_row_security")]

    operations = [
        migrations.AddField(
            model_name="event",
            name="sensitivity",
            field=models.PositiveSmallIntegerField(
                default=puente.platform.policy.Sensitivity["CASE"],
                help_text="From FLAG upwards told only to readers with that clearance.",
            ),
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["office_id", "verb", "-at"], name="event_by_verb")
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["record_id", "-at"], name="event_by_record")
        ),
        migrations.CreateModel(
            name="Link",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "chain", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("event_id", models.UUIDField(unique=True)),
                ("previous", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("chain", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("at", models.DateTimeField()),
                ("key_name", models.CharField(help_text="Fingerprint of the key that signed.", max_length=16)),
                ("signature", models.BinaryField()),
            ],
            options={"indexes": [models.Index(fields=["chain", "-at"], name="heads_of_chain")]},
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("events", models.BigIntegerField()),
                ("seconds", models.FloatField()),
                ("findings", models.JSONField(default=list)),
            ],
            options={"indexes": [models.Index(fields=["-at"], name="verifications_by_time")]},
        ),
        migrations.RunSQL("DROP POLICY audit_event_read ON audit_event", migrations.RunSQL.noop),
        migrations.RunSQL(
            f"CREATE POLICY audit_event_read ON audit_event FOR SELECT"
            f" USING ({OWN} OR {VERIFYING} OR ({OF_OFFICES} AND {TOLD}))",
            f"""DROP POLICY audit_event_read ON audit_event;
            CREATE POLICY audit_event_read ON audit_event FOR SELECT
            USING ({OWN} OR {in_offices_of("audit.view")})""",
        ),
        protect_rows("audit_link", read=OF_CHAINS, insert="false"),
        make_append_only("audit_link"),
        migrations.RunSQL("REVOKE INSERT ON audit_link FROM puente_app", "GRANT INSERT ON audit_link TO puente_app"),
        protect_rows("audit_head", read=OF_CHAINS, insert=VERIFYING),
        make_append_only("audit_head"),
        protect_rows("audit_verification", read=f"(SELECT puente_may('audit.view')) OR {VERIFYING}", insert=VERIFYING),
        make_append_only("audit_verification"),
        migrations.RunSQL(CREATE_TEXT, "DROP FUNCTION puente_audit_text(uuid, audit_event)"),
        migrations.RunSQL(
            [CREATE_APPEND, "REVOKE EXECUTE ON FUNCTION puente_append_link(audit_event) FROM PUBLIC"],
            "DROP FUNCTION puente_append_link(audit_event)",
        ),
        migrations.RunSQL(CREATE_LINK, "DROP FUNCTION puente_link_event()"),
        migrations.RunSQL(CREATE_NOTE, "DROP FUNCTION puente_note_chain()"),
        migrations.RunSQL(LINK_EXISTING, migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                "CREATE TRIGGER audit_note_chain AFTER INSERT ON audit_event"
                " FOR EACH ROW EXECUTE FUNCTION puente_note_chain()",
                "CREATE CONSTRAINT TRIGGER audit_link_event AFTER INSERT ON audit_event"
                " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION puente_link_event()",
            ],
            "DROP TRIGGER audit_link_event ON audit_event; DROP TRIGGER audit_note_chain ON audit_event;",
        ),
    ]
