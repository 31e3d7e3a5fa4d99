"""A screening as its entries tell it: how it was held, each answer with its history, the story, and the readings.

Entries are appended and never changed, so what stands is the latest; what stood before stays readable.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from puente.engines.screening import (
    AgeBasis,
    Answer,
    Effect,
    Indicator,
    IndicatorSet,
    Level,
    Outcome,
    Reading,
    read_answers,
)
from puente.protection.opening import ReadEntry
from puente.protection.screening_content import read_tool

SCREENING = "screening"
SCREENING_READING = "screening_reading"
VULNERABILITY = "vulnerability"
TOPICS = (SCREENING, SCREENING_READING)


class Interpreter(StrEnum):
    """Who interprets; no name is asked."""

    NONE = "none"
    PRESENT = "present"
    REMOTE = "remote"


class ConsentGiver(StrEnum):
    """Who agreed to the interview."""

    PERSON = "person"
    GUARDIAN = "guardian"
    AUTHORITY = "authority"


@dataclass(frozen=True)
class Setting:
    """How a screening is held. `place` is in free words, `language` a code of the list of languages."""

    asked: IndicatorSet
    age_basis: AgeBasis
    place: str
    language: str
    interpreter: Interpreter
    is_private: bool
    consent_by: ConsentGiver
    counts_in_statistics: bool

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "asked": self.asked, "age_basis": self.age_basis, "place": self.place, "language": self.language,
            "interpreter": self.interpreter, "is_private": self.is_private, "consent_by": self.consent_by,
            "counts_in_statistics": self.counts_in_statistics,
        }  # fmt: skip

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Setting":
        """Return what `to_json` made."""
        return cls(
            asked=IndicatorSet(content["asked"]), age_basis=AgeBasis(content["age_basis"]), place=content["place"],
            language=content["language"], interpreter=Interpreter(content["interpreter"]),
            is_private=content["is_private"], consent_by=ConsentGiver(content["consent_by"]),
            counts_in_statistics=content["counts_in_statistics"],
        )  # fmt: skip


@dataclass(frozen=True)
class GivenAnswer:
    """One answer to an indicator; `reason` says why a correction was made."""

    answer: Answer
    at: datetime
    by: UUID
    reason: str = ""


@dataclass(frozen=True)
class Story:
    """The facts beside the indicators: the act, forms of exploitation by law, and IOM's lists (field → values)."""

    act: Answer = Answer.UNKNOWN
    legal_forms: tuple[str, ...] = ()
    picked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "act": self.act,
            "legal_forms": list(self.legal_forms),
            "picked": {name: list(values) for name, values in self.picked.items()},
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Story":
        """Return what `to_json` made."""
        return cls(
            Answer(content["act"]),
            tuple(content["legal_forms"]),
            {name: tuple(values) for name, values in content["picked"].items()},
        )


@dataclass(frozen=True)
class Conclusion:
    """How a screening was read: by the tool and by the officer, who may differ with a reason."""

    tool: Outcome
    officer: Outcome
    reason: str
    answers: Mapping[str, Answer]
    at: datetime
    by: UUID

    @property
    def is_override(self) -> bool:
        """Whether the officer reads it otherwise than the tool."""
        return self.tool is not self.officer


