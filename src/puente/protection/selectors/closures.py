"""Reading requests to close a case, with the words of who asked and of who decided."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from puente.people.pseudonyms import reference_of
from puente.platform.policy import Actor
from puente.protection.models import Case, Closure
from puente.protection.sealed_requests import CLOSURE, unseal_answer, unseal_request
from puente.protection.selectors.cases import get_closure, list_closures, list_closures_of
from puente.protection.selectors.officers import name_staff


@dataclass(frozen=True)
class ShownClosure:
    """A request to close a case: the reference, never a name; whoever is named is staff."""

    row: Closure
    reference: str
    asked_by: str
    reason: str
    words: str
    open_points: tuple[str, ...]
    decided_by: str
    answer: str


def show_waiting(actor: Actor) -> list[ShownClosure]:
    """Return what waits for a decision of the actor; raises NotAllowed."""
    return _show(list_closures(actor))


def show_closure(actor: Actor, closure_id: UUID) -> ShownClosure:
    """Return one request that the actor may decide; raises NotAllowed."""
    return _show([get_closure(actor, closure_id)])[0]


def show_closures_of(case: Case) -> list[ShownClosure]:
    """Return every request to close an opened case, the earliest first."""
    return _show(list_closures_of(case))


def _show(rows: Iterable[Closure]) -> list[ShownClosure]:
    rows = list(rows)
    staff = name_staff({row.asked_by for row in rows} | {row.decided_by for row in rows if row.decided_by})
    shown = []
    for row in rows:
        asked = unseal_request(CLOSURE, row)
        decided_by = staff.get(row.decided_by, "") if row.decided_by else ""
        one = ShownClosure(
            row, reference_of(row.person_id), staff.get(row.asked_by, ""), asked["reason"], asked["words"],
            tuple(asked["open_points"]), decided_by, unseal_answer(CLOSURE, row),
        )  # fmt: skip
        shown.append(one)
    return shown
