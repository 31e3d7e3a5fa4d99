from django.db import migrations, models


class Migration(migrations.Migration):
    """What a person calls the work they did was stored in clear; nothing of it is carried over."""

    dependencies = [("counselling", "0002_row_security")]
    operations = [
        migrations.RemoveField("pastjob", "words"),
        migrations.AddField("pastjob", "sealed_words", models.BinaryField(default=b""), preserve_default=False),
    ]
