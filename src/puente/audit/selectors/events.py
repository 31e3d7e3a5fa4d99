"""Reading events: one's own, those of an office, and who opened what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from puente.audit import verbs
from puente.audit.directory import directory, reference_of
from puente.audit.models import Event
from puente.audit.policies import VIEW_EVENTS
from puente.audit.wording import PURPOSES
from puente.platform.policy import Actor, NotAllowed

MOST_OPENINGS = 200


@dataclass(frozen=True)
class EventFilter:
    """Which events are asked for; an empty value asks for all."""

    verb: str = ""
    actor_id: UUID | None = None
    person_id: UUID | None = None
    day: date | None = None


@dataclass(frozen=True)
class ToldEvent:
    """One event in words: never a name of whom it is about."""

    event: Event
    who: str
    sentence: str
    purpose: str
    office: str
    reference: str


@dataclass(frozen=True)
class Opening:
    """That somebody opened a record for a purpose, `times` times on one day, the last time `at`."""

    at: datetime
    actor_id: UUID
    who: str
    verb: str
    sentence: str
    purpose: str
    office_id: UUID | None
    times: int


def list_own_events(actor: Actor, verb: str) -> QuerySet[Event]:
    """Return what the actor did, of one verb, the latest first."""
    return Event.objects.filter(actor_id=actor.id, verb=verb).order_by("-at")


def list_events(actor: Actor, wanted: EventFilter) -> QuerySet[Event]:
    """Return the events of the actor's offices that a filter asks for, for paging by ("-at", "id").

    Raises:
        NotAllowed: where the actor reads no events.
    """
    if not actor.may(VIEW_EVENTS):
        raise NotAllowed(VIEW_EVENTS.name)
    events = Event.objects.visible_to(actor, VIEW_EVENTS)
    if wanted.verb:
        events = events.filter(verb=wanted.verb)
    if wanted.actor_id:
        events = events.filter(actor_id=wanted.actor_id)
    if wanted.person_id:
        events = events.filter(person_id=wanted.person_id)
    if wanted.day:
        events = events.filter(at__gte=_begin(wanted.day), at__lt=_begin(wanted.day + timedelta(days=1)))
    return events


def tell_events(events: Iterable[Event]) -> list[ToldEvent]:
    """Return events in words, in the order given, with a fixed number of queries."""
    rows = list(events)
    staff = directory().name_staff({event.actor_id for event in rows})
    offices = directory().name_offices({event.office_id for event in rows if event.office_id})
    return [
        ToldEvent(
            event,
            staff.get(event.actor_id, ""),
            verbs.sentence_of(event.verb),
            str(PURPOSES.get(event.purpose, event.purpose)),
            offices.get(event.office_id, "") if event.office_id else "",
            reference_of(event.person_id) if event.person_id else "",
        )
        for event in rows
    ]


def find_person_id(actor: Actor, reference: str) -> UUID | None:
    """Return the person of the actor's events whom a reference such as `K7F2-Q9ME` stands for.

    References are stored nowhere, so those of all people of the events are made and compared: 2 µs each.
    """
    wanted = _normalise(reference)
    people = Event.objects.visible_to(actor, VIEW_EVENTS).exclude(person_id=None).order_by()
    ids = people.values_list("person_id", flat=True).distinct()
    return next((found for found in ids.iterator() if found and _normalise(reference_of(found)) == wanted), None)


def list_openings(actor: Actor, *, person_id: UUID | None = None, record_id: UUID | None = None) -> list[Opening]:
    """Return who opened a person's file or one record, by day, office, member of staff and purpose; the latest first.

    The database decides what is seen: the events of the actor's offices, those about people whom these serve, and
    those about people whom the actor is in charge of (policies audit_event_read and audit_event_who_opened).

    Args:
        person_id: whose file; or
        record_id: which record, such as a case.

    Raises:
        ValueError: where neither is given.
    """
    if person_id is None and record_id is None:
        raise ValueError("Say whose file or which record.")
    about = Q(person_id=person_id) if record_id is None else Q(record_id=record_id)
    events = Event.objects.filter(about, verb__in=verbs.list_opening_verbs()).order_by("-at")[:MOST_OPENINGS]
    together: dict[tuple[date, UUID, str, str, UUID | None], list[datetime]] = {}
    for event in events:
        key = (timezone.localdate(event.at), event.actor_id, event.verb, event.purpose, event.office_id)
        together.setdefault(key, []).append(event.at)
    staff = directory().name_staff({actor_id for _day, actor_id, *_rest in together})
    return [
        Opening(
            times[0], actor_id, staff.get(actor_id, ""), verb, verbs.sentence_of(verb),
            str(PURPOSES.get(purpose, purpose)), office_id, len(times),
        )
        for (_day, actor_id, verb, purpose, office_id), times in together.items()
    ]  # fmt: skip


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_current_timezone())


def _normalise(reference: str) -> str:
    return "".join(letter for letter in reference.upper() if letter.isalnum())
