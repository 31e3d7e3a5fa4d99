"""The queue as "Hoy" shows it: whoever passed their time first, what a row says, and the counts of the pills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.people.catalogue import languages
from puente.people.models import TravelGroupMember
from puente.people.policies import OPEN_PERSON
from puente.platform.policy import Actor
from puente.reception.ages import AGE_OF_MAJORITY
from puente.reception.models import Arrival, QueuePlace, Stage
from puente.reception.selectors.queue import AWAY, Waiting, list_places, list_waiting

#: Whoever passed the limit of their stage first, then whoever will; the deadline of a row does not move with the clock.
ORDER = ("deadline", "pk")
PAGE = 16
SHOWS = ("", "late", "unassigned", "children", "language")


@dataclass(frozen=True)
class QueueFilter:
    """Which of the people who wait are asked for; an empty value asks for all."""

    show: str = ""
    stage: str = ""


@dataclass(frozen=True)
class QueueRow:
    """One row of the queue: who waits, and what stands in small letters after the name."""

    waiting: Waiting
    note: str

    @property
    def stage_number(self) -> int:
        """Where on the bridge the person is, 1 to 5."""
        return Stage(self.waiting.place.stage).number


def list_queue(
    actor: Actor, office_id: UUID, now: datetime, limits: Mapping[str, int], *, day: date
) -> QuerySet[QueuePlace]:
    """Return who waits in the building today, each with the `deadline` at which the wait becomes long.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    allowed = Case(
        *(When(stage=stage, then=Value(timedelta(minutes=minutes))) for stage, minutes in limits.items()),
    )
    places = list_places(actor, office_id, day).exclude(stage__in=AWAY)
    return places.annotate(deadline=ExpressionWrapper(F("since") + allowed, output_field=DateTimeField()))


def keep(places: QuerySet[QueuePlace], wanted: QueueFilter, now: datetime) -> QuerySet[QueuePlace]:
    """Return the places that a filter asks for."""
    if wanted.show:
        places = places.filter(_conditions(now)[wanted.show])
    return places.filter(stage=wanted.stage) if wanted.stage else places


def count_queue(places: QuerySet[QueuePlace], now: datetime) -> dict[str, int]:
    """Return how many places each filter would show; "" counts all."""
    conditions = _conditions(now)
    counted = places.order_by().aggregate(
        all=Count("pk"), **{name: Count("pk", filter=condition) for name, condition in conditions.items()}
    )
    return {"": counted["all"]} | {name: counted[name] for name in conditions}


def read_rows(actor: Actor, places: list[QueuePlace], now: datetime, limits: Mapping[str, int]) -> list[QueueRow]:
    """Return what the rows of one page say, in a fixed number of queries."""
    groups = {place.arrival.travel_group_id for place in places if place.arrival.travel_group_id}
    sizes = dict(
        TravelGroupMember.objects.visible_to(actor, OPEN_PERSON)
        .filter(group_id__in=groups)
        .order_by()
        .values_list("group_id")
        .annotate(Count("pk"))
    )
    return [
        QueueRow(waiting, _describe(waiting.place, sizes.get(waiting.place.arrival.travel_group_id, 0)))
        for waiting in list_waiting(actor, places, now, limits)
    ]


def _conditions(now: datetime) -> dict[str, Q]:
    children = Arrival.objects.filter(
        travel_group=OuterRef("arrival__travel_group"), age_at_arrival__lt=AGE_OF_MAJORITY
    )
    return {
        "late": Q(deadline__lt=now),
        "unassigned": Q(assigned_to=None),
        "children": Q(arrival__age_at_arrival__lt=AGE_OF_MAJORITY) | Q(Exists(children)),
        "language": Q(person__needs_interpreter=True),
    }


def _describe(place: QueuePlace, group_size: int) -> str:
    """Return what helps to find somebody in the room: family, language, and who an unknown person seems to be."""
    person, parts = place.person, []
    if not person.is_identity_established and place.arrival.age_at_arrival is not None:
        parts.append(_("about %(age)s years old") % {"age": place.arrival.age_at_arrival})
    if group_size > 1:
        parts.append(ngettext("family of %(size)s", "family of %(size)s", group_size) % {"size": group_size})
    spoken = [languages()[code].label.lower() for code in person.languages if code in languages()]
    if person.needs_interpreter:
        parts.append(_("interpreter: %(languages)s") % {"languages": ", ".join(spoken)} if spoken else _("interpreter"))
    return " · ".join(parts)
