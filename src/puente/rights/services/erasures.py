"""Erasing people by destroying their keys, written into the ledger first; and erasing them again after a restore."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.people.erasing import run_coarseners, run_erasers
from puente.people.models import Person
from puente.people.services import record_of
from puente.platform.policy import Actor, NotAllowed, Purpose, require
from puente.platform.row_security import acting_as
from puente.rights.ledger import LedgerBroken, Line, append_lines, check_chain, make_line, read_ledger
from puente.rights.models import Erasure
from puente.rights.policies import ERASE_PERSON, replaying_actor

ERASED = register_verb("person.erased", gettext_noop("destroyed the key of the person's file"))
COARSENED = register_verb("person.coarsened", gettext_noop("made broad what stood in clear of the person"))
REVIVED = register_verb("person.erased_again", gettext_noop("erased once more a person whom a restored backup held"))

#: One writer at a time: the number is taken for the transaction.
LOCK = 0x5269_6768_7473


@dataclass(frozen=True)
class Replay:
    """What a comparison of the ledger with the database mended, in numbers."""

    lines_added_to_table: int = 0
    lines_added_to_file: int = 0
    erased_again: int = 0


def ledger_file() -> Path:
    """Return where the ledger stands outside the database."""
    return Path(settings.ERASURE_LEDGER)


@transaction.atomic
def erase_person(*, actor: Actor, person_id: UUID, reason: Erasure.Reason, purpose: Purpose, now: datetime) -> None:
    """Destroy a person's key for good, after the ledger has it; callers made sure that two people decided.

    The line reaches the file's disk before the database changes: where the transaction fails after it, the next
    start finishes what was begun.

    Raises:
        NotAllowed: also where there is no such person, or nothing is left to erase.
        LedgerBroken: then nobody is erased.
    """
    _lock_ledger()
    _require_erasable(actor, person_id, purpose, now)
    after = _bring_together()[0]
    line = make_line(after, person_id, reason, now)
    append_lines(ledger_file(), [line])
    _write_rows([line])
    run_erasers(person_id)
    record_event(
        actor=actor, verb=ERASED, record_type="person", record_id=person_id, person_id=person_id, purpose=purpose,
        at=now, detail={"reason": reason, "number": line.number},
    )  # fmt: skip


@transaction.atomic
def coarsen_person(*, actor: Actor, person_id: UUID, purpose: Purpose, now: datetime) -> None:
    """Make broad what stands in clear of a person; what is sealed stays as it is. Raises NotAllowed."""
    _require_erasable(actor, person_id, purpose, now)
    run_coarseners(person_id)
    record_event(
        actor=actor, verb=COARSENED, record_type="person", record_id=person_id, person_id=person_id, purpose=purpose,
        at=now,
    )  # fmt: skip


def replay_ledger(*, now: datetime) -> Replay:
    """Compare the ledger's file with the database, mend what a restored backup undid, and erase those it revived.

    Runs at every start, under an actor of the system that has this one right.

    Raises:
        LedgerBroken: where the file does not hold together, or says something else than the database.
    """
    actor = replaying_actor(Office.objects.values_list("pk", flat=True))
    with acting_as(actor):
        _lock_ledger()
        _last, to_table, to_file = _bring_together()
        revived = find_revived()
        for person_id in revived:
            run_erasers(person_id)
            record_event(
                actor=actor, verb=REVIVED, record_type="person", record_id=person_id, person_id=person_id,
                purpose=Purpose.RIGHTS, at=now,
            )  # fmt: skip
    return Replay(to_table, to_file, len(revived))


def examine_ledger() -> str | None:
    """Return what is wrong with the ledger, None where file and database agree and nobody is back."""
    with acting_as(replaying_actor(Office.objects.values_list("pk", flat=True))):
        try:
            lines, rows = read_ledger(ledger_file()), _read_rows()
            _require_agreement(lines, rows)
        except LedgerBroken as problem:
            return str(problem)
        missing, revived = abs(len(lines) - len(rows)), len(find_revived())
    if missing or revived:
        return f"{missing} lines of the ledger are missing, {revived} people are back: run puente rights replay."
    return None


def find_revived() -> list[UUID]:
    """Return the people whom the ledger's table names and whose key is there all the same."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT puente_revived()")
        return [row[0] for row in cursor.fetchall()]


def _require_erasable(actor: Actor, person_id: UUID, purpose: Purpose, now: datetime) -> None:
    person = Person.objects.visible_to(actor, ERASE_PERSON).filter(pk=person_id, erased_at=None).first()
    if person is None:
        raise NotAllowed(ERASE_PERSON.name)
    require(actor, ERASE_PERSON, record_of(person), purpose, now)


def _lock_ledger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _bring_together() -> tuple[Line | None, int, int]:
    """Write into table and file what only the other one has; returns the last line and how many went each way."""
    lines, rows = read_ledger(ledger_file()), _read_rows()
    _require_agreement(lines, rows)
    if rows[len(lines) :]:
        append_lines(ledger_file(), rows[len(lines) :])
    _write_rows(lines[len(rows) :])
    longest = max(lines, rows, key=len)
    return (longest[-1] if longest else None), max(len(lines) - len(rows), 0), max(len(rows) - len(lines), 0)


def _require_agreement(lines: Sequence[Line], rows: Sequence[Line]) -> None:
    check_chain(rows, "the ledger's table")
    for line, row in zip(lines, rows, strict=False):
        if line != row:
            raise LedgerBroken(
                f"Line {line.number} of {ledger_file().name} says something else than the database. Bring back the"
                " ledger, or the backup, that belongs to it."
            )


def _read_rows() -> list[Line]:
    return [
        Line(row.number, row.at.isoformat(timespec="microseconds"), row.person_digest, row.reason, row.previous,
             row.digest)
        for row in Erasure.objects.all()
    ]  # fmt: skip


def _write_rows(lines: Sequence[Line]) -> None:
    Erasure.objects.bulk_create(
        Erasure(
            number=line.number, at=datetime.fromisoformat(line.at), person_digest=line.person_digest,
            reason=line.reason, previous=line.previous, digest=line.digest,
        )
        for line in lines
    )  # fmt: skip
