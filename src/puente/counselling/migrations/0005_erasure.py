from django.db import migrations

from puente.platform.row_security import make_eraser

COARSEN = """
UPDATE counselling_workprofile SET
    home_municipality_id = NULL, household_size = NULL, body_limits = NULL, languages = NULL, documents = NULL,
    places = ARRAY(SELECT DISTINCT left(place, 2) FROM unnest(places) AS place)
WHERE person_id = whom;
UPDATE counselling_pastjob SET years = NULL WHERE person_id = whom;
"""
#: A phone page is sealed under its code and the birth date, not under the person's key.
DESTROY = """
UPDATE counselling_phonepage SET
    sealed = '', code_digest = sha256(convert_to(gen_random_uuid()::text, 'UTF8')),
    withdrawn_at = coalesce(withdrawn_at, now())
WHERE id IN (SELECT page_id FROM counselling_sheet WHERE person_id = whom);
UPDATE counselling_shortlistentry SET
    kilometres = NULL, reasons = '[]', to_confirm = '[]', terms = '{}' WHERE person_id = whom;
UPDATE counselling_followup SET closed_at = now() WHERE person_id = whom AND closed_at IS NULL;
"""

FORGET_PHONE_PAGES = """
CREATE FUNCTION puente_forget_phone_pages(office uuid, before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE number integer;
BEGIN
    IF NOT office = ANY (puente_offices('person.erase')) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this actor erases nothing in this office';
    END IF;
    UPDATE counselling_phonepage SET sealed = '', withdrawn_at = coalesce(withdrawn_at, now())
        WHERE office_id = office AND expires_at < before AND sealed <> '';
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN number;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("counselling", "0004_withheld")]
    operations = [
        make_eraser("counselling", coarsen=COARSEN, destroy=DESTROY),
        migrations.RunSQL(FORGET_PHONE_PAGES, "DROP FUNCTION puente_forget_phone_pages(uuid, timestamptz)"),
    ]
