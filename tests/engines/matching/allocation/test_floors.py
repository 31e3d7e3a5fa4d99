import numpy as np
import pytest

from puente.engines.matching.allocation.floors import (
    allocate_with_floors,
    find_first_come,
    find_group_floors,
    keep_individual_floors,
)
from puente.engines.matching.allocation.problem import AllocationProblem, find_values
from puente.engines.matching.allocation.solve import allocate
from tests.engines.matching.allocation.oracle import is_allowed
from tests.engines.matching.allocation.test_solve import make_market


def make_unequal_market():
    """Group 1 is worth less everywhere by a fifth, so that the best sum leaves it behind."""
    problem = make_market(11)
    group = np.arange(problem.people) % 3 == 0
    factor = np.where(np.repeat(group, np.diff(problem.start)), 0.8, 1.0)
    value = (problem.value * factor).astype(int)
    return AllocationProblem(problem.start, problem.opening, value, problem.capacity), group.astype(np.int64)


def test_each_group_reaches_its_floor_at_a_small_and_certified_cost():
    problem, group = make_unequal_market()
    floors = find_group_floors(problem, group)
    free = allocate(problem, gap=1e-3)
    before = np.bincount(group, find_values(problem, free.assigned))
    assert (before < floors).any()
    fair = allocate_with_floors(problem, group, floors)
    values = find_values(problem, fair.allocation.assigned)
    assert is_allowed(problem, fair.allocation.assigned)
    assert (np.bincount(group, values) >= floors).all()
    assert all(floor.is_kept for floor in fair.floors)
    assert fair.certificate.value == values.sum()
    assert fair.certificate.value <= fair.certificate.bound
    assert fair.cost == pytest.approx(1 - values.sum() / free.certificate.value)
    assert fair.cost < 0.1


def test_a_floor_is_a_share_of_what_the_group_gets_alone_with_its_part_of_the_places():
    # Two alike groups of two people, one opening of four places: each has two of them to itself.
    problem = AllocationProblem(np.arange(5), np.zeros(4, int), np.full(4, 100), np.array([4]))
    assert find_group_floors(problem, np.array([0, 1, 0, 1])).tolist() == [190, 190]


def test_a_floor_that_cannot_be_kept_is_said():
    problem, group = make_unequal_market()
    fair = allocate_with_floors(problem, group, np.array([0, 10**12]))
    assert [floor.is_kept for floor in fair.floors] == [True, False]


def test_without_floors_nothing_changes():
    problem, group = make_unequal_market()
    fair = allocate_with_floors(problem, group, np.zeros(2, np.int64))
    assert fair.cost == 0
    assert np.array_equal(fair.allocation.assigned, allocate(problem, gap=1e-3).assigned)


def test_nobody_is_placed_below_their_own_floor():
    problem = make_market(12)
    order = np.random.default_rng(1).permutation(problem.people)
    turn = find_values(problem, find_first_come(problem, order))
    floored = keep_individual_floors(problem, turn - 20_000)
    values = find_values(floored, allocate(floored, gap=1e-3).assigned)
    assert (values[values > 0] >= turn[values > 0] - 20_000).all()
    free = find_values(problem, allocate(problem, gap=1e-3).assigned)
    assert (free[free > 0] < turn[free > 0] - 20_000).any()


def test_first_come_takes_the_best_that_is_left():
    problem = AllocationProblem(np.array([0, 2, 4]), np.array([0, 1, 0, 1]), np.array([5, 4, 9, 1]), np.array([1, 1]))
    assert find_first_come(problem, np.array([0, 1])).tolist() == [0, 1]
    assert find_first_come(problem, np.array([1, 0])).tolist() == [1, 0]
