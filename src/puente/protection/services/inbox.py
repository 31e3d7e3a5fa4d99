"""Handing a person over, and taking them on. Reception and needs send and read nothing back."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Person
from puente.people.policies import OPEN_PERSON
from puente.platform.ids import make_id
from puente.platform.keys import load_keyring
from puente.platform.policy import Action, Actor, NotAllowed, Purpose, Sensitivity, StepUpNeeded, require_in_office
from puente.protection.boxes import Service, find_service, tag_handover
from puente.protection.handovers import HandoverContent, Reason, read_handover, seal_handover
from puente.protection.models import Handover, HandoverAcknowledgement
from puente.protection.policies import (
    ACKNOWLEDGE_CARE,
    ACKNOWLEDGE_HANDOVER,
    SEND_HANDOVER,
    VIEW_CARE_HANDOVERS,
    VIEW_HANDOVERS,
)

#: The same words whatever the hand-over is about: the history must not tell.
CONTINUES = register_verb("person.continues", gettext_noop("noted that the person continues with another service"))
#: Whoever may not open the vault is not told either that somebody of it took a person on.
ACKNOWLEDGED = register_verb(
    "handover.acknowledged", gettext_noop("took the person on"), sensitivity=Sensitivity.SEALED
)
OPENED = register_verb(
    "handover.opened", gettext_noop("opened what was handed over"), sensitivity=Sensitivity.SEALED, opens=True
)
PROMPTED = register_verb(
    "handover.prompted", gettext_noop("asked child protection to look"), sensitivity=Sensitivity.SEALED
)


@transaction.atomic
def send_handover(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    service: Service,
    reasons: Sequence[Reason],
    note: str = "",
    turn: str = "",
    arrival_id: UUID | None = None,
    now: datetime,
) -> None:
    """Hand a person over to another service: into its box, which the sender cannot read.

    Args:
        reasons: why, at least one.
        note: free words; sealed with the rest.
        turn: under which number the person waits, so that they are found in the hall without calling a name.

    Raises:
        NotAllowed: where the actor hands nobody over in this office, or may not open the person.
        KeysUnavailable: where this installation holds no vault key.
    """
    require_in_office(actor, SEND_HANDOVER, office_id)
    if not Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).exists():
        raise NotAllowed(SEND_HANDOVER.name)
    content = HandoverContent(service, tuple(reasons), note, turn)
    _put_into_box(actor, make_id(), content, person_id, office_id, arrival_id, now)
    # The event names the person and nothing of the hand-over itself.
    record_event(
        actor=actor, verb=CONTINUES, record_type="person", record_id=person_id, person_id=person_id,
        office_id=office_id, purpose=Purpose.RECEPTION, at=now,
    )  # fmt: skip


def raise_prompt(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    about: UUID,
    arrival_id: UUID | None = None,
    reason: Reason,
    turn: str = "",
    details: Mapping[str, Any],
    now: datetime,
) -> bool:
    """Put a prompt of the system into protection's box, once for what it is about; tell whether it is new.

    Nobody's file is opened for it, so it works for somebody whose file is reserved, too.

    Args:
        actor: the process, see `policies.prompting`.
        about: what asks for it; the same thing with the same reason prompts once.
        arrival_id: stands in clear beside the person.
        details: numbers, days and codes; sealed.

    Raises:
        NotAllowed: where the actor hands nobody over in this office.
    """
    require_in_office(actor, SEND_HANDOVER, office_id)
    handover_id = _derive_id(about, reason)
    content = HandoverContent(Service.PROTECTION, (reason,), "", turn, dict(details))
    try:
        with transaction.atomic():
            _put_into_box(actor, handover_id, content, person_id, office_id, arrival_id, now)
    except IntegrityError:
        return False
    # Without the person: that they are looked at is told by the box alone.
    record_event(
        actor=actor, verb=PROMPTED, record_type="handover", record_id=handover_id, office_id=office_id,
        purpose=Purpose.PROTECTION, at=now,
    )  # fmt: skip
    return True


@transaction.atomic
def open_handover(*, actor: Actor, handover_id: UUID, now: datetime) -> tuple[Handover, HandoverContent]:
    """Return a hand-over of one of the actor's boxes with its content, and leave an event that says so.

    Raises:
        NotAllowed: also where there is no such hand-over.
        StepUpNeeded: for protection's, where the actor did not step up.
    """
    handover, service = _find_in_boxes(actor, handover_id, VIEW_HANDOVERS, VIEW_CARE_HANDOVERS)
    _require_step_up(actor, service, VIEW_HANDOVERS, now)
    record_event(
        actor=actor, verb=OPENED, record_type="handover", record_id=handover.pk, person_id=handover.person_id,
        office_id=handover.office_id, purpose=_purpose_of(service), at=now,
    )  # fmt: skip
    return handover, read_handover(handover)


@transaction.atomic
def acknowledge_handover(*, actor: Actor, handover_id: UUID, now: datetime) -> Handover:
    """Take a hand-over on; a second time changes nothing.

    Raises:
        NotAllowed: also where there is no such hand-over.
        StepUpNeeded: for protection's, where the actor did not step up.
    """
    handover, service = _find_in_boxes(actor, handover_id, ACKNOWLEDGE_HANDOVER, ACKNOWLEDGE_CARE)
    _require_step_up(actor, service, ACKNOWLEDGE_HANDOVER, now)
    _taken, is_new = HandoverAcknowledgement.objects.get_or_create(
        handover=handover, defaults={"office_id": handover.office_id, "at": now, "by": actor.id}
    )
    if is_new:
        record_event(
            actor=actor, verb=ACKNOWLEDGED, record_type="handover", record_id=handover.pk,
            person_id=handover.person_id, office_id=handover.office_id, purpose=_purpose_of(service), at=now,
        )  # fmt: skip
    return handover


def _find_in_boxes(actor: Actor, handover_id: UUID, *actions: Action) -> tuple[Handover, Service]:
    for action in actions:
        found = (
            Handover.objects.visible_to(actor, action).select_related("acknowledgement").filter(pk=handover_id).first()
        )
        if found is not None:
            return found, find_service(found.pk, bytes(found.box))
    raise NotAllowed(actions[0].name)


def _require_step_up(actor: Actor, service: Service, action: Action, now: datetime) -> None:
    if service is Service.PROTECTION and not actor.has_stepped_up(now):
        raise StepUpNeeded(action.name)


def _put_into_box(
    actor: Actor,
    handover_id: UUID,
    content: HandoverContent,
    person_id: UUID,
    office_id: UUID,
    arrival_id: UUID | None,
    now: datetime,
) -> None:
    key, sealed = seal_handover(handover_id, content)
    Handover.objects.create(
        id=handover_id, person_id=person_id, office_id=office_id, arrival_id=arrival_id, sent_at=now,
        sent_by=actor.id, box=tag_handover(content.service, handover_id), key_name=key.key_name,
        wrapped_key=key.wrapped, sealed=sealed,
    )  # fmt: skip


def _derive_id(about: UUID, reason: Reason) -> UUID:
    """Return the id of a prompt: the same for the same thing and reason, and nothing to whoever lacks the key."""
    words = f"prompt|{about}|{reason}".encode()
    return UUID(bytes=hmac.digest(load_keyring().index_key, words, hashlib.sha256)[:16])


def _purpose_of(service: Service) -> Purpose:
    return Purpose.PROTECTION if service is Service.PROTECTION else Purpose.COUNSELLING
