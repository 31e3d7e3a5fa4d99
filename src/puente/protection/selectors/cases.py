"""Reading lists of cases: one's own with what is due, the office's by reference and officer alone."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from puente.people.models import Assignment
from puente.people.pseudonyms import reference_of
from puente.people.selectors import label_people
from puente.platform.policy import Actor, NotAllowed, Purpose, allow
from puente.protection.case_file import DueThing, read_case_file
from puente.protection.models import Case, Closure, Handover
from puente.protection.opening import ReadEntry, read_plans, record_of_case
from puente.protection.policies import APPROVE_CLOSURE, LIST_CASES, VIEW_CASE, VIEW_HANDOVERS
from puente.protection.safety import Risk

#: The newest first; ids break ties.
ORDER_OF_OFFICE = ("-opened_at", "id")
#: An officer in charge of more has other problems than a long page.
MOST_OWN = 100
#: What a case is opened for, the widest first.
OPENED_FOR = (Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP)
_FAR = date.max


@dataclass(frozen=True)
class OwnCase:
    """One of the actor's own cases as the list shows it."""

    case: Case
    reference: str
    name: str
    risk: Risk | None
    next_due: DueThing | None
    last_entry_at: datetime | None


def list_own_cases(actor: Actor, *, closed: bool, now: datetime) -> list[OwnCase]:
    """Return the cases the actor is in charge of: what is due first stands first.

    It reads the plans alone, as a follow-up would; names are masked. Nobody's testimony is opened for a list.

    Raises:
        NotAllowed: where the actor lists no cases or did not step up.
    """
    if not actor.may(LIST_CASES) or not actor.has_stepped_up(now):
        raise NotAllowed(LIST_CASES.name)
    assigned = Assignment.objects.filter(person_id=OuterRef("person_id"), user_id=actor.id, ended_at=None)
    cases = list(
        Case.objects.visible_to(actor, VIEW_CASE)
        .filter(Exists(assigned), closed_at__isnull=not closed)
        .select_related("person")
        .annotate(last_entry_at=Max("entries__made_at"))
        .order_by("-opened_at")[:MOST_OWN]
    )
    labels = label_people(actor, [case.person_id for case in cases])
    plans = read_plans(cases)
    rows = [_describe(case, labels[case.person_id].text, plans.get(case.pk, []), now) for case in cases]
    return sorted(rows, key=lambda row: (row.next_due.due_on if row.next_due else _FAR, row.reference))


def _describe(case: Case, name: str, plan: list[ReadEntry], now: datetime) -> OwnCase:
    file = read_case_file(plan)
    due = file.list_due(timezone.localdate(now))
    return OwnCase(
        case, reference_of(case.person_id), name, file.plan.risk if file.plan else None,
        due[0] if due else None, case.last_entry_at,  # type: ignore[attr-defined]
    )  # fmt: skip


def list_office_cases(actor: Actor, *, closed: bool) -> QuerySet[Case]:
    """Return the cases of the offices whose cases the actor lists: that they exist, and no more.

    Raises:
        NotAllowed: where no role of the actor lists cases.
    """
    if not actor.may(LIST_CASES):
        raise NotAllowed(LIST_CASES.name)
    return Case.objects.listed_for(actor, LIST_CASES).filter(closed_at__isnull=not closed).select_related("office")


def get_listed_case(actor: Actor, case_id: UUID) -> Case:
    """Return a case of which the actor may know that it exists; raises NotAllowed."""
    found = Case.objects.listed_for(actor, LIST_CASES).select_related("office")
    case: Case | None = found.filter(pk=case_id).first()
    if case is None:
        raise NotAllowed(LIST_CASES.name)
    return case


def list_purposes(actor: Actor, case_id: UUID, now: datetime) -> list[Purpose]:
    """Return for what the actor may open a case.

    Raises:
        NotAllowed: also where there is no such case, or the actor did not step up.
    """
    found = Case.objects.visible_to(actor, VIEW_CASE).select_related("person")
    case: Case | None = found.filter(pk=case_id).first()
    if case is None:
        raise NotAllowed(VIEW_CASE.name)
    record = record_of_case(case)
    purposes = [one for one in OPENED_FOR if allow(actor, VIEW_CASE, record, one, now)]
    if not purposes:
        raise NotAllowed(VIEW_CASE.name)
    return purposes


def find_own_case(actor: Actor, handover_id: UUID) -> Case | None:
    """Return the open case of somebody who was handed over, where the actor may open it."""
    handed = Handover.objects.visible_to(actor, VIEW_HANDOVERS).filter(pk=handover_id).values("person_id")
    case: Case | None = Case.objects.visible_to(actor, VIEW_CASE).filter(person_id__in=handed, closed_at=None).first()
    return case


def find_open_case(actor: Actor, person_id: UUID) -> Case | None:
    """Return the open case of a person, as far as the actor may know of it."""
    return Case.objects.listed_for(actor, LIST_CASES).filter(person_id=person_id, closed_at=None).first()


def find_handover(actor: Actor, case: Case) -> Handover | None:
    """Return the hand-over that led to a case: the last one before it was opened."""
    handed = Handover.objects.visible_to(actor, VIEW_HANDOVERS).filter(person_id=case.person_id)
    return handed.filter(sent_at__lte=case.opened_at).order_by("-sent_at").first()


def list_closures(actor: Actor) -> list[Closure]:
    """Return what others asked to close and nobody decided yet, the longest wait first; raises NotAllowed."""
    if not actor.may(APPROVE_CLOSURE):
        raise NotAllowed(APPROVE_CLOSURE.name)
    asked = Closure.objects.visible_to(actor, APPROVE_CLOSURE).undecided().exclude(asked_by=actor.id)
    return list(asked.select_related("case").order_by("asked_at", "id"))


def get_closure(actor: Actor, closure_id: UUID) -> Closure:
    """Return a request to close that the actor may decide; raises NotAllowed."""
    for closure in list_closures(actor):
        if closure.pk == closure_id:
            return closure
    raise NotAllowed(APPROVE_CLOSURE.name)


def list_closures_of(case: Case) -> list[Closure]:
    """Return every request to close an opened case, the earliest first."""
    return list(Closure.objects.filter(case=case).order_by("asked_at", "id"))
