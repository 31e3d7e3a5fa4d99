"""The period of an export is read by the clock of the office, in the database as in the service.

And of the people whose cases an approved export tells of, the exporter learns three facts without reading their rows.
"""

from django.db import migrations

DEFINE = """
CREATE OR REPLACE FUNCTION puente_exports(exported uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT puente_stepped_up() AND EXISTS (
        SELECT 1 FROM protection_protectedexport AS asked JOIN protection_case AS held USING (office_id)
        JOIN offices_office AS office ON office.id = held.office_id
        WHERE held.id = exported AND asked.asked_by = puente_actor() AND asked.is_approved
          AND asked.decided_by <> puente_actor() AND asked.expires_at > now() AND asked.produced_at IS NULL
          AND {day} BETWEEN asked.first_day AND asked.last_day
    )
$$;
"""
BY_OFFICE = DEFINE.format(day="(held.opened_at AT TIME ZONE office.time_zone)::date")
BY_DATABASE = DEFINE.format(day="held.opened_at::date")

# With the owner's rights: whoever exports may not read the row of a reserved person, which holds the wrapped key.
CREATE_FACTS = """
CREATE FUNCTION puente_export_facts(exported uuid)
RETURNS TABLE (is_erased boolean, sex varchar, nationality_id varchar)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT person.erased_at IS NOT NULL, person.sex, person.nationality_id
    FROM protection_case AS held JOIN people_person AS person ON person.id = held.person_id
    WHERE held.id = exported AND puente_exports(exported)
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0013_erasure"), ("people", "0011_erasure"), ("offices", "0001_initial")]
    operations = [
        migrations.RunSQL(BY_OFFICE, BY_DATABASE),
        migrations.RunSQL(CREATE_FACTS, "DROP FUNCTION puente_export_facts(uuid)"),
    ]
