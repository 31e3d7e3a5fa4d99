"""Whether somebody is asked as a child: below 18, or in doubt."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

from puente.engines.identity.birth import PartialDate, Precision

ADULT_AGE = 18
#: How far a year that an officer guessed may be off.
GUESS_YEARS = 2


class AgeBasis(StrEnum):
    """What is known of the age. In doubt somebody is taken for a child."""

    ADULT = "adult"
    CHILD = "child"
    IN_DOUBT = "in_doubt"

    @property
    def is_child(self) -> bool:
        """Whether the person is asked as a child."""
        return self is not AgeBasis.ADULT


def judge_age(birth: PartialDate | None, today: date) -> AgeBasis:
    """Return what a birth date says of the age today; in doubt where its known parts do not settle it."""
    if birth is None:
        return AgeBasis.IN_DOUBT
    slack = GUESS_YEARS if birth.precision is Precision.ESTIMATED else 0
    if today >= _find_birthday(birth.year + ADULT_AGE + slack, birth.month or 12, birth.day):
        return AgeBasis.ADULT
    if today < _find_birthday(birth.year + ADULT_AGE - slack, birth.month or 1, birth.day or 1):
        return AgeBasis.CHILD
    return AgeBasis.IN_DOUBT


def _find_birthday(year: int, month: int, day: int | None) -> date:
    """Return a birthday; the last day of the month where the day is unknown, or where the year has no such day."""
    last = monthrange(year, month)[1]
    return date(year, month, min(day or last, last))
