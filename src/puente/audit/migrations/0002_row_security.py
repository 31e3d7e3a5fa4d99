from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("platform", "0001_actor_functions")]
    operations = [
        protect_rows(
            "audit_event",
            read=f"actor_id = (SELECT puente_actor()) OR {in_offices_of('audit.view')}",
            insert="actor_id = (SELECT puente_actor())",
        ),
        make_append_only("audit_event"),
    ]
