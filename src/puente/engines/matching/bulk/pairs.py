"""Single pairs of many people and openings: whether one is open to the other, and of what its value is made up."""

from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.bulk.columns import Columns, Constants, fix_constants, take_columns
from puente.engines.matching.bulk.kernel import is_never, rank_choice, value_wage
from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.index import MILLION
from puente.engines.matching.scan import Asker, compiled, find_broken, widen
from puente.engines.matching.value import Term, to_millionths


def find_open_pairs(
    people: PeopleTable,
    layout: BulkLayout,
    person: NDArray[np.int64],
    row: NDArray[np.int64],
    *,
    now: date,
) -> NDArray[np.bool_]:
    """Return of each pair (person, row of the index) whether the opening is open to the person, by all rules."""
    place_state = np.concatenate([layout.index.municipalities.state, np.arange(layout.index.states + 1)])
    return np.asarray(
        _check_pairs(
            layout.index.packed,
            take_columns(people, layout),
            fix_constants(layout, now),
            place_state.astype(np.int16),
            layout.index.remote_start,
            person,
            row,
        ),
        np.bool_,
    )


@compiled
def _check_pairs(
    packed: NDArray[Any],
    columns: Columns,
    fixed: Constants,
    state_of_place: NDArray[np.int16],
    remote_start: int,
    persons: NDArray[np.int64],
    rows: NDArray[np.int64],
) -> NDArray[np.bool_]:
    is_open = np.zeros(len(persons), np.bool_)
    for number in range(len(persons)):
        person, row = persons[number], rows[number]
        opening = packed[row]
        place = widen(opening.place)
        state = widen(state_of_place[place])
        named_states, named_municipalities = columns.place_state[person], columns.place_municipality[person]
        anywhere, has_state = True, False
        for choice in range(len(named_states)):
            home_state = widen(named_states[choice])
            if named_municipalities[choice] >= 0:
                home_state = widen(state_of_place[named_municipalities[choice]])
            anywhere = anywhere and home_state < 0
            has_state = has_state or home_state == state
        allowed = (
            anywhere
            or row >= remote_start
            or rank_choice(place, state, named_states, named_municipalities) > 0
            or (place >= fixed.municipalities and (has_state or state == fixed.states))
        )
        if not allowed or opening.last_day < fixed.today:
            continue
        asker = Asker(
            columns.lacking_first[person],
            columns.lacking_second[person],
            widen(columns.age[person]),
            widen(columns.household_size[person]),
            columns.max_hours[person],
            columns.wage_limit[person],
            fixed.today,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
        )
        first, second = find_broken(opening, asker)
        is_open[number] = first | second == 0 and not is_never(
            place,
            state,
            fixed.municipalities,
            state_of_place,
            columns.never_state[person],
            columns.never_municipality[person],
        )
    return is_open


def find_terms(
    people: PeopleTable, layout: BulkLayout, person: NDArray[np.int64], row: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Return the terms of the value of pairs (pairs x terms, in the order of `Term`), in millionths.

    They add up to the value that `rank_people` gives the pair.
    """
    index, weights = layout.index, layout.weights
    columns, packed = take_columns(people, layout), index.packed[row]
    terms = np.zeros((len(person), len(Term)), np.int32)
    known = packed["sinco"] < index.occupations
    for job in range(people.job_sinco.shape[1]):
        sinco = people.job_sinco[person, job]
        used = known & (sinco >= 0)
        similarity = layout.similarity.matrix[sinco[used], packed["sinco"][used]].astype(np.float64)
        term = np.rint(similarity * columns.job_worth[person[used], job]).astype(np.int32)
        terms[used, Term.OCCUPATION] = np.maximum(terms[used, Term.OCCUPATION], term)
    reference = columns.wage_reference[person].astype(np.int64)
    wage_weight = fix_constants(layout, date(1970, 1, 1)).wage_weight
    terms[:, Term.WAGE] = _value_wages(packed["wage_logarithm"], reference, wage_weight)
    remote = row >= index.remote_start
    place = packed["place"]
    seated = (place < len(index.municipalities.state)) & ~remote
    terms[seated, Term.NEARNESS] = layout.nearness[people.home[person[seated]], place[seated]]
    terms[remote, Term.NEARNESS] = to_millionths(weights.nearness)
    terms[:, Term.PREFERENCE] = _value_preference(people, layout, person, place, remote)
    terms[:, Term.SCHEDULE] = packed["comfort"].astype(np.int32) * to_millionths(weights.schedule / 10)
    terms[:, Term.HOUSING] = packed["housing"].astype(np.int32) * to_millionths(weights.housing)
    return terms


@compiled
def _value_wages(logarithm: NDArray[np.int32], reference: NDArray[np.int64], weight: int) -> NDArray[np.int64]:
    terms = np.zeros(len(reference), np.int64)
    for number in range(len(reference)):
        terms[number] = value_wage(widen(logarithm[number]), widen(reference[number]), weight)
    return terms


def _value_preference(
    people: PeopleTable,
    layout: BulkLayout,
    person: NDArray[np.int64],
    place: NDArray[np.int32],
    remote: NDArray[np.bool_],
) -> NDArray[np.int64]:
    index, weights = layout.index, layout.weights
    state_of_place = np.concatenate([index.municipalities.state, np.arange(index.states + 1)])
    states, municipalities = people.place_state[person], people.place_municipality[person]
    filled = (states >= 0) | (municipalities >= 0)
    names = ((states >= 0) & (states == state_of_place[place][:, None])) | (
        (municipalities >= 0) & (municipalities == place[:, None])
    )
    rank = np.where(names, np.cumsum(filled, axis=1), np.iinfo(np.int64).max).min(
        axis=1, initial=np.iinfo(np.int64).max
    )
    term = np.where(names.any(axis=1), np.rint(weights.preference / rank * MILLION), 0)
    return np.where(remote, np.where(filled.any(axis=1), to_millionths(weights.preference), 0), term).astype(np.int64)
