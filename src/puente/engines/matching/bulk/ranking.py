"""Exact shortlists for many people: the lists that `shortlist` would give one by one, in a pass per core.

Openings are visited run by run (one occupation in one state), the best occupations first; a run, and what is left of
one, is passed over when even its best could not enter the list any more. Nothing is approximate: the bound is the
largest sum of terms that the run's openings could reach for this person.

Threads: the kernel runs without the interpreter's lock on slices of people in a thread pool. numba's own `prange` is not
used: its slices are equal in number, not in work, and it starts no second thread for a loop in a nested call.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.constraints import HIGHEST_ENGLISH, HIGHEST_SCHOOLING, Rule, find_shift
from puente.engines.matching.index import MILLION, NO_WAGE
from puente.engines.matching.openings import UNKNOWN
from puente.engines.matching.profile import PastJob
from puente.engines.matching.scan import Asker, compiled, find_broken, WAGE_SHIFT, widen
from puente.engines.matching.value import share_of_job, to_millionths

_SLICE = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Rankings:
    """The best openings of many people: row (int32, people x limit) of the index, -1 where the list is shorter, and
    value (int32, alike) in millionths, less the price where prices were given."""

    row: NDArray[np.int32]
    value: NDArray[np.int32]


class Columns(NamedTuple):
    """The people as the kernel reads them."""

    lacking_first: NDArray[np.int64]
    lacking_second: NDArray[np.int64]
    age: NDArray[np.int16]
    household_size: NDArray[np.int16]
    max_hours: NDArray[np.float64]
    wage_limit: NDArray[np.float64]
    wage_reference: NDArray[np.int32]
    home: NDArray[np.int32]
    job_sinco: NDArray[np.int16]
    job_worth: NDArray[np.float64]
    place_state: NDArray[np.int16]
    place_municipality: NDArray[np.int32]
    never_state: NDArray[np.int16]
    never_municipality: NDArray[np.int32]


class Tables(NamedTuple):
    """The layout as the kernel reads it."""

    run_start: NDArray[np.int64]
    run_wage: NDArray[np.int32]
    run_ease: NDArray[np.int32]
    by_wage: NDArray[np.int16]
    filled: NDArray[np.int64]
    wage: NDArray[np.int32]
    ease: NDArray[np.int32]
    place: NDArray[np.int32]
    nearness: NDArray[np.int32]
    nearest: NDArray[np.int32]
    by_similarity: NDArray[np.int16]
    similarity: NDArray[np.float32]
    state_of_place: NDArray[np.int16]
    preference: NDArray[np.int64]
    price: NDArray[np.int32]
    row: NDArray[np.int32]


class Constants(NamedTuple):
    """What is the same for everybody."""

    occupations: int
    states: int
    municipalities: int
    today: int
    remote_nearness: int
    remote_preference: int
    wage_weight: int
    comfort_weight: int
    housing_weight: int
    most_ease: int


def rank_people(
    people: PeopleTable,
    layout: BulkLayout,
    *,
    now: date,
    limit: int = 20,
    threads: int = 1,
    price: NDArray[np.int32] | None = None,
    report: Callable[[int], None] | None = None,
) -> Rankings:
    """Return the best openings of each person, exactly: by value, then by id; only what is open to them.

    The values and rules are those of `shortlist` (all kinds of opening; near-identical ones are not thinned out).
    Arguments: the people; the layout of the openings; the day; how many to list; how many threads (the result does not
    depend on it); a price of each opening (int32 millionths of 0 or more, by row of the index) that is taken off its
    value; a function that hears how many people are done. Raises ValueError as `shortlist` does.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    if price is not None and (len(price) != len(layout.row) or (price < 0).any()):
        raise ValueError("price must have one row for each opening, of 0 or more")
    _check_references(people, layout)
    columns, tables, constants = take_columns(people, layout), _take_tables(people, layout, price), fix_constants(layout, now)
    rows = np.full((len(people), limit), UNKNOWN, np.int32)
    values = np.zeros((len(people), limit), np.int32)
    first_job = people.job_sinco[:, 0] if people.job_sinco.shape[1] else np.zeros(len(people), np.int16)
    first_state = people.place_state[:, 0] if people.place_state.shape[1] else np.zeros(len(people), np.int16)
    # Neighbours in this order read the same openings, so these stay in the core's own cache.
    order = np.lexsort((first_job, first_state))

    def scan(begin: int) -> int:
        slice_of_people = order[begin : begin + _SLICE]
        _rank_slice(layout.packed, columns, tables, constants, slice_of_people, rows, values)
        return len(slice_of_people)

    done = 0
    with ThreadPoolExecutor(threads) as pool:
        for count in pool.map(scan, range(0, len(order), _SLICE)):
            done += count
            if report is not None:
                report(done)
    return Rankings(rows, values)


