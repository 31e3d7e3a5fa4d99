"""Floors: what each group of people must reach together, and below what nobody may be placed.

A group's floor is a share of what the group would get alone with its proportional share of the places ("proportionally
optimised", Freund, Lykouris, Paulson, Sturt, Weng 2025). It enters as a weight: a group below its floor has its values
multiplied by 1 + w, and w rises until the floor is reached. The groups are for looking after people, never for ranking
them: they come from the office, per cohort, and are no input of the value.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.certificate import Certificate
from puente.engines.matching.allocation.problem import (
    NOWHERE,
    AllocationProblem,
    find_values,
    select_people,
)
from puente.engines.matching.allocation.solve import Allocation, allocate
from puente.engines.matching.scan import compiled

FLOOR_SHARE = 0.95
_HIGHEST_WEIGHT = 3.0
_ROUNDS = 24
_SMALLEST_STEP = 0.01
# Weights are whole 4,096ths, so that a bound computed with them is exact.
WEIGHT_UNIT = 4096


@dataclass(frozen=True, slots=True)
class GroupFloor:
    """One group: its people, what it must reach, what it reached (millionths), and the weight that took."""

    group: int
    people: int
    floor: int
    reached: int
    weight: float

    @property
    def is_kept(self) -> bool:
        """Tell whether the group reached its floor."""
        return self.reached >= self.floor


@dataclass(frozen=True, slots=True, eq=False)
class FairAllocation:
    """An allocation with group floors. cost is the share of value given up against the allocation without floors.

    The certificate's bound holds for every allocation that keeps the floors.
    """

    allocation: Allocation
    floors: tuple[GroupFloor, ...]
    certificate: Certificate
    cost: float


def find_group_floors(
    problem: AllocationProblem, group: NDArray[np.int64], *, share: float = FLOOR_SHARE, gap: float = 1e-3
) -> NDArray[np.int64]:
    """Return for each group (0 to the highest in `group`) what it must reach, in millionths.

    It is `share` of what the group gets alone, certified within `gap`, with its proportional part of every capacity and
    limit. Parts of a place are dealt out along the openings, so that neighbours in the table make up whole places.
    """
    if group.size != problem.people:
        raise ValueError("group must have one row for each person")
    if not 0 <= share <= 1:
        raise ValueError("share must lie between 0 and 1")
    floors = []
    for number in range(int(group.max()) + 1 if group.size else 0):
        members = np.flatnonzero(group == number)
        part = members.size / problem.people
        alone = select_people(problem, members)
        alone = AllocationProblem(
            alone.start,
            alone.opening,
            alone.value,
            _deal_out(problem.capacity, part),
            problem.employer,
            _deal_out(problem.employer_limit, part),
        )
        floors.append(int(share * allocate(alone, gap=gap).certificate.value))
    return np.array(floors, np.int64)


def allocate_with_floors(
    problem: AllocationProblem,
    group: NDArray[np.int64],
    floors: NDArray[np.int64],
    *,
    gap: float = 1e-3,
    seed: int = 0,
    threads: int = 1,
) -> FairAllocation:
    """Return an allocation in which each group reaches its floor, if weights up to 4 can bring that about.

    Arguments: the problem; each person's group (int, people; -1 for none); what each group must reach (int, groups;
    `find_group_floors`); gap, seed and threads as in `allocate`. A floor that cannot be kept is reported, not hidden:
    `GroupFloor.is_kept` is False. Raises ValueError when the columns do not fit.
    """
    if group.size != problem.people or (group.size and group.max() >= floors.size):
        raise ValueError("group must have one row for each person and name groups that have a floor")
    free = allocate(problem, gap=gap, seed=seed, threads=threads)
    best, weight = free, np.zeros(floors.size, np.int64)
    reached = sum_by_group(problem, free.assigned, group, floors.size)
    weighted = problem
    for _ in range(_ROUNDS):
        short = (reached < floors) & (weight < _HIGHEST_WEIGHT * WEIGHT_UNIT)
        if not short.any():
            break
        # How much is missing sets the step: value answers to its weight about one to one, scarce groups slower.
        missing = floors[short] / np.maximum(reached[short], 1) - 1
        step = np.clip(missing, _SMALLEST_STEP, 1.0) * WEIGHT_UNIT
        weight[short] = np.minimum(weight[short] + step.astype(np.int64), int(_HIGHEST_WEIGHT * WEIGHT_UNIT))
        weighted = _weigh(problem, group, weight)
        best = allocate(weighted, gap=gap, seed=seed, threads=threads, start_price=best.price)
        reached = sum_by_group(problem, best.assigned, group, floors.size)
    value = int(find_values(problem, best.assigned).sum())
    bound = best.certificate.bound - int((weight * floors).sum()) // WEIGHT_UNIT
    counts = np.bincount(group[group >= 0], minlength=floors.size)
    return FairAllocation(
        allocation=best,
        floors=tuple(
            GroupFloor(
                number, int(counts[number]), int(floors[number]), int(reached[number]), weight[number] / WEIGHT_UNIT
            )
            for number in range(floors.size)
        ),
        certificate=Certificate(value, min(bound, free.certificate.bound)),
        cost=1 - value / free.certificate.value if free.certificate.value else 0.0,
    )


def sum_by_group(
    problem: AllocationProblem, assigned: NDArray[np.int32], group: NDArray[np.int64], groups: int
) -> NDArray[np.int64]:
    """Return what the places of each group are worth together, in millionths."""
    counted = group >= 0
    values = find_values(problem, assigned)[counted]
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, group[counted], values)
    return sums


def _weigh(problem: AllocationProblem, group: NDArray[np.int64], weight: NDArray[np.int64]) -> AllocationProblem:
    """Return the problem with the values of weighted groups multiplied, rounded up so that bounds stay bounds."""
    factor = np.where(group >= 0, WEIGHT_UNIT + weight[group], WEIGHT_UNIT)
    value = _multiply(problem.start, problem.value, factor)
    return AllocationProblem(
        problem.start, problem.opening, value, problem.capacity, problem.employer, problem.employer_limit
    )


@compiled
def _multiply(start: NDArray[np.int64], value: NDArray[np.int32], factor: NDArray[np.int64]) -> NDArray[np.int32]:
    weighted = np.empty_like(value)
    for person in range(len(start) - 1):
        for pair in range(start[person], start[person + 1]):
            weighted[pair] = (value[pair] * factor[person] + WEIGHT_UNIT - 1) // WEIGHT_UNIT
    return weighted


def _deal_out(places: NDArray[np.int32], share: float) -> NDArray[np.int32]:
    """Return whole places that add up to a share of them, dealt out evenly along the table."""
    reached = np.floor(np.cumsum(places, dtype=np.int64) * share + 0.5).astype(np.int64)
    return np.asarray(np.diff(reached, prepend=0), np.int32)


def find_first_come(problem: AllocationProblem, order: NDArray[np.int64]) -> NDArray[np.int32]:
    """Return where people would go without an algorithm: each takes the best place left when their turn comes.

    Arguments: the problem; the people (indices) in the order in which they come. Limits per employer hold.
    """
    assigned: NDArray[np.int32] = _take_in_turn(
        problem.start,
        problem.opening,
        problem.value,
        problem.capacity.copy(),
        problem.employer,
        problem.employer_limit.copy(),
        order,
    )
    return assigned


@compiled
def _take_in_turn(
    start: NDArray[np.int64],
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    left: NDArray[np.int32],
    employer: NDArray[np.int32],
    employer_left: NDArray[np.int32],
    order: NDArray[np.int64],
) -> NDArray[np.int32]:
    assigned = np.full(len(start) - 1, NOWHERE, np.int32)
    for person in order:
        best = 0
        for pair in range(start[person], start[person + 1]):
            spot = opening[pair]
            owner = employer[spot]
            if value[pair] > best and left[spot] > 0 and (owner < 0 or employer_left[owner] > 0):
                best = value[pair]
                assigned[person] = spot
        if assigned[person] >= 0:
            left[assigned[person]] -= 1
            if employer[assigned[person]] >= 0:
                employer_left[employer[assigned[person]]] -= 1
    return assigned


def keep_individual_floors(problem: AllocationProblem, floor: NDArray[np.int64]) -> AllocationProblem:
    """Return the problem without the pairs that are worth less to somebody than their own floor (millionths, people).

    Whoever then gets no place is one for a human to look after; nobody is sent below their floor.
    """
    if floor.size != problem.people:
        raise ValueError("floor must have one row for each person")
    kept = problem.value >= np.repeat(floor, np.diff(problem.start))
    counts = np.concatenate([[0], np.cumsum(kept)])
    return AllocationProblem(
        counts[problem.start],
        problem.opening[kept],
        problem.value[kept],
        problem.capacity,
        problem.employer,
        problem.employer_limit,
    )
