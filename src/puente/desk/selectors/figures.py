"""The figures of an office over a period: numbers alone, read by an actor that only counts.

So an analyst, who may open no file, sees how many and never who.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from puente.counselling.selectors.figures import (
    FollowUpFigures,
    as_subquery,
    count_hired,
    count_introduced,
    count_introductions_by_month,
    count_planned,
    measure_follow_ups,
)
from puente.desk.models import Indicator, Pilot
from puente.desk.policies import MAKE_REPORT, VIEW_STATISTICS, counting_actor
from puente.instruments.models import Response
from puente.needs.policies import VIEW_NEEDS
from puente.needs.selectors import NeedFilter, count_pending, list_groups
from puente.offices.models import Office
from puente.platform.policy import Actor, NotAllowed
from puente.platform.row_security import acting_as, finding
from puente.reception.selectors.figures import (
    ArrivalFigures,
    StageWait,
    count_arrivals,
    list_assisted,
    measure_waits,
)

MONTHS_OF_INTRODUCTIONS = 12


@dataclass(frozen=True)
class Period:
    """Days of an office's calendar, the last one included. `key` stands in addresses: today, or 2026-11."""

    key: str
    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time.min, ZoneInfo(self.zone))

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time.min, ZoneInfo(self.zone))

    @property
    def label(self) -> str:
        """The period in words."""
        if self.key == "today":
            return _("today, %(day)s") % {"day": date_format(self.first, "DATE_FORMAT")}
        return str(date_format(self.first, "YEAR_MONTH_FORMAT"))


@dataclass(frozen=True)
class Figures:
    """What happened in a period, and what is open now."""

    period: Period
    arrivals: ArrivalFigures
    waits: list[StageWait]
    open_needs: list[tuple[str, int]]
    introductions: list[tuple[date, int, int]]


@dataclass(frozen=True)
class IndicatorValue:
    """An indicator of the pilot and its target; both count people."""

    indicator: Indicator
    people: int
    target: int | None

    @property
    def share(self) -> float | None:
        """How much of the target is reached; None without one."""
        return self.people / self.target if self.target else None


@dataclass(frozen=True)
class PilotFigures:
    """How a pilot stands: its indicators, and how the follow-ups of each month went."""

    values: list[IndicatorValue]
    follow_ups: list[FollowUpFigures]


def read_period(key: str, office: Office, now: datetime) -> Period:
    """Return the period of an address: "today", a month such as "2026-10", and this month for anything else."""
    today = now.astimezone(ZoneInfo(office.time_zone)).date()
    if key == "today":
        return Period("today", today, today, office.time_zone)
    return month_of(_read_month(key, today), office)


def month_of(day: date, office: Office) -> Period:
    """Return the month of a day."""
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(f"{first:%Y-%m}", first, following - timedelta(days=1), office.time_zone)


def read_figures(actor: Actor, office: Office, period: Period, now: datetime) -> Figures:
    """Return the figures of an office.

    Raises:
        NotAllowed: where the actor sees no figures of this office.
    """
    if office.pk not in actor.offices_for(VIEW_STATISTICS) | actor.offices_for(MAKE_REPORT):
        raise NotAllowed(VIEW_STATISTICS.name)
    groups = list_groups()
    with _counting(office) as counting:
        pending = count_pending(counting, office.pk, NeedFilter(), now.astimezone(ZoneInfo(period.zone)).date())
        return Figures(
            period,
            count_arrivals(counting, office.pk, period.since, period.until, period.zone),
            measure_waits(counting, office.pk, period.since, period.until),
            [(group.label, pending.by_group.get(group.pk, 0)) for group in groups],
            _count_introductions(counting, office, period),
        )


def read_pilot_figures(
    actor: Actor, office: Office, pilot: Pilot, now: datetime, until: date | None = None
) -> PilotFigures:
    """Return how a pilot stands, counted over the people from its states who arrived within its days.

    Args:
        until: the last day counted, for a report of an earlier month; today where None.

    Raises:
        NotAllowed: where the actor sees no figures of this office.
    """
    if office.pk not in actor.offices_for(VIEW_STATISTICS) | actor.offices_for(MAKE_REPORT):
        raise NotAllowed(VIEW_STATISTICS.name)
    zone = ZoneInfo(office.time_zone)
    last = min(day for day in (pilot.ends_on, until, now.astimezone(zone).date()) if day is not None)
    days = Period("", pilot.starts_on, max(last, pilot.starts_on), office.time_zone)
    with _counting(office) as counting:
        people = list_assisted(counting, office.pk, days.since, days.until, pilot.states)
        assessed = Response.objects.visible_to(counting, VIEW_NEEDS).filter(
            person_id__in=as_subquery(people), area="needs", status=Response.Status.COMPLETE
        )
        follow_ups = measure_follow_ups(counting, people, last, office.time_zone)
        counts = {
            Indicator.ASSISTED: len(people),
            Indicator.ASSESSED: assessed.order_by().values("person_id").distinct().count(),
            Indicator.PLANNED: count_planned(counting, people),
            Indicator.INTRODUCED: count_introduced(counting, people),
            Indicator.HIRED: count_hired(counting, people),
        }
    values = [IndicatorValue(name, number, pilot.targets.get(name)) for name, number in counts.items()]
    return PilotFigures(values, follow_ups)


@contextmanager
def _counting(office: Office) -> Iterator[Actor]:
    """Count as the system for an office. Every query inside names its office itself.

    Finding is on because the database then asks for the right once, not for each of thousands of people (a third
    of the time).
    """
    counting = counting_actor([office.pk])
    with acting_as(counting), finding():
        yield counting


def _count_introductions(counting: Actor, office: Office, period: Period) -> list[tuple[date, int, int]]:
    """Return each of the twelve months that end with the period, also those in which nothing happened."""
    months = [period.first.replace(day=1)]
    while len(months) < MONTHS_OF_INTRODUCTIONS:
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    since = Period("", months[0], months[0], period.zone).since
    rows = count_introductions_by_month(counting, office.pk, since, period.until, period.zone)
    found = {month: (sent, hired) for month, sent, hired in rows}
    return [(month, *found.get(month, (0, 0))) for month in months]


def _read_month(key: str, today: date) -> date:
    try:
        month = date.fromisoformat(f"{key}-01")
    except ValueError:
        return today
    return min(month, today)
