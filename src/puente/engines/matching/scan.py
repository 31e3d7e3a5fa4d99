"""The compiled pass over the openings: rules, value, the best few, and what each broken rule costs.

One pass gives everything a shortlist says, so the counts and the list can never disagree.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar, cast

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
from puente.engines.matching.index import MILLION, NO_WAGE, Columns
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
    allowed: NDArray[np.bool_]
    never: NDArray[np.bool_]
    occupation: NDArray[np.int64]
    nearness: NDArray[np.int64]
    preference: NDArray[np.int64]
    remote_nearness: int
    remote_preference: int
    wage_weight: int
    wage_reference: int
    comfort_weight: int
    housing_weight: int


class Scan(NamedTuple):
    """What one pass found. Rows are rows of the index; positions are those of `find_position`."""

    open_count: int
    term_sums: NDArray[np.int64]
    hidden_first: NDArray[np.int64]
    hidden_alone: NDArray[np.int64]
    alone_row: NDArray[np.int64]
    alone_value: NDArray[np.int64]
    top_row: NDArray[np.int64]
    top_value: NDArray[np.int64]
    top_terms: NDArray[np.int64]
    top_alike: NDArray[np.int64]  # openings of the same group that are open to the person, the row included


@compiled
def find_broken(columns: Columns, asker: Asker, row: int) -> tuple[int, int]:
    """Return the two words of the rules that the pair breaks."""
    first = columns.asked_first[row] & asker.lacking_first
    second = columns.asked_second[row] & asker.lacking_second
    if asker.age >= 0:
        if asker.age < columns.minimum_age[row]:
            first |= _TOO_YOUNG
        if asker.age > columns.maximum_age[row]:
            first |= _TOO_OLD
    if asker.household_size > columns.household_places[row]:
        second |= _HOUSEHOLD
    if columns.hours[row] > asker.max_hours:
        second |= _HOURS_WITHIN if columns.hours[row] <= LEGAL_WEEK_HOURS else _HOURS_BEYOND
    if columns.wage[row] < asker.wage_limit:
        second |= _WAGE
    return first, second


@compiled
def is_considered(columns: Columns, asker: Asker, row: int, remote: bool) -> bool:
    """Tell whether an opening is in question at all: a place the person named, still open, a wanted kind."""
    return bool(
        (remote or asker.allowed[columns.place[row]])
        and columns.last_day[row] >= asker.today
        and (asker.kinds >> columns.kind[row]) & 1 != 0
    )


@compiled
def value_row(columns: Columns, asker: Asker, row: int, remote: bool) -> tuple[int, int, int, int, int, int]:
    """Return the terms of the value, in millionths, in the order of `Term`."""
    place = columns.place[row]
    wage = 0
    logarithm = columns.wage_logarithm[row]
    if logarithm != NO_WAGE:
        above = min(max(logarithm - asker.wage_reference, -MILLION), MILLION)
        wage = above * asker.wage_weight // MILLION
    return (
        asker.occupation[columns.sinco[row]],
        wage,
        asker.remote_nearness if remote else asker.nearness[place],
        asker.remote_preference if remote else asker.preference[place],
        columns.comfort[row] * asker.comfort_weight,
        columns.housing[row] * asker.housing_weight,
    )


@compiled
def is_better(value: int, rank: int, other_value: int, other_rank: int) -> bool:
    """Tell whether one opening stands before another: by value, then by id."""
    return value > other_value or (value == other_value and rank < other_rank)


@compiled
def insert_row(
    value: int,
    row: int,
    columns: Columns,
    top_value: NDArray[np.int64],
    top_row: NDArray[np.int64],
    size: int,
) -> int:
    """Insert an opening into the list where it belongs, at most two of a group; return the new size.

    What once fell out never has to come back: the last of the list only gets better.
    """
    rank = columns.id_rank[row]
    limit = len(top_value)
    if size == limit and not is_better(value, rank, top_value[size - 1], columns.id_rank[top_row[size - 1]]):
        return size
    alike = 0
    leaver = size - 1 if size == limit else size
    for position in range(size):
        if columns.group[top_row[position]] == columns.group[row]:
            alike += 1
            if alike == NEAR_IDENTICAL:
                leaver = position
                break
    if alike == NEAR_IDENTICAL and not is_better(value, rank, top_value[leaver], columns.id_rank[top_row[leaver]]):
        return size
    # Shift what stands between the new place and the leaver's by one; below the leaver nothing moves.
    position = leaver
    while position > 0 and is_better(value, rank, top_value[position - 1], columns.id_rank[top_row[position - 1]]):
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
def count_open(columns: Columns, asker: Asker, start: int, end: int, remote_start: int) -> int:
    """Count the openings of the rows from start to end that are open to the person."""
    count = 0
    for row in range(start, end):
        if is_considered(columns, asker, row, start >= remote_start) and not asker.never[columns.place[row]]:
            first, second = find_broken(columns, asker, row)
            if first | second == 0:
                count += 1
    return count


@compiled
def scan_rows(
    columns: Columns,
    group_start: NDArray[np.int64],
    asker: Asker,
    ranges: NDArray[np.int64],
    remote_start: int,
    limit: int,
) -> Scan:
    """Pass over the rows of `ranges` (shape (n, 2), start and end) once and return all that a shortlist says."""
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
            if not is_considered(columns, asker, row, remote):
                continue
            first, second = find_broken(columns, asker, row)
            single = (first == 0 or second == 0) and first & (first - 1) == 0 and second & (second - 1) == 0
            # The places never to send to come last of all rules: they take away, and leave no trace.
            if asker.never[columns.place[row]]:
                continue
            if first | second != 0:
                position = find_lowest(first, second)
                hidden_first[position] += 1
                if not single:
                    continue
                hidden_alone[position] += 1
            terms = value_row(columns, asker, row, remote)
            value = terms[0] + terms[1] + terms[2] + terms[3] + terms[4] + terms[5]
            if first | second != 0:
                best = alone_row[position]
                if best < 0 or is_better(value, columns.id_rank[row], alone_value[position], columns.id_rank[best]):
                    alone_row[position] = row
                    alone_value[position] = value
                continue
            open_count += 1
            for term in range(_TERMS):
                term_sums[term] += terms[term]
            size = insert_row(value, row, columns, top_value, top_row, size)
    top_terms = np.zeros((size, _TERMS), dtype=np.int64)
    top_alike = np.zeros(size, dtype=np.int64)
    for number in range(size):
        row = top_row[number]
        terms = value_row(columns, asker, row, row >= remote_start)
        for term in range(_TERMS):
            top_terms[number, term] = terms[term]
        group = columns.group[row]
        top_alike[number] = count_open(columns, asker, group_start[group], group_start[group + 1], remote_start)
    return Scan(
        open_count,
        term_sums,
        hidden_first,
        hidden_alone,
        alone_row,
        alone_value,
        top_row[:size],
        top_value[:size],
        top_terms,
        top_alike,
    )
