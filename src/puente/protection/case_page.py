"""What the pages of a case show in words: plans and instructions as facts, their versions, the history."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from puente.protection.case_file import FollowUpKind, FollowUpResult, Topic
from puente.protection.case_wording import (
    CHANNELS,
    CLOSURE_REASONS,
    COMPARTMENTS,
    DAYS,
    FOLLOW_UP_KINDS,
    RESULTS,
    RISKS,
    STEPS,
    TOPICS,
    Words,
)
from puente.protection.contact import TIMED, Channel, ContactInstructions, Wording
from puente.protection.opening import ReadEntry
from puente.protection.safety import SafetyPlan
from puente.protection.sealed import Compartment
from puente.web.parts import HistoryDay, HistoryEntry

Facts = list[tuple[Words, Words]]


def describe_plan(plan: SafetyPlan) -> Facts:
    """Return what a safety plan says, line by line; what it leaves open is left out."""
    ready = [str(STEPS[step]) for step in plan.ready]
    return _keep(
        (_("Risk"), RISKS[plan.risk]),
        (_("What threatens, and who"), plan.risks),
        (_("Where the person is safe"), plan.safe_places),
        (_("Where the person must never go"), plan.never_go),
        (_("Who helps, and how to reach them"), plan.safe_person),
        (_("Code word"), plan.code_word),
        (_("What to do if something happens"), plan.what_to_do),
        (_("What stands ready"), "\n".join(ready)),
        (_("Review by"), _write_day(plan.review_on)),
    )


def describe_contact(contact: ContactInstructions) -> Facts:
    """Return what safe-contact instructions say, line by line."""
    allowed = [str(words) for channel, words in CHANNELS.items() if channel in contact.channels]
    days = [str(DAYS[number]) for number in sorted(contact.days)]
    hours = _("%(begins)s to %(ends)s") % {
        "begins": time_format(contact.begins, "TIME_FORMAT"), "ends": time_format(contact.ends, "TIME_FORMAT"),
    }  # fmt: skip
    timed = not TIMED.isdisjoint(contact.channels)
    return _keep(
        (_("What may reach the person"), "\n".join(allowed) or _("Nothing")),
        (_("Number or address that is safe"), contact.number),
        (_("Days"), _("Every day") if len(days) == len(DAYS) else ", ".join(days)) if timed else ("", ""),
        (_("Hours"), hours) if timed else ("", ""),
        (_("Words"), _("Only neutral words") if contact.neutral_only else _("The office may be named")),
        (_("What to say"), contact.say),
        (_("What never to say"), contact.never),
        (_("If somebody else answers"), contact.if_another_answers),
        (_("Valid until"), _write_day(contact.review_on)),
    )


def list_gates(contact: ContactInstructions | None, at: datetime) -> list[tuple[Words, bool]]:
    """Return of each way out of the office whether neutral words may take it at a moment of the office's clock."""
    return [
        (words, contact is not None and contact.allow(Channel(channel), Wording.NEUTRAL, at))
        for channel, words in CHANNELS.items()
    ]


@dataclass(frozen=True)
class Note:
    """A note as it counts now, with what it said before, the latest first."""

    id: UUID
    compartment: Compartment
    words: str
    made_at: datetime
    made_by: UUID
    earlier: tuple[tuple[datetime, str], ...] = ()


def gather_notes(entries: Sequence[ReadEntry]) -> dict[UUID, Note]:
    """Return the notes of an opened case by the id of their last wording; entries stand in the order of writing."""
    notes: dict[UUID, Note] = {}
    for read in entries:
        if read.entry.topic != Topic.NOTE:
            continue
        content = read.entry.content
        before = notes.pop(UUID(content["replaces"]), None) if "replaces" in content else None
        earlier = ((read.made_at, before.words), *before.earlier) if before else ()
        notes[read.entry.id] = Note(
            read.entry.id, read.entry.compartment, content["words"], before.made_at if before else read.made_at,
            read.made_by, earlier,
        )  # fmt: skip
    return notes


def list_history(entries: Sequence[ReadEntry], staff: Mapping[UUID, str], case_id: UUID) -> list[HistoryDay]:
    """Return what was written into a case, day by day, the latest first."""
    notes = gather_notes(entries)
    plans = {read.entry.id: read for read in entries if read.entry.topic == Topic.FOLLOW_UP}
    days: dict[date, list[tuple[datetime, HistoryEntry]]] = defaultdict(list)
    for read in entries:
        told = _tell(read, staff, case_id, notes, plans)
        if told is not None:
            at = notes[read.entry.id].made_at if read.entry.id in notes else read.made_at
            days[timezone.localdate(at)].append((at, told))
    return [
        HistoryDay(
            date_format(day, "DATE_FORMAT"),
            [entry for _at, entry in sorted(told, key=lambda pair: pair[0], reverse=True)],
            day=day,
        )
        for day, told in sorted(days.items(), reverse=True)
    ]


def _tell(
    read: ReadEntry, staff: Mapping[UUID, str], case_id: UUID, notes: Mapping[UUID, Note],
    plans: Mapping[UUID, ReadEntry],
) -> HistoryEntry | None:  # fmt: skip
    topic, at = read.entry.topic, read.made_at
    corrections: list[tuple[Words, Words]] = []
    if topic not in TOPICS:
        return None
    title, icon = TOPICS[topic]
    url = ""
    if topic == Topic.NOTE:
        note = notes.get(read.entry.id)
        if note is None:
            return None
        at = note.made_at
        title = f"{title} · {COMPARTMENTS[note.compartment]}"
        url = reverse("protection:note", args=[case_id, note.id])
        corrections = [(_write_moment(when), words) for when, words in note.earlier]
    return HistoryEntry(
        time_format(timezone.localtime(at), "TIME_FORMAT"), title, icon, _say(read, plans),
        staff.get(read.made_by, ""), url, corrections,
    )  # fmt: skip


def _say(read: ReadEntry, plans: Mapping[UUID, ReadEntry]) -> str:
    """Return what an entry says in a line; the page of its topic tells the rest."""
    topic, content = read.entry.topic, read.entry.content
    if topic == Topic.NOTE:
        return str(content["words"])
    if topic == Topic.SAFETY_PLAN:
        return f"{_('Risk')}: {RISKS[content['risk']]}"
    if topic == Topic.FOLLOW_UP:
        return _say_follow_up(content, plans)
    if topic == Topic.ATTACHMENT:
        return str(content["title"])
    if topic == Topic.CLOSURE:
        return _join(CLOSURE_REASONS[content["reason"]], content["words"])
    return str(content["words"]) if topic == Topic.REOPENING else ""


def _say_follow_up(content: Mapping[str, Any], plans: Mapping[UUID, ReadEntry]) -> str:
    if "follow_up" not in content:
        due = _write_day(date.fromisoformat(content["due_on"]))
        return _join(FOLLOW_UP_KINDS[FollowUpKind(content["kind"])], due, content["words"])
    planned = plans[UUID(content["follow_up"])].entry.content
    return _join(
        FOLLOW_UP_KINDS[FollowUpKind(planned["kind"])], RESULTS[FollowUpResult(content["result"])], content["words"]
    )


def _join(*parts: Words) -> str:
    return " · ".join(str(part) for part in parts if part)


def _keep(*facts: tuple[Words, Words]) -> Facts:
    return [(label, value) for label, value in facts if value]


def _write_day(day: date) -> str:
    return str(date_format(day, "SHORT_DATE_FORMAT"))


def _write_moment(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))
