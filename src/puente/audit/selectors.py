from django.db.models import QuerySet

from puente.audit.models import Event
from puente.platform.policy import Actor


def list_own_events(actor: Actor, verb: str) -> QuerySet[Event]:
    """Return what the actor did, of one verb, the latest first."""
    return Event.objects.filter(actor_id=actor.id, verb=verb).order_by("-at")
