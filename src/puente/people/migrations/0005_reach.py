"""Row-level security of reserved files: whom a file is assigned or granted to, after a step-up, and nobody else."""

from django.db import migrations

from puente.platform.row_security import in_offices_of, protect_rows

# With the owner's rights, so that the policies of one table need not pass those of another.
CREATE_REACHES = """
CREATE FUNCTION puente_in_charge(person uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM people_assignment AS assigned
        WHERE assigned.person_id = person AND assigned.user_id = puente_actor() AND assigned.ended_at IS NULL
    )
$$;

CREATE FUNCTION puente_granted(person uuid, sensitivity integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM accounts_accessgrant AS granted
        WHERE granted.user_id = puente_actor() AND granted.person_id = person AND granted.expires_at > now()
          AND granted.clearance >= sensitivity
    )
$$;

CREATE FUNCTION puente_fits(person uuid, sensitivity integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN sensitivity < 3 THEN sensitivity <= puente_clearance() OR puente_granted(person, sensitivity)
        ELSE puente_stepped_up() AND (
            (sensitivity <= puente_clearance() AND puente_in_charge(person)) OR puente_granted(person, sensitivity))
    END
$$;

CREATE FUNCTION puente_reaches(person uuid, action text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT puente_serves(person, action) AND EXISTS (
        SELECT 1 FROM people_person AS found WHERE found.id = person AND puente_fits(person, found.sensitivity)
    )
$$;
"""
DROP_REACHES = """
DROP FUNCTION puente_reaches(uuid, text), puente_fits(uuid, integer), puente_granted(uuid, integer),
    puente_in_charge(uuid);
"""
FINDING = "(SELECT puente_finding() AND puente_may('person.find'))"
ORDINARY = "(sensitivity < 3 AND sensitivity <= (SELECT puente_clearance()))"
FITS = f"({ORDINARY} OR puente_fits(id, sensitivity))"
REGISTERING = in_offices_of("person.register")
MAY_WRITE = "(SELECT puente_may('person.register') OR puente_may('person.correct') OR puente_may('person.reserve'))"
RESERVING = in_offices_of("person.reserve")


def redraw(table: str, policy: str, command: str, condition: str, before: str) -> migrations.RunSQL:
    """Return the step that changes the condition of one policy, and back."""
    clauses = "USING ({0}) WITH CHECK ({0})" if command == "UPDATE" else "USING ({0})"
    if command == "INSERT":
        clauses = "WITH CHECK ({0})"
    name = f"{table}_{policy}"
    return migrations.RunSQL(
        f"ALTER POLICY {name} ON {table} {clauses.format(condition)}",
        f"ALTER POLICY {name} ON {table} {clauses.format(before)}",
    )


OLD_FITS = "sensitivity <= (SELECT puente_clearance())"
OLD_WRITE = "(SELECT puente_may('person.register') OR puente_may('person.correct'))"
SERVES = "puente_serves({0}, 'person.open')"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_assignment"),
        ("accounts", "0002_grants_for_a_purpose"),
        ("platform", "0003_step_up"),
    ]
    operations = [
        migrations.RunSQL(CREATE_REACHES, DROP_REACHES),
        redraw(
            "people_person", "read", "SELECT",
            f"({ORDINARY} AND {FINDING}) OR ({FITS} AND {SERVES.format('id')})",
            f"{OLD_FITS} AND ({FINDING} OR {SERVES.format('id')})",
        ),
        redraw(
            "people_person", "update", "UPDATE",
            f"{FITS} AND {MAY_WRITE} AND {SERVES.format('id')}",
            f"{OLD_FITS} AND {OLD_WRITE} AND {SERVES.format('id')}",
        ),
        redraw(
            "people_identity", "read", "SELECT",
            f"{FINDING} OR puente_reaches(person_id, 'person.open')",
            f"{FINDING} OR {SERVES.format('person_id')}",
        ),
        redraw(
            "people_identity", "insert", "INSERT",
            f"{MAY_WRITE} AND puente_reaches(person_id, 'person.open')",
            f"{OLD_WRITE} AND {SERVES.format('person_id')}",
        ),
        redraw(
            "people_searchkey", "insert", "INSERT",
            f"{MAY_WRITE} AND puente_reaches(person_id, 'person.open')",
            f"{OLD_WRITE} AND {SERVES.format('person_id')}",
        ),
        redraw(
            "people_searchkey", "delete", "DELETE",
            f"{MAY_WRITE} AND puente_reaches(person_id, 'person.open')",
            f"{OLD_WRITE} AND {SERVES.format('person_id')}",
        ),
        protect_rows(
            "people_assignment",
            read=f"user_id = (SELECT puente_actor()) OR {RESERVING}",
            insert=RESERVING,
            update=f"{RESERVING} AND (SELECT puente_stepped_up())",
        ),
    ]  # fmt: skip
