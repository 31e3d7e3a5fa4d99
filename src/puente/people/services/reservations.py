"""Reserving a file: the person's key goes to the vault, search no longer finds them, only who is assigned opens it.

A file is reserved for many reasons (a presumed victim, a child alone, a relative of staff): that it is, tells none.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Assignment, Person, SearchKey
from puente.people.opening import read_person
from puente.people.policies import ASSIGN_PERSON, RESERVE_PERSON
from puente.people.reservation_steps import reservation_steps
from puente.people.sealed import wrap_person_key
from puente.people.services.identities import record_of, write_search_keys
from puente.platform.keys import Realm
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity, require, require_in_office

RESERVED = register_verb("person.reserved", gettext_noop("reserved the file"), sensitivity=Sensitivity.SEALED)
RELEASED = register_verb(
    "person.released", gettext_noop("ended the reservation of the file"), sensitivity=Sensitivity.SEALED
)
ASSIGNED = register_verb(
    "person.assigned", gettext_noop("put a member of staff in charge of the file"), sensitivity=Sensitivity.SEALED
)
UNASSIGNED = register_verb(
    "person.unassigned", gettext_noop("took a member of staff off the file"), sensitivity=Sensitivity.SEALED
)


@transaction.atomic
def reserve_person(*, actor: Actor, person_id: UUID, office_id: UUID, assigned_to: UUID, now: datetime) -> Person:
    """Move a person's key to the vault, drop their search keys, and put one member of staff in charge.

    From then on everybody else sees the reference alone; rooms above take care of what they hold beside the file.

    Args:
        office_id: the office whose service takes the person on.
        assigned_to: who opens the file from now on; the actor needs a step-up, as that officer will.

    Raises:
        NotAllowed: also where there is no such person, or where they are reserved already.
        KeysUnavailable: where this installation holds no vault key.
    """
    person = (
        Person.objects.visible_to(actor, RESERVE_PERSON)
        .select_for_update(of=("self",))
        .filter(pk=person_id, sensitivity__lt=Sensitivity.FLAG)
        .first()
    )
    if person is None or not actor.has_stepped_up(now):
        raise NotAllowed(RESERVE_PERSON.name)
    require(actor, RESERVE_PERSON, record_of(person), Purpose.PROTECTION, now)
    opened = read_person(person)
    wrapped = wrap_person_key(person.pk, opened.data_key, Realm.VAULT)
    SearchKey.objects.filter(person=person).delete()
    # First the assignment: whoever writes a reserved row must be in charge of it.
    for user_id in {assigned_to, actor.id}:
        _assign(actor, person.pk, office_id, user_id, now)
    person.key_name, person.wrapped_key = wrapped.key_name, wrapped.wrapped
    person.sensitivity = Sensitivity.SEALED
    person.save(update_fields=["key_name", "wrapped_key", "sensitivity"])
    for steps in reservation_steps():
        steps.reserved(actor, opened, now)
    record_event(
        actor=actor, verb=RESERVED, record_type="person", record_id=person.pk, person_id=person.pk,
        office_id=office_id, purpose=Purpose.PROTECTION, at=now,
    )  # fmt: skip
    if assigned_to != actor.id:
        end_assignment(actor=actor, person_id=person.pk, user_id=actor.id, now=now)
    return person


@transaction.atomic
def release_person(*, actor: Actor, person_id: UUID, now: datetime) -> Person:
    """Give a person's key back to the office and make them findable again.

    Raises:
        NotAllowed: where the actor is not in charge of a reserved person of that id, or did not step up.
    """
    person = _lock_reserved(actor, person_id)
    require(actor, RESERVE_PERSON, record_of(person), Purpose.PROTECTION, now)
    opened = read_person(person)
    for steps in reservation_steps():
        steps.released(actor, opened, now)
    wrapped = wrap_person_key(person.pk, opened.data_key, Realm.OFFICE)
    person.key_name, person.wrapped_key = wrapped.key_name, wrapped.wrapped
    person.sensitivity = Sensitivity.CASE
    person.save(update_fields=["key_name", "wrapped_key", "sensitivity"])
    write_search_keys(person, opened.identity)
    Assignment.objects.filter(person=person, ended_at=None).update(ended_at=now)
    record_event(
        actor=actor, verb=RELEASED, record_type="person", record_id=person.pk, person_id=person.pk,
        purpose=Purpose.PROTECTION, at=now,
    )  # fmt: skip
    return person


@transaction.atomic
def assign_person(*, actor: Actor, person_id: UUID, office_id: UUID, user_id: UUID, now: datetime) -> None:
    """Put one more member of staff in charge of a reserved person; a second time changes nothing.

    Raises:
        NotAllowed: where the actor is not in charge of a reserved person of that id, or did not step up.
    """
    person = _lock_reserved(actor, person_id)
    require(actor, RESERVE_PERSON, record_of(person), Purpose.PROTECTION, now)
    _assign(actor, person.pk, office_id, user_id, now)


@transaction.atomic
def end_assignment(*, actor: Actor, person_id: UUID, user_id: UUID, now: datetime) -> None:
    """Take a member of staff off a reserved person; the last one in charge stays.

    Raises:
        NotAllowed: as for `assign_person`, and for the last one in charge.
    """
    person = _lock_reserved(actor, person_id)
    live = Assignment.objects.filter(person=person, ended_at=None)
    if not live.exclude(user_id=user_id).exists():
        raise NotAllowed(RESERVE_PERSON.name)
    live.filter(user_id=user_id).update(ended_at=now)


@transaction.atomic
def transfer_person(
    *, actor: Actor, person_id: UUID, office_id: UUID, user_id: UUID, ending: UUID | None, now: datetime
) -> None:
    """Put somebody in charge of a reserved person whom the actor cannot open, and end another one's charge.

    The file itself is never read: supervision passes cases on without seeing what is in them.

    Args:
        office_id: the office in which somebody is in charge of the person.
        user_id: who is in charge from now on; never the actor.
        ending: whose charge ends, if anybody's.

    Raises:
        NotAllowed: where the actor assigns nobody in this office or did not step up, for the actor themselves, and
            where nobody is in charge of a person of that id there.
    """
    require_in_office(actor, ASSIGN_PERSON, office_id)
    live = Assignment.objects.filter(person_id=person_id, ended_at=None)
    if not actor.has_stepped_up(now) or user_id == actor.id or not live.filter(office_id=office_id).exists():
        raise NotAllowed(ASSIGN_PERSON.name)
    _assign(actor, person_id, office_id, user_id, now)
    if ending is not None and ending != user_id and live.filter(user_id=ending).update(ended_at=now):
        record_event(
            actor=actor, verb=UNASSIGNED, record_type="person", record_id=person_id, person_id=person_id,
            office_id=office_id, purpose=Purpose.PROTECTION, at=now, detail={"user": str(ending)},
        )  # fmt: skip


def _lock_reserved(actor: Actor, person_id: UUID) -> Person:
    person = (
        Person.objects.visible_to(actor, RESERVE_PERSON)
        .select_for_update(of=("self",))
        .filter(pk=person_id, sensitivity__gte=Sensitivity.FLAG)
        .first()
    )
    if person is None:
        raise NotAllowed(RESERVE_PERSON.name)
    return person


def _assign(actor: Actor, person_id: UUID, office_id: UUID, user_id: UUID, now: datetime) -> None:
    _row, is_new = Assignment.objects.get_or_create(
        person_id=person_id, user_id=user_id, ended_at=None,
        defaults={"office_id": office_id, "assigned_at": now, "assigned_by": actor.id},
    )  # fmt: skip
    if is_new:
        record_event(
            actor=actor, verb=ASSIGNED, record_type="person", record_id=person_id, person_id=person_id,
            office_id=office_id, purpose=Purpose.PROTECTION, at=now, detail={"user": str(user_id)},
        )  # fmt: skip
