"""Rows of files and objects of settings, which name themselves in every complaint."""

import csv
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from puente.engines.reach.instance import MINUTES_A_DAY, InstanceProblem

T = TypeVar("T")
WEEK = "MTWTFSS"
NO_LIMIT = 10**6
KNOWN = {
    "campaign.json": {
        "sites", "audiences", "phases", "budget", "site_phase_budgets", "blackouts", "earliest", "latest", "goals",
        "slack", "fairness",
    },
    "sites": {"id", "population", "shape", "ceiling", "budget", "floor", "languages"},
    "audiences": {"id", "weight"},
    "phases": {"id", "first", "last", "budget"},
    "site_phase_budgets": {"site", "phase", "budget"},
    "blackouts": {"first", "last", "site", "outlet"},
    "outlets.csv": {"id", "site", "spots_per_day", "free_quota", "earliest", "latest", "credit"},
    "programmes.csv": {"id", "outlet", "weekdays", "start", "price", "spots_per_day", "spots_total"},
    "rates.csv": {"outlet", "spots", "discount"},
    "materials.csv": {"id", "language", "seconds", "share", "first", "last", "earliest"},
    "fixed.csv": {"programme", "date", "spots", "free"},
}  # fmt: skip


class Row:
    """A row of a file or an object of the settings, which names itself in every complaint."""

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self.where = where
        self.values = values

    def read(self, name: str, convert: Callable[[str], T], default: T | None = None, *, optional: bool = False) -> T:
        """Return a converted value; a missing one is the default where one is given or the value is optional."""
        text = self.values.get(name)
        if text is None or text == "":
            if default is not None or optional:
                return default  # type: ignore[return-value]
            raise InstanceProblem(f"{self.where}: “{name}” is missing.")
        try:
            return convert(str(text).strip())
        except (ValueError, InvalidOperation, KeyError) as problem:
            raise InstanceProblem(f"{self.where}: “{name}” cannot be “{text}” ({problem}).") from None


def read_rows(file: Path, *, optional: bool = False, more: Iterable[str] = ()) -> list[Row]:
    """Read a CSV file. more: columns beyond the known ones, which must be there."""
    if not file.is_file():
        if optional:
            return []
        raise InstanceProblem(f"{file.name} is missing.")
    try:
        with file.open(newline="", encoding="utf-8-sig") as stream:
            reader = csv.DictReader(stream)
            rows = list(enumerate(reader, start=2))
            names = list(reader.fieldnames or [])
    except (UnicodeDecodeError, csv.Error) as problem:
        raise InstanceProblem(f"{file.name} is not readable as CSV in UTF-8: {problem}.") from None
    refuse_unknown(f"{file.name}, header", names, KNOWN[file.name] | set(more))
    missing = [name for name in more if name not in names]
    if missing:
        raise InstanceProblem(f"{file.name}: the column “{missing[0]}” is missing.")
    for number, row in rows:
        if None in row:
            raise InstanceProblem(f"{file.name}, row {number}: there are more cells than in the header.")
    return [Row(f"{file.name}, row {number}", row) for number, row in rows]


def refuse_unknown(where: str, names: Iterable[str | None], known: set[str]) -> None:
    """Raise InstanceProblem for a name nobody reads: a slip of the pen would otherwise change a plan in silence."""
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InstanceProblem(f"{where}: “{unknown[0]}” is not known. Known: {', '.join(sorted(known))}.")


def list_objects(settings: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return a list of objects of the settings, each with known keys alone."""
    rows = settings.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InstanceProblem(f"campaign.json: “{name}” must be a list of objects.")
    for number, row in enumerate(rows, start=1):
        refuse_unknown(f"campaign.json, {name} {number}", row, KNOWN[name])
    return rows


def rows_of(settings: dict[str, Any], name: str) -> list[Row]:
    """Return the objects of a list of the settings as rows."""
    return [
        Row(f"campaign.json, {name} {number}", row) for number, row in enumerate(list_objects(settings, name), start=1)
    ]


def index_of(ids: list[str], where: str) -> dict[str, int]:
    """Return id → position; raises InstanceProblem where there is none, or one twice."""
    index = {name: position for position, name in enumerate(ids)}
    if not ids:
        raise InstanceProblem(f"{where}: there is no row.")
    if len(index) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise InstanceProblem(f"{where}: “{twice}” stands there twice.")
    return index


def read_cents(text: str) -> int:
    """Read an amount in currency units as cents."""
    amount = Decimal(text) * 100
    if not amount.is_finite() or amount < 0 or amount != int(amount):
        raise ValueError("an amount with at most two decimals, 0 or more")
    return int(amount)


def read_minutes(text: str) -> int:
    """Read a time of day as minutes after midnight."""
    hours, minutes = text.split(":")
    total = int(hours) * 60 + int(minutes)
    if not 0 <= total <= MINUTES_A_DAY or not 0 <= int(minutes) < 60:
        raise ValueError("a time of day as 21:30")
    return total


def read_count(text: str) -> int:
    """Read a whole number, 0 or more."""
    number = int(text)
    if number < 0:
        raise ValueError("a whole number, 0 or more")
    return number


def read_share(text: str) -> float:
    """Read a share from 0 to below 1."""
    number = float(text)
    if not 0 <= number < 1:
        raise ValueError("a share from 0 to below 1")
    return number


def read_positive(text: str) -> float:
    """Read a positive number."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("a positive number")
    return number


def read_yes(text: str) -> bool:
    """Read yes or no."""
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]


def read_weekdays(text: str) -> tuple[bool, ...]:
    """Read seven characters, Monday first: a letter where the programme runs, a hyphen where not: MTWTF--."""
    if len(text) != len(WEEK) or any(own not in (day, "-") for own, day in zip(text.upper(), WEEK, strict=True)):
        raise ValueError("seven characters, Monday first, as MTWTF--")
    return tuple(letter != "-" for letter in text)