def _check_references(people: PeopleTable, layout: BulkLayout) -> None:
    index = layout.index
    for name, column, bound in (
        ("a past job", people.job_sinco, index.occupations),
        ("place_state", people.place_state, index.states),
        ("never_state", people.never_state, index.states),
        ("home", people.home, len(index.municipalities.state)),
        ("place_municipality", people.place_municipality, len(index.municipalities.state)),
        ("never_municipality", people.never_municipality, len(index.municipalities.state)),
    ):
        if column.size and not UNKNOWN <= column.min() <= column.max() < bound:
            raise ValueError(f"{name} names one that does not exist: there are {bound}")


def take_columns(people: PeopleTable, layout: BulkLayout) -> Columns:
    """Return the people as kernels read them."""
    median = layout.index.median_wage
    reference = np.where(np.isnan(people.wage_floor), median, people.wage_floor)
    return Columns(
        lacking_first=(
            people.licences_no << find_shift(Rule.LICENCE)
            | people.documents_no << find_shift(Rule.DOCUMENT)
            | _levels_above(people.schooling, HIGHEST_SCHOOLING) << find_shift(Rule.SCHOOLING)
            | _levels_above(people.english, HIGHEST_ENGLISH) << find_shift(Rule.ENGLISH)
        ),
        lacking_second=(
            people.languages_no << find_shift(Rule.LANGUAGE)
            | people.physical_no << find_shift(Rule.PHYSICAL)
            | people.schedule_no << find_shift(Rule.SCHEDULE)
        ),
        age=people.age,
        household_size=people.household_size,
        max_hours=np.where(np.isnan(people.max_hours), np.inf, people.max_hours),
        wage_limit=np.where(np.isnan(people.wage_floor), -np.inf, people.wage_floor - people.wage_give),
        wage_reference=_for_each_different(reference, lambda wage: to_millionths(math.log2(wage))).astype(np.int32),
        home=people.home,
        job_sinco=people.job_sinco,
        job_worth=_find_worth(people, layout),
        place_state=people.place_state,
        place_municipality=people.place_municipality,
        never_state=people.never_state,
        never_municipality=people.never_municipality,
    )


def _find_worth(people: PeopleTable, layout: BulkLayout) -> NDArray[np.float64]:
    """Return what similarity to each past job counts, in millionths; the same doubles as for one person."""
    weights = layout.weights

    def weigh(years: float, confirmed: bool) -> float:
        job = PastJob(0, None if math.isnan(years) else years, confirmed)
        return weights.occupation * share_of_job(job, weights) * MILLION

    known = np.where(people.job_sinco >= 0, people.job_years, np.nan)
    return np.where(
        people.job_confirmed,
        _for_each_different(known, lambda years: weigh(years, True)),
        _for_each_different(known, lambda years: weigh(years, False)),
    )


