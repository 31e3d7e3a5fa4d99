from django.db import migrations, models

# A view of the owner's: counts must not change when a file is reserved, so here nobody is left out. It holds what is
# counted and nothing that names anybody, and opens to the process that counts and to whoever serves the person.
CREATE_VIEW = """
CREATE VIEW people_counted AS
SELECT id, sex, birth_year, home_state_id, home_municipality_id, needs_interpreter
FROM people_person
WHERE (SELECT puente_may('person.count')) OR puente_serves(id, 'arrival.view')
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0007_sealed_cases")]
    operations = [
        migrations.RunSQL(
            [CREATE_VIEW, "REVOKE INSERT, UPDATE, DELETE ON people_counted FROM puente_app"], "DROP VIEW people_counted"
        ),
        migrations.CreateModel(
            name="CountedPerson",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sex", models.CharField(max_length=1)),
                ("birth_year", models.PositiveSmallIntegerField(null=True)),
                ("home_state_id", models.CharField(max_length=2, null=True)),
                ("home_municipality_id", models.CharField(max_length=5, null=True)),
                ("needs_interpreter", models.BooleanField()),
            ],
            options={"db_table": "people_counted", "managed": False},
        ),
    ]
