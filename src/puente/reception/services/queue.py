"""Moving through the five stages: every move is an event, and the place is the last word of them."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.platform.policy import Actor, NotAllowed, Purpose
from puente.reception.models import Arrival, QueuePlace, Stage, StageEvent
from puente.reception.policies import MOVE_IN_QUEUE

MOVED = register_verb("queue.moved", gettext_noop("moved the person in the queue"))


def enter_queue(*, actor: Actor, arrival: Arrival, now: datetime) -> QueuePlace:
    """Put a person who was just registered into the queue; part of the registration."""
    place = QueuePlace.objects.create(
        arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, day=arrival.turn_day,
        stage=Stage.ARRIVAL, since=now,
    )  # fmt: skip
    _append(place, StageEvent.Kind.ENTERED, actor, now)
    return place


def take_person(*, actor: Actor, arrival_id: UUID, now: datetime) -> QueuePlace:
    """Note that the actor attends a person now.

    Raises:
        NotAllowed: also where nobody stands in the queue under this id.
    """
    return _move(actor, arrival_id, StageEvent.Kind.TAKEN, now, assigned_to=actor.id)


def release_person(*, actor: Actor, arrival_id: UUID, now: datetime) -> QueuePlace:
    """Note that the person waits again for whoever is free; raises NotAllowed."""
    return _move(actor, arrival_id, StageEvent.Kind.RELEASED, now, assigned_to=None)


@transaction.atomic
def advance_person(*, actor: Actor, arrival_id: UUID, stage: Stage | None = None, now: datetime) -> QueuePlace:
    """Let a person pass to a stage, by default the next one; after the last they leave the queue.

    Needs and counselling call it when their work is done. Nothing happens where the person is there
    already, or further on.

    Raises:
        NotAllowed: also where nobody stands in the queue under this id.
    """
    place = _lock(actor, arrival_id)
    here = Stage(place.stage)
    target = stage or here.next
    if target is None:
        return leave_queue(actor=actor, arrival_id=arrival_id, now=now)
    if target.number <= here.number:
        return place
    place.stage, place.since, place.assigned_to = target, now, None
    place.save()
    _record(place, StageEvent.Kind.ENTERED, actor, now)
    return place


@transaction.atomic
def leave_queue(*, actor: Actor, arrival_id: UUID, now: datetime) -> QueuePlace:
    """Note that the person left the building or that the journey is done; raises NotAllowed."""
    place = _lock(actor, arrival_id)
    if not place.has_left:
        place.has_left = True
        place.save(update_fields=["has_left"])
        _record(place, StageEvent.Kind.LEFT, actor, now)
    return place


@transaction.atomic
def _move(
    actor: Actor, arrival_id: UUID, kind: StageEvent.Kind, now: datetime, *, assigned_to: UUID | None
) -> QueuePlace:
    place = _lock(actor, arrival_id)
    place.assigned_to = assigned_to
    place.save(update_fields=["assigned_to"])
    _record(place, kind, actor, now)
    return place


def _lock(actor: Actor, arrival_id: UUID) -> QueuePlace:
    place = (
        QueuePlace.objects.visible_to(actor, MOVE_IN_QUEUE)
        .select_for_update(of=("self",))
        .filter(pk=arrival_id)
        .first()
    )
    if place is None:
        raise NotAllowed(MOVE_IN_QUEUE.name)
    return place  # type: ignore[no-any-return]


def _record(place: QueuePlace, kind: StageEvent.Kind, actor: Actor, now: datetime) -> None:
    _append(place, kind, actor, now)
    record_event(
        actor=actor, verb=MOVED, record_type="arrival", record_id=place.arrival_id, person_id=place.person_id,
        office_id=place.office_id, purpose=Purpose.RECEPTION, at=now, detail={"kind": kind, "stage": place.stage},
    )  # fmt: skip


def _append(place: QueuePlace, kind: StageEvent.Kind, actor: Actor, now: datetime) -> None:
    StageEvent.objects.create(
        arrival_id=place.arrival_id, person_id=place.person_id, office_id=place.office_id, kind=kind,
        stage=place.stage, assigned_to=place.assigned_to, at=now, by=actor.id,
    )  # fmt: skip
