"""People, openings and constants as the bulk kernels read them."""

import math
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.constraints import HIGHEST_ENGLISH, HIGHEST_SCHOOLING, Rule, find_shift
from puente.engines.matching.index import MILLION
from puente.engines.matching.profile import PastJob
from puente.engines.matching.scan import WAGE_SHIFT
from puente.engines.matching.value import share_of_job, to_millionths


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


def take_tables(people: PeopleTable, layout: BulkLayout, price: NDArray[np.int32] | None) -> Tables:
    """Return the layout as kernels read it, with the price of each opening (by row of the index) beside it."""
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
