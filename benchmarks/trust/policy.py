"""The three statements of the access rule, compared row by row: `allow`, `visible_to` and row-level security.

Random staff, offices, roles, grants and step-ups; random people of every sensitivity with their assignments; in every
table with rows about people some rows of each. What `allow` says is the measure. `visible_to` is asked as the owner,
whom row-level security does not touch, so that it cannot hide what the queryset forgot; row-level security is asked
as the application, without any filter.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from benchmarks.trust.tables import OTHERWISE, TABLES, Rule, list_tables

SEED = 20261123
PEOPLE, STAFF, ROWS = 60, 70, 1


@dataclass
class Told:
    """What is compared of a person: who serves them, how sensitive they are, who is in charge."""

    id: UUID
    offices: frozenset[UUID]
    sensitivity: int
    assigned: frozenset[UUID]


@dataclass
class World:
    """Everybody and every row; `rows` holds for each table (id of the row, its office, its person)."""

    people: dict[UUID, Told] = field(default_factory=dict)
    staff: list[Any] = field(default_factory=list)
    rows: dict[str, list[tuple[UUID, UUID | None, UUID]]] = field(default_factory=lambda: defaultdict(list))


Allow = Callable[..., bool]


def measure() -> dict[str, float]:
    """Return disagreements over at least 10^5 triples of actor, action and row, and those of a broken rule."""
    from benchmarks.trust.scratch import scratch_database

    with scratch_database("policy"):
        return compare(PEOPLE, STAFF, ROWS)


def compare(people: int, staff: int, rows: int) -> dict[str, float]:
    """Fill the connected database and compare; the control forgets that reserved files have somebody in charge."""
    from puente.platform.policy import Sensitivity, allow

    world = build_world(people, staff, rows)
    mismatches = triples = seen = seen_reserved = control = 0
    for actor in world.staff:
        for table in world.rows:
            found = find_by_database(actor, table)
            by_queryset = find_by_queryset(actor, table)
            for row in world.rows[table]:
                triples += 1
                expected = may_see(allow, world, actor, table, row)
                seen += expected
                reserved = world.people[row[2]].sensitivity >= Sensitivity.FLAG
                seen_reserved += expected and reserved and TABLES[table].rule is not Rule.COUNTED
                answers = {expected, row[0] in found}
                if by_queryset is not None:
                    answers.add(row[0] in by_queryset)
                if len(answers) > 1:
                    mismatches += 1
                    print("mismatch", table, "allow", expected, "database", row[0] in found,
                          "queryset", by_queryset and row[0] in by_queryset, describe(world, actor, row))  # fmt: skip
                control += may_see(forget_assignment, world, actor, table, row) != expected
    return {
        "mismatches": mismatches,
        "triples": triples,
        "seen": seen,
        "seen_reserved": seen_reserved,
        "control_mismatches": control,
    }


def describe(world: World, actor: Any, row: tuple[UUID, UUID | None, UUID]) -> str:
    """Return what tells why the statements differ, without a name."""
    told = world.people[row[2]]
    return (
        f"sensitivity {told.sensitivity}, clearance {int(actor.clearance)}, stepped up {actor.step_up_at is not None},"
        f" in charge {actor.id in told.assigned}, grants {[g for g in actor.grants if g.person_id == told.id]}"
    )


def forget_assignment(actor: Any, action: Any, record: Any, purpose: Any, now: datetime) -> bool:
    """The control: a rule to which everybody with the clearance is in charge."""
    from puente.platform.policy import allow

    return allow(actor, action, replace(record, assigned_to=frozenset({actor.id})), purpose, now)


def may_see(rule: Allow, world: World, actor: Any, table: str, row: tuple[UUID, UUID | None, UUID]) -> bool:
    """Tell whether the rule shows a row to an actor, for any action it is read by and any purpose that fits."""
    from puente.platform.policy import Record, Sensitivity, registered_actions

    _row_id, office_id, person_id = row
    told, now = world.people[person_id], datetime.now(UTC)
    kind = TABLES[table]
    sensitivity = Sensitivity.PUBLISHED
    if kind.rule is Rule.PERSON or (kind.rule is Rule.TELLS and told.sensitivity >= Sensitivity.FLAG):
        sensitivity = Sensitivity(told.sensitivity)
    if kind.rule is Rule.SEALED:
        sensitivity = Sensitivity.SEALED
    by_office = kind.rule in (Rule.TELLS, Rule.COUNTED) and office_id is not None
    offices = told.offices | {office_id} if by_office else told.offices
    record = Record(frozenset(offices), sensitivity, person_id, told.assigned)
    actions = registered_actions()
    return any(
        rule(actor, actions[name], record, purpose, now)
        for name in kind.actions
        for purpose in sorted(actions[name].purposes)
    )


def find_by_database(actor: Any, table: str) -> set[UUID]:
    """Return which rows the application role is shown, without any filter of ours."""
    from django.db import connection

    from puente.platform.row_security import acting_as

    with acting_as(actor), connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM {table}")
        return {row[0] for row in cursor.fetchall()}


def find_by_queryset(actor: Any, table: str) -> set[UUID] | None:
    """Return which rows the queryset keeps where no row-level security helps it; None for a table that has none."""
    from django.apps import apps

    from puente.platform.policy import registered_actions

    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    if model is None or not hasattr(model._default_manager.all(), "visible_to"):
        return None
    found: set[UUID] = set()
    for name in TABLES[table].actions:
        rows = model._default_manager.using("owner").all().visible_to(actor, registered_actions()[name])
        found |= set(rows.values_list("pk", flat=True))
    return found


def build_world(people: int, staff: int, rows: int) -> World:
    """Write people, staff and `rows` rows about each person into every table, and return what was written."""
    from puente.offices.models import Office

    dice = random.Random(SEED)
    offices = list(Office.objects.order_by("code").values_list("pk", flat=True))[:3]
    world = World()
    users = [uuid4() for _ in range(staff)]
    with as_superuser() as write:
        for _ in range(people):
            told = _draw_person(dice, offices, users)
            world.people[told.id] = told
            _write_person(write, told, offices[0])
        for table in list_tables(write):
            if table in OTHERWISE:
                continue
            for told in world.people.values():
                for _ in range(1 if TABLES[table].rule is Rule.PERSON else rows):
                    world.rows[table].append(_write_row(write, table, told, dice.choice(offices)))
    world.staff = [_create_actor(dice, user, offices, list(world.people.values()), n) for n, user in enumerate(users)]
    return world


def _draw_person(dice: random.Random, offices: list[UUID], users: list[UUID]) -> Told:
    sensitivity = dice.choice([0, 1, 2, 2, 3, 4, 4])
    # Whoever was in charge once may be left on a file that is no longer reserved: the rule must not mind.
    assigned = frozenset(dice.sample(users, dice.choice([0, 5, 15])))
    return Told(uuid4(), frozenset(dice.sample(offices, dice.choice([1, 1, 2]))), sensitivity, assigned)


def _write_person(write: Callable[..., Any], told: Told, office: UUID) -> None:
    _insert(write, "people_person", {"id": told.id, "office_id": office, "sensitivity": told.sensitivity, "version": 1})
    for served in told.offices:
        _insert(write, "people_personoffice", {"person_id": told.id, "office_id": served})
    for user in told.assigned:
        _insert(
            write, "people_assignment",
            {"id": uuid4(), "person_id": told.id, "office_id": office, "user_id": user, "ended_at": None},
        )  # fmt: skip
    # Who was in charge and is not any more.
    past = {"id": uuid4(), "person_id": told.id, "office_id": office, "user_id": uuid4(), "ended_at": datetime.now(UTC)}
    _insert(write, "people_assignment", past)


_numbers = count(1)


def _write_row(write: Callable[..., Any], table: str, told: Told, office: UUID) -> tuple[UUID, UUID | None, UUID]:
    if table == "people_person":
        return told.id, None, told.id
    row = {"id": uuid4(), "person_id": told.id, "office_id": office, "version": next(_numbers)}
    more = {name: value() if callable(value) else value for name, value in TABLES[table].values.items()}
    written = _insert(write, table, row | more)
    return row["id"], office if "office_id" in written else None, told.id


def _create_actor(dice: random.Random, user_id: UUID, offices: list[UUID], people: list[Told], number: int) -> Any:
    """Create a member of staff with random roles, grants and step-up, and return them as the rule knows them."""
    from puente.accounts.grants import prove_grant
    from puente.accounts.models import AccessGrant, OfficeMembership, User
    from puente.accounts.roles import ROLES
    from puente.accounts.selectors import build_actor
    from puente.platform.policy import Purpose

    now = datetime.now(UTC)
    user = User.objects.using("owner").create(id=user_id, email=f"{number}@puente.test", name=f"Staff {number}")
    roles = dice.choice([[], *[[role] for role in ROLES], *[dice.sample(list(ROLES), 2) for _ in range(6)]])
    for role in roles:
        OfficeMembership.objects.using("owner").create(user=user, office_id=dice.choice(offices), role=role)
    for told in dice.sample(people, dice.choice([0, 0, 4, 10])):
        grant = AccessGrant(
            user=user, person_id=told.id, granted_by=uuid4(), purpose=dice.choice(list(Purpose)), nonce=uuid4(),
            clearance=dice.choice([0, 2, 3, 4]), expires_at=now + timedelta(hours=dice.choice([-1, 1, 2])),
        )  # fmt: skip
        grant.proof = prove_grant(grant)
        grant.save(using="owner")
    stepped_up = dice.choice([None, now, now, now - timedelta(minutes=30)])
    return build_actor(User.objects.get(pk=user_id), now, stepped_up)


def _insert(write: Callable[..., Any], table: str, values: dict[str, Any]) -> set[str]:
    """Insert a row, with something harmless in every other column that must have a value; return its columns."""
    columns = write(
        "SELECT column_name, data_type, is_nullable = 'YES' OR column_default IS NOT NULL OR is_identity = 'YES'"
        " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s",
        [table],
    ).fetchall()
    row = {
        name: values[name] if name in values else _harmless(kind)
        for name, kind, may_miss in columns
        if name in values or not may_miss
    }
    names, marks = ", ".join(row), ", ".join(["%s"] * len(row))
    write(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(row.values()))
    return set(row)


def _harmless(kind: str) -> Any:
    match kind:
        case "uuid":
            return uuid4()
        case "boolean":
            return False
        case "bytea":
            return b""
        case "jsonb" | "ARRAY":
            return "{}"
        case "date" | "timestamp with time zone":
            return datetime.now(UTC)
        case "character varying" | "text":
            return ""
        case _:
            return 0


class as_superuser:
    """Write without foreign keys and triggers: rows stand for what their person is, not for a story."""

    def __enter__(self) -> Callable[..., Any]:
        import psycopg
        from django.db import connection

        from puente.platform import embedded_postgres
        from puente.platform.paths import find_home

        cluster = embedded_postgres.describe(find_home())
        self.connection = psycopg.connect(
            host=str(cluster.sockets), dbname=connection.settings_dict["NAME"], user=embedded_postgres.SUPERUSER,
            password=cluster.passwords[embedded_postgres.SUPERUSER],
        )  # fmt: skip
        self.connection.execute("SET session_replication_role = replica")
        return self.connection.execute

    def __exit__(self, kind: object, *details: object) -> None:
        if kind is None:
            self.connection.commit()
        self.connection.close()


def list_missing(tables: Iterable[str]) -> list[str]:
    """Return the tables about people of which nobody said how they are read."""
    return sorted(set(tables) - set(TABLES) - set(OTHERWISE))
