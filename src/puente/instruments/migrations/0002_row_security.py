from django.db import migrations

from puente.platform.row_security import make_append_only, protect_rows

# Each row names its area, and with it the rights that guard it: needs.view, needs.assess.
READ = "office_id = ANY (puente_offices(area || '.view')) OR puente_serves(person_id, area || '.view')"
WRITE = "office_id = ANY (puente_offices(area || '.assess')) OR puente_serves(person_id, area || '.assess')"
START = "office_id = ANY (puente_offices(area || '.assess')) AND puente_serves(person_id, area || '.assess')"


class Migration(migrations.Migration):
    dependencies = [("instruments", "0001_initial"), ("people", "0002_row_security")]
    operations = [
        make_append_only("instruments_instrumentversion"),
        protect_rows("instruments_response", read=READ, insert=START, update=WRITE),
        protect_rows("instruments_answer", read=READ, insert=WRITE),
        make_append_only("instruments_answer"),
    ]
