from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.matching.allocation.case_prices import bound_cases, price_cases
from puente.engines.matching.allocation.cases import (
    CaseProblem,
    check_placement,
    make_case_problem,
    select_cases,
    sum_households,
)
from puente.engines.matching.allocation.families import allocate_cases


def make_cases(rng, cases=5, places=3, resources=2) -> CaseProblem:
    return make_case_problem(
        rng.random((cases, places)),
        rng.integers(0, 4, (cases, resources)),
        rng.integers(0, 7, (places, resources)),
        rng.random((cases, places)) < 0.8,
    )


def find_best_value(problem) -> float:
    choices = []
    for case in range(problem.cases):
        rows = range(int(problem.start[case]), int(problem.start[case + 1]))
        choices.append([(-1, 0.0), *((int(problem.place[row]), float(problem.value[row])) for row in rows)])
    best = 0.0
    for option in product(*choices):
        used = np.zeros_like(problem.capacity)
        for case, (place, _) in enumerate(option):
            if place >= 0:
                used[place] += problem.need[case]
        if (used <= problem.capacity).all():
            best = max(best, sum(value for _, value in option))
    return best


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_families_are_placed_whole_within_every_resource_and_below_the_bound(seed):
    problem = make_cases(np.random.default_rng(seed))
    placement = allocate_cases(problem)
    best = find_best_value(problem)
    assert check_placement(problem, placement.assigned) == pytest.approx(placement.value)
    assert placement.value <= best + 1e-9
    assert best <= placement.bound + 1e-9
    # Local repair leaves little on the table even where single families decide.
    assert placement.value >= 0.7 * best
    if placement.is_best:
        assert placement.value == pytest.approx(best)


def test_prices_bring_the_bound_close_where_families_are_small_beside_places():
    rng = np.random.default_rng(1)
    problem = make_case_problem(
        rng.random((300, 10)), rng.integers(1, 4, 300), np.full(10, 50), np.ones((300, 10), bool)
    )
    placement = allocate_cases(problem)
    assert placement.gap < 0.02
    assert bound_cases(problem, placement.price) == placement.bound
    assert (placement.price >= 0).all()
    assert (placement.price > 0).any()


def test_prices_start_again_from_those_of_yesterday():
    problem = make_cases(np.random.default_rng(2), 200, 8)
    cold = price_cases(problem)
    warm = price_cases(problem, start_price=cold * 1.2)
    assert bound_cases(problem, warm) == pytest.approx(bound_cases(problem, cold), rel=5e-3)


def test_a_place_with_room_for_all_costs_nothing():
    problem = make_case_problem(np.ones((3, 1)), np.ones(3, int), np.array([100]))
    assert price_cases(problem)[0, 0] == pytest.approx(0, abs=1e-3)
    assert allocate_cases(problem).assigned.tolist() == [0, 0, 0]


def test_a_household_counts_the_sum_of_the_adults_who_want_work():
    value = np.array([[0.5, 0.1], [0.4, 0.4], [0.9, 0.9]])
    sums = sum_households(value, np.array([0, 0, 0]), np.array([True, True, False]))
    # The best one alone would choose the first place by a hair's breadth of one person; here both count.
    assert sums.tolist() == [[0.9, 0.5]]


def test_some_cases_may_be_drawn_twice():
    problem = make_cases(np.random.default_rng(3))
    twice = select_cases(problem, np.array([1, 1]), problem.capacity + 5)
    assert twice.cases == 2
    assert np.array_equal(twice.need[0], problem.need[1])
    assert np.array_equal(twice.value[: twice.start[1]], twice.value[twice.start[1] :])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": np.array([-1.0])}, "value must"),
        ({"place": np.array([4])}, "place names"),
        ({"need": np.array([[1], [1]])}, "one row for each case"),
        ({"capacity": np.array([[1, 2]])}, "same resources"),
        ({"start": np.array([0, 2])}, "start must end"),
    ],
)
def test_tables_that_do_not_fit_are_refused_by_name(change, message):
    columns = {
        "start": np.array([0, 1]),
        "place": np.array([0]),
        "value": np.array([1.0]),
        "need": np.array([[1]]),
        "capacity": np.array([[1]]),
    }
    with pytest.raises(ValueError, match=message):
        CaseProblem(**(columns | change))


def test_an_integer_program_never_makes_it_worse_and_may_prove_it_best():
    pytest.importorskip("highspy")
    problem = make_cases(np.random.default_rng(5), 12, 3)
    plain, repaired = allocate_cases(problem), allocate_cases(problem, repair_seconds=10)
    assert repaired.is_best
    assert plain.value <= repaired.value + 1e-9 <= repaired.bound + 1e-6
