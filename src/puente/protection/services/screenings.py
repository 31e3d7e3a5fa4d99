"""Screening somebody in an opened case. Everything is an entry of the testimony: sealed, appended, never changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.engines.screening import Answer, Outcome, Reading
from puente.engines.screening.htcds import PICKED
from puente.platform.policy import Actor, NotAllowed
from puente.protection.models import Handover
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_HANDOVERS, WRITE_CASE
from puente.protection.screening_content import current_tool, factors, htcds_values
from puente.protection.screenings import (
    SCREENING,
    SCREENING_READING,
    VULNERABILITY,
    ConsentGiver,
    FactorNote,
    Screening,
    Setting,
    Story,
    gather_factors,
    gather_screenings,
)
from puente.protection.sealed import Compartment
from puente.protection.services.cases import write_entry


class InvalidScreening(Exception):
    """Something about a screening cannot be written: which part of the form, and what to do."""

    def __init__(self, part: str, message: str | Promise) -> None:
        super().__init__(part)
        self.part = part
        self.message = message


@transaction.atomic
def begin_screening(*, actor: Actor, opened: OpenedCase, setting: Setting, now: datetime) -> UUID:
    """Begin a screening with the newest indicators and return its id.

    The time of the last hand-over of the person is kept with it: from there the time to respond counts.

    Raises:
        NotAllowed: where the actor may not write into the case, or opened it for another purpose.
        InvalidScreening: where an adult's consent was given by somebody else.
    """
    if not setting.age_basis.is_child and setting.consent_by is not ConsentGiver.PERSON:
        raise InvalidScreening("consent_by", _("An adult decides alone: choose “The person”, or do not begin"))
    if setting.age_basis.is_child != setting.asked.is_for_children:
        raise InvalidScreening("age_basis", _("Choose the questions that fit the age"))
    handover = (
        Handover.objects.visible_to(actor, VIEW_HANDOVERS)
        .filter(person_id=opened.case.person_id, sent_at__lte=now)
        .order_by("-sent_at")
        .first()
    )
    tool = current_tool()
    content = {
        "kind": "begun",
        "setting": setting.to_json(),
        "version": tool.version,
        "digest": tool.digest,
        "handed_over_at": handover.sent_at.isoformat() if handover else None,
    }
    return _write(actor, opened, SCREENING, content, now)


@transaction.atomic
def answer_indicators(
    *, actor: Actor, opened: OpenedCase, screening_id: UUID, answers: Mapping[str, Answer], now: datetime
) -> None:
    """Note what was found of some indicators; an answer that says nothing new is not written again.

    Raises:
        NotAllowed: also where the case holds no such screening.
        InvalidScreening: where the screening was read already (`correct_answer`), or has no such indicator.
    """
    screening = _find(opened, screening_id)
    if screening.conclusion is not None:
        raise InvalidScreening("", _("This screening was read. Correct its answers one by one, with the reason"))
    _check_indicators(screening, answers)
    new = {name: answer for name, answer in answers.items() if screening.answers.get(name) != answer}
    if new:
        _write_answers(actor, opened, screening_id, new, "", now)


@transaction.atomic
def correct_answer(
    *,
    actor: Actor,
    opened: OpenedCase,
    screening_id: UUID,
    indicator: str,
    answer: Answer,
    reason: str,
    now: datetime,
) -> None:
    """Correct one answer; the earlier one stays in the history.

    Raises:
        NotAllowed: also where the case holds no such screening.
        InvalidScreening: without a reason, or where the screening has no such indicator.
    """
    screening = _find(opened, screening_id)
    _check_indicators(screening, {indicator: answer})
    if not reason.strip():
        raise InvalidScreening("reason", _("Write why, in a few words"))
    _write_answers(actor, opened, screening_id, {indicator: answer}, reason.strip(), now)


@transaction.atomic
def tell_story(*, actor: Actor, opened: OpenedCase, screening_id: UUID, story: Story, now: datetime) -> None:
    """Note the act, the forms of exploitation and the facts of IOM's standard.

    Raises:
        NotAllowed: also where the case holds no such screening.
        InvalidScreening: where a value is not in the standard's list.
    """
    screening = _find(opened, screening_id)
    for name, values in story.picked.items():
        if name not in PICKED or not set(values) <= set(htcds_values()[name]):
            raise InvalidScreening(name, _("Choose from the list"))
    if story != screening.story:
        content = {"kind": "story", "screening": str(screening_id), "story": story.to_json()}
        _write(actor, opened, SCREENING, content, now)


@transaction.atomic
def conclude_screening(
    *, actor: Actor, opened: OpenedCase, screening_id: UUID, outcome: Outcome, reason: str, now: datetime
) -> Reading:
    """Read a screening: the tool's reading is kept beside the officer's own. May be done again after corrections.

    Args:
        outcome: how the officer reads it.
        reason: in words; needed where it differs from the tool's.

    Raises:
        NotAllowed: also where the case holds no such screening.
        InvalidScreening: where nothing was asked, or a reason is missing.
    """
    screening = _find(opened, screening_id)
    if not screening.answers:
        raise InvalidScreening("outcome", _("Note at least one indicator before you read the screening"))
    reading = screening.read()
    if outcome is not reading.outcome and not reason.strip():
        raise InvalidScreening("reason", _("You read it otherwise than the tool: write why"))
    content = {
        "screening": str(screening_id),
        "version": screening.version,
        "digest": screening.digest,
        "answers": screening.answers,
        "tool": _summarise(reading),
        "officer": outcome,
        "reason": reason.strip(),
    }
    _write(actor, opened, SCREENING_READING, content, now)
    return reading


@transaction.atomic
def record_factor(
    *, actor: Actor, opened: OpenedCase, note: FactorNote, replaces: UUID | None = None, now: datetime
) -> UUID:
    """Record a determinant of vulnerability, or correct one, and return its id.

    Args:
        replaces: the recorded factor that this one corrects; it stays in the history.

    Raises:
        NotAllowed: also where the case holds no factor to replace.
        InvalidScreening: where factor or evidence is missing, or the factor belongs to another level.
    """
    if not note.factor.strip():
        raise InvalidScreening("factor", _("Choose the factor, or write it"))
    if not note.evidence.strip():
        raise InvalidScreening("evidence", _("Write what you saw or heard"))
    listed = factors().get(note.factor)
    if listed is not None and listed.level is not note.level:
        raise InvalidScreening("factor", _("This factor belongs to another level"))
    standing = {recorded.id for recorded in gather_factors(read_entries(opened, VULNERABILITY))}
    if replaces is not None and replaces not in standing:
        raise NotAllowed(WRITE_CASE.name)
    content = note.to_json() | {"replaces": str(replaces) if replaces else None}
    return _write(actor, opened, VULNERABILITY, content, now)


def _find(opened: OpenedCase, screening_id: UUID) -> Screening:
    found = gather_screenings(read_entries(opened, SCREENING, SCREENING_READING))
    screening = next((each for each in found if each.id == screening_id), None)
    if screening is None:
        raise NotAllowed(WRITE_CASE.name)
    return screening


def _check_indicators(screening: Screening, answers: Mapping[str, Answer]) -> None:
    strangers = set(answers) - {indicator.id for indicator in screening.indicators}
    if strangers:
        raise InvalidScreening("", _("These questions do not belong to this screening"))


def _write_answers(
    actor: Actor, opened: OpenedCase, screening_id: UUID, answers: Mapping[str, Answer], reason: str, now: datetime
) -> None:
    content = {"kind": "answers", "screening": str(screening_id), "answers": dict(answers), "reason": reason}
    _write(actor, opened, SCREENING, content, now)


def _write(actor: Actor, opened: OpenedCase, topic: str, content: Mapping[str, Any], now: datetime) -> UUID:
    return write_entry(
        actor=actor, opened=opened, compartment=Compartment.TESTIMONY, topic=topic, content=content, now=now
    )


def _summarise(reading: Reading) -> dict[str, Any]:
    return {
        "outcome": reading.outcome,
        "basis": reading.basis,
        "at_most": reading.at_most,
        "dimensions": {
            each.dimension: {"clause": each.clause, "decided_by": each.decided_by, "found": each.found}
            for each in reading.dimensions
        },
        "unknown": reading.unknown,
        "not_asked": reading.not_asked,
    }
