"""The hash chain over audit events: the text of an event, the hash of a link, and how damage is found and named.

Each event of a chain has a link: its place, the hash before it, and its own hash
`SHA-256(previous ‖ text)`. Whoever changes, deletes, inserts or reorders a row breaks the row where the hashes
stop to follow. Whoever rewrites all hashes after it, or cuts the end off, is found by a head that was taken before.
The database makes the same text in SQL (audit/migrations/0003_chain.py); a test holds the two together.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

#: What stands before the first event of a chain.
GENESIS = bytes(32)
#: The chain of events that belong to no office.
NO_OFFICE = "00000000-0000-0000-0000-000000000000"
#: The fields of an event in the order of its text, each as PostgreSQL writes it; `at` in seconds since 1970.
FIELDS = (
    "id", "at", "verb", "actor_id", "office_id", "record_type", "record_id", "person_id", "purpose", "sensitivity",
    "detail",
)  # fmt: skip


class Kind(StrEnum):
    """What was done to a chain."""

    CHANGED = "changed"
    DELETED = "deleted"
    INSERTED = "inserted"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"
    FORGED_HEAD = "forged_head"


class LinkedEvent(NamedTuple):
    """One link with its event. `values` are the texts of FIELDS, None where the event is gone."""

    chain: str
    seq: int
    event_id: str
    previous: bytes
    hash: bytes
    values: tuple[str | None, ...] | None


@dataclass(frozen=True)
class Head:
    """Where a chain stood at some time: its last place and hash."""

    chain: str
    seq: int
    hash: bytes


@dataclass(frozen=True)
class Finding:
    """The first bad row of a chain.

    `seq` is None for an event that has no place; `until` ends the stretch where only a stretch can be named.
    """

    kind: Kind
    chain: str
    seq: int | None
    event_id: str | None = None
    until: int | None = None


@dataclass(frozen=True)
class ChainReport:
    """What was found in one chain: how many rows hold, the head they end in, and the first bad row, if any."""

    chain: str
    rows: int
    head: Head | None
    finding: Finding | None = None


def write_text(chain: str, values: Iterable[str | None]) -> str:
    """Return the text of an event that is hashed: each field with its length before it, so that none runs into another.

    Args:
        chain: the id of the chain, so that a whole chain cannot be given to another office.
        values: in the order of FIELDS.
    """
    parts = [f"{len(chain)}:{chain},"]
    parts += ["-," if value is None else f"{len(value)}:{value}," for value in values]
    return "".join(parts)


def hash_event(previous: bytes, chain: str, values: Iterable[str | None]) -> bytes:
    """Return the 32 bytes that a link holds for an event after `previous`."""
    return hashlib.sha256(previous + write_text(chain, values).encode()).digest()


def verify_chains(
    rows: Iterable[LinkedEvent], *, unlinked: Iterable[tuple[str, str]] = (), heads: Iterable[Head] = ()
) -> list[ChainReport]:
    """Check every chain, and name the first bad row of each that was tampered with.

    Args:
        rows: ordered by chain and place; read once, so a million rows need no memory.
        unlinked: (chain, event id) of events that stand in no chain.
        heads: taken earlier, with a signature that was checked.

    Returns:
        One report a chain, also for a chain of which nothing but a head is left.
    """
    heads_of: dict[str, list[Head]] = {}
    for head in heads:
        heads_of.setdefault(head.chain, []).append(head)
    reports = {
        chain: verify_chain(chain, iter(group), heads_of.get(chain, ()))
        for chain, group in groupby(rows, key=lambda row: row.chain)
    }
    for chain, missing in heads_of.items():
        if chain not in reports:
            reports[chain] = verify_chain(chain, iter(()), missing)
    for chain, event_id in unlinked:
        report = reports.setdefault(chain, ChainReport(chain, 0, None))
        if report.finding is None:
            reports[chain] = replace(report, finding=Finding(Kind.INSERTED, chain, None, event_id))
    return list(reports.values())


def verify_chain(chain: str, rows: Iterator[LinkedEvent], heads: Sequence[Head] = ()) -> ChainReport:
    """Check one chain from its first row on; stops judging at the first bad one."""
    by_place: dict[int, set[bytes]] = {}
    for head in heads:
        by_place.setdefault(head.seq, set()).add(head.hash)
    last: LinkedEvent | None = None
    before = GENESIS
    confirmed = 0
    count = 0
    for row in rows:
        previous = last.hash if last else GENESIS
        finding = _judge(row, count + 1, previous, before, last, rows)
        if finding is None and (hashes := by_place.get(row.seq)) is not None:
            if hashes != {row.hash}:
                finding = Finding(Kind.REWRITTEN, chain, confirmed + 1, None, row.seq)
            confirmed = row.seq
        if finding is not None:
            return ChainReport(chain, count, _head_of(last), finding)
        before, last, count = previous, row, count + 1
    if any(head.seq > count for head in heads):
        return ChainReport(chain, count, _head_of(last), Finding(Kind.TRUNCATED, chain, count + 1))
    return ChainReport(chain, count, _head_of(last))


def _head_of(row: LinkedEvent | None) -> Head | None:
    return Head(row.chain, row.seq, row.hash) if row else None


def _judge(
    row: LinkedEvent,
    expected: int,
    previous: bytes,
    before: bytes,
    last: LinkedEvent | None,
    rest: Iterator[LinkedEvent],
) -> Finding | None:
    """Return what is wrong with a row, None where it follows on. `rest` is read on only after damage.

    Args:
        expected: the place that comes next.
        previous: the hash of the last good row, `before` the one before that, `last` that row itself.
    """

    def found(kind: Kind, bad: LinkedEvent = row) -> Finding:
        return Finding(kind, bad.chain, bad.seq, bad.event_id)

    follows = row.previous == previous
    if row.seq != expected:
        if row.seq == expected - 1:
            return found(Kind.INSERTED)
        if follows or row.seq < expected:
            # A row that follows on but stands elsewhere left the place that comes next empty.
            return replace(found(Kind.REORDERED), seq=min(row.seq, expected))
        gone = Finding(Kind.DELETED, row.chain, expected)
        return replace(gone, kind=Kind.REORDERED) if _look_on(row, previous, rest).has_successor else gone
    if row.values is None:
        return found(Kind.DELETED)
    if row.values[0] != row.event_id:
        return found(Kind.CHANGED)
    fits = hash_event(previous, row.chain, row.values) == row.hash
    if follows and fits:
        return None
    ahead = _look_on(row, previous, rest)
    if follows:
        if ahead.has_true_event:
            return found(Kind.REORDERED)
        return found(Kind.INSERTED if ahead.has_successor else Kind.CHANGED)
    if fits:
        return found(Kind.CHANGED)
    is_whole = hash_event(row.previous, row.chain, row.values) == row.hash
    if last is not None and row.previous == before and is_whole and ahead.goes_on:
        # Two rows follow the same one, and the chain goes on from the second.
        return found(Kind.INSERTED, last)
    if ahead.has_successor:
        return found(Kind.REORDERED if is_whole and ahead.has_predecessor else Kind.INSERTED)
    return found(Kind.DELETED if is_whole else Kind.CHANGED)


@dataclass(frozen=True)
class _Ahead:
    """What stands after a row that does not follow on.

    has_successor: some row follows the last good one. has_predecessor: some row is the one that the bad row follows.
    has_true_event: some row holds the event that the bad row's hash was made of. goes_on: nothing comes after the bad
    row, or the next row follows it.
    """

    has_successor: bool
    has_predecessor: bool
    has_true_event: bool
    goes_on: bool


def _look_on(row: LinkedEvent, previous: bytes, rest: Iterator[LinkedEvent]) -> _Ahead:
    has_successor = has_predecessor = has_true_event = False
    goes_on = True
    for number, later in enumerate(rest):
        if number == 0:
            goes_on = later.previous == row.hash
        has_successor |= later.previous == previous
        has_predecessor |= later.hash == row.previous
        has_true_event |= later.values is not None and hash_event(previous, row.chain, later.values) == row.hash
    return _Ahead(has_successor, has_predecessor, has_true_event, goes_on)
