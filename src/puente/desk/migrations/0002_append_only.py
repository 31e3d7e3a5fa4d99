from django.db import migrations

from puente.platform.row_security import make_append_only


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial"), ("platform", "0001_actor_functions")]
    operations = [make_append_only("desk_pilot")]
