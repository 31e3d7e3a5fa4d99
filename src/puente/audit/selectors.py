from uuid import UUID

from django.db.models import QuerySet

from puente.audit.models import Event
from puente.audit.policies import VIEW_EVENTS
from puente.platform.policy import Actor


def list_own_events(actor: Actor, verb: str) -> QuerySet[Event]:
    """Return what the actor did, of one verb, the latest first."""
    return Event.objects.filter(actor_id=actor.id, verb=verb).order_by("-at")


def list_events_about(actor: Actor, person_id: UUID, verb: str) -> QuerySet[Event]:
    """Return who did something of one verb with a person, the latest first; empty where the actor reads no events."""
    offices = actor.offices_for(VIEW_EVENTS)
    return Event.objects.filter(person_id=person_id, verb=verb, office_id__in=offices).order_by("-at")
