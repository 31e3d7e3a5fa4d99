from django.db import migrations, models

from puente.platform.row_security import protect_rows


class Migration(migrations.Migration):
    dependencies = [("platform", "0001_actor_functions")]
    operations = [
        migrations.CreateModel(
            name="CommandReceipt",
            fields=[
                ("command_id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("digest", models.BinaryField()),
                ("actor_id", models.UUIDField()),
                ("received_at", models.DateTimeField(auto_now_add=True)),
                ("result", models.JSONField(default=dict)),
            ],
        ),
        protect_rows(
            "platform_commandreceipt",
            read="actor_id = (SELECT puente_actor())",
            insert="actor_id = (SELECT puente_actor())",
            update="actor_id = (SELECT puente_actor())",
        ),
    ]
