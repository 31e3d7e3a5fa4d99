"""What is past its time: counted and listed by rule, changed by nobody here."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Greatest

from puente.accounts.models import User
from puente.counselling.models import Choice, IntroductionEvent, Outcome, PhonePage, WorkProfile
from puente.instruments.models import Response
from puente.needs.models import NeedEvent
from puente.offices.models import Office
from puente.people.models import ConsentDecision, Person, SearchSession
from puente.platform.policy import Action, Actor, NotAllowed, Sensitivity
from puente.reception.models import Arrival, Manifest
from puente.rights.models import RetentionCount, RetentionItem, RetentionRule, RetentionRun, RightsRequest
from puente.rights.policies import ERASE_PERSON, VIEW_RETENTION

ADULT = 18
ORDER = ("-proposed_at", "-id")
Subject = RetentionRule.Subject

#: What happened with a person last: the model that tells, and its moment.
CONTACTS = (
    (Arrival, "registered_at"), (ConsentDecision, "decided_at"), (Response, "started_at"), (NeedEvent, "at"),
    (WorkProfile, "made_at"), (Choice, "made_at"), (IntroductionEvent, "at"), (Outcome, "at"),
)  # fmt: skip
CLOSURES = ((WorkProfile, "made_at"), (Choice, "made_at"), (IntroductionEvent, "at"), (Outcome, "at"))


@dataclass(frozen=True)
class RuleOfOffice:
    """A rule as its page shows it: with the last count of the office, and the run that waits."""

    rule: RetentionRule
    count: RetentionCount | None
    run: RetentionRun | None


def subtract_months(moment: datetime, months: int) -> datetime:
    """Return the same day of an earlier month, or the month's last day where there is no such day."""
    index = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(index, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


def list_rules(actor: Actor, office_id: UUID) -> list[RuleOfOffice]:
    """Return every rule with what an office has to do by it; raises NotAllowed."""
    if office_id not in actor.offices_for(VIEW_RETENTION):
        raise NotAllowed(VIEW_RETENTION.name)
    counts = {count.rule_id: count for count in RetentionCount.objects.filter(office_id=office_id)}
    waiting = RetentionRun.objects.filter(office_id=office_id, state=RetentionRun.State.PROPOSED)
    runs = {run.rule_id: run for run in waiting}
    return [RuleOfOffice(rule, counts.get(rule.pk), runs.get(rule.pk)) for rule in RetentionRule.objects.all()]


def list_runs(actor: Actor) -> QuerySet[RetentionRun]:
    """Return the runs of the actor's offices, to be paged by `ORDER`."""
    return RetentionRun.objects.visible_to(actor, VIEW_RETENTION).select_related("rule", "office")


def find_rule(actor: Actor, action: Action, code: str) -> RetentionRule:
    """Return one rule; raises NotAllowed, also where there is none."""
    rule = RetentionRule.objects.filter(pk=code).first()
    if rule is None or not actor.may(action):
        raise NotAllowed(action.name)
    return rule


def name_proposer(run: RetentionRun) -> str:
    """Return who proposed a run."""
    return User.objects.filter(pk=run.proposed_by).values_list("name", flat=True).first() or ""


def get_run(actor: Actor, run_id: UUID) -> RetentionRun:
    """Return one run; raises NotAllowed, also where there is none."""
    run = list_runs(actor).filter(pk=run_id).first()
    if run is None:
        raise NotAllowed(VIEW_RETENTION.name)
    return run


def list_offices(actor: Actor) -> list[Office]:
    """Return the offices whose terms of keeping the actor sees, the own one first."""
    offices = Office.objects.filter(pk__in=actor.offices_for(VIEW_RETENTION)).order_by("label_es")
    return sorted(offices, key=lambda office: office.pk != actor.home_office_id)


def may_carry_out(actor: Actor, run: RetentionRun) -> bool:
    """Tell whether the actor may carry a run out: erasing people takes somebody else than who proposed it."""
    if run.state != RetentionRun.State.PROPOSED or run.office_id not in actor.offices_for(ERASE_PERSON):
        return False
    return not needs_second_person(run) or actor.id != run.proposed_by


def needs_second_person(run: RetentionRun) -> bool:
    """Tell whether a run erases people."""
    return run.rule.is_about_people and run.act == RetentionRule.Act.ERASE


def count_due(rule: RetentionRule, office_id: UUID, now: datetime) -> int:
    """Return how much of an office is past its time; called under the actor that only counts."""
    return 0 if rule.months is None else find_due(rule, office_id, now).count()


def find_due(rule: RetentionRule, office_id: UUID, now: datetime) -> QuerySet:  # type: ignore[type-arg]
    """Return the rows of an office that are past the time of a rule: people, lists, pages or counts.

    Raises:
        ValueError: for a rule without months, by which nothing is due.
    """
    if rule.months is None:
        raise ValueError(f"Nothing is due by the rule {rule.code}.")
    before = subtract_months(now, rule.months)
    match Subject(rule.code):
        case Subject.LISTS:
            return Manifest.objects.filter(office_id=office_id, expected_at__lt=before).exclude(wrapped_key=b"")
        case Subject.PHONE_PAGES:
            return PhonePage.objects.filter(office_id=office_id, expires_at__lt=before).exclude(sealed=b"")
        case Subject.SEARCHES:
            return SearchSession.objects.filter(office_id=office_id, started_at__lt=before)
        case _:
            return find_people_due(rule, office_id, before, now.date())


def find_people_due(rule: RetentionRule, office_id: UUID, before: datetime, today: date) -> QuerySet[Person]:
    """Return the people first registered by an office with whom nothing happened since `before`.

    Left out: who is erased, whose file is reserved (protection decides), who has a request running.
    """
    people = Person.objects.filter(office_id=office_id, erased_at=None, sensitivity__lt=Sensitivity.FLAG)
    was_child = Exists(Arrival.objects.filter(person_id=OuterRef("pk"), age_at_arrival__lt=ADULT))
    is_child = Q(birth_year__isnull=False, birth_year__gt=today.year - ADULT)
    is_counselled = Exists(WorkProfile.objects.filter(person_id=OuterRef("pk")))
    if rule.code == Subject.CHILDREN:
        people = people.filter(was_child | is_child)
    else:
        people = people.exclude(was_child).exclude(is_child)
        people = people.filter(is_counselled) if rule.code == Subject.COUNSELLED else people.exclude(is_counselled)
    if rule.act == RetentionRule.Act.COARSEN:
        done = RetentionItem.objects.filter(
            person_id=OuterRef("pk"), run__act=rule.act, run__state=RetentionRun.State.CARRIED_OUT
        )
        people = people.exclude(Exists(done))
    running = RightsRequest.objects.filter(person_id=OuterRef("pk"), state__in=RightsRequest.RUNNING)
    told = CLOSURES if rule.start == RetentionRule.Start.CLOSURE else CONTACTS
    return people.exclude(Exists(running)).annotate(last_at=_find_last(told)).filter(last_at__lt=before)


def _find_last(told: tuple) -> Greatest:  # type: ignore[type-arg]
    """Return the latest moment that any of some tables tells of a person; PostgreSQL leaves the missing ones out."""
    moments = [
        Subquery(
            model.objects.filter(person_id=OuterRef("pk")).order_by().values("person_id")
            .annotate(last=Max(name)).values("last")
        )
        for model, name in told
    ]  # fmt: skip
    return Greatest(ExpressionWrapper(F("created_at"), DateTimeField()), *moments)
