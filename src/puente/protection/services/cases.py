"""Opening a case, and writing into it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Person
from puente.people.services import record_of, reserve_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity, require, require_in_office
from puente.protection.models import Case, CaseEntry, CaseKey
from puente.protection.opening import OpenedCase, open_compartments, record_of_case
from puente.protection.policies import OPEN_CASE, VIEW_CASE, WRITE_CASE
from puente.protection.sealed import Compartment, Entry, create_case_keys, seal_entry

OPENED_NEW = register_verb("case.created", gettext_noop("opened a new case"), sensitivity=Sensitivity.SEALED)
OPENED = register_verb("case.opened", gettext_noop("opened the case"), sensitivity=Sensitivity.SEALED, opens=True)
WRITTEN = register_verb("case.written", gettext_noop("wrote into the case"), sensitivity=Sensitivity.SEALED)


@transaction.atomic
def create_case(*, actor: Actor, person_id: UUID, office_id: UUID, now: datetime) -> Case:
    """Open a case for a person and reserve their file, with the actor in charge.

    Raises:
        NotAllowed: where the actor opens no cases in this office, did not step up, or may not open the person.
        KeysUnavailable: where this installation holds no vault key.
    """
    require_in_office(actor, OPEN_CASE, office_id)
    if not Person.objects.filter(pk=person_id, sensitivity__gte=Sensitivity.FLAG).exists():
        reserve_person(actor=actor, person_id=person_id, office_id=office_id, assigned_to=actor.id, now=now)
    case = Case(id=make_id(), person_id=person_id, office_id=office_id, opened_at=now, opened_by=actor.id)
    require(actor, OPEN_CASE, record_of(case.person), Purpose.PROTECTION, now)
    case.save(force_insert=True)
    CaseKey.objects.bulk_create(
        CaseKey(
            case=case, person_id=person_id, compartment=key.compartment, purpose=key.purpose,
            key_name=key.key_name, wrapped_key=key.wrapped,
        )
        for key in create_case_keys(case.pk)
    )  # fmt: skip
    _record(actor, OPENED_NEW, case, Purpose.PROTECTION, now)
    return case


@transaction.atomic
def open_case(*, actor: Actor, case_id: UUID, purpose: Purpose, now: datetime) -> OpenedCase:
    """Open a case for a purpose, and leave an event that says so: no event, no case.

    Raises:
        NotAllowed: also where there is no such case.
    """
    case = Case.objects.visible_to(actor, VIEW_CASE).select_related("person", "office").filter(pk=case_id).first()
    if case is None:
        raise NotAllowed(VIEW_CASE.name)
    require(actor, VIEW_CASE, record_of_case(case), purpose, now)
    _record(actor, OPENED, case, purpose, now)
    return OpenedCase(case, purpose, open_compartments(case, purpose))


@transaction.atomic
def write_entry(
    *,
    actor: Actor,
    opened: OpenedCase,
    compartment: Compartment,
    topic: str,
    content: Mapping[str, Any],
    now: datetime,
) -> UUID:
    """Append an entry to an opened case and return its id.

    Args:
        topic: what kind of entry it is; sealed with the content, so that rows look alike.
        content: what JSON can hold.

    Raises:
        NotAllowed: where the actor may not write, or the purpose does not open the compartment.
    """
    require(actor, WRITE_CASE, record_of_case(opened.case), opened.purpose, now)
    if compartment not in opened.keys or opened.case.closed_at is not None:
        raise NotAllowed(WRITE_CASE.name)
    entry = Entry(make_id(), compartment, topic, dict(content))
    CaseEntry.objects.create(
        id=entry.id, case=opened.case, person_id=opened.case.person_id, compartment=compartment, made_at=now,
        made_by=actor.id, sealed=seal_entry(opened.keys[compartment], opened.case.pk, entry),
    )  # fmt: skip
    _record(actor, WRITTEN, opened.case, opened.purpose, now)
    return entry.id


def _record(actor: Actor, verb: str, case: Case, purpose: Purpose, now: datetime) -> None:
    record_event(
        actor=actor, verb=verb, record_type="case", record_id=case.pk, person_id=case.person_id,
        office_id=case.office_id, purpose=purpose, at=now,
    )  # fmt: skip