def _for_each_different(numbers: NDArray[np.float64], function: Callable[[float], float]) -> NDArray[np.float64]:
    different, position = np.unique(numbers, return_inverse=True)
    results = np.array([function(float(number)) for number in different], np.float64)
    return np.asarray(results[position], np.float64).reshape(numbers.shape)


def _levels_above(level: NDArray[np.int8], highest: int) -> NDArray[np.int64]:
    wide = level.astype(np.int64)
    return np.where(wide < 0, 0, (1 << (highest + 1)) - (np.int64(1) << (wide + 1)))


def _take_tables(people: PeopleTable, layout: BulkLayout, price: NDArray[np.int32] | None) -> Tables:
    index, weights = layout.index, layout.weights
    ranks = np.arange(1, people.place_state.shape[1] + 1)
    preference = np.concatenate([[0], np.rint(weights.preference / ranks * MILLION)]).astype(np.int64)
    return Tables(
        layout.run_start,
        layout.run_wage,
        layout.run_ease,
        layout.by_wage,
        layout.filled,
        layout.wage,
        layout.ease,
        layout.place,
        layout.nearness,
        layout.nearest,
        layout.by_similarity,
        layout.similarity.matrix,
        np.concatenate([index.municipalities.state, np.arange(index.states + 1)]).astype(np.int16),
        preference,
        np.zeros(len(layout.row), np.int32) if price is None else price[layout.row].astype(np.int32),
        layout.row,
    )


def fix_constants(layout: BulkLayout, now: date) -> Constants:
    """Return what is the same for everybody on a day."""
    index, weights = layout.index, layout.weights
    return Constants(
        occupations=index.occupations,
        states=index.states,
        municipalities=len(index.municipalities.state),
        today=int(np.datetime64(now, "D").astype(np.int64)),
        remote_nearness=to_millionths(weights.nearness),
        remote_preference=to_millionths(weights.preference),
        wage_weight=round(weights.wage * 2**WAGE_SHIFT),
        comfort_weight=to_millionths(weights.schedule / 10),
        housing_weight=to_millionths(weights.housing),
        most_ease=int(layout.run_ease.max()) if layout.run_ease.size else 0,
    )


@compiled
def value_wage(logarithm: int, reference: int, weight: int) -> int:
    """Return the term of a wage: how far it lies above the reference, held between half and twice of it."""
    if logarithm == NO_WAGE:
        return 0
    return (min(max(logarithm - reference, -MILLION), MILLION) * weight) >> WAGE_SHIFT


@compiled
def rank_choice(
    place: int, state: int, states_named: NDArray[np.int16], municipalities_named: NDArray[np.int32]
) -> int:
    """Return the rank of the first choice that names a place or its state, 0 where none does."""
    rank = 0
    for number in range(len(states_named)):
        if municipalities_named[number] >= 0:
            rank += 1
            if municipalities_named[number] == place:
                return rank
        elif states_named[number] >= 0:
            rank += 1
            if states_named[number] == state:
                return rank
    return 0


@compiled
def is_never(
    place: int,
    state: int,
    municipalities: int,
    state_of_place: NDArray[np.int16],
    never_state: NDArray[np.int16],
    never_municipality: NDArray[np.int32],
) -> bool:
    """Tell whether a place is one never to send to, or a stand-in that could turn out to be one."""
    anywhere = place == len(state_of_place) - 1
    for number in range(len(never_state)):
        if never_state[number] >= 0 and (anywhere or never_state[number] == state):
            return True
    for number in range(len(never_municipality)):
        if never_municipality[number] >= 0 and (
            anywhere
            or never_municipality[number] == place
            or (place >= municipalities and state_of_place[never_municipality[number]] == state)
        ):
            return True
    return False


