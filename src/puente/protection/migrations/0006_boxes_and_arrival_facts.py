import django.db.models.deletion
from django.db import migrations, models

import puente.platform.ids


class Migration(migrations.Migration):
    dependencies = [
        ("offices", "0001_initial"),
        ("people", "0006_withheld"),
        ("protection", "0005_legal_forms"),
    ]

    operations = [
        # The index of the list begins with the office: a second one would only mislead the planner.
        migrations.AlterField(
            "handover",
            "office",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"
            ),
        ),
        migrations.AddField("handover", "box", models.BinaryField(default=bytes)),
        migrations.AddField("handover", "key_name", models.CharField(max_length=20, default="")),
        migrations.AddField("handover", "wrapped_key", models.BinaryField(default=bytes)),
        migrations.CreateModel(
            name="ArrivalFact",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("arrival_id", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                ("turn", models.CharField(max_length=12)),
                ("arrived_at", models.DateTimeField()),
                (
                    "age",
                    models.PositiveSmallIntegerField(help_text="The youngest that the birth date allows", null=True),
                ),
                ("home_municipality", models.CharField(blank=True, max_length=5)),
                ("time_in_us", models.CharField(blank=True, max_length=40)),
                ("accompaniment", models.CharField(max_length=40)),
                ("sent_at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.office"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.person"
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="arrivalfact", index=models.Index(fields=["person", "arrived_at"], name="facts_of_person")
        ),
        migrations.AddConstraint(
            model_name="arrivalfact",
            constraint=models.UniqueConstraint(fields=("arrival_id", "version"), name="one_fact_per_version"),
        ),
    ]
