"""Counts of choices, introductions, hires and follow-ups: numbers alone. Called under an actor that only counts."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncMonth

from puente.counselling.models import Choice, FollowUp, Introduction, IntroductionEvent, Outcome
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.counselling.selectors.followups import CONSENT
from puente.people.models import ConsentDecision
from puente.people.selectors import leave_out_uncounted
from puente.platform.policy import Actor

#: A follow-up done within so many days of its date was on time.
GRACE = timedelta(days=14)


@dataclass(frozen=True)
class FollowUpFigures:
    """How the follow-ups of one month of the calendar went: how many were due, on time, and answered late."""

    month: int
    due: int
    on_time: int
    late: int

    @property
    def share(self) -> float | None:
        """Of those due, how many were on time, from 0 to 1; None where none was due."""
        return self.on_time / self.due if self.due else None


def as_subquery(people: Collection[UUID]) -> RawSQL:
    """Return ids for `person_id__in`: one array, however many they are."""
    return RawSQL("SELECT unnest(%s::uuid[])", [list(people)])


def count_planned(actor: Actor, people: Collection[UUID]) -> int:
    """Return how many of some people chose openings."""
    chosen = Choice.objects.visible_to(actor, VIEW_PROFILE).filter(openings__len__gt=0)
    return _count_people(chosen, people)


def count_introduced(actor: Actor, people: Collection[UUID]) -> int:
    """Return how many of some people were introduced to an employer."""
    return _count_people(Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS), people)


def count_hired(actor: Actor, people: Collection[UUID]) -> int:
    """Return how many of some people were hired through an introduction."""
    hired = Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS).filter(state=Introduction.State.HIRED)
    return _count_people(hired, people)


def measure_follow_ups(actor: Actor, people: Collection[UUID], today: date, zone: str) -> list[FollowUpFigures]:
    """Return for each month of the calendar how many follow-ups of some people fell due and were done on time.

    Those of people who do not let the office call them count only where they answered. One that was closed without
    an answer before its date belongs to a replaced calendar and does not count.
    """
    answers = Outcome.objects.filter(follow_up=OuterRef("pk")).exclude(work=Outcome.Work.NOT_REACHED)
    rows = (
        _with_consent(FollowUp.objects.visible_to(actor, VIEW_PROFILE))
        .filter(person_id__in=as_subquery(people), due_on__lte=today)
        .filter(Q(consent=ConsentDecision.Decision.GIVEN) | Exists(answers))
        .filter(Q(closed_at=None) | Q(closed_at__date__gte=F("due_on")) | Exists(answers))
        .annotate(answered_at=Min("outcomes__at", filter=~Q(outcomes__work=Outcome.Work.NOT_REACHED)))
        .values_list("month", "due_on", "answered_at")
    )
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for month, due_on, answered_at in rows:
        found = counts[month]
        found[0] += 1
        if answered_at is not None:
            answered_on = answered_at.astimezone(ZoneInfo(zone)).date()
            found[1 if answered_on <= due_on + GRACE else 2] += 1
    return [FollowUpFigures(month, *counts[month]) for month in sorted(counts)]


def count_introductions_by_month(
    actor: Actor, office_id: UUID, since: datetime, until: datetime, zone: str
) -> list[tuple[date, int, int]]:
    """Return (first day of the month, introductions, hires) of an office, the earliest month first."""
    sent, hired = Introduction.State.SENT, Introduction.State.HIRED
    rows = (
        leave_out_uncounted(IntroductionEvent.objects.visible_to(actor, VIEW_INTRODUCTIONS))
        .filter(office_id=office_id, at__gte=since, at__lt=until, state__in=(sent, hired))
        .annotate(in_month=TruncMonth("at", tzinfo=ZoneInfo(zone)))
        .order_by("in_month")
        .values("in_month")
        .annotate(sent=Count("pk", filter=Q(state=sent)), hired=Count("pk", filter=Q(state=hired)))
    )
    return [(row["in_month"].date(), row["sent"], row["hired"]) for row in rows]


def count_due_follow_ups(actor: Actor, office_id: UUID, today: date) -> tuple[int, int]:
    """Return how many people who let the office call them are due today, and how many are past their date."""
    counted = (
        _with_consent(FollowUp.objects.visible_to(actor, VIEW_PROFILE))
        .filter(office_id=office_id, closed_at__isnull=True, due_on__lte=today)
        .filter(consent=ConsentDecision.Decision.GIVEN)
        .aggregate(today=Count("pk", filter=Q(due_on=today)), past=Count("pk", filter=Q(due_on__lt=today)))
    )
    return counted["today"], counted["past"]


def _with_consent(follow_ups: QuerySet) -> QuerySet:  # type: ignore[type-arg]
    """Return follow-ups with the person's last word on being called as `consent`."""
    decisions = ConsentDecision.objects.filter(person_id=OuterRef("person_id"), purpose=CONSENT)
    latest = Subquery(decisions.order_by("-decided_at", "-id").values("decision")[:1])
    annotated: QuerySet = follow_ups.annotate(consent=latest)  # type: ignore[type-arg]
    return annotated


def _count_people(rows: QuerySet, people: Collection[UUID]) -> int:  # type: ignore[type-arg]
    among = rows.filter(person_id__in=as_subquery(people))
    return int(among.aggregate(people=Count("person_id", distinct=True))["people"])
