"""Everything that writes to protection. Reception and needs call `send_handover` and read nothing back."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.people.models import Person
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import seal_note, unseal_note
from puente.people.services import open_key_of
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.protection.models import Handover, HandoverAcknowledgement
from puente.protection.policies import ACKNOWLEDGE_HANDOVER, SEND_HANDOVER, VIEW_HANDOVERS

#: The same words whatever the hand-over is about: the history must not tell.
CONTINUES = register_verb("person.continues", gettext_noop("noted that the person continues with another service"))
ACKNOWLEDGED = register_verb("handover.acknowledged", gettext_noop("took the person on"))
OPENED = register_verb("handover.opened", gettext_noop("opened what was handed over"))
SEALED_AS = "handover"


class Service(StrEnum):
    """Who goes on with the person."""

    PROTECTION = "protection"
    MEDICAL = "medical"
    PSYCHOLOGICAL = "psychological"
    LEGAL = "legal"


class Reason(StrEnum):
    """Why, as a code; a note in free words may stand beside it."""

    MINOR_ALONE = "minor_alone"
    IN_DANGER = "in_danger"
    ASKED_AT_DESK = "asked_at_desk"


@transaction.atomic
def send_handover(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    service: Service,
    reasons: Sequence[Reason],
    note: str = "",
    arrival_id: UUID | None = None,
    now: datetime,
) -> None:
    """Hand a person over to another service: into the inbox, which the sender cannot read.

    Args:
        reasons: why, at least one.
        note: free words; sealed with the rest under the person's key.

    Raises:
        NotAllowed: where the actor hands nobody over in this office, or may not open the person.
    """
    require_in_office(actor, SEND_HANDOVER, office_id)
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(SEND_HANDOVER.name)
    handover_id = make_id()
    content = {"service": service, "reasons": list(reasons), "note": note}
    Handover.objects.create(
        id=handover_id, person_id=person_id, office_id=office_id, arrival_id=arrival_id, sent_at=now,
        sent_by=actor.id, sealed=seal_note(open_key_of(person), SEALED_AS, handover_id, content),
    )  # fmt: skip
    # The event names the person and nothing of the hand-over itself.
    record_event(
        actor=actor, verb=CONTINUES, record_type="person", record_id=person_id, person_id=person_id,
        office_id=office_id, purpose=Purpose.RECEPTION, at=now,
    )  # fmt: skip


@transaction.atomic
def open_handover(*, actor: Actor, handover_id: UUID, now: datetime) -> tuple[Handover, dict[str, object]]:
    """Return a hand-over with its sealed content (service, reasons, note), and leave an event that says so.

    Raises:
        NotAllowed: also where there is no such hand-over.
    """
    handover = (
        Handover.objects.visible_to(actor, VIEW_HANDOVERS)
        .select_related("person", "acknowledgement")
        .filter(pk=handover_id)
        .first()
    )
    if handover is None:
        raise NotAllowed(VIEW_HANDOVERS.name)
    record_event(
        actor=actor, verb=OPENED, record_type="handover", record_id=handover.pk, person_id=handover.person_id,
        office_id=handover.office_id, purpose=Purpose.PROTECTION, at=now,
    )  # fmt: skip
    return handover, unseal_note(open_key_of(handover.person), SEALED_AS, handover.pk, bytes(handover.sealed))


@transaction.atomic
def acknowledge_handover(*, actor: Actor, handover_id: UUID, now: datetime) -> None:
    """Take a hand-over on; a second time changes nothing.

    Raises:
        NotAllowed: also where there is no such hand-over.
    """
    handover = Handover.objects.visible_to(actor, ACKNOWLEDGE_HANDOVER).filter(pk=handover_id).first()
    if handover is None:
        raise NotAllowed(ACKNOWLEDGE_HANDOVER.name)
    _taken, is_new = HandoverAcknowledgement.objects.get_or_create(
        handover=handover, defaults={"office_id": handover.office_id, "at": now, "by": actor.id}
    )
    if is_new:
        record_event(
            actor=actor, verb=ACKNOWLEDGED, record_type="handover", record_id=handover.pk,
            person_id=handover.person_id, office_id=handover.office_id, purpose=Purpose.PROTECTION, at=now,
        )  # fmt: skip
