"""The compiled pass: one person after the other, run by run, the best few kept."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.bulk.columns import Columns, Constants, Tables
from puente.engines.matching.index import MILLION, NO_WAGE
from puente.engines.matching.scan import WAGE_SHIFT, Asker, compiled, find_broken, widen


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
def _advance(
    job: int,
    worth: float,
    number: int,
    by_similarity: NDArray[np.int16],
    similarity: NDArray[np.float32],
    visited: NDArray[np.bool_],
    position: NDArray[np.int64],
    head: NDArray[np.int64],
    head_term: NDArray[np.int64],
) -> None:
    """Move one past job on to its nearest occupation not visited yet; its term is 0 once none counts any more."""
    head_term[number] = 0
    while position[number] < len(visited):
        occupation = widen(by_similarity[job, position[number]])
        position[number] += 1
        if not visited[occupation]:
            head[number] = occupation
            head_term[number] = widen(np.rint(np.float64(similarity[job, occupation]) * worth))
            return


@compiled
def rank_slice(
    packed: NDArray[Any],
    columns: Columns,
    tables: Tables,
    fixed: Constants,
    people: NDArray[np.int64],
    rows: NDArray[np.int32],
    values: NDArray[np.int32],
) -> None:
    """Write the best openings of some people into their rows of `rows` and `values`."""
    limit = rows.shape[1]
    runs_of_block = fixed.occupations + 1
    occupation_order = np.empty(fixed.occupations, np.int64)
    occupation_term = np.empty(fixed.occupations, np.int64)
    visited = np.empty(fixed.occupations, np.bool_)
    job_count = columns.job_sinco.shape[1]
    position, head, head_term = (
        np.empty(job_count, np.int64),
        np.empty(job_count, np.int64),
        np.empty(job_count, np.int64),
    )
    by_similarity, similarity = tables.by_similarity, tables.similarity
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
        jobs, worths = columns.job_sinco[person], columns.job_worth[person]
        for job in range(job_count):
            head_term[job] = 0
            if jobs[job] >= 0:
                _advance(
                    widen(jobs[job]), worths[job], job, by_similarity, similarity, visited, position, head, head_term
                )
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
                    best = 0
                    for job in range(1, job_count):
                        if head_term[job] > head_term[best]:
                            best = job
                    if job_count == 0 or head_term[best] == 0:
                        is_complete = True
                    else:
                        # Terms fall along each job's list, so the first time an occupation comes up is its best.
                        if not visited[head[best]]:
                            visited[head[best]] = True
                            occupation_order[known] = head[best]
                            occupation_term[known] = head_term[best]
                            known += 1
                        _advance(
                            widen(jobs[best]),
                            worths[best],
                            best,
                            by_similarity,
                            similarity,
                            visited,
                            position,
                            head,
                            head_term,
                        )
                        if step == known:
                            continue
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
