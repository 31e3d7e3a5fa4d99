import django.db.models.deletion
from django.db import migrations, models

import puente.platform.ids
from puente.platform.row_security import protect_rows

WATCHING = "(SELECT puente_may('person.watch'))"
PERSON = {"on_delete": django.db.models.deletion.CASCADE, "related_name": "+", "to": "people.person"}


class Migration(migrations.Migration):
    dependencies = [("protection", "0007_row_security_of_boxes")]
    operations = [
        migrations.CreateModel(
            name="WatchedPerson",
            fields=[
                ("person", models.OneToOneField(primary_key=True, serialize=False, **PERSON)),
                ("key_name", models.CharField(max_length=20)),
                ("wrapped_key", models.BinaryField()),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="WatchKey",
            fields=[
                ("id", models.UUIDField(default=puente.platform.ids.make_id, primary_key=True, serialize=False)),
                ("key", models.BigIntegerField()),
                ("person", models.ForeignKey(**PERSON)),
            ],
            options={"indexes": [models.Index(fields=["key"], name="watch_by_key")]},
        ),
        protect_rows("protection_watchedperson", read=WATCHING, insert=WATCHING, update=WATCHING, delete=WATCHING),
        protect_rows("protection_watchkey", read=WATCHING, insert=WATCHING, delete=WATCHING),
    ]
