"""What becomes of each need: noted, planned, referred, met, withdrawn, opened again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.instruments.models import Response
from puente.needs.models import Need, NeedEvent, NeedKind, Urgency
from puente.needs.policies import ASSESS_NEEDS, RESOLVE_NEEDS, VIEW_NEEDS
from puente.needs.selectors import ORDER, NeedFilter, list_pending, list_responsible, today_in
from puente.offices.models import Office, ServiceKind
from puente.people.models import Person
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import seal_note, unseal_note
from puente.people.services import open_key_of, record_of
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, NotAllowed, Purpose, require, require_in_office

ADDED = register_verb("need.added", gettext_noop("noted a need"))
OPENED = register_verb("need.opened", gettext_noop("opened a need"), opens=True)
PLANNED = register_verb("need.planned", gettext_noop("planned who acts on a need, and by when"))
UPDATED = register_verb("need.updated", gettext_noop("noted what became of a need"))
EXPORTED = register_verb("need.exported", gettext_noop("exported a list of needs, without names"))

NOTE, REASON = "needs_need", "needs_needevent"
LONGEST_NOTE = 2_000
FARTHEST_DUE = timedelta(days=730)
CHOOSE_KIND = _("Choose what the person needs from the list")
CHOOSE_URGENCY = _("Choose how urgent it is")
CHOOSE_SERVICE = _("Choose the service that acts from the list")
CHOOSE_DAY = _("Choose a day from today on, at most two years away")
CHOOSE_RESPONSIBLE = _("Choose somebody who works on needs in this office, or leave it empty")
SAY_WHY = _("Write why, in a few words")
TOO_LONG = _("Shorten the text to 2,000 characters")
ALREADY_NOTED = _("This need is noted already and still open. Open it from the list instead")
MOVED_MEANWHILE = _("Somebody changed this need meanwhile. Look at its history and choose again")

#: What may follow on each status. Everything that closes a need, or opens it again, wants a reason but "met".
MOVES: dict[str, tuple[Need.Status, ...]] = {
    Need.Status.OPEN: (Need.Status.REFERRED, Need.Status.MET, Need.Status.WITHDRAWN),
    Need.Status.REFERRED: (Need.Status.MET, Need.Status.OPEN, Need.Status.WITHDRAWN),
    Need.Status.MET: (Need.Status.OPEN,),
    Need.Status.WITHDRAWN: (Need.Status.OPEN,),
}
EVENT_OF = {
    Need.Status.OPEN: NeedEvent.Kind.REOPENED,
    Need.Status.REFERRED: NeedEvent.Kind.REFERRED,
    Need.Status.MET: NeedEvent.Kind.MET,
    Need.Status.WITHDRAWN: NeedEvent.Kind.WITHDRAWN,
}


class InvalidNeed(Exception):
    """Something about a need cannot be written: which part of the form, and what to do."""

    def __init__(self, part: str, message: str | Promise) -> None:
        super().__init__(part)
        self.part = part
        self.message = message


class InvalidMove(InvalidNeed):
    """A need cannot go from its status to the one asked for, or not without a reason."""


@dataclass(frozen=True)
class Plan:
    """Who acts on a need, by when, and how urgent it is. `responsible_id` is a member of staff or None."""

    urgency: str
    service: str
    due_on: date
    responsible_id: UUID | None = None


@dataclass(frozen=True)
class OpenedNeed:
    """A need with its free words unsealed: the note, and the reason of each event by the event's id."""

    need: Need
    note: str
    reasons: Mapping[UUID, str]


def propose_plan(kind: NeedKind, office: Office, now: datetime) -> Plan:
    """Return what the catalogue proposes for a kind of need, by the calendar of the office."""
    today = today_in(office, now)
    return Plan(kind.urgency, kind.service_id, today + timedelta(days=kind.days_to_act))


