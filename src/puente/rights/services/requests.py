"""Requests of a person for their rights: taking down, extending, deciding, carrying out."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.people.models import ConsentDecision, Identity, Person
from puente.people.opening import open_key_of
from puente.people.sealed import seal_note, unseal_note
from puente.people.services import OpenedPerson, open_person, record_consents, record_of
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, Erased, NotAllowed, Purpose, require, require_in_office
from puente.reception.slip import choose_language
from puente.rights.models import Deadline, Erasure, FileCopy, RequestEvent, RightsRequest
from puente.rights.policies import ERASE_PERSON, HANDLE_REQUEST, RECEIVE_REQUEST, VIEW_REQUESTS
from puente.rights.selectors.calendar import find_due_date
from puente.rights.services.erasures import erase_person

RECEIVED = register_verb("rights.received", gettext_noop("took down what the person asks for by right"))
EXTENDED = register_verb("rights.extended", gettext_noop("extended the term of a request"))
DECIDED = register_verb("rights.decided", gettext_noop("decided on a request"))
CARRIED_OUT = register_verb("rights.carried_out", gettext_noop("carried out a request"))
WITHDRAWN = register_verb("rights.withdrawn", gettext_noop("noted that the person took a request back"))

REQUEST, EVENT = "rights_request", "rights_requestevent"
Kind, State = RightsRequest.Kind, RightsRequest.State


class RequestImpossible(Exception):
    """The step cannot be taken as things stand; `code` says why, for the page's words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Said:
    """What was said with a request, all of it sealed: in words, who stands for the person, where to answer."""

    words: str = field(repr=False)
    representative: str = field(repr=False, default="")
    answer_to: str = field(repr=False, default="")


@dataclass(frozen=True)
class OpenedRequest:
    """A request with its words unsealed; `said` and the reasons are gone where the person was erased."""

    request: RightsRequest
    opened: OpenedPerson | None
    said: Said | None
    reasons: Mapping[UUID, str] = field(repr=False)


@transaction.atomic
def receive_request(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    kind: str,
    capacity: str,
    identity_shown: str,
    means: str,
    said: Said,
    received_on: date,
    uses: Sequence[str] = (),
    now: datetime,
) -> RightsRequest:
    """Take down what a person, or who stands for them, asks for.

    Args:
        kind: one of `RightsRequest.Kind`. capacity: one of `ConsentDecision.Capacity`.
        identity_shown: how they showed who they are. means: how it was asked (`ConsentDecision.Means`).
        received_on: by the office's calendar; terms run from the working day after.
        uses: for an objection, the consent purposes it is about.

    Raises:
        NotAllowed: also where there is no such person.
        RequestImpossible: running_already, not_yet (a day to come), no_use (an objection to nothing).
    """
    require_in_office(actor, RECEIVE_REQUEST, office_id)
    person = _find_person(actor, RECEIVE_REQUEST, person_id, now)
    if received_on > now.astimezone(ZoneInfo(Office.objects.get(pk=office_id).time_zone)).date():
        raise RequestImpossible("not_yet")
    if (kind == Kind.OBJECTION) != bool(uses):
        raise RequestImpossible("no_use")
    if RightsRequest.objects.filter(person=person, kind=kind).running().exists():
        raise RequestImpossible("running_already")
    request_id = make_id()
    request = RightsRequest.objects.create(
        id=request_id, person=person, office_id=office_id, kind=Kind(kind),
        capacity=ConsentDecision.Capacity(capacity), identity_shown=RightsRequest.Shown(identity_shown),
        means=ConsentDecision.Means(means), uses=list(uses),
        sealed=seal_note(open_key_of(person), REQUEST, request_id, asdict(said)),
        received_on=received_on, due_on=find_due_date(Deadline.Code.ANSWER, received_on),
        made_at=now, made_by=actor.id,
    )  # fmt: skip
    _append(request, RequestEvent.Kind.RECEIVED, "", actor, now, RECEIVED)
    return request