@compiled
def _order_occupations(
    jobs: NDArray[np.int16],
    worths: NDArray[np.float64],
    by_similarity: NDArray[np.int16],
    similarity: NDArray[np.float32],
    visited: NDArray[np.bool_],
    position: NDArray[np.int64],
) -> tuple[int, int]:
    """Return the best occupation not visited yet and its term; -1 and 0 once none has a term above 0."""
    best_term, best_occupation = 0, -1
    for number in range(len(jobs)):
        job = widen(jobs[number])
        if job < 0:
            continue
        while position[number] < len(visited) and visited[by_similarity[job, position[number]]]:
            position[number] += 1
        if position[number] == len(visited):
            continue
        occupation = widen(by_similarity[job, position[number]])
        term = widen(np.rint(np.float64(similarity[job, occupation]) * worths[number]))
        if term > best_term:
            best_term, best_occupation = term, occupation
    return best_occupation, best_term


@compiled
def _rank_slice(
    packed: NDArray[Any],
    columns: Columns,
    tables: Tables,
    fixed: Constants,
    people: NDArray[np.int64],
    rows: NDArray[np.int32],
    values: NDArray[np.int32],
) -> None:
    limit = rows.shape[1]
    runs_of_block = fixed.occupations + 1
    occupation_order = np.empty(fixed.occupations, np.int64)
    occupation_term = np.empty(fixed.occupations, np.int64)
    visited = np.empty(fixed.occupations, np.bool_)
    position = np.empty(columns.job_sinco.shape[1], np.int64)
    blocks = np.empty(fixed.states + 2, np.int64)
    top_rank = np.empty(limit, np.int64)
    state_of_place, nearness, price = tables.state_of_place, tables.nearness, tables.price
    run_start, run_wage, wages, eases, places = (
        tables.run_start,
        tables.run_wage,
        tables.wage,
        tables.ease,
        tables.place,
    )
    for person in people:
        named_states, named_municipalities = columns.place_state[person], columns.place_municipality[person]
        never_state, never_municipality = columns.never_state[person], columns.never_municipality[person]
        has_never = False
        for number in range(len(never_state)):
            has_never = has_never or never_state[number] >= 0
        for number in range(len(never_municipality)):
            has_never = has_never or never_municipality[number] >= 0
        # The blocks to look at: states named, or all; openings of unknown state; remote ones.
        block_count = 0
        for number in range(len(named_states)):
            state = widen(named_states[number])
            if named_municipalities[number] >= 0:
                state = widen(state_of_place[named_municipalities[number]])
            is_new = state >= 0
            for other in range(block_count):
                is_new = is_new and blocks[other] != state
            if is_new:
                blocks[block_count] = state
                block_count += 1
        anywhere = block_count == 0
        if anywhere:
            for state in range(fixed.states):
                blocks[state] = state
            block_count = fixed.states
        blocks[block_count], blocks[block_count + 1] = fixed.states, fixed.states + 1
        block_count += 2
        home = widen(columns.home[person])
        if home < 0:
            home = fixed.municipalities
        remote_preference = 0 if anywhere else fixed.remote_preference
        best_preference = 0 if anywhere else tables.preference[1]
        reference = widen(columns.wage_reference[person])
        asker = Asker(
            columns.lacking_first[person],
            columns.lacking_second[person],
            widen(columns.age[person]),
            widen(columns.household_size[person]),
            columns.max_hours[person],
            columns.wage_limit[person],
            fixed.today,
            0,
            fixed.remote_nearness,
            remote_preference,
            fixed.wage_weight,
            reference,
            fixed.comfort_weight,
            fixed.housing_weight,
        )
        visited[:] = False
        position[:] = 0
        # Occupations whose order is worked out so far; more follow when a block asks for them.
        known, is_complete = 0, False
        size = 0
        top_row, top_value = rows[person], values[person]
        for number in range(block_count):
            block = blocks[number]
            if tables.filled[block] == 0:
                continue
            remote = block == fixed.states + 1
            if remote:
                best_place = fixed.remote_nearness + remote_preference
            elif block == fixed.states:
                best_place = 0
            else:
                best_place = tables.nearest[home, block] + best_preference
            most = best_place + fixed.most_ease
            first_run = block * runs_of_block
            highest_wage = run_wage[first_run + tables.by_wage[block, 0]]
            step, tail = 0, 0
            while True:
                if step == known and not is_complete:
                    occupation, term = _order_occupations(
                        columns.job_sinco[person],
                        columns.job_worth[person],
                        tables.by_similarity,
                        tables.similarity,
                        visited,
                        position,
                    )
                    if occupation < 0:
                        is_complete = True
                    else:
                        visited[occupation] = True
                        occupation_order[known] = occupation
                        occupation_term[known] = term
                        known += 1
                if step < known:
                    # Occupations that the past jobs speak for, the best first.
                    term, run = occupation_term[step], first_run + occupation_order[step]
                    bound = term + most + value_wage(highest_wage, reference, fixed.wage_weight)
                    step += 1
                else:
                    # All others, by falling wage: the past jobs tell none of them apart.
                    while tail < tables.filled[block] and (
                        tables.by_wage[block, tail] < fixed.occupations and visited[tables.by_wage[block, tail]]
                    ):
                        tail += 1
                    if tail == tables.filled[block]:
                        break
                    term, run = 0, first_run + tables.by_wage[block, tail]
                    bound = most + value_wage(run_wage[run], reference, fixed.wage_weight)
                    tail += 1
                # Wages below the floor count against, unknown ones not at all: 0 is always within reach.
                # Nothing that follows in this block has a higher bound.
                if size == limit and max(bound, term + most) < top_value[limit - 1]:
                    break
                begin, end = run_start[run], run_start[run + 1]
                if begin == end:
                    continue
                other_most = term + best_place + tables.run_ease[run]
                if (
                    size == limit
                    and other_most + max(value_wage(run_wage[run], reference, fixed.wage_weight), 0)
                    < top_value[limit - 1]
                ):
                    continue
                for entry in range(begin, end):
                    wage = value_wage(wages[entry], reference, fixed.wage_weight)
                    # Wages fall along the run; unknown ones stand last and count 0.
                    if size == limit and other_most + max(wage, 0) < top_value[limit - 1]:
                        break
                    place = widen(places[entry])
                    value = term + wage + eases[entry] - price[entry]
                    allowed = True
                    if remote:
                        value += fixed.remote_nearness + remote_preference
                    else:
                        if place < fixed.municipalities:
                            value += nearness[home, place]
                        if not anywhere:
                            state = widen(state_of_place[place])
                            choice = rank_choice(place, state, named_states, named_municipalities)
                            value += tables.preference[choice]
                            # "Somewhere in the state" stays in question when one of its municipalities was named.
                            allowed = choice > 0 or place >= fixed.municipalities
                    if not allowed or (size == limit and value < top_value[limit - 1]):
                        continue
                    opening = packed[entry]
                    if size == limit and value == top_value[limit - 1] and opening.id_rank > top_rank[limit - 1]:
                        continue
                    if opening.last_day < fixed.today:
                        continue
                    first, second = find_broken(opening, asker)
                    if first | second != 0:
                        continue
                    # The places never to send to come last of all rules: they take away, and leave no trace.
                    if has_never and is_never(
                        place,
                        widen(state_of_place[place]),
                        fixed.municipalities,
                        state_of_place,
                        never_state,
                        never_municipality,
                    ):
                        continue
                    spot = size if size < limit else limit - 1
                    size = min(size + 1, limit)
                    while spot > 0 and (
                        top_value[spot - 1] < value
                        or (top_value[spot - 1] == value and top_rank[spot - 1] > opening.id_rank)
                    ):
                        top_value[spot] = top_value[spot - 1]
                        top_rank[spot] = top_rank[spot - 1]
                        top_row[spot] = top_row[spot - 1]
                        spot -= 1
                    top_value[spot] = value
                    top_rank[spot] = opening.id_rank
                    top_row[spot] = tables.row[entry]
