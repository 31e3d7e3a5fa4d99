"""Who may put somebody in charge of a reserved file: whoever is in charge, or who assigns, and then never themselves."""

from django.db import migrations

from puente.platform.row_security import in_offices_of

CREATE_FUNCTION = """
CREATE FUNCTION puente_may_assign(person uuid, assigned uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT CASE
        WHEN (SELECT found.sensitivity FROM people_person AS found WHERE found.id = person) < 3 THEN true
        ELSE puente_stepped_up() AND (
            puente_in_charge(person)
            OR puente_granted(person, 3, 'person.reserve')
            OR (puente_may('person.assign') AND assigned <> puente_actor()))
    END
$$;
"""
RESERVING = in_offices_of("person.reserve")


class Migration(migrations.Migration):
    dependencies = [("people", "0009_events_of_people")]
    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION puente_may_assign(uuid, uuid)"),
        migrations.RunSQL(
            "ALTER POLICY people_assignment_insert ON people_assignment"
            f" WITH CHECK ({RESERVING} AND puente_may_assign(person_id, user_id))",
            f"ALTER POLICY people_assignment_insert ON people_assignment WITH CHECK ({RESERVING})",
        ),
    ]