@transaction.atomic
def open_request(*, actor: Actor, request_id: UUID, now: datetime) -> OpenedRequest:
    """Return a request with its words; opening it opens the person's file, and leaves that event.

    Raises:
        NotAllowed: also where there is no such request.
    """
    request = (
        RightsRequest.objects.visible_to(actor, VIEW_REQUESTS)
        .select_related("person", "office")
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotAllowed(VIEW_REQUESTS.name)
    try:
        opened = open_person(actor=actor, person_id=request.person_id, purpose=Purpose.RIGHTS, now=now)
    except Erased:
        return OpenedRequest(request, None, None, {})
    said = Said(**unseal_note(opened.data_key, REQUEST, request.pk, bytes(request.sealed)))
    reasons = {
        event.pk: str(unseal_note(opened.data_key, EVENT, event.pk, bytes(event.sealed)))
        for event in request.events.all()
    }
    return OpenedRequest(request, opened, said, reasons)


@transaction.atomic
def extend_request(*, actor: Actor, request_id: UUID, reason: str, now: datetime) -> RightsRequest:
    """Lengthen the term of an unanswered request, once.

    Raises:
        NotAllowed; RequestImpossible: not_open, extended_already.
    """
    request, person = lock_request(actor, HANDLE_REQUEST, request_id, now)
    _require_state(request, State.RECEIVED)
    if request.is_extended:
        raise RequestImpossible("extended_already")
    request.due_on = find_due_date(Deadline.Code.EXTENSION, request.due_on)
    request.is_extended = True
    request.save(update_fields=["due_on", "is_extended"])
    _append(request, RequestEvent.Kind.EXTENDED, reason, actor, now, EXTENDED, person)
    return request


@transaction.atomic
def decide_request(*, actor: Actor, request_id: UUID, ground: str = "", reason: str, now: datetime) -> RightsRequest:
    """Accept a request, or refuse it on a ground of the law; the reason goes to the person either way.

    Args:
        ground: "" accepts; else one of `RightsRequest.Ground`.
        reason: in words; sealed.

    Raises:
        NotAllowed; RequestImpossible: not_open.
    """
    request, person = lock_request(actor, HANDLE_REQUEST, request_id, now)
    _require_state(request, State.RECEIVED)
    request.decided_at, request.decided_by = now, actor.id
    if ground:
        request.state, request.ground, request.closed_at = State.REFUSED, RightsRequest.Ground(ground), now
    else:
        today = now.astimezone(ZoneInfo(request.office.time_zone)).date()
        request.state, request.due_on = State.ACCEPTED, find_due_date(Deadline.Code.CARRY_OUT, today)
    request.save(update_fields=["decided_at", "decided_by", "state", "ground", "closed_at", "due_on"])
    kind = RequestEvent.Kind.REFUSED if ground else RequestEvent.Kind.ACCEPTED
    _append(request, kind, reason, actor, now, DECIDED, person, {"ground": ground})
    return request


@transaction.atomic
def carry_out_request(*, actor: Actor, request_id: UUID, now: datetime) -> RightsRequest:
    """Carry an accepted request out, or note that it was: copy handed over, correction made, uses stopped.

    An objection is recorded as the withdrawal of the consents it names, so that what rests on them stops. For an
    erasure see `approve_erasure`.

    Raises:
        NotAllowed; RequestImpossible: not_accepted, no_copy, no_correction, second_person.
    """
    request, person = lock_request(actor, HANDLE_REQUEST, request_id, now)
    _require_state(request, State.ACCEPTED)
    match request.kind:
        case Kind.ACCESS:
            if not FileCopy.objects.filter(request=request).exists():
                raise RequestImpossible("no_copy")
        case Kind.CORRECTION:
            corrected = Identity.objects.filter(
                person=person, reason=Identity.Reason.RIGHTS, made_at__gte=request.made_at
            )
            if not corrected.exists():
                raise RequestImpossible("no_correction")
        case Kind.OBJECTION:
            record_consents(
                actor=actor, person_id=person.pk, office_id=request.office_id,
                decisions=dict.fromkeys(request.uses, ConsentDecision.Decision.WITHDRAWN),
                language=choose_language(person.languages), means=request.means, capacity=request.capacity,
                purpose=Purpose.RIGHTS, now=now,
            )  # fmt: skip
        case Kind.ERASURE:
            raise RequestImpossible("second_person")
    return _close(request, State.CARRIED_OUT, RequestEvent.Kind.CARRIED_OUT, actor, now, CARRIED_OUT, person)


@transaction.atomic
def approve_erasure(*, actor: Actor, request_id: UUID, now: datetime) -> RightsRequest:
    """Erase the person of an accepted request, as the second of two people.

    Raises:
        NotAllowed: also where the actor is not one of those who erase.
        RequestImpossible: not_accepted; second_person: where the actor accepted the request themselves.
        LedgerBroken.
    """
    request, person = lock_request(actor, ERASE_PERSON, request_id, now)
    if request.kind != Kind.ERASURE:
        raise NotAllowed(ERASE_PERSON.name)
    _require_state(request, State.ACCEPTED)
    if actor.id == request.decided_by:
        raise RequestImpossible("second_person")
    # The last words about the person are sealed while there is a key.
    _close(request, State.CARRIED_OUT, RequestEvent.Kind.CARRIED_OUT, actor, now, CARRIED_OUT, person)
    running = RightsRequest.objects.filter(person=person).running()
    running.update(state=State.WITHDRAWN, closed_at=now)
    erase_person(actor=actor, person_id=person.pk, reason=Erasure.Reason.REQUEST, purpose=Purpose.RIGHTS, now=now)
    return request


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: UUID, reason: str, now: datetime) -> RightsRequest:
    """Note that the person took a running request back.

    Raises:
        NotAllowed; RequestImpossible: not_open.
    """
    request, person = lock_request(actor, HANDLE_REQUEST, request_id, now)
    _require_state(request, *RightsRequest.RUNNING)
    return _close(request, State.WITHDRAWN, RequestEvent.Kind.WITHDRAWN, actor, now, WITHDRAWN, person, reason)


