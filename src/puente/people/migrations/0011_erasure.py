from django.db import migrations, models

from puente.platform.row_security import make_eraser

COARSEN = """
UPDATE people_person SET
    birth_year = birth_year / 10 * 10,
    birth_precision = CASE WHEN birth_year IS NULL THEN 'unknown' ELSE 'estimated' END,
    birth_state_id = NULL, home_municipality_id = NULL, languages = '{}', needs_interpreter = false
WHERE id = whom;
UPDATE people_identity SET facts = facts || jsonb_build_object(
    'birth_year', (facts ->> 'birth_year')::integer / 10 * 10,
    'birth_precision', CASE WHEN facts ->> 'birth_year' IS NULL THEN 'unknown' ELSE 'estimated' END,
    'birth_state_id', NULL, 'home_municipality_id', NULL, 'languages', '[]'::jsonb, 'needs_interpreter', false)
WHERE person_id = whom;
"""
DESTROY = """
UPDATE people_person SET key_name = '', wrapped_key = '', erased_at = now() WHERE id = whom;
DELETE FROM people_searchkey WHERE person_id = whom;
DELETE FROM people_travelgroupmember WHERE person_id = whom;
DELETE FROM accounts_accessgrant WHERE person_id = whom;
"""

#: The ledger of erasures holds the digest of an id.
DIGEST = "encode(sha256(uuid_send(id)), 'hex')"
FORGET_SEARCHES = """
CREATE FUNCTION puente_forget_searches(office uuid, before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE number integer;
BEGIN
    IF NOT office = ANY (puente_offices('person.erase')) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this actor erases nothing in this office';
    END IF;
    DELETE FROM people_searchsession WHERE office_id = office AND started_at < before;
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN number;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("people", "0010_assigning"), ("accounts", "0002_grants_for_a_purpose")]
    operations = [
        migrations.AddField(
            "person",
            "erased_at",
            models.DateTimeField(null=True, help_text="Then the key is gone, and with it all that was sealed."),
        ),
        migrations.AlterField(
            "consentdecision",
            "capacity",
            models.CharField(
                choices=[
                    ("self", "Self"),
                    ("parent", "Parent"),
                    ("child_prosecutor", "Child Prosecutor"),
                    ("representative", "Representative"),
                ],
                default="self",
                max_length=20,
            ),
        ),
        migrations.RunSQL(
            f"CREATE INDEX people_by_digest ON people_person (({DIGEST}))", "DROP INDEX people_by_digest"
        ),
        migrations.RunSQL(FORGET_SEARCHES, "DROP FUNCTION puente_forget_searches(uuid, timestamptz)"),
        make_eraser("people", coarsen=COARSEN, destroy=DESTROY),
    ]
