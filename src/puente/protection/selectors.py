"""What protection reads; nobody else imports this module."""

from django.db.models import QuerySet

from puente.platform.policy import Actor, NotAllowed
from puente.protection.models import Handover
from puente.protection.policies import VIEW_HANDOVERS

#: The longest wait first; ids break ties.
ORDER = ("sent_at", "id")


def list_waiting(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs that nobody has taken on yet.

    Raises:
        NotAllowed: where no role of the actor reads the inbox.
    """
    return _visible(actor).filter(acknowledgement__isnull=True)


def list_taken(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs that somebody took on."""
    return _visible(actor).filter(acknowledgement__isnull=False)


def _visible(actor: Actor) -> QuerySet[Handover]:
    if not actor.may(VIEW_HANDOVERS):
        raise NotAllowed(VIEW_HANDOVERS.name)
    return Handover.objects.visible_to(actor, VIEW_HANDOVERS).select_related("acknowledgement")
