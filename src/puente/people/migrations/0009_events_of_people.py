"""Events about people: what is done with a reserved person is itself reserved, and whoever answers for a person is told
who opened their file."""

from django.db import migrations

TOLD = "(sensitivity < 3 OR sensitivity <= (SELECT puente_clearance()))"

# With the owner's rights: whoever records an event need not reach the person.
CREATE_RAISE = """
CREATE FUNCTION puente_raise_sensitivity() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    NEW.sensitivity := greatest(
        NEW.sensitivity, (SELECT person.sensitivity FROM people_person AS person WHERE person.id = NEW.person_id)
    );
    RETURN NEW;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0008_counted_people"), ("audit", "0003_chain")]
    operations = [
        migrations.RunSQL(
            [
                CREATE_RAISE,
                "CREATE TRIGGER people_raise_sensitivity BEFORE INSERT ON audit_event FOR EACH ROW"
                " WHEN (NEW.person_id IS NOT NULL) EXECUTE FUNCTION puente_raise_sensitivity()",
            ],
            "DROP TRIGGER people_raise_sensitivity ON audit_event; DROP FUNCTION puente_raise_sensitivity();",
        ),
        migrations.RunSQL(
            "CREATE POLICY audit_event_who_opened ON audit_event FOR SELECT USING (person_id IS NOT NULL AND ("
            f"({TOLD} AND (SELECT puente_may('audit.view')) AND puente_serves(person_id, 'audit.view'))"
            " OR ((SELECT puente_stepped_up()) AND puente_in_charge(person_id))))",
            "DROP POLICY audit_event_who_opened ON audit_event",
        ),
    ]
