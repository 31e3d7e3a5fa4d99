from django.db import migrations

from puente.platform.row_security import make_append_only

# Unlogged: rows live there for one transaction. A migration that alters the openings alters it too.
STAGING = "CREATE UNLOGGED TABLE opportunities_staged (LIKE opportunities_opening)"

# A row, not a sequence: who reads the new number sees the new openings, since both come with one commit.
COUNT_UP = """
CREATE FUNCTION puente_count_openings_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE opportunities_openingsversion SET number = number + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER openings_changed AFTER INSERT OR UPDATE OR DELETE ON opportunities_opening
    FOR EACH STATEMENT EXECUTE FUNCTION puente_count_openings_version();
CREATE TRIGGER trust_changed AFTER UPDATE OF trust ON opportunities_employer
    FOR EACH STATEMENT EXECUTE FUNCTION puente_count_openings_version();
"""
FORGET = """
DROP TRIGGER openings_changed ON opportunities_opening;
DROP TRIGGER trust_changed ON opportunities_employer;
DROP FUNCTION puente_count_openings_version();
"""


class Migration(migrations.Migration):
    dependencies = [("opportunities", "0001_initial")]

    operations = [
        migrations.RunSQL(STAGING, "DROP TABLE opportunities_staged"),
        migrations.RunSQL("INSERT INTO opportunities_openingsversion VALUES (1, 0)", migrations.RunSQL.noop),
        migrations.RunSQL(COUNT_UP, FORGET),
        make_append_only("opportunities_employernote"),
    ]
