"""Everything that reads needs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from puente.accounts.models import OfficeMembership, User
from puente.accounts.roles import ROLES
from puente.engines.identity.names import display_name, list_name
from puente.instruments.models import Response
from puente.instruments.selectors import list_responses
from puente.needs.models import Need, NeedEvent, NeedGroup, NeedKind, Urgency
from puente.needs.policies import RESOLVE_NEEDS, VIEW_NEEDS
from puente.offices.models import Office, ServiceKind
from puente.people.selectors import name_people
from puente.platform.policy import Actor, NotAllowed

#: The day that comes first on top; ids break ties.
ORDER = ("due_on", "id")


@dataclass(frozen=True)
class NeedFilter:
    """Which pending needs are asked for; an empty value asks for all."""

    group: str = ""
    urgency: str = ""
    only_overdue: bool = False


@dataclass(frozen=True)
class Overview:
    """How many needs of an office are pending: in all, past their day, by group and by urgency.

    The counts by group keep the chosen urgency and the other way round, so that each pill says what it would show.
    """

    total: int
    overdue: int
    by_group: dict[str, int]
    by_urgency: dict[str, int]


def list_offices(actor: Actor) -> list[Office]:
    """Return the offices whose needs the actor sees, the own one first."""
    offices = Office.objects.filter(pk__in=actor.offices_for(VIEW_NEEDS)).order_by("label_es")
    return sorted(offices, key=lambda office: office.pk != actor.home_office_id)


def today_in(office: Office, now: datetime) -> date:
    """Return the day by the clock of an office."""
    return now.astimezone(ZoneInfo(office.time_zone)).date()


def list_pending(actor: Actor, office_id: UUID, wanted: NeedFilter, today: date) -> QuerySet[Need]:
    """Return the pending needs of an office that the filter asks for.

    Raises:
        NotAllowed: where the actor sees no needs of this office.
    """
    if office_id not in actor.offices_for(VIEW_NEEDS):
        raise NotAllowed(VIEW_NEEDS.name)
    found = Need.objects.visible_to(actor, VIEW_NEEDS).filter(office_id=office_id, status__in=Need.PENDING)
    if wanted.group:
        found = found.filter(group_id=wanted.group)
    if wanted.urgency:
        found = found.filter(urgency=wanted.urgency)
    if wanted.only_overdue:
        found = found.filter(due_on__lt=today)
    return found.select_related("kind", "group", "service", "responsible")


def count_pending(actor: Actor, office_id: UUID, wanted: NeedFilter, today: date) -> Overview:
    """Return the counts beside the filters of `list_pending`; raises NotAllowed."""
    base = list_pending(actor, office_id, NeedFilter(), today).select_related(None)
    rows = base.values("group_id", "urgency").annotate(count=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    by_group: dict[str, int] = {}
    by_urgency: dict[str, int] = {}
    total = overdue = 0
    for row in rows:
        group, urgency = row["group_id"], row["urgency"]
        count = row["late"] if wanted.only_overdue else row["count"]
        if wanted.urgency in ("", urgency):
            by_group[group] = by_group.get(group, 0) + count
        if wanted.group in ("", group):
            by_urgency[urgency] = by_urgency.get(urgency, 0) + count
        if wanted.urgency in ("", urgency) and wanted.group in ("", group):
            total += row["count"]
            overdue += row["late"]
    return Overview(total, overdue, by_group, by_urgency)


def list_needs_of(actor: Actor, person_id: UUID) -> list[Need]:
    """Return a person's needs: the pending ones by day, then the closed ones, the latest first."""
    found = (
        Need.objects.visible_to(actor, VIEW_NEEDS)
        .filter(person_id=person_id)
        .select_related("kind", "group", "service", "responsible", "office")
    )
    pending = sorted(
        (need for need in found if need.status in Need.PENDING),
        key=lambda need: (need.due_on, Urgency(need.urgency).rank, need.pk),
    )
    closed = sorted(
        (need for need in found if need.status not in Need.PENDING), key=lambda need: need.closed_at, reverse=True
    )
    return [*pending, *closed]


def list_assessments(actor: Actor, person_id: UUID) -> list[Response]:
    """Return a person's assessments, the latest first."""
    return list_responses(actor, "needs", person_id)


def list_groups() -> list[NeedGroup]:
    """Return the groups of the catalogue in their order."""
    return list(NeedGroup.objects.all())


def list_kinds() -> list[NeedKind]:
    """Return the needs that the catalogue offers, group by group."""
    return list(NeedKind.objects.filter(is_offered=True).select_related("group", "service"))


def list_responsible(office_id: UUID) -> list[User]:
    """Return the staff of an office who work on needs, by name."""
    roles = [key for key, role in ROLES.items() if RESOLVE_NEEDS.name in role.actions]
    members = OfficeMembership.objects.filter(office_id=office_id, role__in=roles)
    return list(User.objects.filter(is_active=True, memberships__in=members).distinct().order_by("name"))


def name_staff(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of members of staff by id."""
    return dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def name_in_list(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names as lists write them, of those whose file the actor may open; the others are left out."""
    return {person_id: list_name(name) for person_id, name in name_people(actor, person_ids).items()}


def name_people_fully(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return names as said, of those whose file the actor may open; empty where the identity is not established."""
    return {person_id: display_name(name) for person_id, name in name_people(actor, person_ids).items()}


def list_events(actor: Actor, need_id: UUID) -> list[NeedEvent]:
    """Return what happened to a need, in order; reasons stay sealed."""
    return list(NeedEvent.objects.visible_to(actor, VIEW_NEEDS).filter(need_id=need_id).order_by("at", "id"))


def find_named(events: Iterable[NeedEvent]) -> set[UUID]:
    """Return the ids of the staff that events name: who wrote them, and whom a plan names."""
    planned = (UUID(value) for event in events for value in event.changes.get("responsible_id", ()) if value)
    return {*(event.by for event in events), *planned}


def list_services() -> list[ServiceKind]:
    """Return the kinds of help that the directory knows."""
    return list(ServiceKind.objects.all())


def label_services() -> dict[str, str]:
    """Return the labels of the kinds of help by code, in the reader's language."""
    return {service.code: service.label for service in list_services()}
