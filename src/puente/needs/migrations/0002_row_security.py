from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

READ = f"{in_offices_of('needs.view')} OR puente_serves(person_id, 'needs.view')"
# Whoever serves the person now goes on with what another office noted.
CHANGE = (
    f"{in_offices_of('needs.resolve')} OR puente_serves(person_id, 'needs.resolve')"
    f" OR {in_offices_of('needs.assess')} OR puente_serves(person_id, 'needs.assess')"
)
ADD = f"{in_offices_of('needs.assess')} AND puente_serves(person_id, 'needs.assess')"


class Migration(migrations.Migration):
    dependencies = [("needs", "0001_initial"), ("people", "0002_row_security")]
    operations = [
        protect_rows("needs_need", read=READ, insert=ADD, update=CHANGE),
        protect_rows("needs_needevent", read=READ, insert=CHANGE),
        make_append_only("needs_needevent"),
    ]
