"""Row-level security: the second wall. Migrations draw it, `acting_as` tells it who acts.

It guards against a forgotten filter, not against code that runs inside the server.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.migrations import RunSQL

from puente.platform.policy import Actor

_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)

CREATE_FUNCTIONS = """
CREATE FUNCTION puente_actor() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('puente.actor', true), '')::uuid $$;

CREATE FUNCTION puente_offices(action text) RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(office::uuid), '{}') FROM jsonb_array_elements_text(
     coalesce(nullif(current_setting('puente.scope', true), ''), '{}')::jsonb -> action) AS office $$;

CREATE FUNCTION puente_may(action text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('puente.scope', true), ''), '{}')::jsonb ? action $$;

CREATE FUNCTION puente_clearance() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(nullif(current_setting('puente.clearance', true), ''), '0')::integer $$;

CREATE FUNCTION puente_finding() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('puente.finding', true), '') = 'on' $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION puente_actor(), puente_offices(text), puente_may(text), puente_clearance(), puente_finding();
"""


def in_offices_of(action: str, column: str = "office_id") -> str:
    """Return the condition that a row's office is one in which the actor's roles give an action."""
    return f"{column} = ANY ((SELECT puente_offices('{action}'))::uuid[])"


def protect_rows(table: str, *, read: str, insert: str, update: str | None = None, delete: str | None = None) -> RunSQL:
    """Return the migration step that puts row-level security on a table.

    Each argument is the SQL condition under which the application may read, insert, update or
    delete a row; what is left out is forbidden to the application role altogether.
    """
    policies = [
        f"CREATE POLICY {table}_read ON {table} FOR SELECT USING ({read})",
        f"CREATE POLICY {table}_insert ON {table} FOR INSERT WITH CHECK ({insert})",
    ]
    if update:
        policies.append(f"CREATE POLICY {table}_update ON {table} FOR UPDATE USING ({update}) WITH CHECK ({update})")
    if delete:
        policies.append(f"CREATE POLICY {table}_delete ON {table} FOR DELETE USING ({delete})")
    names = [policy.split()[2] for policy in policies]
    return RunSQL(
        [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", *policies],
        [
            *(f"DROP POLICY {name} ON {table}" for name in reversed(names)),
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        ],
    )


def make_append_only(table: str) -> RunSQL:
    """Return the migration step that takes UPDATE, DELETE and TRUNCATE away from the application role."""
    return RunSQL(
        f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM puente_app",
        f"GRANT UPDATE, DELETE ON {table} TO puente_app",
    )


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Open a transaction (or savepoint) in which the database knows who acts."""
    with transaction.atomic():
        before = _acting.get()
        token = _acting.set(actor)
        _tell_database(actor)
        try:
            yield
        finally:
            _acting.reset(token)
            # After an error the whole transaction, settings included, is rolled back instead.
            if connection.in_atomic_block and not connection.needs_rollback and _usable():
                _tell_database(before)


@contextmanager
def finding() -> Iterator[None]:
    """Let the actor's search see people of all offices: finding is one registry, opening is not."""
    _set("puente.finding", "on")
    try:
        yield
    finally:
        if _usable():
            _set("puente.finding", "")


def current_actor() -> Actor | None:
    """Return who acts in this context, if anybody."""
    return _acting.get()


def _usable() -> bool:
    pg = connection.connection
    return pg is not None and pg.info.transaction_status.name != "INERROR"


def _tell_database(actor: Actor | None) -> None:
    scope = {} if actor is None else actor.scope()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('puente.actor', %s, true), set_config('puente.scope', %s, true),"
            " set_config('puente.clearance', %s, true)",
            [
                "" if actor is None else str(actor.id),
                json.dumps(scope),
                "0" if actor is None else str(int(actor.clearance)),
            ],
        )


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
