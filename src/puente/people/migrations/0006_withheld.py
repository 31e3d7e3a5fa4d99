"""What tells of a reserved person is withheld in every room, and a grant counts for its own purpose alone."""

from django.db import migrations, models

from puente.platform.row_security import in_offices_of, not_withheld, redraw

# With the owner's rights, so that the policies of one table need not pass those of another.
DEFINER = "LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public"
CREATE_FUNCTIONS = f"""
CREATE FUNCTION puente_granted(person uuid, sensitivity integer, action text) RETURNS boolean {DEFINER} AS $$
    SELECT puente_may(action) AND EXISTS (
        SELECT 1 FROM accounts_accessgrant AS granted
        WHERE granted.user_id = puente_actor() AND granted.person_id = person AND granted.expires_at > now()
          AND granted.clearance >= sensitivity AND granted.purpose = ANY (puente_purposes(action))
    )
$$;

CREATE FUNCTION puente_fits(person uuid, sensitivity integer, action text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN sensitivity < 3 THEN sensitivity <= puente_clearance() OR puente_granted(person, sensitivity, action)
        ELSE puente_stepped_up() AND (
            (sensitivity <= puente_clearance() AND puente_in_charge(person))
            OR puente_granted(person, sensitivity, action))
    END
$$;

CREATE OR REPLACE FUNCTION puente_serves(person uuid, action text) RETURNS boolean {DEFINER} AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_personoffice AS served
        WHERE served.person_id = person AND served.office_id = ANY (puente_offices(action))
    ) OR puente_granted(person, 0, action)
$$;

CREATE OR REPLACE FUNCTION puente_reaches(person uuid, action text) RETURNS boolean {DEFINER} AS $$
    SELECT puente_serves(person, action) AND EXISTS (
        SELECT 1 FROM people_person AS found WHERE found.id = person AND puente_fits(person, found.sensitivity, action)
    )
$$;
"""
RESTORE_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION puente_serves(person uuid, action text) RETURNS boolean {DEFINER} AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_personoffice AS served
        WHERE served.person_id = person AND served.office_id = ANY (puente_offices(action))
    ) OR (puente_may(action) AND EXISTS (
        SELECT 1 FROM accounts_accessgrant AS granted
        WHERE granted.user_id = puente_actor() AND granted.person_id = person AND granted.expires_at > now()
    ))
$$;

CREATE OR REPLACE FUNCTION puente_reaches(person uuid, action text) RETURNS boolean {DEFINER} AS $$
    SELECT puente_serves(person, action) AND EXISTS (
        SELECT 1 FROM people_person AS found WHERE found.id = person AND puente_fits(person, found.sensitivity)
    )
$$;

DROP FUNCTION puente_fits(uuid, integer, text), puente_granted(uuid, integer, text);
"""
# A view of the owner's, which the planner opens up: the ids of the reserved people whom the actor is not in charge of.
CREATE_VIEW = """
CREATE VIEW people_withheld AS
SELECT person.id AS person_id FROM people_person AS person
WHERE person.sensitivity >= 3 AND NOT (SELECT puente_may('person.count'))
  AND NOT (
    (SELECT puente_stepped_up()) AND person.sensitivity <= (SELECT puente_clearance())
    AND EXISTS (
        SELECT 1 FROM people_assignment AS assigned
        WHERE assigned.person_id = person.id AND assigned.user_id = (SELECT puente_actor())
          AND assigned.ended_at IS NULL))
"""
FINDING = "(SELECT puente_finding() AND puente_may('person.find'))"
ORDINARY = "(sensitivity < 3 AND sensitivity <= (SELECT puente_clearance()))"
FITS = f"({ORDINARY} OR puente_fits(id, sensitivity, 'person.open'))"
OLD_FITS = f"({ORDINARY} OR puente_fits(id, sensitivity))"
SERVES = "puente_serves(id, 'person.open')"
MAY_WRITE = "(SELECT puente_may('person.register') OR puente_may('person.correct') OR puente_may('person.reserve'))"
OPEN = f"({in_offices_of('person.open')} OR puente_serves(person_id, 'person.open'))"


def redraw_update(table: str, condition: str, before: str) -> migrations.RunSQL:
    """Return the step that changes who updates a row, and back."""
    alter = f"ALTER POLICY {table}_update ON {table} USING ({{0}}) WITH CHECK ({{0}})"
    return migrations.RunSQL(alter.format(condition), alter.format(before))


class Migration(migrations.Migration):
    dependencies = [("people", "0005_reach"), ("platform", "0004_purposes")]
    operations = [
        migrations.AddIndex(
            "person", models.Index(fields=["id"], condition=models.Q(sensitivity__gte=3), name="reserved_people")
        ),
        migrations.RunSQL(CREATE_FUNCTIONS, RESTORE_FUNCTIONS),
        migrations.RunSQL(
            [CREATE_VIEW, "REVOKE INSERT, UPDATE, DELETE ON people_withheld FROM puente_app"],
            "DROP VIEW people_withheld",
        ),
        redraw(
            "people_person",
            "read",
            f"({ORDINARY} AND {FINDING}) OR ({FITS} AND {SERVES})",
            f"({ORDINARY} AND {FINDING}) OR ({OLD_FITS} AND {SERVES})",
        ),
        redraw_update(
            "people_person", f"{FITS} AND {MAY_WRITE} AND {SERVES}", f"{OLD_FITS} AND {MAY_WRITE} AND {SERVES}"
        ),
        migrations.RunSQL(
            "DROP FUNCTION puente_fits(uuid, integer)",
            """
            CREATE FUNCTION puente_fits(person uuid, sensitivity integer) RETURNS boolean
            LANGUAGE sql STABLE PARALLEL SAFE AS $$
                SELECT CASE
                    WHEN sensitivity < 3 THEN sensitivity <= puente_clearance() OR puente_granted(person, sensitivity)
                    ELSE puente_stepped_up() AND (
                        (sensitivity <= puente_clearance() AND puente_in_charge(person))
                        OR puente_granted(person, sensitivity))
                END
            $$
            """,
        ),
        *(
            redraw(table, "read", not_withheld(table, OPEN, "'person.open'"), OPEN)
            for table in ("people_travelgroupmember", "people_consentdecision")
        ),
    ]
