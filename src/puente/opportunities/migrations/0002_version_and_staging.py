from django.db import migrations

from puente.platform.row_security import make_append_only

# Unlogged: rows live there for one transaction. A migration that alters the openings alters it too.
STAGING = "CREATE UNLOGGED TABLE opportunities_staged (LIKE opportunities_opening)"

# A row, so that the new stamp comes with the commit of what it stands for; random, so that a stamp which was rolled
# back never comes again with other openings.
STAMP = """
CREATE FUNCTION puente_stamp_openings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE opportunities_openingsversion SET stamp = gen_random_uuid();
    RETURN NULL;
END $$;
CREATE TRIGGER openings_changed AFTER INSERT OR UPDATE OR DELETE ON opportunities_opening
    FOR EACH STATEMENT EXECUTE FUNCTION puente_stamp_openings();
CREATE TRIGGER trust_changed AFTER UPDATE OF trust ON opportunities_employer
    FOR EACH STATEMENT EXECUTE FUNCTION puente_stamp_openings();
"""
FORGET = """
DROP TRIGGER openings_changed ON opportunities_opening;
DROP TRIGGER trust_changed ON opportunities_employer;
DROP FUNCTION puente_stamp_openings();
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial")]

    operations = [
        migrations.RunSQL(STAGING, "DROP TABLE opportunities_staged"),
        migrations.RunSQL(
            "INSERT INTO opportunities_openingsversion VALUES (1, gen_random_uuid())", migrations.RunSQL.noop
        ),
        migrations.RunSQL(STAMP, FORGET),
        make_append_only("opportunities_employernote"),
    ]
