"""The needs assessment: asked step by step, resumable, corrected with a reason, turned into needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines.instruments import Question, Reply, collect, find_carried
from puente.instruments.models import Response
from puente.instruments.services import (
    OpenedResponse,
    finish_response,
    open_response,
    record_replies,
    start_response,
)
from puente.needs.models import Need, NeedEvent, NeedKind
from puente.needs.services.tracking import (
    SAY_WHY,
    InvalidNeed,
    append_event,
    create_need,
    find_person,
    move_need,
)
from puente.platform.policy import Actor, Purpose
from puente.protection.services import Reason, Service, send_handover
from puente.reception.models import Arrival, Stage
from puente.reception.policies import MOVE_IN_QUEUE
from puente.reception.selectors.arrivals import list_returns
from puente.reception.services.handovers import hand_over
from puente.reception.services.queue import advance_person

STARTED = register_verb("assessment.started", gettext_noop("began to ask what the person needs"))
ANSWERED = register_verb("assessment.answered", gettext_noop("noted answers on what the person needs"))
READ = register_verb("assessment.opened", gettext_noop("opened what the person said they need"), opens=True)
FINISHED = register_verb("assessment.finished", gettext_noop("finished asking what the person needs"))
CORRECTED = register_verb("assessment.corrected", gettext_noop("corrected an answer on what the person needs"))

ASSESSMENT = "needs_assessment"
AREA = "needs"
#: What a choice of the form carries: the needs it raises, and that somebody else must hear of it at once.
RAISES, ALERTS = "needs", "alert"


@dataclass(frozen=True)
class Outcome:
    """The assessment after a write, and whether the person continues with another service now."""

    opened: OpenedResponse
    continues_elsewhere: bool = False


def is_reserved(question: Question) -> bool:
    """Tell whether an answer may send a hand-over: it is never shown again, whatever it was."""
    return any(choice.attributes.get(ALERTS) for choice in question.choices)


@transaction.atomic
def start_assessment(
    *, actor: Actor, person_id: UUID, office_id: UUID, arrival_id: UUID | None = None, now: datetime
) -> Response:
    """Begin an assessment, or return the one that the office began and did not finish.

    The person passes to the stage of needs. Without `arrival_id` their arrival that is under way counts.

    Raises:
        NotAllowed.
    """
    arrival = _find_arrival(actor, person_id, office_id, arrival_id)
    response, is_new = start_response(
        actor=actor, instrument=ASSESSMENT, person_id=person_id, office_id=office_id,
        purpose=Purpose.COUNSELLING, arrival_id=arrival.pk if arrival else None, now=now,
    )  # fmt: skip
    if is_new:
        _record(actor, STARTED, response, now)
    _advance(actor, response, Stage.NEEDS, now)
    return response


def open_assessment(*, actor: Actor, response_id: UUID) -> OpenedResponse:
    """Return an assessment for whoever goes on with it; raises NotAllowed."""
    return open_response(actor=actor, area=AREA, response_id=response_id)


@transaction.atomic
def read_assessment(*, actor: Actor, response_id: UUID, now: datetime) -> OpenedResponse:
    """Open all that a person said, and leave an event that says so; raises NotAllowed."""
    opened = open_response(actor=actor, area=AREA, response_id=response_id)
    _record(actor, READ, opened.response, now)
    return opened


@transaction.atomic
def answer_step(*, actor: Actor, response_id: UUID, replies: Mapping[str, Reply], now: datetime) -> Outcome:
    """Note replies of an assessment under way, of one question or several.

    "I am in danger" goes at once to protection; nothing of it is kept where others read.

    Raises:
        NotAllowed; InvalidReply; ResponseClosed.
    """
    opened = record_replies(actor=actor, area=AREA, response_id=response_id, replies=replies, now=now)
    if opened.written:
        _record(actor, ANSWERED, opened.response, now, {"answers": len(opened.written)})
    return Outcome(opened, _alert(actor, opened, now))


@transaction.atomic
def finish_assessment(*, actor: Actor, response_id: UUID, now: datetime) -> Outcome:
    """Close an assessment: its answers become needs, and the person passes on to counselling.

    Raises:
        NotAllowed; IncompleteResponse: with the questions that are left.
    """
    opened, was_open = finish_response(actor=actor, area=AREA, response_id=response_id, now=now)
    response = opened.response
    continues = bool(collect(opened.definition, opened.replies, ALERTS))
    if not was_open:
        return Outcome(opened, continues)
    raised = _raise_needs(actor, opened, now)
    _record(actor, FINISHED, response, now, {"needs": raised})
    arrival = Arrival.objects.filter(pk=response.arrival_id).first() if response.arrival_id else None
    if arrival is not None and arrival.is_minor_alone:
        _hand_over(actor, response, Reason.MINOR_ALONE, now)
        continues = True
    _advance(actor, response, Stage.COUNSELLING, now)
    return Outcome(opened, continues)


@transaction.atomic
def correct_answer(
    *, actor: Actor, response_id: UUID, question: str, reply: Reply, reason: str, now: datetime
) -> Outcome:
    """Correct one answer of a finished assessment; the earlier one stays in its history.

    Needs that follow from the new answer are added; those that no longer follow, and that nobody has begun to
    act on, are withdrawn.

    Raises:
        NotAllowed; InvalidReply; InvalidNeed: without a reason.
    """
    if not reason.strip():
        raise InvalidNeed("reason", SAY_WHY)
    opened = record_replies(
        actor=actor, area=AREA, response_id=response_id, replies={question: reply}, reason=reason, now=now
    )
    if not opened.written:
        return Outcome(opened)
    _record(actor, CORRECTED, opened.response, now)
    if opened.response.status == Response.Status.COMPLETE:
        _withdraw_needs(actor, opened, reason.strip(), now)
        _raise_needs(actor, opened, now)
    return Outcome(opened, _alert(actor, opened, now))


def _alert(actor: Actor, opened: OpenedResponse, now: datetime) -> bool:
    questions = [question for question in opened.definition.questions if question.name in opened.written]
    if not any(find_carried(each, opened.answers[each.name][-1].reply, ALERTS) for each in questions):
        return False
    _hand_over(actor, opened.response, Reason.IN_DANGER, now)
    return True


def _hand_over(actor: Actor, response: Response, reason: Reason, now: datetime) -> None:
    if response.arrival_id is not None:
        hand_over(
            actor=actor, arrival_id=response.arrival_id, service=Service.PROTECTION, reasons=[reason], note="", now=now
        )
        return
    send_handover(
        actor=actor, person_id=response.person_id, office_id=response.office_id, service=Service.PROTECTION,
        reasons=[reason], now=now,
    )  # fmt: skip


def _raise_needs(actor: Actor, opened: OpenedResponse, now: datetime) -> int:
    """Add the needs that follow from the answers, and note on those that are pending that they were said again."""
    response = opened.response
    codes = collect(opened.definition, opened.replies, RAISES)
    kinds = {kind.code: kind for kind in NeedKind.objects.filter(code__in=codes)}
    of_person = Need.objects.filter(person_id=response.person_id, office_id=response.office_id)
    pending = {need.kind_id: need for need in of_person.pending().select_related("office")}
    settled = set(
        of_person.filter(source=response).exclude(status=Need.Status.WITHDRAWN).values_list("kind_id", flat=True)
    )
    person = find_person(actor, response.person_id)
    for code in codes:
        need = pending.get(code)
        if need is not None and need.source_id != response.pk:
            append_event(actor=actor, need=need, kind=NeedEvent.Kind.CONFIRMED, now=now)
        elif need is None and code not in settled:
            create_need(
                actor=actor, person=person, office=response.office, kind=kinds[code],
                arrival_id=response.arrival_id, source=response, now=now,
            )  # fmt: skip
    return len(codes)


def _withdraw_needs(actor: Actor, opened: OpenedResponse, reason: str, now: datetime) -> None:
    codes = collect(opened.definition, opened.replies, RAISES)
    untouched = Need.objects.filter(source=opened.response, status=Need.Status.OPEN).exclude(kind_id__in=codes)
    for need in untouched.select_for_update(of=("self",)):
        move_need(actor=actor, need=need, status=Need.Status.WITHDRAWN, reason=reason, now=now)


def _find_arrival(actor: Actor, person_id: UUID, office_id: UUID, arrival_id: UUID | None) -> Arrival | None:
    arrivals = list_returns(actor, person_id).filter(office_id=office_id)
    if arrival_id is not None:
        return arrivals.filter(pk=arrival_id).first()
    return arrivals.filter(place__has_left=False).first()


def _advance(actor: Actor, response: Response, stage: Stage, now: datetime) -> None:
    """Move the person on the bridge, where they stand in the queue and the actor moves people there."""
    if response.arrival_id is None or response.office_id not in actor.offices_for(MOVE_IN_QUEUE):
        return
    standing = Arrival.objects.filter(pk=response.arrival_id, place__has_left=False)
    if standing.exists():
        advance_person(actor=actor, arrival_id=response.arrival_id, stage=stage, now=now)


def _record(actor: Actor, verb: str, response: Response, now: datetime, detail: dict[str, int] | None = None) -> None:
    record_event(
        actor=actor, verb=verb, record_type="response", record_id=response.pk, person_id=response.person_id,
        office_id=response.office_id, purpose=Purpose.COUNSELLING, at=now, detail=detail,
    )  # fmt: skip
