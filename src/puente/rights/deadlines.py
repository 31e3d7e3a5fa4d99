"""Working days: when a request must be answered and carried out. No database here."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5


def is_working_day(day: date, holidays: Collection[date]) -> bool:
    """Tell whether an office works on a day: no Saturday, no Sunday, no holiday."""
    return day.weekday() < SATURDAY and day not in holidays


def add_working_days(start: date, days: int, holidays: Collection[date]) -> date:
    """Return the last day of a term of so many working days, counted from the working day after `start`.

    Args:
        start: the day the request came in, or was decided; it does not count itself.
        days: at least 1.

    Raises:
        ValueError: for fewer than one day.
    """
    if days < 1:
        raise ValueError("A term has at least one day.")
    day = start
    left = days
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day, holidays)
    return day


def count_working_days(first: date, last: date, holidays: Collection[date]) -> int:
    """Return how many working days lie after `first` up to `last`; negative where `last` came before."""
    if last < first:
        return -count_working_days(last, first, holidays)
    days = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
    return sum(is_working_day(day, holidays) for day in days)
