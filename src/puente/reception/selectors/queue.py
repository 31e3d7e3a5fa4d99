"""The queue of the day: who waits where and how long, the load of the bridge, and the legal minimum."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from uuid import UUID

from django.db import connection
from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from puente.accounts.models import User
from puente.engines.identity.names import list_name
from puente.people.selectors import name_people
from puente.platform.policy import Actor, NotAllowed
from puente.reception import catalogue
from puente.reception.models import OtherService, QueuePlace, Stage
from puente.reception.policies import VIEW_ARRIVALS

#: The longest wait first; ids break ties.
ORDER = ("since", "arrival")
#: Minutes after which a wait is called long.
LIMITS: Mapping[str, int] = {
    Stage.ARRIVAL: 20,
    Stage.NEEDS: 30,
    Stage.COUNSELLING: 45,
    Stage.JOURNEY: 120,
    Stage.FOLLOW_UP: 24 * 60,
}
#: What is owed to children who arrive alone, and counted over them.
FOR_CHILDREN_ALONE = frozenset({"child_area"})
#: From here on a wait is told in hours.
LONG_WAIT = 100
#: The last stage is done by phone: the person is not in the building.
AWAY = frozenset({Stage.FOLLOW_UP})


@dataclass(frozen=True)
class StageLoad:
    """How many people stand in one stage, how many wait too long, and the middle wait in minutes."""

    stage: Stage
    count: int
    late: int
    median_minutes: int | None
    limit_minutes: int


@dataclass(frozen=True)
class Waiting:
    """One row of the queue, ready to be shown."""

    place: QueuePlace
    name: str
    going_to: str
    officer: str
    minutes: int
    is_late: bool
    continues_elsewhere: bool

    @property
    def wait(self) -> str:
        """The wait in words: "52 min", "2 h 5 min"."""
        if self.minutes < LONG_WAIT:
            return _("%(minutes)s min") % {"minutes": self.minutes}
        hours, minutes = divmod(self.minutes, 60)
        return _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": minutes}


@dataclass(frozen=True)
class ServiceShare:
    """How many of the day's arrivals to whom a service is owed received it."""

    entry: catalogue.Entry
    given: int
    arrivals: int

    @property
    def is_legal(self) -> bool:
        """Whether the law asks for it."""
        return self.entry.says("required_by_law")

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None where nobody arrived."""
        return self.given / self.arrivals if self.arrivals else None


def load_of_bridge(
    actor: Actor, office_id: UUID, day: date, now: datetime, limits: Mapping[str, int] = LIMITS
) -> list[StageLoad]:
    """Return the five stages of an office on a day, in order.

    limits: stage → minutes after which a wait is called long.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    waits: dict[str, list[float]] = {stage: [] for stage in Stage}
    for stage, since in list_places(actor, office_id, day).values_list("stage", "since"):
        waits[stage].append((now - since) / timedelta(minutes=1))
    return [
        StageLoad(
            stage=stage,
            count=len(waits[stage]),
            late=sum(wait > limits[stage] for wait in waits[stage]),
            median_minutes=round(median(waits[stage])) if waits[stage] else None,
            limit_minutes=limits[stage],
        )
        for stage in Stage
    ]


def list_places(actor: Actor, office_id: UUID, day: date) -> QuerySet[QueuePlace]:
    """Return who is in the queue of a day, to be filtered by stage or officer and paged by `ORDER`.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    if office_id not in actor.offices_for(VIEW_ARRIVALS):
        raise NotAllowed(VIEW_ARRIVALS.name)
    return QueuePlace.objects.filter(
        office_id=office_id, day=day, has_left=False, person__sensitivity__lte=actor.clearance
    )


def find_late(places: QuerySet[QueuePlace], now: datetime) -> QuerySet[QueuePlace]:
    """Return those of the places whose wait passes the limit of their stage."""
    late = places.none()
    for stage, minutes in LIMITS.items():
        late = late | places.filter(stage=stage, since__lt=now - timedelta(minutes=minutes))
    return late


def count_stages(places: QuerySet[QueuePlace]) -> dict[str, int]:
    """Return how many of the places stand in each stage."""
    counted = places.order_by().values("stage").annotate(number=Count("pk"))
    return {row["stage"]: row["number"] for row in counted}


def list_waiting(
    actor: Actor, places: list[QueuePlace], now: datetime, limits: Mapping[str, int] = LIMITS
) -> list[Waiting]:
    """Return the rows of one page of `list_places`, with names, in a fixed number of queries.

    Args:
        places: a page, fetched with `with_details`.
        limits: stage → minutes after which a wait is called long.
    """
    names = name_people(actor, [place.person_id for place in places])
    attending = {place.assigned_to for place in places if place.assigned_to}
    officers = dict(User.objects.filter(pk__in=attending).values_list("pk", "name"))
    marked = set(
        OtherService.objects.filter(arrival__in=[place.pk for place in places]).values_list("arrival_id", flat=True)
    )
    rows = []
    for place in places:
        minutes = int((now - place.since).total_seconds() // 60)
        name = names.get(place.person_id)
        home = place.person.home_municipality or place.person.home_state
        rows.append(
            Waiting(
                place=place,
                name=list_name(name) if name else "",
                going_to=str(home) if home else "",
                officer=officers.get(place.assigned_to, "") if place.assigned_to else "",
                minutes=minutes,
                is_late=minutes > limits[Stage(place.stage)],
                continues_elsewhere=place.pk in marked,
            )
        )
    return rows


def with_details(places: QuerySet[QueuePlace]) -> QuerySet[QueuePlace]:
    """Return the places with what a row shows, in the same query."""
    return places.select_related("arrival", "person__home_municipality__state", "person__home_state")


COUNT_SERVICES = """
SELECT last.service, count(*) FILTER (WHERE last.is_given)
FROM (
    SELECT DISTINCT ON (mark.arrival_id, mark.service) mark.service, mark.is_given
    FROM reception_servicegiven AS mark JOIN reception_arrival AS arrival ON arrival.id = mark.arrival_id
    WHERE arrival.office_id = %s AND arrival.turn_day = %s
    ORDER BY mark.arrival_id, mark.service, mark.at DESC, mark.id DESC
) AS last
GROUP BY last.service
"""


def measure_legal_minimum(actor: Actor, office_id: UUID, day: date) -> list[ServiceShare]:
    """Return for each service of the list, the legal ones first, how many of the day's arrivals received it.

    What is owed to children who arrive alone is counted over them, everything else over all.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    if office_id not in actor.offices_for(VIEW_ARRIVALS):
        raise NotAllowed(VIEW_ARRIVALS.name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE is_minor_alone) FROM reception_arrival"
            " WHERE office_id = %s AND turn_day = %s",
            [office_id, day],
        )
        arrivals, alone = cursor.fetchone()
        cursor.execute(COUNT_SERVICES, [office_id, day])
        given = dict(cursor.fetchall())
    shares = [
        ServiceShare(entry, given.get(code, 0), alone if code in FOR_CHILDREN_ALONE else arrivals)
        for code, entry in catalogue.services().items()
    ]
    return sorted(shares, key=lambda share: not share.is_legal)
