"""Writing the child's part of a case. Every record and every correction is a new sealed entry."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.policy import Actor, NotAllowed
from puente.protection.child_records import (
    KINDS,
    REPLACES,
    BestInterests,
    DifHandover,
    Measure,
    ProsecutorNotice,
    Record,
    Step,
    gather_child_file,
    write_record,
)
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import WRITE_CASE
from puente.protection.services.cases import write_entry

NOT_YET = _("This lies in the future. Correct the day or the hour")
BEFORE_ARRIVAL = _("This is earlier than the arrival. Correct one of the two")
REVIEW_LATER = _("The review must come after the decision. Write a later day")


class InvalidRecord(Exception):
    """A record contradicts itself: by field, what to do."""

    def __init__(self, problems: dict[str, str | Promise]) -> None:
        super().__init__(", ".join(problems))
        self.problems = problems


def record_child(
    *, actor: Actor, opened: OpenedCase, topic: str, record: Record, replaces: UUID | None = None, now: datetime
) -> UUID:
    """Write one record about a child into an opened case and return its id.

    Args:
        topic: one of `child_records.KINDS`.
        replaces: the record that this one corrects; None for a new one.

    Raises:
        InvalidRecord: where times contradict each other.
        NotAllowed: where the actor may not write, the purpose does not open the compartment, or there is no such
            record to correct.
    """
    kind = KINDS[topic]
    problems = find_problems(record, now)
    if problems:
        raise InvalidRecord(problems)
    content = write_record(record)
    if replaces is not None:
        if gather_child_file(read_entries(opened, topic)).find_entry(topic, replaces) is None:
            raise NotAllowed(WRITE_CASE.name)
        content[REPLACES] = str(replaces)
    return write_entry(actor=actor, opened=opened, compartment=kind.compartment, topic=topic, content=content, now=now)


def find_problems(record: Record, now: datetime) -> dict[str, str | Promise]:
    """Return what cannot be true of a record, by field."""
    today = timezone.localdate(now)
    problems: dict[str, str | Promise] = {}
    if isinstance(record, DifHandover | ProsecutorNotice):
        name = "handed_over_at" if isinstance(record, DifHandover) else "notified_at"
        at = record.handed_over_at if isinstance(record, DifHandover) else record.notified_at
        if record.arrived_at > now:
            problems["arrived_at"] = NOT_YET
        if at > now:
            problems[name] = NOT_YET
        elif at < record.arrived_at:
            problems[name] = BEFORE_ARRIVAL
    if isinstance(record, BestInterests | Measure) and record.decided_on > today:
        problems["decided_on"] = NOT_YET
    if isinstance(record, BestInterests) and record.review_on <= record.decided_on:
        problems["review_on"] = REVIEW_LATER
    if isinstance(record, Step) and record.done_on > today:
        problems["done_on"] = NOT_YET
    return problems
