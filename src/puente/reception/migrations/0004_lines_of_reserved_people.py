from django.db import migrations, models

from puente.platform.row_security import in_offices_of

POLICY = f"""
CREATE POLICY reception_linesearchkey_delete ON reception_linesearchkey
FOR DELETE USING ({in_offices_of("manifest.seal")})
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0003_withheld")]
    operations = [
        migrations.AddField(
            model_name="manifestline",
            name="is_under_person_key",
            field=models.BooleanField(
                default=False, help_text="Sealed under the person's own key, since their file is reserved"
            ),
        ),
        migrations.RunSQL(
            [POLICY, "GRANT DELETE ON reception_linesearchkey TO puente_app"],
            [
                "REVOKE DELETE ON reception_linesearchkey FROM puente_app",
                "DROP POLICY reception_linesearchkey_delete ON reception_linesearchkey",
            ],
        ),
    ]
