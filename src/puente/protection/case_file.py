"""What the entries of an opened case say together: the plan in force, instructions, referrals, what is due.

Everything here is read from entries that were unsealed already; nothing asks the database.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar
from uuid import UUID

from puente.protection.contact import ContactInstructions
from puente.protection.opening import ReadEntry
from puente.protection.referrals import Referral, ReferralStep, State, Way
from puente.protection.safety import SafetyPlan
from puente.protection.sealed import Compartment

Content = TypeVar("Content")


class Topic(StrEnum):
    """The kinds of entry that this part of the desk writes."""

    SAFETY_PLAN = "safety_plan"
    CONTACT = "contact"
    REFERRAL = "referral"
    REFERRAL_COPY = "referral_copy"
    REFERRAL_OUTCOME = "referral_outcome"
    FOLLOW_UP = "follow_up"
    NOTE = "note"
    ATTACHMENT = "attachment"
    CLOSURE = "closure"
    REOPENING = "reopening"


@dataclass(frozen=True)
class Version(Generic[Content]):
    """One version of something of which the last one counts."""

    id: UUID
    content: Content
    made_at: datetime
    made_by: UUID


class FollowUpKind(StrEnum):
    """What is to be done on the day."""

    CALL = "call"
    VISIT = "visit"
    APPOINTMENT = "appointment"
    REVIEW = "review"


class FollowUpResult(StrEnum):
    """What became of it."""

    DONE = "done"
    NOT_REACHED = "not_reached"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class FollowUp:
    """Something to be done for a person by a day."""

    id: UUID
    kind: FollowUpKind
    due_on: date
    words: str
    planned_by: UUID
    result: FollowUpResult | None = None
    said: str = ""
    done_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still waits."""
        return self.result is None


@dataclass(frozen=True)
class Attachment:
    """A picture of a paper: the row that holds it, and what it shows."""

    id: UUID
    compartment: Compartment
    title: str
    width: int
    height: int
    media_type: str
    size: int
    made_at: datetime
    made_by: UUID


@dataclass(frozen=True)
class DueThing:
    """Something of a case that waits for a day; `what` is a follow-up's kind or `plan`, `contact`, `referral`."""

    due_on: date
    what: str
    id: UUID


@dataclass(frozen=True)
class CaseFile:
    """A case as the opened compartments tell it. Versions and lists stand in the order in which they were written."""

    plans: tuple[Version[SafetyPlan], ...]
    contacts: tuple[Version[ContactInstructions], ...]
    referrals: tuple[Referral, ...]
    follow_ups: tuple[FollowUp, ...]
    attachments: tuple[Attachment, ...]
    last_entry_at: datetime | None

    @property
    def plan(self) -> SafetyPlan | None:
        """The safety plan in force."""
        return self.plans[-1].content if self.plans else None

    @property
    def contact(self) -> ContactInstructions | None:
        """The safe-contact instructions in force."""
        return self.contacts[-1].content if self.contacts else None

    def list_due(self, today: date) -> list[DueThing]:
        """Return everything that waits for a day, the earliest first."""
        due = [DueThing(one.due_on, one.kind, one.id) for one in self.follow_ups if one.is_open]
        due += [
            DueThing(one.expires_on, "referral", one.id)
            for one in self.referrals
            if one.state_on(today) in {State.SENT, State.RECEIVED, State.ACCEPTED, State.EXPIRED}
        ]
        if self.plans:
            due.append(DueThing(self.plans[-1].content.review_on, "plan", self.plans[-1].id))
        if self.contacts:
            due.append(DueThing(self.contacts[-1].content.review_on, "contact", self.contacts[-1].id))
        return sorted(due, key=lambda thing: (thing.due_on, thing.what, thing.id))

    def find_open_points(self, today: date) -> list[str]:
        """Return what stands against closing, as codes: `follow_up`, `referral`."""
        points = []
        if any(one.is_open for one in self.follow_ups):
            points.append("follow_up")
        if any(one.state_on(today) not in {State.DELIVERED, State.REFUSED, State.REVOKED} for one in self.referrals):
            points.append("referral")
        return points


def read_case_file(entries: Sequence[ReadEntry]) -> CaseFile:
    """Return what entries say together; they stand in the order in which they were written."""
    plans: list[Version[SafetyPlan]] = []
    contacts: list[Version[ContactInstructions]] = []
    referrals: dict[UUID, Referral] = {}
    follow_ups: dict[UUID, FollowUp] = {}
    attachments: list[Attachment] = []
    for read in entries:
        entry, content = read.entry, read.entry.content
        if entry.topic == Topic.SAFETY_PLAN:
            plans.append(Version(entry.id, SafetyPlan.from_json(content), read.made_at, read.made_by))
        elif entry.topic == Topic.CONTACT:
            contacts.append(Version(entry.id, ContactInstructions.from_json(content), read.made_at, read.made_by))
        elif entry.topic == Topic.REFERRAL:
            referrals[entry.id] = _read_referral(read)
        elif entry.topic == Topic.FOLLOW_UP and "follow_up" not in content:
            follow_ups[entry.id] = _read_follow_up(read)
        elif entry.topic == Topic.ATTACHMENT:
            attachments.append(_read_attachment(read))
    # What became of something is read after all of it, whatever the clocks said.
    for read in entries:
        if read.entry.topic == Topic.REFERRAL_OUTCOME:
            _add_step(referrals, read)
        elif read.entry.topic == Topic.FOLLOW_UP and "follow_up" in read.entry.content:
            _finish(follow_ups, read)
    return CaseFile(
        tuple(plans),
        tuple(contacts),
        tuple(referrals.values()),
        tuple(follow_ups.values()),
        tuple(attachments),
        entries[-1].made_at if entries else None,
    )


def _read_referral(read: ReadEntry) -> Referral:
    content = read.entry.content
    return Referral(
        read.entry.id,
        content["service"],
        content["schema"],
        tuple(content["fields"]),
        read.made_at,
        read.made_by,
        date.fromisoformat(content["expires_on"]),
        Way(content["way"]),
    )


def _add_step(referrals: dict[UUID, Referral], read: ReadEntry) -> None:
    content = read.entry.content
    found = referrals[UUID(content["referral"])]
    step = ReferralStep(
        State(content["state"]), date.fromisoformat(content["on"]), content["words"], content["proof"], read.made_by
    )
    referrals[found.id] = replace(found, steps=(*found.steps, step))


def _read_follow_up(read: ReadEntry) -> FollowUp:
    content: dict[str, Any] = read.entry.content
    return FollowUp(
        read.entry.id,
        FollowUpKind(content["kind"]),
        date.fromisoformat(content["due_on"]),
        content["words"],
        read.made_by,
    )


def _finish(follow_ups: dict[UUID, FollowUp], read: ReadEntry) -> None:
    content: dict[str, Any] = read.entry.content
    found = follow_ups[UUID(content["follow_up"])]
    follow_ups[found.id] = replace(
        found, result=FollowUpResult(content["result"]), said=content["words"], done_at=read.made_at
    )


def _read_attachment(read: ReadEntry) -> Attachment:
    content = read.entry.content
    return Attachment(
        UUID(content["file"]),
        read.entry.compartment,
        content["title"],
        content["width"],
        content["height"],
        content["media_type"],
        content["size"],
        read.made_at,
        read.made_by,
    )
