"""Row-level security: the second wall. Migrations draw it, `acting_as` tells it who acts.

It guards against a forgotten filter, not against code that runs inside the server.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django.db.migrations import RunSQL
from django.utils import timezone

from puente.platform.policy import Actor

_acting: ContextVar[Actor | None] = ContextVar("acting", default=None)
_settings: dict[str, Callable[[Actor], str]] = {}

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

CREATE_STEP_UP_FUNCTION = """
CREATE FUNCTION puente_stepped_up() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('puente.stepped_up', true), '') = 'on' $$;
"""

CREATE_PURPOSES_FUNCTION = """
CREATE FUNCTION puente_purposes(action text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(array_agg(purpose), '{}') FROM jsonb_array_elements_text(
     coalesce(nullif(current_setting('puente.purposes', true), ''), '{}')::jsonb -> action) AS purpose $$;
"""

DROP_FUNCTIONS = """
DROP FUNCTION puente_actor(), puente_offices(text), puente_may(text), puente_clearance(), puente_finding();
"""


def in_offices_of(action: str, column: str = "office_id") -> str:
    """Return the condition that a row's office is one in which the actor's roles give an action."""
    return f"{column} = ANY ((SELECT puente_offices('{action}'))::uuid[])"


def not_withheld(table: str, base: str, *actions: str) -> str:
    """Return a read condition for rows that tell something of a person: none of a reserved one who is out of reach.

    `base` is the condition for everybody else's rows, `actions` (in SQL) what they are read for. The view is asked by
    index or hashed once, as the planner counts, so that it costs the same beside a page and beside a long list.
    """
    withheld = f"SELECT 1 FROM people_withheld AS withheld WHERE withheld.person_id = {table}.person_id"
    reaches = " OR ".join(f"puente_reaches({table}.person_id, {action})" for action in actions)
    return f"({base}) AND (NOT EXISTS ({withheld}) OR {reaches})"


def redraw(table: str, policy: str, condition: str, before: str) -> RunSQL:
    """Return the migration step that changes the condition of a read policy, and back."""
    return RunSQL(
        f"ALTER POLICY {table}_{policy} ON {table} USING ({condition})",
        f"ALTER POLICY {table}_{policy} ON {table} USING ({before})",
    )


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


def make_eraser(room: str, *, destroy: str = "", coarsen: str = "") -> RunSQL:
    """Return the migration step that lets a room's part of a person be made broad, or be gone.

    It makes `puente_coarsen_<room>(whom uuid)` and `puente_erase_<room>(whom uuid)`, which run with the owner's
    rights, since much is append-only for the application. Both refuse an actor without the right, the second also
    where the ledger of erasures (room `rights`) does not name the person.

    Args:
        room: as in the names of its tables.
        destroy: SQL statements on the person `whom`, each ended by a semicolon: what opens without their key.
        coarsen: the same for what stands in clear; an erasure does this too.
    """
    head = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$ BEGIN"
    return RunSQL(
        f"""
        CREATE FUNCTION puente_coarsen_{room}(whom uuid) RETURNS void {head}
            IF NOT puente_may('person.erase') THEN
                RAISE insufficient_privilege USING MESSAGE = 'this actor makes nobody broad';
            END IF;
            {coarsen}
        END $$;
        CREATE FUNCTION puente_erase_{room}(whom uuid) RETURNS void {head}
            IF NOT puente_may('person.erase') OR NOT puente_erasure_is_recorded(whom) THEN
                RAISE insufficient_privilege USING MESSAGE = 'no erasure of this person is recorded';
            END IF;
            {coarsen}
            {destroy}
        END $$;
        """,
        f"DROP FUNCTION puente_erase_{room}(uuid), puente_coarsen_{room}(uuid)",
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


def register_setting(name: str, write: Callable[[Actor], str]) -> None:
    """Have `acting_as` tell the database one thing more about who acts, such as `puente.boxes`, for a room's policies.

    Args:
        write: returns the setting's value for an actor, "" for nothing.
    """
    _settings[name] = write


def current_actor() -> Actor | None:
    """Return who acts in this context, if anybody."""
    return _acting.get()


def _usable() -> bool:
    pg = connection.connection
    return pg is not None and pg.info.transaction_status.name != "INERROR"


def _tell_database(actor: Actor | None) -> None:
    settings = {
        "puente.actor": "" if actor is None else str(actor.id),
        "puente.scope": json.dumps({} if actor is None else actor.scope()),
        "puente.clearance": "0" if actor is None else str(int(actor.clearance)),
        "puente.stepped_up": "on" if actor is not None and actor.has_stepped_up(timezone.now()) else "",
        "puente.purposes": json.dumps(actor.purposes()) if actor is not None and actor.grants else "",
    } | {name: "" if actor is None else write(actor) for name, write in _settings.items()}
    with connection.cursor() as cursor:
        calls = ", ".join(["set_config(%s, %s, true)"] * len(settings))
        cursor.execute(f"SELECT {calls}", [part for setting in settings.items() for part in setting])


def _set(name: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
