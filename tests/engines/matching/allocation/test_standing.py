from dataclasses import replace

import numpy as np
import pytest

from puente.engines.matching.allocation.problem import AllocationProblem, select_people
from puente.engines.matching.allocation.solve import allocate
from puente.engines.matching.allocation.standing import Standing
from tests.engines.matching.allocation.oracle import find_bound, is_allowed, sum_values
from tests.engines.matching.allocation.test_solve import make_market

EPSILON = 200


def go_on(problem, present) -> Standing:
    before = allocate(select_people(problem, present), gap=1e-4)
    assigned = np.full(problem.people, -1, np.int32)
    assigned[present] = before.assigned
    return Standing(problem, present, replace(before, assigned=assigned), EPSILON)


def check(standing, problem, capacity):
    """The certificate by its formula, of those who are there and the places that are left."""
    people = np.flatnonzero(standing.present)
    left = select_people(AllocationProblem(problem.start, problem.opening, problem.value, capacity), people)
    assigned = standing.assigned[people]
    proof = standing.certify()
    assert is_allowed(left, assigned)
    assert proof.value == sum_values(left, assigned)
    assert proof.bound == find_bound(left, standing.price, np.zeros(0))
    assert proof.gap < 2e-3


def test_who_arrives_is_placed_at_the_prices_that_stand_as_well_as_from_nothing():
    problem = make_market(21)
    people = np.random.default_rng(1).permutation(problem.people)
    standing = go_on(problem, np.sort(people[60:]))
    for day in np.array_split(people[:60], 3):
        proposals = [standing.choose_at_counter(int(person)) for person in day]
        assert all(spot == -1 or spot in problem.opening[problem.start[p] : problem.start[p + 1]]
                   for p, spot in zip(day, proposals, strict=True))  # fmt: skip
        assert standing.arrive(day) >= 0
        check(standing, problem, problem.capacity)
    assert standing.certify().value == pytest.approx(allocate(problem).certificate.value, rel=2e-3)
    with pytest.raises(ValueError, match="there already"):
        standing.arrive(people[:1])


def test_a_place_that_falls_away_is_left_and_one_that_comes_free_is_taken():
    problem = make_market(22)
    standing = go_on(problem, np.arange(problem.people))
    gone = np.arange(0, 12)
    assert standing.expire(gone) > 0
    capacity = problem.capacity.copy()
    capacity[gone] = 0
    assert not np.isin(standing.assigned, gone).any()
    check(standing, problem, capacity)
    leavers = np.flatnonzero(standing.assigned >= 0)[:40]
    before = standing.certify().value
    moves = standing.leave(leavers)
    assert moves > 0
    assert (standing.assigned[leavers] == -1).all()
    check(standing, problem, capacity)
    left_alone = before - sum_values(
        problem, np.where(np.isin(np.arange(problem.people), leavers), standing.assigned, -1)
    )
    assert standing.certify().value <= left_alone


def test_limits_per_employer_are_not_for_this():
    limited = AllocationProblem(
        np.array([0, 1]), np.array([0]), np.array([1]), np.array([1]), np.array([0]), np.array([1])
    )
    with pytest.raises(ValueError, match="employer"):
        Standing(limited, np.array([0]), allocate(limited), EPSILON)
