"""The ledger of erasures as a file: one JSON line an erasure, each bound to the one before by its digest.

It stands outside the database, where a restored backup does not reach. A changed, missing or moved line is named. It
says of nobody who they are: a person's id is a random number, of which it holds the digest.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

#: What the first line follows on.
NOTHING = "0" * 64


class LedgerBroken(Exception):
    """The ledger does not hold together; the message names the first line that is wrong and says what to do."""


@dataclass(frozen=True)
class Line:
    """One erasure. `digest` is over everything else, the digest of the line before included."""

    number: int
    at: str
    person_digest: str
    reason: str
    previous: str
    digest: str


def digest_person(person_id: UUID) -> str:
    """Return what the ledger holds of a person."""
    return hashlib.sha256(person_id.bytes).hexdigest()


def make_line(after: Line | None, person_id: UUID, reason: str, at: datetime) -> Line:
    """Return the line that follows on another, or the first one."""
    number, previous = (after.number + 1, after.digest) if after else (1, NOTHING)
    moment = at.isoformat(timespec="microseconds")
    person_digest = digest_person(person_id)
    return Line(number, moment, person_digest, reason, previous,
                _digest(number, moment, person_digest, reason, previous))  # fmt: skip


def check_chain(lines: Sequence[Line], where: str) -> None:
    """Raise LedgerBroken, naming the first line that was changed, moved, added or taken out."""
    previous = NOTHING
    for number, line in enumerate(lines, start=1):
        expected = _digest(line.number, line.at, line.person_digest, line.reason, line.previous)
        if line.number != number or line.previous != previous or line.digest != expected:
            raise LedgerBroken(
                f"Line {number} of {where} was changed, moved or taken out. Bring the ledger back from its safe copy."
            )
        previous = line.digest


def read_ledger(file: Path) -> list[Line]:
    """Return all lines of a ledger file that holds together; none where there is no file yet.

    A last line without its end was torn by a power cut before anything was erased: it does not count.

    Raises:
        LedgerBroken: naming the first line that is wrong.
    """
    if not file.exists():
        return []
    whole, _end, _torn = file.read_text(encoding="utf-8", errors="replace").rpartition("\n")
    lines = []
    for number, text in enumerate(whole.splitlines(), start=1):
        try:
            lines.append(Line(**json.loads(text)))
        except (TypeError, ValueError):
            raise LedgerBroken(
                f"Line {number} of {file.name} cannot be read. Bring the ledger back from its safe copy."
            ) from None
    check_chain(lines, file.name)
    return lines


def append_lines(file: Path, lines: Sequence[Line]) -> None:
    """Add lines at the end, after what was torn there is cut off, and wait until the disk has them."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "r+b") as handle:
        end = handle.read().rfind(b"\n") + 1
        handle.truncate(end)
        handle.seek(end)
        handle.writelines((json.dumps(asdict(line), sort_keys=True) + "\n").encode() for line in lines)
        handle.flush()
        os.fsync(handle.fileno())


def _digest(number: int, at: str, person_digest: str, reason: str, previous: str) -> str:
    content = json.dumps([number, at, person_digest, reason, previous])
    return hashlib.sha256(content.encode()).hexdigest()
