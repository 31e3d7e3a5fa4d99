"""Closing a case: an officer asks with reasons, another person decides; and opening it again."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity, require
from puente.protection.case_file import Topic
from puente.protection.models import Case, Closure
from puente.protection.opening import OpenedCase, record_of_case
from puente.protection.policies import APPROVE_CLOSURE, WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.sealed_requests import CLOSURE, seal_answer, seal_request
from puente.protection.services.cases import record_in_case, write_entry

ASKED = register_verb("closure.asked", gettext_noop("asked to close the case"), sensitivity=Sensitivity.SEALED)
APPROVED = register_verb("closure.approved", gettext_noop("let the case be closed"), sensitivity=Sensitivity.SEALED)
SENT_BACK = register_verb(
    "closure.sent_back", gettext_noop("did not let the case be closed"), sensitivity=Sensitivity.SEALED
)
REOPENED = register_verb("case.reopened", gettext_noop("opened the closed case again"), sensitivity=Sensitivity.SEALED)


class ClosureReason(StrEnum):
    """Why a case ends (IOM reintegration handbook, case closure; CPIMS+)."""

    GOALS_REACHED = "goals_reached"
    TRANSFERRED = "transferred"
    STOPPED = "stopped"
    LEFT_AREA = "left_area"
    NOT_FOUND = "not_found"
    NO_LONGER_NEEDED = "no_longer_needed"
    DEATH = "death"


class ClosureWaits(Exception):
    """Somebody asked to close this case already; the other person has not decided."""


class ClosureDecided(Exception):
    """There is no such request that the actor may decide."""


@transaction.atomic
def ask_closure(
    *, actor: Actor, opened: OpenedCase, reason: ClosureReason, words: str, open_points: list[str], now: datetime
) -> Closure:
    """Ask another person to let the case be closed.

    Args:
        words: for the one who decides; they do not see the case.
        open_points: what still waits, as `CaseFile.find_open_points` gives it.

    Raises:
        ClosureWaits, NotAllowed.
    """
    case = opened.case
    require(actor, WRITE_CASE, record_of_case(case), opened.purpose, now)
    if Closure.objects.undecided().filter(case=case).exists():
        raise ClosureWaits
    closure_id = make_id()
    asked = {"reason": reason, "words": words, "open_points": open_points}
    closure = Closure.objects.create(
        id=closure_id, case=case, person_id=case.person_id, office_id=case.office_id, asked_at=now, asked_by=actor.id,
        **seal_request(CLOSURE, closure_id, asked),
    )  # fmt: skip
    write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.CLOSURE, now=now,
        content={"closure": str(closure_id), "reason": reason, "words": words},
    )  # fmt: skip
    record_in_case(actor, ASKED, case, opened.purpose, now)
    return closure


@transaction.atomic
def decide_closure(*, actor: Actor, closure_id: UUID, approve: bool, words: str, now: datetime) -> Closure:
    """Let a case be closed, or send it back; never by who asked. Who decides sees the request, not the case.

    Raises:
        ClosureDecided: also where the actor asked for it, or there is none. NotAllowed: without a step-up.
    """
    if not actor.may(APPROVE_CLOSURE) or not actor.has_stepped_up(now):
        raise NotAllowed(APPROVE_CLOSURE.name)
    asked = Closure.objects.visible_to(actor, APPROVE_CLOSURE).undecided().exclude(asked_by=actor.id)
    closure: Closure | None = asked.select_for_update(of=("self",)).filter(pk=closure_id).first()
    if closure is None:
        raise ClosureDecided
    closure.is_approved, closure.decided_at, closure.decided_by = approve, now, actor.id
    closure.sealed_answer = seal_answer(CLOSURE, closure, words)
    closure.save(update_fields=["is_approved", "decided_at", "decided_by", "sealed_answer"])
    if approve:
        Case.objects.filter(pk=closure.case_id).update(closed_at=now)
    record_event(
        actor=actor, verb=APPROVED if approve else SENT_BACK, record_type="case", record_id=closure.case_id,
        person_id=closure.person_id, office_id=closure.office_id, purpose=Purpose.PROTECTION, at=now,
    )  # fmt: skip
    return closure


@transaction.atomic
def reopen_case(*, actor: Actor, opened: OpenedCase, words: str, now: datetime) -> None:
    """Open a closed case again, with the reason.

    Raises:
        NotAllowed: also where the case is not closed, or the person has another open one.
    """
    case = opened.case
    require(actor, WRITE_CASE, record_of_case(case), opened.purpose, now)
    if case.closed_at is None or Case.objects.filter(person_id=case.person_id, closed_at=None).exists():
        raise NotAllowed(WRITE_CASE.name)
    case.closed_at = None
    case.save(update_fields=["closed_at"])
    write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.REOPENING, content={"words": words},
        now=now,
    )  # fmt: skip
    record_in_case(actor, REOPENED, case, opened.purpose, now)
