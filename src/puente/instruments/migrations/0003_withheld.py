from django.db import migrations

from puente.platform.row_security import not_withheld, redraw

READ = "office_id = ANY (puente_offices(area || '.view')) OR puente_serves(person_id, area || '.view')"


class Migration(migrations.Migration):
    dependencies = [("instruments", "0002_row_security"), ("people", "0006_withheld")]
    operations = [
        redraw(table, "read", not_withheld(table, READ, "area || '.view'"), READ)
        for table in ("instruments_response", "instruments_answer")
    ]
