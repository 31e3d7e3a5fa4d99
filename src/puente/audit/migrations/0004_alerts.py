import django.db.models.deletion
from django.db import migrations, models

import puente.platform.ids
from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

OWN = "actor_id = (SELECT puente_actor())"
PLANTING = "(SELECT puente_may('canary.plant'))"


def in_reviewed(column: str = "office_id") -> str:
    """Return the condition that a row is of an office whose alerts the actor reviews, or of no office."""
    return f"({in_offices_of('alert.review', column)} OR ({column} IS NULL AND (SELECT puente_may('alert.review'))))"


IS_OF_ANOTHER = (
    "EXISTS (SELECT 1 FROM audit_alert AS alert WHERE alert.id = alert_id AND alert.actor_id <> puente_actor())"
)

# Which people are invented is read with the owner's rights, so that nobody who opens files can list them.
CREATE_IS_CANARY = """
CREATE FUNCTION puente_is_canary(person uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$ SELECT EXISTS (SELECT 1 FROM audit_canary WHERE person_id = person) $$
"""
# Whatever is done with an invented person leaves an event, so no way to a file can forget the alert.
CREATE_WATCH = """
CREATE FUNCTION puente_watch_canaries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    IF puente_is_canary(NEW.person_id) AND NOT EXISTS (
        SELECT 1 FROM audit_alert AS alert JOIN audit_event AS event ON event.id = alert.event_id
        WHERE alert.kind = 'canary' AND alert.actor_id = NEW.actor_id AND event.person_id = NEW.person_id
            AND alert.at > NEW.at - interval '1 hour'
    ) THEN
        INSERT INTO audit_alert (id, kind, at, office_id, actor_id, event_id, detail) VALUES (
            gen_random_uuid(), 'canary', NEW.at, coalesce(
                NEW.office_id, (SELECT office_id FROM audit_canary WHERE person_id = NEW.person_id)
            ), NEW.actor_id, NEW.id, jsonb_build_object('verb', NEW.verb)
        );
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_chain")]

    operations = [
        migrations.CreateModel(
            name="Alert",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("canary", "An invented file was opened"),
                            ("open_budget", "Too many files opened"),
                            ("search_budget", "Too many searches"),
                            ("break_glass", "A file was opened in an emergency"),
                            ("chain_broken", "The record of events was tampered with"),
                            ("refusals", "Many refusals in one hour"),
                        ],
                        max_length=20,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("office_id", models.UUIDField(null=True)),
                ("actor_id", models.UUIDField()),
                ("event_id", models.UUIDField(null=True)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={"indexes": [models.Index(fields=["office_id", "-at"], name="alerts_of_office")]},
        ),
        migrations.CreateModel(
            name="AlertReview",
            fields=[
                (
                    "alert",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="review",
                        serialize=False,
                        to="audit.alert",
                    ),
                ),
                ("office_id", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("by", models.UUIDField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("explained", "It was part of the work"),
                            ("mistake", "A mistake; spoken about"),
                            ("misuse", "Misuse; passed on"),
                            ("repaired", "Technical; repaired"),
                        ],
                        max_length=20,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Canary",
            fields=[
                ("person_id", models.UUIDField(primary_key=True, serialize=False)),
                ("office_id", models.UUIDField()),
                ("planted_at", models.DateTimeField()),
                ("planted_by", models.UUIDField()),
            ],
            options={"indexes": [models.Index(fields=["office_id", "-planted_at"], name="canaries_of_office")]},
        ),
        protect_rows("audit_alert", read=in_reviewed(), insert=OWN),
        make_append_only("audit_alert"),
        protect_rows(
            "audit_alertreview",
            read=in_reviewed(),
            insert=f"by = (SELECT puente_actor()) AND {in_reviewed()} AND {IS_OF_ANOTHER}",
        ),
        make_append_only("audit_alertreview"),
        protect_rows("audit_canary", read=PLANTING, insert=PLANTING),
        make_append_only("audit_canary"),
        migrations.RunSQL(CREATE_IS_CANARY, "DROP FUNCTION puente_is_canary(uuid)"),
        migrations.RunSQL(
            [
                CREATE_WATCH,
                "CREATE TRIGGER audit_watch_canaries AFTER INSERT ON audit_event FOR EACH ROW"
                " WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION puente_watch_canaries()",
            ],
            "DROP TRIGGER audit_watch_canaries ON audit_event; DROP FUNCTION puente_watch_canaries();",
        ),
    ]