@transaction.atomic
def add_need(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    kind: str,
    plan: Plan | None = None,
    note: str = "",
    arrival_id: UUID | None = None,
    now: datetime,
) -> Need:
    """Note that a person needs something.

    Args:
        kind: a code of the catalogue.
        plan: who acts and by when; what the catalogue proposes where None.
        note: free words; sealed.

    Raises:
        NotAllowed; InvalidNeed: also where the same need is pending in this office.
    """
    require_in_office(actor, ASSESS_NEEDS, office_id)
    person = find_person(actor, person_id)
    require(actor, ASSESS_NEEDS, record_of(person), Purpose.COUNSELLING, now)
    found = NeedKind.objects.filter(code=kind, is_offered=True).first()
    if found is None:
        raise InvalidNeed("kind", CHOOSE_KIND)
    office = Office.objects.get(pk=office_id)
    if plan is not None:
        _check_plan(plan, office, now)
    if Need.objects.filter(person=person, office_id=office_id, kind=found).pending().exists():
        raise InvalidNeed("kind", ALREADY_NOTED)
    return create_need(
        actor=actor, person=person, office=office, kind=found, plan=plan, note=_check_text("note", note),
        arrival_id=arrival_id, now=now,
    )  # fmt: skip


def create_need(
    *,
    actor: Actor,
    person: Person,
    office: Office,
    kind: NeedKind,
    plan: Plan | None = None,
    note: str = "",
    arrival_id: UUID | None = None,
    source: Response | None = None,
    now: datetime,
) -> Need:
    """Write a need and its first event; who calls has checked that the actor may."""
    plan = plan or propose_plan(kind, office, now)
    need_id = make_id()
    need = Need.objects.create(
        id=need_id,
        person=person,
        office=office,
        arrival_id=arrival_id,
        kind=kind,
        group_id=kind.group_id,
        urgency=plan.urgency,
        service_id=plan.service,
        responsible_id=plan.responsible_id,
        due_on=plan.due_on,
        note=seal_note(open_key_of(person), NOTE, need_id, note) if note else None,
        source=source,
        created_at=now,
        created_by=actor.id,
    )
    append_event(actor=actor, need=need, kind=NeedEvent.Kind.ADDED, now=now)
    _record(actor, ADDED, need, now)
    return need


@transaction.atomic
def open_need(*, actor: Actor, need_id: UUID, purpose: Purpose, now: datetime) -> OpenedNeed:
    """Open a need with its free words, and leave an event that says so.

    Raises:
        NotAllowed: also where there is no such need.
    """
    need = _find(actor, VIEW_NEEDS, need_id)
    person = find_person(actor, need.person_id)
    require(actor, VIEW_NEEDS, record_of(person), purpose, now)
    data_key = open_key_of(person)
    note = unseal_note(data_key, NOTE, need.pk, bytes(need.note)) if need.note else ""
    reasons = {
        event.pk: unseal_note(data_key, REASON, event.pk, bytes(event.reason))
        for event in need.events.all()
        if event.reason
    }
    _record(actor, OPENED, need, now, purpose)
    return OpenedNeed(need, note, reasons)


@transaction.atomic
def plan_need(*, actor: Actor, need_id: UUID, plan: Plan, now: datetime) -> Need:
    """Set who acts on a pending need, by when, and how urgent it is; what was planned before stays in its history.

    Raises:
        NotAllowed; InvalidNeed.
    """
    need = _find(actor, RESOLVE_NEEDS, need_id, lock=True)
    if need.status not in Need.PENDING:
        raise InvalidMove("status", MOVED_MEANWHILE)
    earlier = Plan(need.urgency, need.service_id, need.due_on, need.responsible_id)
    if plan == earlier:
        return need
    _check_plan(plan, need.office, now, earlier)
    need.urgency, need.service_id, need.due_on = plan.urgency, plan.service, plan.due_on
    need.responsible_id = plan.responsible_id
    need.save(update_fields=["urgency", "service", "due_on", "responsible"])
    changes = {
        name: [None if value is None else str(value) for value in (getattr(earlier, name), getattr(plan, name))]
        for name in ("urgency", "service", "due_on", "responsible_id")
        if getattr(earlier, name) != getattr(plan, name)
    }
    append_event(actor=actor, need=need, kind=NeedEvent.Kind.PLANNED, changes=changes, now=now)
    _record(actor, PLANNED, need, now)
    return need


