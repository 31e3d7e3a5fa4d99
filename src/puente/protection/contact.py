"""Safe-contact instructions: how a protected person may be reached, and the rule that reads them.

In doubt nothing goes out: what the instructions do not name is not allowed.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, Self
from zoneinfo import ZoneInfo


class Channel(StrEnum):
    """A way in which something of a person leaves the office."""

    CALL = "call"
    MESSAGE = "message"
    MAIL = "mail"
    VISIT = "visit"
    PAPER = "paper"
    EMPLOYER = "employer"


#: What reaches somebody at a moment: only on the days and hours agreed.
TIMED = frozenset({Channel.CALL, Channel.MESSAGE, Channel.VISIT})


class Wording(StrEnum):
    """What a message gives away to whoever else reads or hears it."""

    #: Names neither the office nor why it writes.
    NEUTRAL = "neutral"
    #: Names the office, its services or the return.
    OPEN = "open"


@dataclass(frozen=True)
class ContactInstructions:
    """How a protected person may be reached; `days` count from Monday, 0 to 6."""

    channels: frozenset[Channel]
    review_on: date
    days: frozenset[int] = frozenset(range(7))
    begins: time = time(0)
    ends: time = time(23, 59)
    number: str = ""
    neutral_only: bool = True
    say: str = ""
    never: str = ""
    if_another_answers: str = ""

    def allow(self, channel: Channel, wording: Wording, at: datetime) -> bool:
        """Tell whether something may go out.

        Args:
            at: a moment in the time zone of the office.
        """
        if channel not in self.channels or (self.neutral_only and wording is not Wording.NEUTRAL):
            return False
        if at.date() > self.review_on:
            return False
        return channel not in TIMED or (at.weekday() in self.days and self.begins <= at.time() <= self.ends)

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self) | {
            "channels": sorted(self.channels),
            "days": sorted(self.days),
            "begins": self.begins.isoformat("minutes"),
            "ends": self.ends.isoformat("minutes"),
            "review_on": self.review_on.isoformat(),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the instructions of what `to_json` made."""
        return cls(
            **content
            | {
                "channels": frozenset(map(Channel, content["channels"])),
                "days": frozenset(content["days"]),
                "begins": time.fromisoformat(content["begins"]),
                "ends": time.fromisoformat(content["ends"]),
                "review_on": date.fromisoformat(content["review_on"]),
            }
        )


def local_time(now: datetime, zone: str) -> datetime:
    """Return a moment as the clock of an office shows it."""
    return now.astimezone(ZoneInfo(zone))
