"""Writing the safety plan, the safe-contact instructions and notes: each save is a new version."""

from datetime import datetime
from uuid import UUID

from puente.platform.policy import Actor
from puente.protection.case_file import Topic
from puente.protection.contact import ContactInstructions
from puente.protection.opening import OpenedCase
from puente.protection.safety import SafetyPlan
from puente.protection.sealed import Compartment
from puente.protection.services.cases import write_entry


def save_safety_plan(*, actor: Actor, opened: OpenedCase, plan: SafetyPlan, now: datetime) -> UUID:
    """Append a version of the safety plan; raises NotAllowed."""
    return write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.SAFETY_PLAN,
        content=plan.to_json(), now=now,
    )  # fmt: skip


def save_contact(*, actor: Actor, opened: OpenedCase, instructions: ContactInstructions, now: datetime) -> UUID:
    """Append a version of the safe-contact instructions, which gate what goes out from now on; raises NotAllowed."""
    return write_entry(
        actor=actor, opened=opened, compartment=Compartment.CONTACT, topic=Topic.CONTACT,
        content=instructions.to_json(), now=now,
    )  # fmt: skip


def write_note(
    *, actor: Actor, opened: OpenedCase, compartment: Compartment, words: str, now: datetime, replaces: UUID | None
) -> UUID:
    """Append a note to a compartment, or a correction of an earlier one, which stays; raises NotAllowed.

    Args:
        replaces: the note that it corrects, in the same compartment.
    """
    content = {"words": words} | ({"replaces": str(replaces)} if replaces else {})
    return write_entry(actor=actor, opened=opened, compartment=compartment, topic=Topic.NOTE, content=content, now=now)