@dataclass
class Screening:
    """One screening of a case."""

    id: UUID
    setting: Setting
    version: str
    digest: str
    handed_over_at: datetime | None
    begun_at: datetime
    begun_by: UUID
    histories: dict[str, list[GivenAnswer]] = field(default_factory=dict)
    story: Story | None = None
    conclusions: list[Conclusion] = field(default_factory=list)

    @property
    def answers(self) -> dict[str, Answer]:
        """The latest answer to each indicator that was asked."""
        return {name: history[-1].answer for name, history in self.histories.items()}

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The indicators that are asked, of the version with which the screening began."""
        return read_tool(self.version).sets[self.setting.asked]

    @property
    def time_to_respond(self) -> timedelta | None:
        """How long after the hand-over the screening began; None where nobody handed the person over."""
        return None if self.handed_over_at is None else self.begun_at - self.handed_over_at

    @property
    def conclusion(self) -> Conclusion | None:
        """The latest conclusion."""
        return self.conclusions[-1] if self.conclusions else None

    @property
    def is_outdated(self) -> bool:
        """Whether answers were corrected after the latest conclusion."""
        return self.conclusion is not None and self.conclusion.answers != self.answers

    def read(self) -> Reading:
        """Return the reading of the answers as they stand."""
        act = self.story.act if self.story else Answer.UNKNOWN
        return read_answers(self.indicators, self.answers, is_child=self.setting.age_basis.is_child, act=act)


def gather_screenings(entries: Iterable[ReadEntry]) -> list[Screening]:
    """Return the screenings that a case's entries tell, the latest first.

    Args:
        entries: the oldest first; those of other topics are left aside.
    """
    found: dict[UUID, Screening] = {}
    for read in entries:
        if read.entry.topic == SCREENING and read.entry.content["kind"] == "begun":
            found[read.entry.id] = _begin(read)
        elif read.entry.topic in TOPICS:
            _continue(found[UUID(read.entry.content["screening"])], read)
    return list(found.values())[::-1]


def _begin(read: ReadEntry) -> Screening:
    content = read.entry.content
    handed_over = content["handed_over_at"]
    return Screening(
        id=read.entry.id,
        setting=Setting.from_json(content["setting"]),
        version=content["version"],
        digest=content["digest"],
        handed_over_at=datetime.fromisoformat(handed_over) if handed_over else None,
        begun_at=read.made_at,
        begun_by=read.made_by,
    )


def _continue(screening: Screening, read: ReadEntry) -> None:
    content = read.entry.content
    if read.entry.topic == SCREENING_READING:
        answers = {name: Answer(answer) for name, answer in content["answers"].items()}
        screening.conclusions.append(
            Conclusion(
                Outcome(content["tool"]["outcome"]), Outcome(content["officer"]), content["reason"], answers,
                read.made_at, read.made_by,
            )
        )  # fmt: skip
    elif content["kind"] == "story":
        screening.story = Story.from_json(content["story"])
    else:
        for name, answer in content["answers"].items():
            given = GivenAnswer(Answer(answer), read.made_at, read.made_by, content["reason"])
            screening.histories.setdefault(name, []).append(given)


@dataclass(frozen=True)
class FactorNote:
    """One determinant of vulnerability as recorded. `factor` is a code of the list, or words of one's own."""

    level: Level
    factor: str
    effect: Effect
    evidence: str
    action: str

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "level": self.level, "factor": self.factor, "effect": self.effect, "evidence": self.evidence,
            "action": self.action,
        }  # fmt: skip


@dataclass(frozen=True)
class RecordedFactor:
    """A recorded factor as it stands, with the wordings that it replaced, the oldest first."""

    id: UUID
    note: FactorNote
    at: datetime
    by: UUID
    earlier: tuple["RecordedFactor", ...] = ()


def gather_factors(entries: Iterable[ReadEntry]) -> list[RecordedFactor]:
    """Return the determinants of vulnerability that stand in a case, the latest last.

    Args:
        entries: the oldest first; those of other topics are left aside.
    """
    found: dict[UUID, RecordedFactor] = {}
    for read in entries:
        if read.entry.topic != VULNERABILITY:
            continue
        content = dict(read.entry.content)
        replaced = content.pop("replaces")
        note = FactorNote(
            Level(content["level"]), content["factor"], Effect(content["effect"]), content["evidence"],
            content["action"],
        )  # fmt: skip
        before = found.pop(UUID(replaced)) if replaced else None
        earlier = (*before.earlier, before) if before else ()
        found[read.entry.id] = RecordedFactor(read.entry.id, note, read.made_at, read.made_by, earlier)
    return list(found.values())
