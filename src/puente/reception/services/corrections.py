"""Correcting what was registered: versions and marks are appended, nothing is overwritten."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.services import birth_of, read_person, record_of
from puente.platform.policy import Actor, NotAllowed, Purpose, require
from puente.protection.services import Reason, Service
from puente.reception import catalogue
from puente.reception.models import Arrival, ArrivalVersion, ServiceGiven
from puente.reception.payload import FieldProblem, InvalidPayload
from puente.reception.policies import CORRECT_ARRIVAL
from puente.reception.services.facts import ArrivalFacts, append_version, find_impossible_facts, write_facts
from puente.reception.services.handovers import hand_over_person

CORRECTED = register_verb("arrival.corrected", gettext_noop("corrected the arrival"))
SERVED = register_verb("arrival.served", gettext_noop("marked a service of the arrival"))


@transaction.atomic
def correct_arrival(
    *,
    actor: Actor,
    arrival_id: UUID,
    facts: ArrivalFacts,
    reason: ArrivalVersion.Reason,
    purpose: Purpose,
    now: datetime,
) -> Arrival:
    """Append a version of an arrival; the earlier ones stay.

    Raises:
        InvalidPayload: where a fact is not possible.
        NotAllowed: also where there is no such arrival.
    """
    arrival = _lock_arrival(actor, arrival_id)
    require(actor, CORRECT_ARRIVAL, record_of(arrival.person), purpose, now)
    problems = find_impossible_facts(facts)
    if problems:
        raise InvalidPayload(problems)
    was_alone = arrival.is_minor_alone
    arrival.version += 1
    write_facts(arrival, facts, birth_of(arrival.person, read_person(arrival.person).identity))
    arrival.save()
    append_version(arrival, facts, reason, actor, now)
    record_event(
        actor=actor, verb=CORRECTED, record_type="arrival", record_id=arrival.pk, person_id=arrival.person_id,
        office_id=arrival.office_id, purpose=purpose, at=now, detail={"version": arrival.version, "reason": reason},
    )  # fmt: skip
    if arrival.is_minor_alone and not was_alone:
        hand_over_person(actor, arrival, Service.PROTECTION, [Reason.MINOR_ALONE], "", now)
    return arrival


@transaction.atomic
def mark_service(*, actor: Actor, arrival_id: UUID, service: str, is_given: bool, now: datetime) -> None:
    """Mark that a service was given, or take a wrong mark back; each mark is a row of its own.

    Raises:
        InvalidPayload: for a service that the list does not have.
        NotAllowed: also where there is no such arrival.
    """
    arrival = Arrival.objects.visible_to(actor, CORRECT_ARRIVAL).filter(pk=arrival_id).first()
    if arrival is None:
        raise NotAllowed(CORRECT_ARRIVAL.name)
    if service not in catalogue.services():
        raise InvalidPayload([FieldProblem("services", _("This service is not in the list of this office"))])
    ServiceGiven.objects.create(
        arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, service=service,
        is_given=is_given, at=now, by=actor.id,
    )  # fmt: skip
    record_event(
        actor=actor, verb=SERVED, record_type="arrival", record_id=arrival.pk, person_id=arrival.person_id,
        office_id=arrival.office_id, purpose=Purpose.RECEPTION, at=now,
        detail={"service": service, "is_given": is_given},
    )  # fmt: skip


def _lock_arrival(actor: Actor, arrival_id: UUID) -> Arrival:
    arrival: Arrival | None = (
        Arrival.objects.visible_to(actor, CORRECT_ARRIVAL)
        .select_related("person")
        .select_for_update(of=("self",))
        .filter(pk=arrival_id)
        .first()
    )
    if arrival is None:
        raise NotAllowed(CORRECT_ARRIVAL.name)
    return arrival
