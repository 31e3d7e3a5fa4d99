"""Requests by their day, and those of one person."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from puente.accounts.models import User
from puente.offices.models import Office
from puente.people.selectors import list_consents
from puente.platform.policy import Actor, NotAllowed
from puente.rights.deadlines import count_working_days
from puente.rights.models import FileCopy, RequestEvent, RightsRequest
from puente.rights.models.requests import RequestQuerySet
from puente.rights.policies import VIEW_REQUESTS
from puente.rights.selectors.calendar import list_holidays

#: The day that comes first on top; closed ones the latest first.
ORDER = ("due_on", "id")
CLOSED_ORDER = ("-closed_at", "-id")


@dataclass(frozen=True)
class ToldEvent:
    """One thing that happened to a request, and who did it."""

    event: RequestEvent
    who: str


def list_offices(actor: Actor) -> list[Office]:
    """Return the offices whose requests the actor sees, the own one first."""
    offices = Office.objects.filter(pk__in=actor.offices_for(VIEW_REQUESTS)).order_by("label_es")
    return sorted(offices, key=lambda office: office.pk != actor.home_office_id)


def list_running(actor: Actor, office_id: UUID) -> RequestQuerySet:
    """Return the requests of an office that wait for something, to be paged by `ORDER`; raises NotAllowed."""
    return _list(actor, office_id).running()


def list_closed(actor: Actor, office_id: UUID) -> RequestQuerySet:
    """Return the requests of an office that are done with, to be paged by `CLOSED_ORDER`; raises NotAllowed."""
    return _list(actor, office_id).exclude(state__in=RightsRequest.RUNNING)


def list_requests_of(actor: Actor, person_id: UUID) -> list[RightsRequest]:
    """Return the requests of a person, the latest first."""
    found = RightsRequest.objects.visible_to(actor, VIEW_REQUESTS).filter(person_id=person_id)
    return list(found.order_by("-made_at", "-id"))


def tell_events(request: RightsRequest) -> list[ToldEvent]:
    """Return what happened to a request that was opened, in order."""
    rows = list(request.events.order_by("at", "id"))
    staff = dict(User.objects.filter(pk__in={row.by for row in rows}).values_list("pk", "name"))
    return [ToldEvent(row, staff.get(row.by, "")) for row in rows]


def list_copies(request: RightsRequest) -> list[FileCopy]:
    """Return the copies made for a request, the latest first."""
    return list(request.copies.order_by("-made_at", "-id"))


def list_uses(actor: Actor, person_id: UUID) -> list[str]:
    """Return the consent purposes that are in force for a person: what there is to object to."""
    return [purpose for purpose, row in list_consents(actor, person_id).items() if row.decision == "given"]


def count_days_left(due_on: date, today: date) -> int:
    """Return how many working days are left; negative where the day is past."""
    return count_working_days(today, due_on, {holiday.day for holiday in list_holidays()})


def _list(actor: Actor, office_id: UUID) -> RequestQuerySet:
    if office_id not in actor.offices_for(VIEW_REQUESTS):
        raise NotAllowed(VIEW_REQUESTS.name)
    return RightsRequest.objects.visible_to(actor, VIEW_REQUESTS).filter(office_id=office_id)
