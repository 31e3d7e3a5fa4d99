from django.db import migrations

from puente.platform.row_security import CREATE_STEP_UP_FUNCTION


class Migration(migrations.Migration):
    dependencies = [("platform", "0002_command_receipt")]
    operations = [migrations.RunSQL(CREATE_STEP_UP_FUNCTION, "DROP FUNCTION puente_stepped_up()")]
