"""Appending events. The database puts each into the chain of its office when the transaction is committed."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from puente.audit import verbs
from puente.audit.models import Event
from puente.platform.policy import Actor, Purpose, Sensitivity


def record_event(
    *,
    actor: Actor,
    verb: str,
    record_type: str,
    record_id: UUID | None,
    purpose: Purpose,
    office_id: UUID | None = None,
    person_id: UUID | None = None,
    sensitivity: Sensitivity | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Append one event in the caller's transaction: no event, no effect.

    Args:
        verb: declared with `register_verb`; raises ValueError otherwise.
        sensitivity: None where the verb alone decides it. The database raises it to that of the person.
        detail: ids, codes and counts alone; never a name or free text.
    """
    if not verbs.is_registered(verb):
        raise ValueError(f"The verb {verb} is not declared.")
    return Event.objects.create(
        at=at or timezone.now(),
        verb=verb,
        actor_id=actor.id,
        office_id=office_id or actor.home_office_id,
        record_type=record_type,
        record_id=record_id,
        person_id=person_id,
        purpose=purpose.value,
        sensitivity=verbs.sensitivity_of(verb) if sensitivity is None else sensitivity,
        detail=detail or {},
    )
