from django.db import migrations

from puente.platform.row_security import CREATE_PURPOSES_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("platform", "0003_step_up")]
    operations = [migrations.RunSQL(CREATE_PURPOSES_FUNCTION, "DROP FUNCTION puente_purposes(text)")]
