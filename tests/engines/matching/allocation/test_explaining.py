import numpy as np
import pytest

from puente.engines.matching.allocation.explaining import (
    WhyNot,
    add_places,
    count_rivals,
    explain_proposal,
    explain_why_not,
    find_alternatives,
    find_difference,
)
from puente.engines.matching.allocation.problem import AllocationProblem
from puente.engines.matching.allocation.solve import allocate
from tests.engines.matching.allocation.oracle import list_pairs
from tests.engines.matching.allocation.test_solve import make_market

# Three people want the one place of opening 0; opening 1 has room for all; opening 2 has no place.
WANTED = AllocationProblem(
    np.array([0, 3, 5, 7, 8]),
    np.array([0, 1, 2, 0, 1, 0, 1, 1]),
    np.array([900_000, 500_000, 999_999, 800_000, 700_000, 600_000, 590_000, 100_000]),
    np.array([1, 9, 0]),
)


def test_a_price_in_people_is_how_many_would_take_it():
    allocation = allocate(WANTED, gap=0)
    assert allocation.assigned.tolist() == [0, 1, 1, 1]
    rivals = count_rivals(WANTED, allocation.price)
    assert rivals[0] == 3
    proposal = explain_proposal(WANTED, allocation, 0, rivals)
    assert proposal.chosen is not None
    assert (proposal.chosen.opening, proposal.chosen.rivals, proposal.chosen.places) == (0, 3, 1)


def test_why_another_was_not_proposed_has_one_true_reason():
    allocation = allocate(WANTED, gap=0)
    assert explain_why_not(WANTED, allocation, 0, 0) is WhyNot.PROPOSED
    assert explain_why_not(WANTED, allocation, 0, 1) is WhyNot.BETTER_ELSEWHERE
    assert explain_why_not(WANTED, allocation, 0, 2) is WhyNot.NO_PLACES
    assert explain_why_not(WANTED, allocation, 2, 0) is WhyNot.OTHERS_NEED_IT_MORE
    assert explain_why_not(WANTED, allocation, 3, 0) is WhyNot.NOT_ELIGIBLE
    with pytest.raises(ValueError, match="opening"):
        explain_why_not(WANTED, allocation, 0, 3)


def test_alternatives_cost_others_at_most_two_percent_of_the_best():
    problem = make_market(31)
    allocation = allocate(problem)
    rivals = count_rivals(problem, allocation.price)
    bulk = find_alternatives(
        problem.start, problem.opening, problem.value, allocation.price, allocation.assigned, 100, 0.02
    )
    some = 0
    for person in range(100):
        pairs = list_pairs(problem, person)
        net = {spot: value - int(allocation.price[spot]) for spot, value in pairs.items()}
        least = max(*net.values(), 0) - 0.02 * max(pairs.values())
        expected = {spot for spot in net if net[spot] >= least and spot != allocation.assigned[person]}
        proposal = explain_proposal(problem, allocation, person, rivals)
        assert {choice.opening for choice in proposal.alternatives} == expected
        assert [choice.opening for choice in proposal.alternatives] == bulk[person][bulk[person] >= 0].tolist()
        some += len(expected)
    assert some > 10


def test_what_more_places_would_bring_lies_in_the_range_that_is_said():
    problem = make_market(32)
    before = allocate(problem, gap=1e-4)
    scarce = int(np.argmax(before.price))
    difference = find_difference(before, add_places(problem, scarce, 3))
    assert difference.least_gain <= difference.value_after - difference.value_before <= difference.most_gain
    assert difference.value_after > difference.value_before
    # A shadow price says what one place more is worth at most, up to the gap.
    slack = before.certificate.bound - before.certificate.value
    assert difference.value_after - before.certificate.value <= 3 * int(before.price[scarce]) + slack
