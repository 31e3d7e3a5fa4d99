"""Opening a case, and writing into it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.selectors import list_own_events
from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Person
from puente.people.services import record_of, reserve_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity, require, require_in_office
from puente.protection.models import Case, CaseEntry, CaseKey, Handover
from puente.protection.opening import OpenedCase, open_compartments, record_of_case
from puente.protection.policies import ACKNOWLEDGE_HANDOVER, LIST_CASES, OPEN_CASE, VIEW_CASE, WRITE_CASE
from puente.protection.sealed import Compartment, Entry, create_case_keys, seal_entry
from puente.protection.services.inbox import acknowledge_handover

OPENED_NEW = register_verb("case.created", gettext_noop("opened a new case"), sensitivity=Sensitivity.SEALED)
OPENED = register_verb("case.opened", gettext_noop("opened the case"), sensitivity=Sensitivity.SEALED, opens=True)
WRITTEN = register_verb("case.written", gettext_noop("wrote into the case"), sensitivity=Sensitivity.SEALED)
LEFT = register_verb("case.left", gettext_noop("closed the pages of the case"), sensitivity=Sensitivity.SEALED)
#: How long a case stays open in the hands of who opened it.
OPENING_VALIDITY = timedelta(minutes=15)


class CaseExists(Exception):
    """There is an open case of this person already."""


class CaseNotOpen(Exception):
    """The actor has not opened the case within the last minutes, or has closed its pages."""


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
    record_in_case(actor, OPENED_NEW, case, Purpose.PROTECTION, now)
    return case


@transaction.atomic
def open_case(*, actor: Actor, case_id: UUID, purpose: Purpose, now: datetime) -> OpenedCase:
    """Open a case for a purpose, and leave an event that says so: no event, no case.

    Raises:
        NotAllowed: also where there is no such case.
    """
    case = _find_case(actor, case_id, purpose, now)
    record_in_case(actor, OPENED, case, purpose, now)
    return OpenedCase(case, purpose, open_compartments(case, purpose), now + OPENING_VALIDITY)


def _find_case(actor: Actor, case_id: UUID, purpose: Purpose, now: datetime) -> Case:
    found = Case.objects.visible_to(actor, VIEW_CASE).select_related("person", "office")
    case: Case | None = found.filter(pk=case_id).first()
    if case is None:
        raise NotAllowed(VIEW_CASE.name)
    require(actor, VIEW_CASE, record_of_case(case), purpose, now)
    return case


def continue_case(*, actor: Actor, case_id: UUID, now: datetime) -> OpenedCase:
    """Return a case that the actor opened a few minutes ago, for the purpose given then.

    The event of the opening is the ticket: nothing else says for what the case is open.

    Raises:
        CaseNotOpen: where the purpose must be asked (again). NotAllowed: as for `open_case`.
    """
    since = now - OPENING_VALIDITY
    opening = list_own_events(actor, OPENED).filter(record_id=case_id, at__gt=since).first()
    if opening is None or list_own_events(actor, LEFT).filter(record_id=case_id, at__gte=opening.at).exists():
        raise CaseNotOpen
    purpose = Purpose(opening.purpose)
    case = _find_case(actor, case_id, purpose, now)
    return OpenedCase(case, purpose, open_compartments(case, purpose), opening.at + OPENING_VALIDITY)


@transaction.atomic
def leave_case(*, actor: Actor, case_id: UUID, now: datetime) -> None:
    """Close the pages of a case: who wants them again is asked for the purpose again."""
    opening = list_own_events(actor, OPENED).filter(record_id=case_id, at__gt=now - OPENING_VALIDITY).first()
    if opening is not None:
        record_event(
            actor=actor, verb=LEFT, record_type="case", record_id=case_id, person_id=opening.person_id,
            office_id=opening.office_id, purpose=Purpose(opening.purpose), at=now,
        )  # fmt: skip


@transaction.atomic
def take_on(*, actor: Actor, handover_id: UUID, now: datetime) -> Case:
    """Take on a person who was handed over, and open a case for them with the actor in charge.

    Raises:
        NotAllowed: also where there is no such hand-over, or the actor did not step up.
        CaseExists: where an officer has an open case of this person.
    """
    handover = Handover.objects.visible_to(actor, ACKNOWLEDGE_HANDOVER).filter(pk=handover_id).first()
    if handover is None:
        raise NotAllowed(ACKNOWLEDGE_HANDOVER.name)
    if Case.objects.listed_for(actor, LIST_CASES).filter(person_id=handover.person_id, closed_at=None).exists():
        raise CaseExists
    acknowledge_handover(actor=actor, handover_id=handover_id, now=now)
    return create_case(actor=actor, person_id=handover.person_id, office_id=handover.office_id, now=now)


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
    record_in_case(actor, WRITTEN, opened.case, opened.purpose, now)
    return entry.id


def record_in_case(actor: Actor, verb: str, case: Case, purpose: Purpose, now: datetime) -> None:
    """Leave an event about a case."""
    record_event(
        actor=actor, verb=verb, record_type="case", record_id=case.pk, person_id=case.person_id,
        office_id=case.office_id, purpose=purpose, at=now,
    )  # fmt: skip
