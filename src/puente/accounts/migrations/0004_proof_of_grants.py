"""A grant carries the proof that it says what was approved; nobody gives one to themselves, but in an emergency."""

import uuid

from django.db import migrations, models

from puente.platform.row_security import protect_rows


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_session_stamp"), ("platform", "0001_actor_functions")]
    operations = [
        # A row from before has no proof and gives no right.
        migrations.RunSQL("DELETE FROM accounts_accessgrant", migrations.RunSQL.noop),
        migrations.AddField(
            "accessgrant",
            "nonce",
            models.UUIDField(
                default=uuid.uuid4, unique=True, help_text="The request it answers: one answer gives one grant."
            ),
            preserve_default=False,
        ),
        migrations.AddField("accessgrant", "proof", models.BinaryField(default=b""), preserve_default=False),
        # Read before anybody acts, to know who acts.
        protect_rows(
            "accounts_accessgrant",
            read="true",
            insert=(
                "granted_by = (SELECT puente_actor())"
                " AND (user_id <> (SELECT puente_actor()) OR (SELECT puente_may('access.break_glass')))"
            ),
        ),
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON accounts_accessgrant FROM puente_app",
            "GRANT UPDATE, DELETE ON accounts_accessgrant TO puente_app",
        ),
    ]
