"""Ages from birth dates of which perhaps only the year is known."""

from datetime import date

from puente.engines.identity.birth import PartialDate, Precision

AGE_OF_MAJORITY = 18
#: How far an estimated year may be off.
ESTIMATION_YEARS = 2


def find_age_range(birth: PartialDate, on: date) -> tuple[int, int]:
    """Return the youngest and the oldest age in whole years that a birth date allows on a day.

    An estimated year counts two years more to either side. Never below 0.
    """
    slack = ESTIMATION_YEARS if birth.precision is Precision.ESTIMATED else 0
    today = (on.month, on.day)
    latest = (birth.month or 12, birth.day or 31)
    earliest = (birth.month or 1, birth.day or 1)
    youngest = on.year - birth.year - (today < latest) - slack
    oldest = on.year - birth.year - (today < earliest) + slack
    return max(youngest, 0), max(oldest, 0)


def may_be_minor(birth: PartialDate | None, on: date) -> bool:
    """Tell whether a person may be under 18: in doubt they are treated as a child (LGDNNA, art. 5)."""
    return birth is not None and find_age_range(birth, on)[0] < AGE_OF_MAJORITY


def is_surely_minor(birth: PartialDate | None, on: date) -> bool:
    """Tell whether a person is under 18 whatever the unknown parts of the date are."""
    return birth is not None and find_age_range(birth, on)[1] < AGE_OF_MAJORITY
