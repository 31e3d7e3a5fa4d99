"""Birth dates as people know them: to the day, to the month, to the year, or guessed from the looks."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Self

EARLIEST_YEAR = 1890


class Precision(StrEnum):
    """How much of a birth date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A birth date of which the month and the day may be unknown.

    `precision` says what `month` and `day` may hold: both for DAY, the month alone for MONTH, neither for
    YEAR and ESTIMATED (a year guessed by the officer). Raises ValueError when the parts contradict it or
    name no day of the calendar.
    """

    year: int
    month: int | None
    day: int | None
    precision: Precision

    def __post_init__(self) -> None:
        if not EARLIEST_YEAR <= self.year <= 9999:
            raise ValueError("birth year out of range")
        if (self.month is None) != (self.precision in (Precision.YEAR, Precision.ESTIMATED)):
            raise ValueError("month does not fit the precision")
        if (self.day is None) != (self.precision is not Precision.DAY):
            raise ValueError("day does not fit the precision")
        if self.month is not None and not 1 <= self.month <= 12:
            raise ValueError("month out of range")
        if self.month and self.day is not None and not 1 <= self.day <= monthrange(self.year, self.month)[1]:
            raise ValueError("day out of range")

    @classmethod
    def from_date(cls, day: date) -> Self:
        """The date known to the day."""
        return cls(day.year, day.month, day.day, Precision.DAY)

    @classmethod
    def from_parts(
        cls, year: int, month: int | None = None, day: int | None = None, *, estimated: bool = False
    ) -> Self:
        """The date with the precision that its known parts give; `estimated` is for a year alone."""
        if day is not None:
            return cls(year, month, day, Precision.DAY)
        if month is not None:
            return cls(year, month, None, Precision.MONTH)
        return cls(year, None, None, Precision.ESTIMATED if estimated else Precision.YEAR)

    @classmethod
    def from_iso(cls, text: str, *, estimated: bool = False) -> Self:
        """Read "1992", "1992-03" or "1992-03-14"; raises ValueError for anything else."""
        return cls.from_parts(*(int(part) for part in text.split("-", 2)), estimated=estimated)

    def isoformat(self) -> str:
        """The known parts: "1992-03-14", "1992-03" or "1992"."""
        known = [f"{self.year:04d}"] + [f"{part:02d}" for part in (self.month, self.day) if part is not None]
        return "-".join(known)

    @property
    def is_first_of_january(self) -> bool:
        """True for 1 January, the day that registries write when nobody knew it."""
        return self.month == 1 and self.day == 1

    def could_be(self, other: PartialDate) -> bool:
        """True when no part known on both sides differs (an estimated year agrees within two years)."""
        slack = 2 if Precision.ESTIMATED in (self.precision, other.precision) else 0
        return (
            abs(self.year - other.year) <= slack
            and (self.month is None or other.month is None or self.month == other.month)
            and (self.day is None or other.day is None or self.day == other.day)
        )
