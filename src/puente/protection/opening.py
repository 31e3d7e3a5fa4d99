"""A case that somebody opened for a purpose: the keys of the compartments this purpose opens, and its entries."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from puente.people.models import Assignment
from puente.people.services import record_of
from puente.platform.policy import Erased, Purpose, Record, Sensitivity
from puente.protection.models import Case, CaseEntry, CaseKey
from puente.protection.sealed import Compartment, Entry, WrappedCompartment, open_case_key, unseal_entry


@dataclass(frozen=True)
class OpenedCase:
    """A case opened for one purpose. Compartments that the purpose does not open are not in `keys`."""

    case: Case
    purpose: Purpose
    keys: dict[Compartment, bytes] = field(repr=False)
    until: datetime

    def has(self, *compartments: Compartment) -> bool:
        """Tell whether the purpose opens all of some compartments."""
        return set(compartments) <= self.keys.keys()


@dataclass(frozen=True)
class ReadEntry:
    """An entry with when and by whom it was written."""

    entry: Entry
    made_at: datetime
    made_by: UUID


def open_compartments(case: Case, purpose: Purpose) -> dict[Compartment, bytes]:
    """Return the keys that a purpose opens; the caller was allowed to open the case for it. Raises Erased."""
    rows = list(case.keys.filter(purpose=purpose))
    if not all(row.key_name for row in rows):
        raise Erased("case")
    return {Compartment(row.compartment): _open_row(row) for row in rows}


def read_entries(opened: OpenedCase, *topics: str) -> list[ReadEntry]:
    """Return the entries that the opened compartments hold, of these topics or of all, the oldest first."""
    rows = CaseEntry.objects.filter(case_id=opened.case.pk, compartment__in=opened.keys).order_by("made_at", "id")
    read = [_unseal(row, opened.keys[Compartment(row.compartment)]) for row in rows]
    return [one for one in read if not topics or one.entry.topic in topics]


def read_plans(cases: Sequence[Case]) -> dict[UUID, list[ReadEntry]]:
    """Return what the plans of some cases hold, as a follow-up would open them, with two queries for all of them.

    The caller was allowed to open each; of who was erased there is nothing left.
    """
    rows = CaseKey.objects.filter(case__in=cases, compartment=Compartment.PLAN, purpose=Purpose.FOLLOW_UP)
    keys = {row.case_id: _open_row(row) for row in rows if row.key_name}
    read: dict[UUID, list[ReadEntry]] = {case_id: [] for case_id in keys}
    entries = CaseEntry.objects.filter(case_id__in=keys, compartment=Compartment.PLAN).order_by("made_at", "id")
    for row in entries:
        read[row.case_id].append(_unseal(row, keys[row.case_id]))
    return read


def _open_row(row: CaseKey) -> bytes:
    compartment = Compartment(row.compartment)
    wrapped = WrappedCompartment(compartment, Purpose(row.purpose), row.key_name, bytes(row.wrapped_key))
    return open_case_key(row.case_id, wrapped)


def _unseal(row: CaseEntry, key: bytes) -> ReadEntry:
    entry = unseal_entry(key, row.case_id, Compartment(row.compartment), row.pk, bytes(row.sealed))
    return ReadEntry(entry, row.made_at, row.made_by)


def record_of_case(case: Case) -> Record:
    """Return what the access rule must know of a case: sealed whether or not the person's file still is."""
    assigned = Assignment.objects.filter(person=case.person_id, ended_at=None).values_list("user_id", flat=True)
    return replace(record_of(case.person), sensitivity=Sensitivity.SEALED, assigned_to=frozenset(assigned))
