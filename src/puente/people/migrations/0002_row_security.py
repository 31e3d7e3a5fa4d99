from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

# With the owner's rights, so that the policies of one table need not pass those of another.
CREATE_SERVES = """
CREATE FUNCTION puente_serves(person uuid, action text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_personoffice AS served
        WHERE served.person_id = person AND served.office_id = ANY (puente_offices(action))
    ) OR (puente_may(action) AND EXISTS (
        SELECT 1 FROM accounts_accessgrant AS granted
        WHERE granted.user_id = puente_actor() AND granted.person_id = person AND granted.expires_at > now()
    ))
$$;
"""
FINDING = "(SELECT puente_finding() AND puente_may('person.find'))"
REGISTERING = in_offices_of("person.register")
OPEN = f"({in_offices_of('person.open')} OR puente_serves(person_id, 'person.open'))"
MAY_WRITE = "(SELECT puente_may('person.register') OR puente_may('person.correct'))"
FITS = "sensitivity <= (SELECT puente_clearance())"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0001_initial"),
        ("accounts", "0001_initial"),
        ("platform", "0001_actor_functions"),
    ]
    operations = [
        migrations.RunSQL(CREATE_SERVES, "DROP FUNCTION puente_serves(uuid, text)"),
        protect_rows(
            "people_person",
            read=f"{FITS} AND ({FINDING} OR puente_serves(id, 'person.open'))",
            insert=f"{FITS} AND {REGISTERING}",
            update=f"{FITS} AND {MAY_WRITE} AND puente_serves(id, 'person.open')",
        ),
        protect_rows(
            "people_personoffice",
            read=f"{FINDING} OR {in_offices_of('person.open')}",
            insert=REGISTERING,
        ),
        protect_rows(
            "people_identity",
            read=f"{FINDING} OR puente_serves(person_id, 'person.open')",
            insert=f"{MAY_WRITE} AND puente_serves(person_id, 'person.open')",
        ),
        make_append_only("people_identity"),
        protect_rows(
            "people_searchkey",
            read="(SELECT puente_may('person.find'))",
            insert=f"{MAY_WRITE} AND puente_serves(person_id, 'person.open')",
            delete=f"{MAY_WRITE} AND puente_serves(person_id, 'person.open')",
        ),
        protect_rows("people_travelgroup", read=in_offices_of("person.open"), insert=REGISTERING),
        protect_rows("people_travelgroupmember", read=OPEN, insert=REGISTERING),
        protect_rows("people_consentdecision", read=OPEN, insert=in_offices_of("consent.record")),
        make_append_only("people_consentdecision"),
    ]
