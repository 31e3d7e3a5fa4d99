"""Tampering with the record of events: everything that the owner of the database can do to it, and what the check says.

Ten thousand events are written by the application, heads are taken at each quarter and kept outside. Then the
superuser, whom no policy and no trigger holds up, changes every column of events and links in chosen and random rows,
deletes, inserts, reorders, cuts off and rewrites. A case counts as detected where the check names the first bad row
(for hashes made anew: the stretch between two heads that holds it). Controls: the untouched chains, which must be
found sound, and a check that ignores the hashes, which must miss most.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import Any
from uuid import UUID

from benchmarks.trust.scratch import scratch_database

ROWS = 10_000
MANY = int(os.environ.get("PUENTE_BENCH_AUDIT_ROWS", "1000000"))
OFFICES = tuple(UUID(f"01990000-0000-7000-8000-00000000f{number:03}") for number in range(3))
QUARTERS = 4
BATCH = 250
SEED = 11

#: What is written into each column: of an event, and of a link.
EVENT_CHANGES = {
    "id": "gen_random_uuid()", "at": "at - interval '1 microsecond'", "verb": "'person.corrected'",
    "actor_id": "gen_random_uuid()", "office_id": "NULL", "record_type": "'other'", "record_id": "NULL",
    "person_id": "gen_random_uuid()", "purpose": "'rights'", "sensitivity": "sensitivity + 1",
    "detail": """detail || '{"x": 1}'""",
}  # fmt: skip
LINK_CHANGES = {
    "chain": "gen_random_uuid()", "seq": "seq + 1000000", "event_id": "gen_random_uuid()",
    "previous": "sha256(previous)", "hash": "sha256(hash)",
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One thing done to the database, and the first row that it makes bad; place None: it stands in no chain."""

    name: str
    statements: tuple[str, ...]
    chain: UUID
    place: int | None


def measure() -> dict[str, float]:
    """Return the share of cases in which the first bad row was named, the controls, and the seconds for a million."""
    with _database() as (superuser, heads):
        from puente.audit.services.chain import check_chains

        clean = len(check_chains(heads=heads).findings)
        found, found_blindly = [], []
        for case in _invent_cases(superuser):
            with _tampered(superuser, case):
                findings = check_chains(heads=heads).findings
                found.append(any(_names(finding, case) for finding in findings[:1]))
                found_blindly.append(_check_without_hashes())
        seconds = _time_many(superuser)
    return {
        "detected_share": sum(found) / len(found),
        "cases": len(found),
        "rows": ROWS,
        "verify_1m_seconds": round(seconds * 1_000_000 / MANY, 2),
        "control_clean_findings": clean,
        "control_without_hashes_share": round(sum(found_blindly) / len(found_blindly), 3),
    }


@contextmanager
def _database() -> Iterator[tuple[Any, Sequence[Any]]]:
    """Write ten thousand events into a database of its own; yield a superuser's connection and the outside heads."""
    import psycopg

    with scratch_database("audit"):
        from puente.platform import embedded_postgres
        from puente.platform.paths import find_home

        heads = _write_events()
        cluster = embedded_postgres.describe(find_home())
        with psycopg.connect(
            host=str(cluster.sockets), user=embedded_postgres.SUPERUSER, dbname=os.environ["PUENTE_DATABASE"],
            password=cluster.passwords[embedded_postgres.SUPERUSER], autocommit=True,
        ) as superuser:  # fmt: skip
            superuser.execute("SET session_replication_role = replica")
            yield superuser, heads


