"""Circuit children: a child whom others send over the border again and again, and who is returned each time.

A child who is used so is a possible victim, never a smuggler. What comes out is a prompt to child protection with its
reasons: a question to ask, never a finding about a child. How often, how near and how short stands in a content file
(`read_thresholds`), because no published source sets these numbers; they are defaults for an office to check.

Source of the signs: the accounts of Ciudad Juárez of children who live at the border, cross without papers again and
again and are returned within days (docs/subsystems/children.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from puente.engines.screening.indicators import InvalidContent


@dataclass(frozen=True)
class Thresholds:
    """When a prompt is raised.

    period_days: how far back returns count, from the day of the latest one.
    fewest_returns: how many returns within that period make them "again and again".
    short_stay_days: how many days in the US at most count as a short stay.
    fewest_short_stays: how many short stays within the period count as a sign.
    fewest_other_signs: how many of "lives at the border" and "short stays" must stand beside the repeated returns.
    """

    period_days: int
    fewest_returns: int
    short_stay_days: int
    fewest_short_stays: int
    fewest_other_signs: int


@dataclass(frozen=True)
class Return:
    """One return of one person, as far as it is known.

    is_child: under 18 on that day; in doubt True, since in doubt somebody counts as a child.
    lives_at_border: whether they live in a municipality of the border; None where it is not known.
    longest_stay_days: how many days they can have been in the US at most; None where nobody knows.
    """

    on: date
    is_child: bool
    lives_at_border: bool | None = None
    longest_stay_days: int | None = None


class Sign(StrEnum):
    """What speaks for asking."""

    RETURNED_AGAIN = "returned_again"
    LIVES_AT_BORDER = "lives_at_border"
    SHORT_STAYS = "short_stays"


@dataclass(frozen=True)
class CircuitReading:
    """What the returns of one child say together.

    returns: how many count, within the period that ends with the latest.
    first, last: the days of the first and the latest of them; None where none counts.
    short_stays: how many of them came after a short stay.
    unknown_stays: of how many nobody knows how long the stay was.
    lives_at_border: what the latest return that says it says; None where none does.
    signs: those that hold, in the order of `Sign`.
    prompts: whether child protection is to be asked to look.
    """

    returns: int
    first: date | None
    last: date | None
    short_stays: int
    unknown_stays: int
    lives_at_border: bool | None
    signs: tuple[Sign, ...]
    prompts: bool


def read_circuit(returns: Iterable[Return], thresholds: Thresholds) -> CircuitReading:
    """Count the returns of one person as a child and tell whether child protection should look.

    A stay in the US cannot have been longer than the time since the return before: the shorter of the two counts.
    Two returns may fall on one day. Returns as an adult never count.

    Args:
        returns: all known returns of the person, in any order.

    Returns:
        The reading of the period that ends with the latest return as a child.
    """
    ordered = sorted((one for one in returns if one.is_child), key=_order)
    if not ordered:
        return CircuitReading(0, None, None, 0, 0, None, (), prompts=False)
    last = ordered[-1].on
    since = last - timedelta(days=thresholds.period_days)
    stays = _bound_stays(ordered)
    counted = [(one, stay) for one, stay in zip(ordered, stays, strict=True) if one.on > since]
    short = sum(stay is not None and stay <= thresholds.short_stay_days for _one, stay in counted)
    at_border = next((one.lives_at_border for one in reversed(ordered) if one.lives_at_border is not None), None)
    holds = {
        Sign.RETURNED_AGAIN: len(counted) >= thresholds.fewest_returns,
        Sign.LIVES_AT_BORDER: at_border is True,
        Sign.SHORT_STAYS: short >= thresholds.fewest_short_stays,
    }
    signs = tuple(sign for sign in Sign if holds[sign])
    others = len(set(signs) - {Sign.RETURNED_AGAIN})
    return CircuitReading(
        returns=len(counted),
        first=counted[0][0].on,
        last=last,
        short_stays=short,
        unknown_stays=sum(stay is None for _one, stay in counted),
        lives_at_border=at_border,
        signs=signs,
        prompts=holds[Sign.RETURNED_AGAIN] and others >= thresholds.fewest_other_signs,
    )


def _order(one: Return) -> tuple[date, bool, bool, int]:
    """By day; on one day what is known stands last, so that the order in which returns are told changes nothing."""
    longest = -1 if one.longest_stay_days is None else one.longest_stay_days
    return one.on, one.lives_at_border is not None, one.lives_at_border is True, longest


def _bound_stays(ordered: Sequence[Return]) -> list[int | None]:
    """Return the longest stay that each return allows, in days: what was said, or the time since the one before."""
    gaps: list[int | None] = [None, *((later.on - earlier.on).days for earlier, later in pairwise(ordered))]
    bounds = [
        [days for days in (one.longest_stay_days, gap) if days is not None]
        for one, gap in zip(ordered, gaps, strict=True)
    ]
    return [min(known, default=None) for known in bounds]


#: Below these a threshold would say nothing: nobody is "returned again" the first time.
_SMALLEST = {
    "period_days": 1, "fewest_returns": 2, "short_stay_days": 0, "fewest_short_stays": 1, "fewest_other_signs": 0,
}  # fmt: skip
_MOST_OTHER_SIGNS = 2


def read_thresholds(rows: Iterable[Mapping[str, str]]) -> Thresholds:
    """Return the thresholds of a content file.

    Args:
        rows: column → text, with the columns `code` (a field of `Thresholds`) and `value` (a whole number).

    Raises:
        InvalidContent: with every problem: a code that is unknown, missing or there twice, a value out of reach.
    """
    names = [field.name for field in fields(Thresholds)]
    values: dict[str, int] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        code, text = row["code"], row["value"]
        if code not in names:
            problems.append(f"line {number}: “{code}” is no threshold, it must be one of {', '.join(names)}")
        elif code in values:
            problems.append(f"line {number}: {code} stands there twice")
        elif not text.isdecimal() or int(text) < _SMALLEST[code]:
            smallest = _SMALLEST[code]
            problems.append(f"line {number}: {code} is “{text}”, it must be a whole number of {smallest} or more")
        elif code == "fewest_other_signs" and int(text) > _MOST_OTHER_SIGNS:
            problems.append(f"line {number}: {code} is {text}, but there are only {_MOST_OTHER_SIGNS} other signs")
        else:
            values[code] = int(text)
    mentioned = " ".join(problems)
    problems += [f"{name} is missing" for name in names if name not in values and name not in mentioned]
    if problems:
        raise InvalidContent(problems)
    return Thresholds(**values)