def append_event(request: RightsRequest, kind: RequestEvent.Kind, reason: str, actor: Actor, now: datetime,
                 person: Person) -> None:  # fmt: skip
    """Append what happened to a request, its reason sealed under the person's key."""
    event_id = make_id()
    RequestEvent.objects.create(
        id=event_id, request=request, person_id=request.person_id, office_id=request.office_id, kind=kind,
        sealed=seal_note(open_key_of(person), EVENT, event_id, reason), at=now, by=actor.id,
    )  # fmt: skip


def _append(
    request: RightsRequest,
    kind: RequestEvent.Kind,
    reason: str,
    actor: Actor,
    now: datetime,
    verb: str,
    person: Person | None = None,
    detail: dict[str, str] | None = None,
) -> None:
    append_event(request, kind, reason, actor, now, person or request.person)
    record_event(
        actor=actor, verb=verb, record_type="rights_request", record_id=request.pk, person_id=request.person_id,
        office_id=request.office_id, purpose=Purpose.RIGHTS, at=now, detail={"kind": request.kind} | (detail or {}),
    )  # fmt: skip


def _close(
    request: RightsRequest,
    state: RightsRequest.State,
    kind: RequestEvent.Kind,
    actor: Actor,
    now: datetime,
    verb: str,
    person: Person,
    reason: str = "",
) -> RightsRequest:
    request.state, request.closed_at = state, now
    request.save(update_fields=["state", "closed_at"])
    _append(request, kind, reason, actor, now, verb, person)
    return request


def _find_person(actor: Actor, action: Action, person_id: UUID, now: datetime) -> Person:
    person = Person.objects.visible_to(actor, action).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(action.name)
    require(actor, action, record_of(person), Purpose.RIGHTS, now)
    return person


def lock_request(actor: Actor, action: Action, request_id: UUID, now: datetime) -> tuple[RightsRequest, Person]:
    """Return a request and its person for a write; raises NotAllowed, also where there is none."""
    request = (
        RightsRequest.objects.visible_to(actor, action)
        .select_related("office")
        .select_for_update(of=("self",))
        .filter(pk=request_id)
        .first()
    )
    if request is None:
        raise NotAllowed(action.name)
    return request, _find_person(actor, action, request.person_id, now)


def _require_state(request: RightsRequest, *states: str) -> None:
    if request.state not in states:
        raise RequestImpossible("not_accepted" if State.ACCEPTED in states and len(states) == 1 else "not_open")
