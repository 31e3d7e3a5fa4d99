"""The compiled pass over the openings: rules, value, the best few, and what each broken rule costs.

One pass gives everything a shortlist says, so the counts and the list can never disagree.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.constraints import (
    LEGAL_WEEK_HOURS,
    WORD_BITS,
    WORDS,
    Hours,
    Rule,
    find_bit,
)
from puente.engines.matching.index import MILLION, NO_WAGE
from puente.engines.matching.value import Term

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """Compile to machine code, kept on disk, running without the interpreter's lock."""
    return cast(F, numba.njit(cache=True, nogil=True)(function))


# At most this many near-identical openings stand in one list; the others are counted behind them.
NEAR_IDENTICAL = 2

_TOO_YOUNG = find_bit(Rule.TOO_YOUNG)
_TOO_OLD = find_bit(Rule.TOO_OLD)
_HOUSEHOLD = find_bit(Rule.HOUSEHOLD)
_HOURS_WITHIN = find_bit(Rule.HOURS, Hours.WITHIN_LEGAL_WEEK)
_HOURS_BEYOND = find_bit(Rule.HOURS, Hours.BEYOND_LEGAL_WEEK)
_WAGE = find_bit(Rule.WAGE)
_POSITIONS = WORDS * WORD_BITS
_TERMS = len(Term)

# The weight of the wage is a fraction of this power of two: a shift is exact, and cheaper than a division.
WAGE_SHIFT = 20

# Place of the single bit in a word: de Bruijn's multiplication (Leiserson, Prokop, Randall 1998).
_DE_BRUIJN = 0x03F79D71B4CB0A89
_BIT_NUMBER = np.zeros(WORD_BITS, dtype=np.int64)
for _bit in range(WORD_BITS):
    _BIT_NUMBER[(((1 << _bit) * _DE_BRUIJN) % 2**64) >> 58] = _bit


class Asker(NamedTuple):
    """One person as the scan sees them: unknown is -1 in age, 0 in household, infinite in hours and wage."""

    lacking_first: int
    lacking_second: int
    age: int
    household_size: int
    max_hours: float
    wage_limit: float
    today: int
    kinds: int
    remote_nearness: int
    remote_preference: int
    wage_weight: int
    wage_reference: int
    comfort_weight: int
    housing_weight: int


# One place as the scan sees it for one person.
PACKED_PLACE = np.dtype(
    [("nearness", np.int64), ("preference", np.int64), ("allowed", np.bool_), ("never", np.bool_)], align=True
)


class Scan(NamedTuple):
    """What one pass found. Rows are rows of the index; positions are those of `find_position`."""

    open_count: int
    term_sums: NDArray[np.int64]
    hidden_first: NDArray[np.int64]
    hidden_alone: NDArray[np.int64]
    alone_row: NDArray[np.int64]
    alone_value: NDArray[np.int64]
    alone_rank: NDArray[np.int64]  # place in the list that the best of them would take, 0 for none
    top_row: NDArray[np.int64]
    top_value: NDArray[np.int64]
    top_terms: NDArray[np.int64]
    top_alike: NDArray[np.int64]  # openings of the same group that are open to the person, the row included


@compiled
def widen(number: Any) -> int:
    """Return a whole number in 64 bits: arithmetic of narrower ones wraps or turns into floats."""
    return int(number)


@compiled
def find_broken(opening: Any, asker: Asker) -> tuple[int, int]:
    """Return the two words of the rules that the pair breaks."""
    first = opening.asked_first & asker.lacking_first
    second = opening.asked_second & asker.lacking_second
    if asker.age >= 0:
        if asker.age < opening.minimum_age:
            first |= _TOO_YOUNG
        if asker.age > opening.maximum_age:
            first |= _TOO_OLD
    if asker.household_size > opening.household_places:
        second |= _HOUSEHOLD
    if opening.hours > asker.max_hours:
        second |= _HOURS_WITHIN if opening.hours <= LEGAL_WEEK_HOURS else _HOURS_BEYOND
    if opening.wage < asker.wage_limit:
        second |= _WAGE
    return first, second


@compiled
def is_considered(opening: Any, place: Any, asker: Asker, remote: bool) -> bool:
    """Tell whether an opening is in question at all: a place the person named, still open, a wanted kind."""
    return bool(
        (remote or place.allowed) and opening.last_day >= asker.today and (asker.kinds >> opening.kind) & 1 != 0
    )


@compiled
def value_opening(
    opening: Any, place: Any, occupation: int, asker: Asker, remote: bool
) -> tuple[int, int, int, int, int, int]:
    """Return the terms of the value, in millionths, in the order of `Term`."""
    wage = 0
    if opening.wage_logarithm != NO_WAGE:
        above = min(max(opening.wage_logarithm - asker.wage_reference, -MILLION), MILLION)
        wage = above * asker.wage_weight >> WAGE_SHIFT
    return (
        occupation,
        wage,
        asker.remote_nearness if remote else place.nearness,
        asker.remote_preference if remote else place.preference,
        opening.comfort * asker.comfort_weight,
        opening.housing * asker.housing_weight,
    )


@compiled
def is_better(value: int, rank: int, other_value: int, other_rank: int) -> bool:
    """Tell whether one opening stands before another: by value, then by id."""
    return value > other_value or (value == other_value and rank < other_rank)


