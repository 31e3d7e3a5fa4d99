"""Families and groups that travel together."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Person, TravelGroup, TravelGroupMember
from puente.people.policies import REGISTER_PERSON
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office

GROUPED = register_verb("person.grouped", gettext_noop("noted who travels together"))


@transaction.atomic
def create_travel_group(
    *, actor: Actor, office_id: UUID, members: Sequence[tuple[UUID, str]], now: datetime, group_id: UUID | None = None
) -> TravelGroup:
    """Note who travels together.

    Args:
        members: (person id, relation to the first member), the first one with relation `first`.
    """
    require_in_office(actor, REGISTER_PERSON, office_id)
    group = TravelGroup.objects.create(
        id=group_id or make_id(), office_id=office_id, created_at=now, created_by=actor.id
    )
    for person_id, relation in members:
        add_to_travel_group(actor=actor, group=group, person_id=person_id, relation=relation, now=now)
    return group


@transaction.atomic
def add_to_travel_group(
    *, actor: Actor, group: TravelGroup, person_id: UUID, relation: str, now: datetime
) -> TravelGroupMember:
    """Add a person to a travel group of an office in which the actor registers people.

    Raises:
        NotAllowed: also where the person is not served by an office of the actor.
    """
    require_in_office(actor, REGISTER_PERSON, group.office_id)
    if not Person.objects.visible_to(actor, REGISTER_PERSON).filter(pk=person_id).exists():
        raise NotAllowed(REGISTER_PERSON.name)
    member = TravelGroupMember.objects.create(
        office_id=group.office_id, group=group, person_id=person_id, relation=relation, joined_at=now
    )
    record_event(
        actor=actor, verb=GROUPED, record_type="travel_group", record_id=group.id, person_id=person_id,
        office_id=group.office_id, purpose=Purpose.RECEPTION,
    )  # fmt: skip
    return member
