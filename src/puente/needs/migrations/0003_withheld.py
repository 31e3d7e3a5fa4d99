"""A need is counted, so it stays; how it came about is withheld with the rest of a reserved person."""

from django.db import migrations

from puente.platform.row_security import in_offices_of, not_withheld, redraw

READ = f"{in_offices_of('needs.view')} OR puente_serves(person_id, 'needs.view')"


class Migration(migrations.Migration):
    dependencies = [("needs", "0002_row_security"), ("people", "0006_withheld")]
    operations = [redraw("needs_needevent", "read", not_withheld("needs_needevent", READ, "'needs.view'"), READ)]
