"""What can be said of an allocation to a person: why this place, how many want it, why not another, what else is as
good.

Everything comes as codes and numbers; the words are the screen's.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem
from puente.engines.matching.allocation.solve import Allocation, allocate
from puente.engines.matching.scan import compiled, widen

NEARLY_AS_GOOD = 0.02


class WhyNot(StrEnum):
    """Why somebody is not proposed an opening."""

    PROPOSED = "proposed"
    NOT_ELIGIBLE = "not_eligible"  # the broken rules are told by `find_broken_rules`
    NO_PLACES = "no_places"
    BETTER_ELSEWHERE = "better_elsewhere"  # what is proposed is worth more to them
    OTHERS_NEED_IT_MORE = "others_need_it_more"  # worth more to them, but others would lose more
    JUST_AS_GOOD = "just_as_good"  # the lot decided


@dataclass(frozen=True, slots=True)
class Choice:
    """One opening for one person: value and price in millionths, how many people would take it, and its places."""

    opening: int
    value: int
    price: int
    rivals: int
    places: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed to somebody (None: nothing), and what is nearly as good at today's prices, best first."""

    chosen: Choice | None
    alternatives: tuple[Choice, ...]


def count_rivals(problem: AllocationProblem, price: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return for each opening how many people would take it if it cost nothing, all else as it is.

    That is what "about 40 people for 6 places" means: value of the opening not below what they get elsewhere.
    """
    return _count_rivals(problem.start, problem.opening, problem.value, price, problem.openings)


@compiled
def _count_rivals(
    start: NDArray[np.int64],
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    price: NDArray[np.int32],
    openings: int,
) -> NDArray[np.int64]:
    rivals = np.zeros(openings, np.int64)
    for person in range(len(start) - 1):
        best, second, best_opening = 0, 0, -1
        for pair in range(start[person], start[person + 1]):
            net = widen(value[pair]) - price[opening[pair]]
            if net > best:
                best, second, best_opening = net, best, widen(opening[pair])
            elif net > second:
                second = net
        for pair in range(start[person], start[person + 1]):
            elsewhere = second if opening[pair] == best_opening else best
            if value[pair] > 0 and value[pair] >= elsewhere:
                rivals[opening[pair]] += 1
    return rivals


def explain_proposal(
    problem: AllocationProblem,
    allocation: Allocation,
    person: int,
    rivals: NDArray[np.int64],
    *,
    nearly: float = NEARLY_AS_GOOD,
) -> Proposal:
    """Return what is proposed to one person, and what they may take instead at little cost to others.

    An alternative is nearly as good when its value less its price lies within `nearly` of the value of the best opening
    open to them. rivals comes from `count_rivals`.
    """
    rows = np.arange(problem.start[person], problem.start[person + 1])
    openings, value = problem.opening[rows], problem.value[rows].astype(np.int64)
    price = allocation.price[openings].astype(np.int64)
    net = value - price
    assigned = int(allocation.assigned[person])
    choices = [
        Choice(int(o), int(v), int(p), int(rivals[o]), int(problem.capacity[o]))
        for o, v, p in zip(openings, value, price, strict=True)
    ]
    chosen = next((choice for choice in choices if choice.opening == assigned), None)
    if net.size == 0:
        return Proposal(chosen, ())
    limit = max(int(net.max()), 0) - nearly * int(value.max())
    near = [
        number for number in np.lexsort((openings, -net)) if net[number] >= limit and problem.capacity[openings[number]]
    ]
    return Proposal(chosen, tuple(choices[number] for number in near if choices[number].opening != assigned))


def explain_why_not(problem: AllocationProblem, allocation: Allocation, person: int, opening: int) -> WhyNot:
    """Return why one opening is not proposed to one person. Raises ValueError for one that does not exist."""
    if not 0 <= opening < problem.openings:
        raise ValueError(f"opening must lie between 0 and {problem.openings - 1}")
    rows = slice(int(problem.start[person]), int(problem.start[person + 1]))
    values = dict(zip(problem.opening[rows].tolist(), problem.value[rows].tolist(), strict=True))
    assigned = int(allocation.assigned[person])
    if assigned == opening:
        return WhyNot.PROPOSED
    if opening not in values:
        return WhyNot.NOT_ELIGIBLE
    if problem.capacity[opening] == 0:
        return WhyNot.NO_PLACES
    own = values[assigned] if assigned != NOWHERE else 0
    if values[opening] < own:
        return WhyNot.BETTER_ELSEWHERE
    own_net = own - int(allocation.price[assigned]) if assigned != NOWHERE else 0
    net = values[opening] - int(allocation.price[opening])
    return WhyNot.JUST_AS_GOOD if net >= own_net else WhyNot.OTHERS_NEED_IT_MORE


@dataclass(frozen=True, slots=True)
class Difference:
    """What a change would do: value and people placed before and after, and the certified range of the gain."""

    value_before: int
    value_after: int
    placed_before: int
    placed_after: int
    least_gain: int
    most_gain: int


def find_difference(before: Allocation, problem: AllocationProblem, *, threads: int = 1) -> Difference:
    """Return what another problem (20 places more, a licence more) would bring against an allocation.

    The range of the gain holds whatever the solver does: least is value after less bound before, most the reverse.
    """
    after = allocate(problem, gap=before.wanted_gap, seed=before.seed, threads=threads)
    first, second = before.certificate, after.certificate
    return Difference(
        first.value,
        second.value,
        before.placed,
        after.placed,
        second.value - first.bound,
        second.bound - first.value,
    )


def add_places(problem: AllocationProblem, opening: int, places: int) -> AllocationProblem:
    """Return the problem with more places (or fewer) in one opening."""
    capacity = problem.capacity.copy()
    capacity[opening] += places
    return AllocationProblem(
        problem.start, problem.opening, problem.value, capacity, problem.employer, problem.employer_limit
    )


@compiled
def find_alternatives(
    start: NDArray[np.int64],
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    price: NDArray[np.int32],
    assigned: NDArray[np.int32],
    limit: int,
    nearly: float,
) -> NDArray[np.int32]:
    """Return for everybody what `explain_proposal` calls nearly as good, the best `limit` of them (-1: no more).

    For a whole cohort at once; openings without places must have a price beyond any value.
    """
    found = np.full((len(start) - 1, limit), NOWHERE, np.int32)
    worth = np.zeros(limit, np.int64)
    for person in range(len(start) - 1):
        best, highest, size = 0, 0, 0
        for pair in range(start[person], start[person + 1]):
            best = max(best, widen(value[pair]) - price[opening[pair]])
            highest = max(highest, widen(value[pair]))
        least = best - nearly * highest
        for pair in range(start[person], start[person + 1]):
            net = widen(value[pair]) - price[opening[pair]]
            if net < least or opening[pair] == assigned[person]:
                continue
            spot = size
            while spot > 0 and (
                worth[spot - 1] < net or (worth[spot - 1] == net and found[person, spot - 1] > opening[pair])
            ):
                if spot < limit:
                    worth[spot] = worth[spot - 1]
                    found[person, spot] = found[person, spot - 1]
                spot -= 1
            if spot < limit:
                worth[spot] = net
                found[person, spot] = opening[pair]
                size = min(size + 1, limit)
    return found
