"""The safety plan of a protected person: what the officer and the person agreed on, as one sealed entry."""

from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self


class Risk(StrEnum):
    """How near harm is, as the officer reads it (CPIMS+: high, medium, low)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Step(StrEnum):
    """What of the plan stands ready."""

    SAFE_PLACE = "safe_place"
    CODE_WORD = "code_word"
    NEW_PHONE = "new_phone"
    COMPANION = "companion"
    PAPERS = "papers"
    MONEY = "money"


@dataclass(frozen=True)
class SafetyPlan:
    """A safety plan: risks, where somebody is safe and must never go, who helps, what to do if something happens."""

    risk: Risk
    risks: str
    review_on: date
    safe_places: str = ""
    never_go: str = ""
    safe_person: str = ""
    code_word: str = ""
    what_to_do: str = ""
    ready: tuple[Step, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self) | {"review_on": self.review_on.isoformat()}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the plan of what `to_json` made."""
        return cls(
            **content
            | {
                "risk": Risk(content["risk"]),
                "review_on": date.fromisoformat(content["review_on"]),
                "ready": tuple(map(Step, content["ready"])),
            }
        )
