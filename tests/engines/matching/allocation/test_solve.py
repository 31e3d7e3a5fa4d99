import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.matching.allocation.certificate import certify
from puente.engines.matching.allocation.problem import AllocationProblem, select_people
from puente.engines.matching.allocation.solve import Progress, allocate, replay
from tests.engines.matching.allocation.oracle import (
    find_best_value,
    find_bound,
    is_allowed,
    make_problem,
    sum_values,
)

SEEDS = st.integers(0, 2**32 - 1)


def make_market(seed=0, people=600, openings=120, degree=12, states=5):
    """A market of several states, each with more people than places."""
    rng = np.random.default_rng(seed)
    state = np.sort(rng.integers(0, states, openings))
    rows = []
    for _ in range(people):
        inside = np.flatnonzero(state == rng.integers(0, states))
        rows.append(rng.permutation(inside)[:degree])
    start = np.concatenate([[0], np.cumsum([row.size for row in rows])])
    opening = np.concatenate(rows)
    quality = rng.random(openings)
    value = (400_000 * quality[opening] + 600_000 * rng.random(opening.size)).astype(int)
    return AllocationProblem(start, opening, value, rng.integers(1, 8, openings))


@settings(max_examples=150, deadline=None)
@given(SEEDS, st.integers(0, 2))
def test_small_problems_are_solved_as_well_as_by_trying_everything(seed, employers):
    problem = make_problem(np.random.default_rng(seed), employers=employers)
    allocation = allocate(problem, gap=0, seed=seed)
    value, best = sum_values(problem, allocation.assigned), find_best_value(problem)
    assert is_allowed(problem, allocation.assigned)
    # Bids rise by one millionth at least, so each person may stand that much below their best.
    assert best - problem.people <= value <= best
    assert allocation.certificate.value == value
    assert allocation.certificate.bound == find_bound(problem, allocation.price, allocation.employer_price)
    assert best <= allocation.certificate.bound


@pytest.mark.parametrize("gap", [0.01, 1e-3, 1e-4])
def test_the_gap_asked_for_is_reached_and_proved(gap):
    problem = make_market()
    allocation = allocate(problem, gap=gap)
    assert allocation.certificate.gap <= gap
    assert allocation.certificate.bound == find_bound(problem, allocation.price, allocation.employer_price)
    assert sum_values(problem, allocation.assigned) == allocation.certificate.value


def test_limits_per_employer_are_kept_at_a_certified_price():
    problem = make_market(1)
    rng = np.random.default_rng(2)
    limited = AllocationProblem(
        problem.start, problem.opening, problem.value, problem.capacity, rng.integers(-1, 8, 120), np.full(8, 12)
    )
    allocation = allocate(limited, gap=1e-3)
    assert is_allowed(limited, allocation.assigned)
    assert allocation.certificate.gap <= 1e-3
    assert allocation.certificate.bound == find_bound(limited, allocation.price, allocation.employer_price)
    assert allocation.certificate.value < allocate(problem, gap=1e-3).certificate.value
    assert (allocation.employer_price > 0).any()


def test_neither_threads_nor_the_day_change_the_answer_and_a_seed_replays_it():
    problem = make_market(3)
    first = allocate(problem, seed=5, threads=1)
    second = allocate(problem, seed=5, threads=2)
    assert np.array_equal(first.assigned, second.assigned)
    assert np.array_equal(first.price, second.price)
    assert first.inputs_digest == second.inputs_digest
    assert replay(problem, first)
    with pytest.raises(ValueError, match="other inputs"):
        replay(make_market(4), first)


def test_prices_of_yesterday_lead_to_the_same_quality():
    problem = make_market(6)
    before = allocate(problem, gap=1e-3)
    again = allocate(problem, gap=1e-3, start_price=before.price)
    assert again.certificate.gap <= 1e-3
    too_high = allocate(problem, gap=1e-3, start_price=np.full(problem.openings, 10**6, np.int32))
    assert too_high.certificate.gap <= 1e-3


def test_people_without_pairs_and_empty_problems_are_no_trouble():
    nothing = AllocationProblem(np.array([0]), np.zeros(0, int), np.zeros(0, int), np.array([3]))
    assert allocate(nothing).certificate.bound == 0
    lonely = AllocationProblem(np.array([0, 0, 1]), np.array([0]), np.array([7]), np.array([1]))
    assert allocate(lonely).assigned.tolist() == [-1, 0]
    worthless = AllocationProblem(np.array([0, 1]), np.array([0]), np.array([0]), np.array([1]))
    assert allocate(worthless).assigned.tolist() == [-1]


def test_progress_is_heard():
    heard: list[Progress] = []
    allocate(make_market(7), report=heard.append)
    assert heard[0] == Progress(1, heard[0].parts)


def test_a_certificate_is_refused_where_a_rule_is_broken():
    problem = AllocationProblem(np.array([0, 1, 2]), np.array([0, 0]), np.array([5, 4]), np.array([1, 2]))
    zero = np.zeros(2, np.int32)
    assert certify(problem, np.array([0, -1], np.int32), zero).bound == 9
    with pytest.raises(ValueError, match="more people"):
        certify(problem, np.array([0, 0], np.int32), zero)
    with pytest.raises(ValueError, match="not among theirs"):
        certify(problem, np.array([1, -1], np.int32), zero)
    with pytest.raises(ValueError, match="below 0"):
        certify(problem, np.array([0, -1], np.int32), zero - 1)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"start": [0, 2], "opening": [0], "value": [1], "capacity": [1]}, "start must end"),
        ({"start": [0, 1], "opening": [1], "value": [1], "capacity": [1]}, "opening names"),
        ({"start": [0, 1], "opening": [0], "value": [-1], "capacity": [1]}, "value must"),
        ({"start": [0, 1], "opening": [0], "value": [1], "capacity": [-1]}, "capacity must"),
        ({"start": [0, 1], "opening": [0], "value": [0.5], "capacity": [1]}, "whole numbers"),
        ({"start": [0, 1], "opening": [0], "value": [1], "capacity": [1], "employer": [0]}, "employer names"),
    ],
)
def test_arrays_that_do_not_fit_are_refused_by_name(columns, message):
    with pytest.raises(ValueError, match=message):
        AllocationProblem(**{name: np.array(column) for name, column in columns.items()})


def test_some_people_alone_keep_their_pairs():
    problem = make_market(8)
    some = select_people(problem, np.array([5, 2]))
    assert some.opening[: some.start[1]].tolist() == problem.opening[problem.start[5] : problem.start[6]].tolist()
