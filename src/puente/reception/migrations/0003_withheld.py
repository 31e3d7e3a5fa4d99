"""Arrivals, services and places in the queue are counted, so they stay; what was said and asked is withheld."""

from django.db import migrations

from puente.platform.row_security import in_offices_of, not_withheld, redraw

READ = f"{in_offices_of('arrival.view')} OR puente_serves(person_id, 'arrival.view')"
# An answer tells of two people: of whom the arrival is, and of the candidate.
CANDIDATE = (
    "NOT EXISTS (SELECT 1 FROM people_withheld AS withheld"
    " WHERE withheld.person_id = reception_identityanswer.candidate_id)"
)
ANSWERS = not_withheld("reception_identityanswer", READ, "'arrival.view'")


class Migration(migrations.Migration):
    dependencies = [("reception", "0002_row_security"), ("people", "0006_withheld")]
    operations = [
        *(
            redraw(table, "read", not_withheld(table, READ, "'arrival.view'"), READ)
            for table in ("reception_arrivalversion", "reception_immediateneed")
        ),
        redraw("reception_identityanswer", "read", f"{ANSWERS} AND {CANDIDATE}", READ),
    ]
