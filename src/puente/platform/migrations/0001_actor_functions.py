from django.db import migrations

from puente.platform.row_security import CREATE_FUNCTIONS, DROP_FUNCTIONS


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [migrations.RunSQL(CREATE_FUNCTIONS, DROP_FUNCTIONS)]
