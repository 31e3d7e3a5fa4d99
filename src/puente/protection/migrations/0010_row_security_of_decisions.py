"""Row-level security of attachments, closures and exports: nobody decides on what they asked for themselves."""

from django.db import migrations

from puente.platform.row_security import in_offices_of, make_append_only, protect_rows

REACHES = "puente_reaches(person_id, 'case.view')"
WRITES = "(SELECT puente_may('case.write')) AND puente_reaches(person_id, 'person.open')"
STEPPED_UP = "(SELECT puente_stepped_up())"
ME = "(SELECT puente_actor())"
DECIDES = f"{in_offices_of('case.approve_closure')} AND {STEPPED_UP} AND asked_by <> {ME}"
EXPORTS = f"({in_offices_of('export.ask')} OR {in_offices_of('export.approve')}) AND {STEPPED_UP}"

# With the owner's rights, so that the policies of one table need not pass those of another.
CREATE_FUNCTIONS = """
CREATE FUNCTION puente_closes(closing uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT EXISTS (
        SELECT 1 FROM protection_closure AS asked
        WHERE asked.case_id = closing AND asked.is_approved AND asked.decided_by = puente_actor()
          AND asked.asked_by <> puente_actor()
    )
$$;

CREATE FUNCTION puente_exports(exported uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = public AS $$
    SELECT puente_stepped_up() AND EXISTS (
        SELECT 1 FROM protection_protectedexport AS asked JOIN protection_case AS held USING (office_id)
        WHERE held.id = exported AND asked.asked_by = puente_actor() AND asked.is_approved
          AND asked.decided_by <> puente_actor() AND asked.expires_at > now() AND asked.produced_at IS NULL
          AND held.opened_at::date BETWEEN asked.first_day AND asked.last_day
    )
$$;
"""
DROP_FUNCTIONS = "DROP FUNCTION puente_closes(uuid), puente_exports(uuid)"


def redraw_read(table: str, condition: str, before: str) -> migrations.RunSQL:
    """Return the step that changes who reads a table, and back."""
    return migrations.RunSQL(
        f"ALTER POLICY {table}_read ON {table} USING ({condition})",
        f"ALTER POLICY {table}_read ON {table} USING ({before})",
    )


class Migration(migrations.Migration):
    dependencies = [("protection", "0009_attachments_closures_exports"), ("people", "0005_reach")]
    operations = [
        migrations.RunSQL(CREATE_FUNCTIONS, DROP_FUNCTIONS),
        protect_rows("protection_attachedfile", read=REACHES, insert=WRITES),
        make_append_only("protection_attachedfile"),
        protect_rows(
            "protection_closure",
            read=f"{REACHES} OR ({in_offices_of('case.approve_closure')} AND {STEPPED_UP}"
            f" AND (decided_at IS NULL OR decided_by = {ME}))",
            insert=f"{WRITES} AND asked_by = {ME}",
            update=DECIDES,
        ),
        protect_rows(
            "protection_protectedexport",
            read=EXPORTS,
            insert=f"{in_offices_of('export.ask')} AND {STEPPED_UP} AND asked_by = {ME} AND is_approved IS NULL",
            update=f"{STEPPED_UP} AND (({in_offices_of('export.approve')} AND asked_by <> {ME})"
            f" OR (asked_by = {ME} AND is_approved))",
        ),
        # Who approved a closure may close the case, without reading what is in it.
        migrations.RunSQL(
            "CREATE POLICY protection_case_close ON protection_case FOR UPDATE USING (puente_closes(id))"
            " WITH CHECK (puente_closes(id))",
            "DROP POLICY protection_case_close ON protection_case",
        ),
        redraw_read("protection_casekey", f"{REACHES} OR puente_exports(case_id)", REACHES),
        redraw_read("protection_caseentry", f"{REACHES} OR puente_exports(case_id)", REACHES),
    ]