def _write_events() -> list[Any]:
    """Write the events as the application does, and return the heads that were taken meanwhile."""
    from django.utils import timezone

    from puente.audit.models import Event
    from puente.audit.policies import VIEW_EVENTS
    from puente.audit.services.chain import signed_head_of, take_heads
    from puente.platform.ids import make_id
    from puente.platform.policy import system_actor
    from puente.platform.row_security import acting_as

    actor = system_actor("bench", make_id(), [VIEW_EVENTS], OFFICES)
    dice, heads = Random(SEED), []
    began = timezone.now() - timedelta(days=ROWS)
    for first in range(0, ROWS, BATCH):
        with acting_as(actor):
            Event.objects.bulk_create(
                Event(
                    at=began + timedelta(hours=number), verb="person.opened", actor_id=actor.id,
                    office_id=dice.choice(OFFICES), record_type="person", record_id=make_id(), person_id=make_id(),
                    purpose="reception", detail={"number": number},
                )
                for number in range(first, first + BATCH)
            )  # fmt: skip
        if (first + BATCH) % (ROWS // QUARTERS) == 0:
            heads += [signed_head_of(head) for head in take_heads(now=began + timedelta(hours=first + BATCH))]
    return heads


def _invent_cases(superuser: Any) -> Iterator[Case]:
    dice = Random(SEED)
    for chain in OFFICES:
        (length,) = superuser.execute("SELECT max(seq) FROM audit_link WHERE chain = %s", [chain]).fetchone()
        for place in (1, length, *dice.sample(range(2, length), 4)):
            event = f"(SELECT event_id FROM audit_link WHERE chain = '{chain}' AND seq = {place})"
            yield from _invent_changes(chain, place, event)
            yield from _invent_removals(chain, place, event, length)
            yield from _invent_insertions(chain, place, event, length)
            if place < length:
                yield from _invent_exchanges(chain, place, dice.randint(place + 1, length))
            yield Case("rewritten", (_rewrite(chain, place, event),), chain, place)
        everything = (f"DELETE FROM audit_event WHERE office_id = '{chain}'", _forget(chain, 1), _forget_heads(chain))
        yield Case("a whole chain deleted", everything, chain, 1)


def _invent_changes(chain: UUID, place: int, event: str) -> Iterator[Case]:
    for column, value in EVENT_CHANGES.items():
        statement = f"UPDATE audit_event SET {column} = {value} WHERE id = {event}"
        yield Case(f"event.{column} changed", (statement,), chain, place)
    for column, value in LINK_CHANGES.items():
        statement = f"UPDATE audit_link SET {column} = {value} WHERE chain = '{chain}' AND seq = {place}"
        yield Case(f"link.{column} changed", (statement,), chain, place)


def _invent_removals(chain: UUID, place: int, event: str, length: int) -> Iterator[Case]:
    without_event = f"DELETE FROM audit_event WHERE id = {event}"
    without_link = f"DELETE FROM audit_link WHERE chain = '{chain}' AND seq = {place}"
    yield Case("event deleted", (without_event,), chain, place)
    yield Case("link deleted", (without_link,), chain, place)
    yield Case("event and link deleted", (without_event, without_link), chain, place)
    if place < length:
        close = f"UPDATE audit_link SET seq = seq - 1 WHERE chain = '{chain}' AND seq > {place}"
        yield Case("deleted and renumbered", (without_event, without_link, *_shifted(close)), chain, place)
    tail = f"DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_link WHERE chain = '{chain}'"
    cut = (f"{tail} AND seq >= {place})", _forget(chain, place), _forget_heads(chain))
    yield Case("end cut off", cut, chain, place)


def _invent_insertions(chain: UUID, place: int, event: str, length: int) -> Iterator[Case]:
    copy = (
        f"CREATE TEMP TABLE false_event AS SELECT * FROM audit_event WHERE id = {event}",
        "UPDATE false_event SET id = gen_random_uuid()",
        "INSERT INTO audit_event SELECT * FROM false_event",
    )
    end = ("DROP TABLE false_event",)
    yield Case("event inserted without a link", (*copy, *end), chain, None)
    if place < length:
        # With a hash that fits its place; the row that stood there follows it with its own.
        widen = f"UPDATE audit_link SET seq = seq + 1 WHERE chain = '{chain}' AND seq >= {place}"
        before = (
            f"coalesce((SELECT hash FROM audit_link WHERE chain = '{chain}' AND seq = {place} - 1),"
            " decode(repeat('00', 32), 'hex'))"
        )
        link = (
            f"INSERT INTO audit_link (chain, seq, event_id, previous, hash) SELECT '{chain}', {place}, event.id,"
            f" {before}, sha256({before} || convert_to(puente_audit_text('{chain}', event), 'UTF8'))"
            " FROM audit_event AS event WHERE id = (SELECT id FROM false_event)"
        )
        yield Case("event inserted with a hash that fits", (*copy, *_shifted(widen), link, *end), chain, place)


def _invent_exchanges(chain: UUID, place: int, other: int) -> Iterator[Case]:
    def exchange(table: str, columns: str, pairs: str) -> tuple[str, ...]:
        return (
            f"CREATE TEMP TABLE pair AS SELECT seq, event_id FROM audit_link WHERE chain = '{chain}'"
            f" AND seq IN ({place}, {other})",
            f"UPDATE {table} SET {columns} {pairs}",
            "DROP TABLE pair",
        )

    yield Case(
        "links exchanged",
        (
            f"UPDATE audit_link SET seq = -{place} WHERE chain = '{chain}' AND seq = {place}",
            f"UPDATE audit_link SET seq = {place} WHERE chain = '{chain}' AND seq = {other}",
            f"UPDATE audit_link SET seq = {other} WHERE chain = '{chain}' AND seq = -{place}",
        ),
        chain,
        place,
    )
    yield Case(
        "times exchanged",
        exchange(
            "audit_event AS event",
            "at = (SELECT other.at FROM audit_event AS other JOIN pair ON pair.event_id = other.id"
            " WHERE other.id <> event.id)",
            "WHERE id IN (SELECT event_id FROM pair)",
        ),
        chain,
        place,
    )
    yield Case(
        "events exchanged",
        (
            *exchange("audit_link AS link", "event_id = gen_random_uuid()", "WHERE false")[:1],
            f"DELETE FROM audit_link WHERE chain = '{chain}' AND seq IN ({place}, {other})",
            f"INSERT INTO audit_link SELECT kept.chain, kept.seq, pair.event_id, kept.previous, kept.hash"
            f" FROM kept_audit_link AS kept JOIN pair ON pair.seq = {place} + {other} - kept.seq"
            f" WHERE kept.chain = '{chain}' AND kept.seq IN ({place}, {other})",
            "DROP TABLE pair",
        ),
        chain,
        place,
    )


def _rewrite(chain: UUID, place: int, event: str) -> str:
    """Return the statement that changes an event and makes all hashes after it anew."""
    return f"""
    DO $$
    DECLARE
        before bytea := coalesce((SELECT hash FROM audit_link WHERE chain = '{chain}' AND seq = {place} - 1),
            decode(repeat('00', 32), 'hex'));
        link audit_link;
        told audit_event;
    BEGIN
        UPDATE audit_event SET actor_id = gen_random_uuid() WHERE id = {event};
        FOR link IN SELECT * FROM audit_link WHERE chain = '{chain}' AND seq >= {place} ORDER BY seq LOOP
            SELECT * INTO told FROM audit_event WHERE id = link.event_id;
            link.hash := sha256(before || convert_to(puente_audit_text('{chain}', told), 'UTF8'));
            UPDATE audit_link SET previous = before, hash = link.hash WHERE chain = '{chain}' AND seq = link.seq;
            before := link.hash;
        END LOOP;
        DELETE FROM audit_head WHERE chain = '{chain}';
    END $$
    """


def _shifted(statement: str) -> tuple[str, ...]:
    """Return a renumbering that does not stumble over the unique places on its way."""
    return ("ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS audit_link_pkey", statement)


def _forget(chain: UUID, place: int) -> str:
    return f"DELETE FROM audit_link WHERE chain = '{chain}' AND seq >= {place}"


def _forget_heads(chain: UUID) -> str:
    return f"DELETE FROM audit_head WHERE chain = '{chain}'"


@contextmanager
def _tampered(superuser: Any, case: Case) -> Iterator[None]:
    """Carry a case out, and afterwards make everything again as it was."""
    tables = ("audit_event", "audit_link", "audit_head")
    for table in tables:
        superuser.execute(f"CREATE TEMP TABLE IF NOT EXISTS kept_{table} AS SELECT * FROM {table}")
    for statement in case.statements:
        superuser.execute(statement)
    try:
        yield
    finally:
        with superuser.transaction():
            for table in tables:
                superuser.execute(f"TRUNCATE {table}")
                superuser.execute(f"INSERT INTO {table} SELECT * FROM kept_{table}")
            superuser.execute("ALTER TABLE audit_link DROP CONSTRAINT IF EXISTS audit_link_pkey")
            superuser.execute("ALTER TABLE audit_link ADD CONSTRAINT audit_link_pkey PRIMARY KEY (chain, seq)")


def _names(finding: Any, case: Case) -> bool:
    """Tell whether a finding names the row that a case made bad."""
    if finding.chain != str(case.chain):
        return False
    if finding.until is not None:
        return case.place is not None and finding.seq <= case.place <= finding.until
    return bool(finding.seq == case.place)


def _check_without_hashes() -> bool:
    """Tell whether a check that looks at places and events alone notices anything: the control."""
    from puente.audit.policies import auditing_actor
    from puente.audit.selectors.chain import list_unlinked, read_chains
    from puente.platform.row_security import acting_as

    with acting_as(auditing_actor()):
        if list_unlinked():
            return True
        places: dict[str, int] = {}
        with read_chains() as rows:
            for row in rows:
                if row.values is None or row.seq != places.get(row.chain, 0) + 1:
                    return True
                places[row.chain] = row.seq
    return False


def _time_many(superuser: Any) -> float:
    """Fill the tables with a long chain, made by the engine, and return the seconds of one whole check."""
    from puente.audit.services.chain import check_chains

    _time_each(lambda: superuser.execute("TRUNCATE audit_event, audit_link, audit_head"))
    _copy_many(superuser)
    superuser.execute("ANALYZE audit_event, audit_link")
    checked: list[Any] = []
    seconds = _time_each(lambda: checked.append(check_chains()))
    assert checked[0].is_sound, checked[0].findings
    assert checked[0].events == MANY
    return seconds


def _copy_many(superuser: Any) -> None:
    from puente.engines.audit_chain import GENESIS, hash_event
    from puente.platform.ids import make_id

    previous, links = GENESIS, []
    chain, actor = str(OFFICES[0]), str(make_id())
    columns = "id, at, verb, actor_id, office_id, record_type, record_id, person_id, purpose, sensitivity, detail"
    with superuser.cursor() as cursor, cursor.copy(f"COPY audit_event ({columns}) FROM STDIN") as copy:
        for number in range(MANY):
            event_id, person_id = str(make_id()), str(make_id())
            at = 1_700_000_000 + number
            shared = ("person", person_id, person_id, "reception", "2", "{}")
            values = (event_id, f"{at}.000000", "person.opened", actor, chain, *shared)
            made = hash_event(previous, chain, values)
            copy.write_row((event_id, _write_time(at), "person.opened", actor, chain, *shared))
            links.append((chain, number + 1, event_id, previous, made))
            previous = made
    with (
        superuser.cursor() as cursor,
        cursor.copy("COPY audit_link (chain, seq, event_id, previous, hash) FROM STDIN") as copy,
    ):
        for link in links:
            copy.write_row(link)


def _write_time(seconds: int) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _time_each(work: Callable[[], Any]) -> float:
    began = perf_counter()
    work()
    return perf_counter() - began
