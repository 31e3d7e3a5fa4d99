"""Factors of the Determinants of Migrant Vulnerability (IOM): what makes somebody more, or less, open to harm.

They are recorded and never counted: the model has no score.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from puente.engines.screening.indicators import InvalidContent, Status, Text, find_gaps, read_text


class Level(StrEnum):
    """Where a factor lies."""

    INDIVIDUAL = "individual"
    HOUSEHOLD = "household"
    COMMUNITY = "community"
    STRUCTURAL = "structural"


class Effect(StrEnum):
    """Which way a factor works for this person."""

    RISK = "risk"
    PROTECTIVE = "protective"


@dataclass(frozen=True)
class Factor:
    """One factor of the list."""

    code: str
    level: Level
    label: Text
    status: Status


def read_factors(rows: Iterable[Mapping[str, str]]) -> tuple[Factor, ...]:
    """Return the factors of a content file, in its order.

    Args:
        rows: column → text, with the columns code, level, label_es, label_en, label_fr and status.

    Raises:
        InvalidContent: with every problem: a repeated code, an unknown level or status, an empty text.
    """
    problems: list[str] = []
    factors: list[Factor] = []
    for number, row in enumerate(rows, start=2):
        flaws = [f"{column} is empty" for column in find_gaps(row, "label")]
        for column, kind in (("level", Level), ("status", Status)):
            if row[column] not in list(kind):
                flaws.append(f"{column} is “{row[column]}”, it must be one of {', '.join(kind)}")
        if flaws:
            problems += [f"line {number}: {flaw}" for flaw in flaws]
            continue
        factors.append(Factor(row["code"], Level(row["level"]), read_text(row, "label"), Status(row["status"])))
    times = Counter(factor.code for factor in factors)
    problems += [f"{code} stands there {count} times" for code, count in times.items() if count > 1]
    if problems:
        raise InvalidContent(problems)
    return tuple(factors)
