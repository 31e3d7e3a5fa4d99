"""Handing a person over to another service. Where it goes is not seen from here again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from puente.platform.policy import Actor, NotAllowed
from puente.protection.services import Reason, Service, send_handover
from puente.reception.models import Arrival, OtherService
from puente.reception.policies import VIEW_ARRIVALS


@transaction.atomic
def hand_over(
    *,
    actor: Actor,
    arrival_id: UUID,
    service: Service,
    reasons: Sequence[Reason] = (Reason.ASKED_AT_DESK,),
    note: str,
    now: datetime,
) -> None:
    """Ask another service to go on with a person who was registered.

    Raises:
        NotAllowed: also where there is no such arrival.
    """
    arrival = Arrival.objects.visible_to(actor, VIEW_ARRIVALS).filter(pk=arrival_id).first()
    if arrival is None:
        raise NotAllowed(VIEW_ARRIVALS.name)
    hand_over_person(actor, arrival, service, reasons, note, now)


def hand_over_person(
    actor: Actor, arrival: Arrival, service: Service, reasons: Sequence[Reason], note: str, now: datetime
) -> None:
    """Send a hand-over of an arrival that the caller may act on, and leave the mark that all of them leave."""
    send_handover(
        actor=actor, person_id=arrival.person_id, office_id=arrival.office_id, service=service, reasons=reasons,
        note=note, arrival_id=arrival.pk, now=now,
    )  # fmt: skip
    # One mark at most: two would tell that there was more than one reason.
    if not OtherService.objects.filter(arrival=arrival).exists():
        OtherService.objects.create(
            arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, at=now, by=actor.id
        )
