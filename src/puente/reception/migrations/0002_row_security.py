from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

REGISTERING = in_offices_of("arrival.register")
CORRECTING = in_offices_of("arrival.correct")
READ = f"{in_offices_of('arrival.view')} OR puente_serves(person_id, 'arrival.view')"
#: The search shows when and where a candidate was received before, whatever office it was.
FINDING = "(SELECT puente_finding() AND puente_may('person.find'))"
LISTS = in_offices_of("manifest.view")
LOADING = in_offices_of("manifest.load")
MOVING = in_offices_of("queue.move")
# A counsellor hands people over as well as the desk does.
SENDING = in_offices_of("handover.send")


class Migration(migrations.Migration):
    dependencies = [
        ("reception", "0001_initial"),
        ("people", "0002_row_security"),
        ("platform", "0001_actor_functions"),
    ]
    operations = [
        protect_rows(
            "reception_arrival",
            read=f"{READ} OR {FINDING}",
            insert=REGISTERING,
            update=f"{REGISTERING} OR {CORRECTING}",
        ),
        protect_rows("reception_arrivalversion", read=READ, insert=f"{REGISTERING} OR {CORRECTING}"),
        make_append_only("reception_arrivalversion"),
        protect_rows("reception_servicegiven", read=READ, insert=f"{REGISTERING} OR {CORRECTING}"),
        make_append_only("reception_servicegiven"),
        protect_rows("reception_immediateneed", read=READ, insert=REGISTERING),
        make_append_only("reception_immediateneed"),
        protect_rows("reception_otherservice", read=READ, insert=SENDING),
        make_append_only("reception_otherservice"),
        protect_rows("reception_identityanswer", read=READ, insert=REGISTERING),
        make_append_only("reception_identityanswer"),
        protect_rows("reception_stageevent", read=READ, insert=f"{REGISTERING} OR {MOVING}"),
        make_append_only("reception_stageevent"),
        protect_rows("reception_queueplace", read=READ, insert=REGISTERING, update=MOVING),
        protect_rows("reception_manifest", read=LISTS, insert=LOADING, update=LOADING),
        protect_rows("reception_manifestline", read=LISTS, insert=LOADING, update=f"{LOADING} OR {REGISTERING}"),
        protect_rows("reception_linesearchkey", read=LISTS, insert=LOADING),
        make_append_only("reception_linesearchkey"),
        protect_rows("reception_manifestdraft", read=LOADING, insert=LOADING, update=LOADING, delete=LOADING),
    ]
