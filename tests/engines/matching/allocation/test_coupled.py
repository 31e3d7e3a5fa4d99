import numpy as np
import pytest

from puente.engines.matching.allocation.coupled import allocate_coupled, settle_shared
from puente.engines.matching.allocation.problem import AllocationProblem
from puente.engines.matching.allocation.solve import allocate

STATES, PEOPLE, OWN, SHARED, DEGREE = 4, 150, 25, 12, 9


def make_states(seed):
    """States with openings of their own and some that all share; once in parts and once whole."""
    rng = np.random.default_rng(seed)
    shared_capacity = rng.integers(1, 12, SHARED)
    parts, openings, values, capacities = [], [], [], []
    for state in range(STATES):
        capacity = rng.integers(1, 6, OWN)
        opening = np.concatenate([rng.choice(OWN + SHARED, DEGREE, replace=False) for _ in range(PEOPLE)])
        value = rng.integers(1, 1_000_000, opening.size)
        shared = np.concatenate([np.full(OWN, -1), np.arange(SHARED)])
        problem = AllocationProblem(
            np.arange(PEOPLE + 1) * DEGREE, opening, value, np.concatenate([capacity, shared_capacity])
        )
        parts.append((problem, shared))
        openings.append(np.where(opening < OWN, state * OWN + opening, STATES * OWN + opening - OWN))
        values.append(value)
        capacities.append(capacity)
    whole = AllocationProblem(
        np.arange(STATES * PEOPLE + 1) * DEGREE,
        np.concatenate(openings),
        np.concatenate(values),
        np.concatenate([*capacities, shared_capacity]),
    )
    return parts, shared_capacity, whole


@pytest.mark.parametrize("seed", range(3))
def test_parts_that_exchange_prices_reach_what_one_part_reaches(seed):
    parts, capacity, whole = make_states(seed)
    together = allocate(whole, gap=1e-4)
    apart = allocate_coupled(parts, capacity, gap=1e-4)
    assert apart.certificate.gap <= 1e-4
    assert abs(apart.certificate.value / together.certificate.value - 1) <= 1e-4
    # Both bounds hold for both, since they are the same problem.
    assert apart.certificate.value <= together.certificate.bound
    assert together.certificate.value <= apart.certificate.bound
    taken = sum(np.bincount(assigned[assigned >= OWN] - OWN, minlength=SHARED) for assigned in apart.assigned)
    assert (taken <= capacity).all()
    for (problem, _), assigned in zip(parts, apart.assigned, strict=True):
        own = np.bincount(assigned[(assigned >= 0) & (assigned < OWN)], minlength=OWN)
        assert (own <= problem.capacity[:OWN]).all()


def test_the_order_in_which_parts_answer_changes_nothing():
    parts, capacity, _ = make_states(5)
    one, two = allocate_coupled(parts, capacity), allocate_coupled(parts, capacity, threads=2)
    assert all(np.array_equal(a, b) for a, b in zip(one.assigned, two.assigned, strict=True))
    assert np.array_equal(one.shared_price, two.shared_price)


def test_the_owner_keeps_the_highest_bids_and_names_the_lowest_of_them():
    reports = [(np.array([0, 0, 1]), np.array([5, 9, 2])), (np.array([0, 1]), np.array([7, 2]))]
    price, kept = settle_shared(reports, np.array([2, 1]), np.zeros(2, np.int32))
    assert price.tolist() == [7, 2]
    assert [stand.tolist() for stand in kept] == [[1, 1], [1, 0]]


def test_a_shared_opening_has_one_number_of_places():
    parts, capacity, _ = make_states(6)
    with pytest.raises(ValueError, match="capacity that all parts share"):
        allocate_coupled(parts, capacity + 1)
