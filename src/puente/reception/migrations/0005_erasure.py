from django.db import migrations

from puente.platform.row_security import make_eraser

#: Noon of the day of arrival, by the clock of the office.
NOON = "(date_trunc('day', {column} AT TIME ZONE office.time_zone) + interval '12 hours') AT TIME ZONE office.time_zone"
COARSEN = f"""
UPDATE reception_arrival AS arrival SET
    birth_year = NULL,
    age_at_arrival = CASE WHEN age_at_arrival < 12 THEN 0 WHEN age_at_arrival < 18 THEN 12
        WHEN age_at_arrival IS NOT NULL THEN 18 END,
    last_us_state = '',
    arrived_at = {NOON.format(column="arrival.arrived_at")},
    registered_at = {NOON.format(column="arrival.registered_at")}
FROM offices_office AS office WHERE office.id = arrival.office_id AND arrival.person_id = whom;
UPDATE reception_arrivalversion AS version SET
    facts = version.facts || jsonb_build_object('last_us_state', '', 'arrived_at', arrival.arrived_at)
FROM reception_arrival AS arrival WHERE arrival.id = version.arrival_id AND version.person_id = whom;
"""
#: A line of a list is sealed under the list's key, and the slip's code leads to the arrival.
DESTROY = """
UPDATE reception_arrival SET
    code = substr(md5(gen_random_uuid()::text), 1, 16), travel_group_id = NULL WHERE person_id = whom;
DELETE FROM reception_linesearchkey AS stored USING reception_manifestline AS line
    WHERE line.id = stored.line_id AND (line.person_id = whom
        OR line.id IN (SELECT line_id FROM reception_arrival WHERE person_id = whom));
UPDATE reception_manifestline SET sealed = '' WHERE person_id = whom
    OR id IN (SELECT line_id FROM reception_arrival WHERE person_id = whom);
UPDATE reception_queueplace SET has_left = true WHERE person_id = whom;
"""

FORGET_LISTS = """
CREATE FUNCTION puente_forget_lists(office uuid, before timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE number integer;
BEGIN
    IF NOT office = ANY (puente_offices('person.erase')) THEN
        RAISE insufficient_privilege USING MESSAGE = 'this actor erases nothing in this office';
    END IF;
    DELETE FROM reception_linesearchkey AS stored USING reception_manifestline AS line, reception_manifest AS list
        WHERE line.id = stored.line_id AND list.id = line.manifest_id AND list.office_id = office
        AND list.expected_at < before;
    UPDATE reception_manifestline AS line SET sealed = '' FROM reception_manifest AS list
        WHERE list.id = line.manifest_id AND list.office_id = office AND list.expected_at < before
        AND line.sealed <> '';
    UPDATE reception_manifest SET key_name = '', wrapped_key = '', status = 'closed'
        WHERE office_id = office AND expected_at < before AND wrapped_key <> '';
    GET DIAGNOSTICS number = ROW_COUNT;
    RETURN number;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reception", "0004_lines_of_reserved_people")]
    operations = [
        make_eraser("reception", coarsen=COARSEN, destroy=DESTROY),
        migrations.RunSQL(FORGET_LISTS, "DROP FUNCTION puente_forget_lists(uuid, timestamptz)"),
    ]
