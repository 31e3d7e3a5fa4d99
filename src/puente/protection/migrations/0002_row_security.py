from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

READ = in_offices_of("handover.view")


class Migration(migrations.Migration):
    dependencies = [
        ("protection", "0001_initial"),
        ("people", "0002_row_security"),
        ("platform", "0001_actor_functions"),
    ]
    operations = [
        # Write-only for those who send: they may insert and read nothing, not even their own rows.
        protect_rows("protection_handover", read=READ, insert=in_offices_of("handover.send")),
        make_append_only("protection_handover"),
        protect_rows("protection_handoveracknowledgement", read=READ, insert=in_offices_of("handover.acknowledge")),
        make_append_only("protection_handoveracknowledgement"),
    ]
