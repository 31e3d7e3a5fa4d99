"""Booked spots and aired ones, on one clock; and the ways in which stations write down the time of day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Status(StrEnum):
    """What became of a booked spot, or what an aired one is."""

    AIRED = "aired"
    MOVED = "moved"
    WRONG_MATERIAL = "wrong_material"
    TRUNCATED = "truncated"
    MISSED = "missed"
    NO_LOG = "no_log"
    DUPLICATE = "duplicate"
    UNBOOKED = "unbooked"


@dataclass(frozen=True)
class Booked:
    """A booked spot. start: an instant (aware). minutes: how long its programme lasts from then; 0 for a fixed time."""

    id: str
    outlet: str
    start: datetime
    material: str
    seconds: int
    minutes: int = 0


@dataclass(frozen=True)
class Aired:
    """A line of an airing log. start: an instant (aware). What the log does not say is None."""

    id: str
    outlet: str
    start: datetime
    material: str | None = None
    seconds: int | None = None


@dataclass(frozen=True)
class Finding:
    """What became of one booking or of one aired spot. minutes: late (+) or early (−) by the booking's clock."""

    status: Status
    booked: str | None
    aired: str | None
    minutes: float | None = None


def read_clock(day: date, text: str) -> datetime:
    """Return the local time, without zone, of a log's clock: 07:30, 07:30:15, or 25:10 for ten past one the next day.

    Raises:
        ValueError: anything else.
    """
    parts = text.strip().split(":")
    if len(parts) not in (2, 3) or not all(part.isdigit() for part in parts):
        raise ValueError(f"“{text}” is not a time of day; write 07:30 or 07:30:15.")
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    if hours > 29 or minutes > 59 or seconds > 59:
        raise ValueError(f"“{text}” is not a time of day; a broadcast day ends at 29:59 at the latest.")
    return datetime.combine(day, time()) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def to_instants(local: Sequence[datetime], zone: str) -> list[datetime]:
    """Return the instants of local times in the order in which a log lists them.

    Where the clock is set back, an hour happens twice. A log runs forward, so a time that is earlier than the line
    before it belongs to the second hour; the rest to the first.
    """
    place = ZoneInfo(zone)
    instants: list[datetime] = []
    for moment in local:
        first = moment.replace(tzinfo=place, fold=0).astimezone(UTC)
        second = moment.replace(tzinfo=place, fold=1).astimezone(UTC)
        # In the hour that is left out in spring the two differ as well, the other way round.
        repeated = second > first
        instants.append(second if repeated and instants and first < instants[-1] else first)
    return instants
