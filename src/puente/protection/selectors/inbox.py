"""Reading the boxes of the inbox."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from puente.accounts.models import User
from puente.people.catalogue import read_list
from puente.people.models import Person
from puente.people.opening import open_key_of
from puente.people.policies import OPEN_PERSON
from puente.platform.policy import Actor, NotAllowed, StepUpNeeded
from puente.protection.boxes import Service, find_service, lies_in
from puente.protection.handovers import HandoverContent, Reason, read_handover, read_registered
from puente.protection.models import Handover
from puente.protection.policies import VIEW_CARE_HANDOVERS, VIEW_HANDOVERS

#: The longest wait first; ids break ties.
ORDER = ("sent_at", "id")
#: As many as a list can show; who waits longest is never left out.
MOST_WAITING = 200


@dataclass(frozen=True)
class WaitingHandover:
    """Somebody who waits for protection: what was said, until when they should be taken on, whether that is past."""

    row: Handover
    content: HandoverContent
    due_at: datetime
    is_late: bool


def list_waiting(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs in protection's box that nobody has taken on yet, without those whose key is destroyed.

    Raises:
        NotAllowed: where no role of the actor reads that box.
    """
    return _in_protection(actor).filter(acknowledgement__isnull=True).exclude(wrapped_key=b"")


def list_taken(actor: Actor) -> QuerySet[Handover]:
    """Return the hand-overs in protection's box that somebody took on; raises NotAllowed."""
    return _in_protection(actor).filter(acknowledgement__isnull=False)


def list_by_urgency(actor: Actor, now: datetime) -> list[WaitingHandover]:
    """Return who waits for protection, by when they should have been taken on: kind and wait together.

    Raises:
        NotAllowed: where no role of the actor reads that box.
        StepUpNeeded: where the actor did not step up.
    """
    rows = list_waiting(actor)
    if not actor.has_stepped_up(now):
        raise StepUpNeeded(VIEW_HANDOVERS.name)
    waiting = []
    for row in rows.order_by(*ORDER)[:MOST_WAITING]:
        content = read_handover(row)
        due_at = row.sent_at + find_limit(content)
        waiting.append(WaitingHandover(row, content, due_at, now > due_at))
    return sorted(waiting, key=lambda one: (one.due_at, one.row.sent_at))


def find_limit(content: HandoverContent) -> timedelta:
    """Return how long somebody may wait: by the most urgent of the reasons."""
    return min(_limit_of(reason) for reason in content.reasons)


def list_care(actor: Actor, service: Service | None = None) -> QuerySet[Handover]:
    """Return the hand-overs to the medical, psychological and legal services of the actor's offices, or to one.

    Raises:
        NotAllowed: where no role of the actor reads these boxes.
    """
    if not actor.may(VIEW_CARE_HANDOVERS):
        raise NotAllowed(VIEW_CARE_HANDOVERS.name)
    rows = Handover.objects.visible_to(actor, VIEW_CARE_HANDOVERS).select_related("acknowledgement")
    return rows if service is None else rows.filter(lies_in(service))


def find_registered(actor: Actor, row: Handover, content: HandoverContent) -> UUID | None:
    """Return who was registered and may be the person of a hand-over, to the officer in charge of that person alone."""
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=row.person_id).first()
    return read_registered(content, open_key_of(person), person.pk) if person else None


def find_services(rows: Collection[Handover]) -> dict[UUID, Service]:
    """Return to which service each hand-over goes, by its id."""
    return {row.pk: find_service(row.pk, bytes(row.box)) for row in rows}


def name_takers(rows: Collection[Handover]) -> dict[UUID, str]:
    """Return the names of the staff who took hand-overs on, by the id of the member of staff."""
    ids = {row.acknowledgement.by for row in rows if hasattr(row, "acknowledgement")}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def _in_protection(actor: Actor) -> QuerySet[Handover]:
    if not actor.may(VIEW_HANDOVERS):
        raise NotAllowed(VIEW_HANDOVERS.name)
    return Handover.objects.visible_to(actor, VIEW_HANDOVERS).select_related("acknowledgement")


def _limit_of(reason: Reason) -> timedelta:
    return timedelta(minutes=int(read_list("protection/waiting_limits")[reason].columns["minutes"]))
