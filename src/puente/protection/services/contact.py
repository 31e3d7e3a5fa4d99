"""The gate of every outgoing message: one question, answered yes or no, that never says why."""

from datetime import datetime
from uuid import UUID

from puente.people.models import Person
from puente.people.policies import OPEN_PERSON
from puente.platform.policy import Actor, Purpose, Sensitivity
from puente.protection.case_file import Topic
from puente.protection.contact import Channel, ContactInstructions, Wording, local_time
from puente.protection.models import Case
from puente.protection.opening import OpenedCase, open_compartments, read_entries
from puente.protection.policies import VIEW_CASE


def may_contact(
    *, actor: Actor, person_id: UUID, channel: Channel, wording: Wording = Wording.NEUTRAL, now: datetime
) -> bool:
    """Tell whether something about a person may leave the office in this way, with these words, at this moment.

    Of whoever is not reserved it is true: their own phone rules hold (`people.selectors.contact_rule`). Of a reserved
    person it is true only for who is in charge of them and where the safe-contact instructions in force allow it.
    False is also the answer for a person whom the actor cannot open, so that nothing can be told from it.
    """
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        return False
    if person.sensitivity < Sensitivity.FLAG:
        return True
    instructions = _read_instructions(actor, person_id)
    if instructions is None:
        return False
    contact, zone = instructions
    return contact.allow(channel, wording, local_time(now, zone))


def is_reserved(*, actor: Actor, person_id: UUID) -> bool:
    """Tell whether the file of a person whom the actor may open is reserved; True where they may not open it."""
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    return person is None or person.sensitivity >= Sensitivity.FLAG


def _read_instructions(actor: Actor, person_id: UUID) -> tuple[ContactInstructions, str] | None:
    # Closed or not: who was in danger may still be.
    cases = Case.objects.visible_to(actor, VIEW_CASE).filter(person_id=person_id).select_related("office")
    for case in cases.order_by("-opened_at"):
        purpose = Purpose.FOLLOW_UP
        opened = OpenedCase(case, purpose, open_compartments(case, purpose), case.opened_at)
        entries = read_entries(opened, Topic.CONTACT)
        if entries:
            return ContactInstructions.from_json(entries[-1].entry.content), case.office.time_zone
    return None
