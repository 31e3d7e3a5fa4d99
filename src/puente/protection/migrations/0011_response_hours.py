"""How soon an office responds, as hours without any id: for those who may see its pilot or list its cases."""

from django.db import migrations

# With the owner's rights: whoever counts reads neither hand-overs nor entries.
CREATE_FUNCTION = """
CREATE FUNCTION puente_response_hours(office uuid, since timestamptz, until timestamptz) RETURNS SETOF double precision
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT extract(epoch FROM written.first_at - sent.first_at) / 3600
    FROM (
        SELECT person_id, min(sent_at) AS first_at FROM protection_handover
        WHERE office_id = office AND sent_at >= since AND sent_at < until GROUP BY person_id
    ) AS sent
    JOIN LATERAL (
        SELECT min(entry.made_at) AS first_at FROM protection_caseentry AS entry
        WHERE entry.person_id = sent.person_id AND entry.made_at >= sent.first_at
    ) AS written ON written.first_at IS NOT NULL
    WHERE office = ANY (puente_offices('pilot.view') || puente_offices('case.list'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("protection", "0010_row_security_of_decisions")]
    operations = [
        migrations.RunSQL(CREATE_FUNCTION, "DROP FUNCTION puente_response_hours(uuid, timestamptz, timestamptz)"),
    ]