@transaction.atomic
def update_need(*, actor: Actor, need_id: UUID, status: str, reason: str = "", now: datetime) -> Need:
    """Note what became of a need.

    Args:
        status: one that `MOVES` allows after the present one.
        reason: why, in free words, sealed; needed to withdraw a need and to open it again.

    Raises:
        NotAllowed; InvalidMove; InvalidNeed.
    """
    need = _find(actor, RESOLVE_NEEDS, need_id, lock=True)
    if status not in MOVES[need.status]:
        raise InvalidMove("status", MOVED_MEANWHILE)
    reason = _check_text("reason", reason)
    if status in (Need.Status.WITHDRAWN, Need.Status.OPEN) and not reason:
        raise InvalidMove("reason", SAY_WHY)
    if status == Need.Status.OPEN and need.status not in Need.PENDING:
        twin = Need.objects.filter(person_id=need.person_id, office_id=need.office_id, kind_id=need.kind_id)
        if twin.pending().exists():
            raise InvalidMove("status", ALREADY_NOTED)
    move_need(actor=actor, need=need, status=Need.Status(status), reason=reason, now=now)
    return need


@transaction.atomic
def export_pending(*, actor: Actor, office_id: UUID, wanted: NeedFilter, today: date, now: datetime) -> QuerySet[Need]:
    """Return the pending needs that a filter asks for, to be written into a file; leaves an event with their number.

    Raises:
        NotAllowed: where the actor sees no needs of this office.
    """
    found = list_pending(actor, office_id, wanted, today).order_by(*ORDER)
    record_event(
        actor=actor, verb=EXPORTED, record_type="need", record_id=None, office_id=office_id,
        purpose=Purpose.COUNSELLING, at=now, detail={"rows": found.count()},
    )  # fmt: skip
    return found


def move_need(*, actor: Actor, need: Need, status: Need.Status, reason: str = "", now: datetime) -> None:
    """Set the status of a need and append the event; who calls has checked that it may go there."""
    need.status = status
    need.closed_at = None if status in Need.PENDING else now
    need.save(update_fields=["status", "closed_at"])
    append_event(actor=actor, need=need, kind=EVENT_OF[status], reason=reason, now=now)
    _record(actor, UPDATED, need, now)


def append_event(
    *,
    actor: Actor,
    need: Need,
    kind: NeedEvent.Kind,
    now: datetime,
    reason: str = "",
    changes: Mapping[str, list[str | None]] | None = None,
) -> NeedEvent:
    """Append one event to the history of a need."""
    event_id = make_id()
    sealed = None
    if reason:
        sealed = seal_note(open_key_of(find_person(actor, need.person_id)), REASON, event_id, reason)
    return NeedEvent.objects.create(
        id=event_id, need=need, person_id=need.person_id, office_id=need.office_id, kind=kind,
        status=need.status, changes=dict(changes or {}), reason=sealed, at=now, by=actor.id,
    )  # fmt: skip


def find_person(actor: Actor, person_id: UUID) -> Person:
    """Return a person whose file the actor may open; raises NotAllowed."""
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(OPEN_PERSON.name)
    return person


def _find(actor: Actor, action: Action, need_id: UUID, lock: bool = False) -> Need:
    found = Need.objects.visible_to(actor, action).select_related("kind", "group", "service", "responsible", "office")
    need = (found.select_for_update(of=("self",)) if lock else found).filter(pk=need_id).first()
    if need is None:
        raise NotAllowed(action.name)
    return need  # type: ignore[no-any-return]


def _check_plan(plan: Plan, office: Office, now: datetime, earlier: Plan | None = None) -> None:
    today = today_in(office, now)
    if plan.urgency not in Urgency:
        raise InvalidNeed("urgency", CHOOSE_URGENCY)
    if not ServiceKind.objects.filter(pk=plan.service).exists():
        raise InvalidNeed("service", CHOOSE_SERVICE)
    is_kept = earlier is not None and plan.due_on == earlier.due_on
    if not is_kept and not today <= plan.due_on <= today + FARTHEST_DUE:
        raise InvalidNeed("due_on", CHOOSE_DAY)
    is_same = earlier is not None and plan.responsible_id == earlier.responsible_id
    if plan.responsible_id and not is_same:
        staff = list_responsible(office.pk)
        if plan.responsible_id not in {user.pk for user in staff}:
            raise InvalidNeed("responsible_id", CHOOSE_RESPONSIBLE)


def _check_text(part: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_NOTE:
        raise InvalidNeed(part, TOO_LONG)
    return text


def _record(actor: Actor, verb: str, need: Need, now: datetime, purpose: Purpose = Purpose.COUNSELLING) -> None:
    # No code of the need: the audit log is read by staff who may not see needs.
    record_event(
        actor=actor, verb=verb, record_type="need", record_id=need.pk, person_id=need.person_id,
        office_id=need.office_id, purpose=purpose, at=now,
    )  # fmt: skip
