"""What is read for the actions of cases is sealed whether or not the person's file still is."""

from django.db import migrations, models

DEFINER = "LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public"
REACHES = """
CREATE OR REPLACE FUNCTION puente_reaches(person uuid, action text) RETURNS boolean {definer} AS $$
    SELECT puente_serves(person, action) AND EXISTS (
        SELECT 1 FROM people_person AS found WHERE found.id = person AND puente_fits(person, {sensitivity}, action)
    )
$$
"""
SEALED = "CASE WHEN action LIKE 'case.%' THEN greatest(found.sensitivity, 4) ELSE found.sensitivity END"


class Migration(migrations.Migration):
    dependencies = [("people", "0006_withheld")]
    operations = [
        migrations.RunSQL(
            REACHES.format(definer=DEFINER, sensitivity=SEALED),
            REACHES.format(definer=DEFINER, sensitivity="found.sensitivity"),
        ),
        migrations.CreateModel(
            name="WithheldPerson",
            fields=[("person_id", models.UUIDField(primary_key=True, serialize=False))],
            options={"db_table": "people_withheld", "managed": False},
        ),
    ]
