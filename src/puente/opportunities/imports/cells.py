"""Cells of a table as numbers, days, hours and answers. Each reader raises ValueError for what it cannot read."""

import re
from datetime import date, datetime, time
from functools import lru_cache

_NUMBER = re.compile(r"(?:(?<![\w)])-)?\d[\d.,]*")
_THOUSANDS = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")
_YES = frozenset({"1", "si", "sí", "s", "x", "yes", "y", "true", "verdadero", "oui", "vrai"})
_NO = frozenset({"", "0", "no", "n", "false", "falso", "non", "faux"})
_NUMERIC_DATE = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:\s.*)?")

#: The same few wages, hours and answers stand in most rows of a board.
MOST_REMEMBERED = 4096

NIGHT_BEGINS, NIGHT_ENDS = 20 * 60, 6 * 60
NIGHT_SHIFT_MINUTES = 3.5 * 60
LONGEST_SHIFT_HOURS = 16


@lru_cache(maxsize=MOST_REMEMBERED)
def read_number(cell: str) -> float:
    """Read '$12,400.50', '12 400', '12.400,50' or '8000 pesos'; a range such as '8000 a 9000' is refused."""
    numbers = _NUMBER.findall(_THOUSANDS.sub("", cell))
    if len(numbers) != 1:
        raise ValueError(cell)
    text = numbers[0].rstrip(".,")
    point, comma = text.rfind("."), text.rfind(",")
    if comma > point:
        # A comma is a decimal mark only where it cannot part thousands.
        decimal = len(text) - comma - 1 != 3 or point != -1
        text = text.replace(".", "").replace(",", "." if decimal else "")
    else:
        text = text.replace(",", "")
    return float(text)


def read_whole(cell: str) -> int:
    """Read a whole number that is not negative."""
    number = read_number(cell)
    if number < 0 or number != int(number):
        raise ValueError(cell)
    return int(number)


@lru_cache(maxsize=MOST_REMEMBERED)
def read_day(cell: str) -> date:
    """Read 2018-08-01 (with or without an hour) or 01/08/2018, the day first as in Mexico."""
    if len(cell) >= 10 and cell[4] == "-":
        return date.fromisoformat(cell[:10])
    if match := _NUMERIC_DATE.fullmatch(cell.strip()):
        day, month, year = map(int, match.groups())
        return date(year, month, day)
    return datetime.fromisoformat(cell).date()


@lru_cache(maxsize=MOST_REMEMBERED)
def read_hour(cell: str) -> time:
    """Read 8:30, 08:30:00, 830, 8 or 2400 (midnight)."""
    text = cell.strip()
    if ":" in text:
        parts = text.split(":")
        hour, minute = int(parts[0]), int(parts[1][:2])
    else:
        number = read_whole(text)
        hour, minute = (number, 0) if number <= 24 else divmod(number, 100)
    return time(0 if hour == 24 and minute == 0 else hour, minute)


@lru_cache(maxsize=MOST_REMEMBERED)
def read_answer(cell: str) -> bool:
    """Read yes or no in Spanish, English, French or figures; an empty cell is no."""
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(cell)


def is_night_shift(starts_at: time, ends_at: time) -> bool:
    """Tell whether a shift has three and a half hours or more between 20:00 and 6:00.

    Ley Federal del Trabajo, article 60: from there on a mixed shift counts as a night shift.
    """
    start = starts_at.hour * 60 + starts_at.minute
    end = ends_at.hour * 60 + ends_at.minute
    if end <= start:
        end += 24 * 60
    nights = (
        (NIGHT_BEGINS - 24 * 60, NIGHT_ENDS),
        (NIGHT_BEGINS, NIGHT_ENDS + 24 * 60),
        (NIGHT_BEGINS + 24 * 60, 72 * 60),
    )
    return sum(max(0, min(end, till) - max(start, since)) for since, till in nights) >= NIGHT_SHIFT_MINUTES