@compiled
def insert_row(
    value: int, row: int, packed: NDArray[Any], top_value: NDArray[np.int64], top_row: NDArray[np.int64], size: int
) -> int:
    """Insert an opening into the list where it belongs, at most two of a group; return the new size.

    What once fell out never has to come back: the last of the list only gets better.
    """
    rank, group = packed[row].id_rank, packed[row].group
    limit = len(top_value)
    if size == limit and not is_better(value, rank, top_value[size - 1], packed[top_row[size - 1]].id_rank):
        return size
    alike = 0
    leaver = size - 1 if size == limit else size
    for position in range(size):
        if packed[top_row[position]].group == group:
            alike += 1
            if alike == NEAR_IDENTICAL:
                leaver = position
                break
    if alike == NEAR_IDENTICAL and not is_better(value, rank, top_value[leaver], packed[top_row[leaver]].id_rank):
        return size
    # Shift what stands between the new place and the leaver's by one; below the leaver nothing moves.
    position = leaver
    while position > 0 and is_better(value, rank, top_value[position - 1], packed[top_row[position - 1]].id_rank):
        top_value[position] = top_value[position - 1]
        top_row[position] = top_row[position - 1]
        position -= 1
    top_value[position] = value
    top_row[position] = row
    return max(size, leaver + 1)


@compiled
def find_lowest(first: int, second: int) -> int:
    """Return the position of the lowest bit of the two words; one of them is not 0."""
    word = first if first != 0 else second
    number = int(_BIT_NUMBER[(((word & -word) * _DE_BRUIJN) >> 58) & 63])
    return number if first != 0 else number + WORD_BITS


@compiled
def count_open(
    packed: NDArray[Any], places: NDArray[Any], asker: Asker, start: int, end: int, remote_start: int
) -> int:
    """Count the openings of the rows from start to end that are open to the person."""
    count = 0
    for row in range(start, end):
        opening = packed[row]
        place = places[opening.place]
        if is_considered(opening, place, asker, start >= remote_start) and not place.never:
            first, second = find_broken(opening, asker)
            if first | second == 0:
                count += 1
    return count


@compiled
def rank_newcomer(
    value: int, row: int, packed: NDArray[Any], top_value: NDArray[np.int64], top_row: NDArray[np.int64], size: int
) -> int:
    """Return the place in the list that an opening would take if it were open, or 0 if it would take none."""
    ahead = 0
    alike = 0
    for position in range(size):
        other = packed[top_row[position]]
        if is_better(top_value[position], other.id_rank, value, packed[row].id_rank):
            ahead += 1
            if other.group == packed[row].group:
                alike += 1
    return ahead + 1 if ahead < len(top_value) and alike < NEAR_IDENTICAL else 0


@compiled
def scan_openings(
    packed: NDArray[Any],
    group_start: NDArray[np.int64],
    places: NDArray[Any],
    occupations: NDArray[np.int64],
    asker: Asker,
    ranges: NDArray[np.int64],
    remote_start: int,
    limit: int,
) -> Scan:
    """Pass over openings once and return all that a shortlist says.

    Arguments: the index's openings and groups; the places (PACKED_PLACE) and the occupation terms of this person;
    the person; the rows to look at, of shape (n, 2), start and end; where remote rows begin; how many to list.
    """
    open_count = 0
    term_sums = np.zeros(_TERMS, dtype=np.int64)
    hidden_first = np.zeros(_POSITIONS, dtype=np.int64)
    hidden_alone = np.zeros(_POSITIONS, dtype=np.int64)
    alone_row = np.full(_POSITIONS, -1, dtype=np.int64)
    alone_value = np.zeros(_POSITIONS, dtype=np.int64)
    top_row = np.zeros(limit, dtype=np.int64)
    top_value = np.zeros(limit, dtype=np.int64)
    size = 0
    for number in range(len(ranges)):
        remote = ranges[number, 0] >= remote_start
        for row in range(ranges[number, 0], ranges[number, 1]):
            opening = packed[row]
            place = places[opening.place]
            if not is_considered(opening, place, asker, remote):
                continue
            first, second = find_broken(opening, asker)
            # The places never to send to come last of all rules: they take away, and leave no trace.
            if place.never:
                continue
            is_open = first | second == 0
            position = 0
            if not is_open:
                position = find_lowest(first, second)
                hidden_first[position] += 1
                if (first != 0 and second != 0) or first & (first - 1) != 0 or second & (second - 1) != 0:
                    continue
                hidden_alone[position] += 1
            terms = value_opening(opening, place, occupations[opening.sinco], asker, remote)
            value = terms[0] + terms[1] + terms[2] + terms[3] + terms[4] + terms[5]
            if is_open:
                open_count += 1
                for term in range(_TERMS):
                    term_sums[term] += terms[term]
                if size < limit or value >= top_value[size - 1]:
                    size = insert_row(value, row, packed, top_value, top_row, size)
                continue
            best = alone_row[position]
            if best < 0 or is_better(value, opening.id_rank, alone_value[position], packed[best].id_rank):
                alone_row[position] = row
                alone_value[position] = value
    # Of the openings that one step would bring, the best stands before the others: the list as it is decides.
    alone_rank = np.zeros(_POSITIONS, dtype=np.int64)
    for position in range(_POSITIONS):
        if alone_row[position] >= 0:
            alone_rank[position] = rank_newcomer(
                alone_value[position], alone_row[position], packed, top_value, top_row, size
            )
    top_terms = np.zeros((size, _TERMS), dtype=np.int64)
    top_alike = np.zeros(size, dtype=np.int64)
    for number in range(size):
        row = top_row[number]
        opening = packed[row]
        place = places[opening.place]
        terms = value_opening(opening, place, occupations[opening.sinco], asker, row >= remote_start)
        for term in range(_TERMS):
            top_terms[number, term] = terms[term]
        group = opening.group
        top_alike[number] = count_open(packed, places, asker, group_start[group], group_start[group + 1], remote_start)
    return Scan(
        open_count,
        term_sums,
        hidden_first,
        hidden_alone,
        alone_row,
        alone_value,
        alone_rank,
        top_row[:size],
        top_value[:size],
        top_terms,
        top_alike,
    )
