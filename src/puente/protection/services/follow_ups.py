"""Planning what is to be done for a person by a day, and writing down what became of it."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from puente.platform.policy import Actor
from puente.protection.case_file import FollowUp, FollowUpKind, FollowUpResult, Topic, read_case_file
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.sealed import Compartment
from puente.protection.services.cases import write_entry


class FollowUpDone(Exception):
    """There is no such follow-up that still waits."""


@transaction.atomic
def plan_follow_up(
    *, actor: Actor, opened: OpenedCase, kind: FollowUpKind, due_on: date, words: str, now: datetime
) -> UUID:
    """Plan something for a day and return its id; raises NotAllowed."""
    content = {"kind": kind, "due_on": due_on.isoformat(), "words": words}
    return _write(actor, opened, content, now)


@transaction.atomic
def finish_follow_up(
    *, actor: Actor, opened: OpenedCase, follow_up_id: UUID, result: FollowUpResult, words: str, now: datetime
) -> None:
    """Write down what became of a follow-up.

    Raises:
        FollowUpDone: also where there is none of that id. NotAllowed.
    """
    find_open_follow_up(opened, follow_up_id)
    _write(actor, opened, {"follow_up": str(follow_up_id), "result": result, "words": words}, now)


def find_open_follow_up(opened: OpenedCase, follow_up_id: UUID) -> FollowUp:
    """Return a follow-up that still waits; raises FollowUpDone."""
    for one in read_case_file(read_entries(opened, Topic.FOLLOW_UP)).follow_ups:
        if one.id == follow_up_id and one.is_open:
            return one
    raise FollowUpDone


def _write(actor: Actor, opened: OpenedCase, content: dict[str, str], now: datetime) -> UUID:
    return write_entry(
        actor=actor, opened=opened, compartment=Compartment.PLAN, topic=Topic.FOLLOW_UP, content=content, now=now
    )
