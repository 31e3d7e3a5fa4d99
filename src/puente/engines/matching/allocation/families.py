"""Placement of indivisible cases: prices, rounding, local repair, and an integer program where one is at hand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.case_prices import bound_cases, price_cases
from puente.engines.matching.allocation.cases import NOWHERE, CaseProblem, check_placement
from puente.engines.matching.scan import compiled, widen

_SWEEPS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where each case goes (int32, -1 for nowhere), at which prices (places x resources), and the proof.

    value is what it is worth, bound what no placement can exceed (of divisible families, so some gap is in the nature
    of the thing), is_best that an integer program proved that none is better.
    """

    assigned: NDArray[np.int32]
    price: NDArray[np.float64]
    value: float
    bound: float
    is_best: bool
    inputs_digest: str

    @property
    def gap(self) -> float:
        """Return (bound - value) / bound, 0 where nothing can be gained at all."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


def allocate_cases(
    problem: CaseProblem,
    *,
    start_price: NDArray[np.float64] | None = None,
    repair_seconds: float = 0.0,
) -> Placement:
    """Return a placement of whole cases with a bound.

    Arguments: the cases; prices near the right ones; how many seconds an integer program may take to repair what
    rounding lost (0: none; it needs the extra `matching`). Pairs whose reduced value proves that they cannot be part of
    anything better are left out of it, so when it ends in time the placement is the best there is.
    """
    price = price_cases(problem, start_price=start_price)
    assigned = _round(problem, price)
    improve_placement(problem, assigned)
    value = check_placement(problem, assigned)
    bound = bound_cases(problem, price)
    is_best = bound - value <= 1e-9 * max(bound, 1.0)
    if repair_seconds > 0 and not is_best:
        assigned, value, is_best = _repair(problem, price, assigned, value, bound, repair_seconds)
    return Placement(assigned, price, value, bound, is_best, problem.compute_digest())


def improve_placement(problem: CaseProblem, assigned: NDArray[np.int32]) -> None:
    """Improve a placement in place until no move of one case, and no move that displaces one other, gains."""
    left = problem.capacity.copy()
    placed = np.flatnonzero(assigned != NOWHERE)
    np.subtract.at(left, assigned[placed], problem.need[placed])
    _improve(problem.start, problem.place, problem.value, problem.need, left, assigned)


def _round(problem: CaseProblem, price: NDArray[np.float64]) -> NDArray[np.int32]:
    """Place cases at their best place net of prices, those first who lose most without it."""
    case = problem.find_cases()
    net = problem.value - (problem.need[case] * price[problem.place]).sum(axis=1)
    order = _order_by_regret(problem.start, net)
    return _place_in_order(problem.start, problem.place, net, problem.need, problem.capacity.copy(), order)


def _order_by_regret(start: NDArray[np.int64], net: NDArray[np.float64]) -> NDArray[np.int64]:
    best, second = np.zeros(start.size - 1), np.zeros(start.size - 1)
    for case in range(start.size - 1):
        ranked = np.sort(net[start[case] : start[case + 1]])[::-1]
        best[case] = max(ranked[0], 0.0) if ranked.size else 0.0
        second[case] = max(ranked[1], 0.0) if ranked.size > 1 else 0.0
    return np.argsort(second - best, kind="stable")


@compiled
def _fits(need: NDArray[np.int64], left: NDArray[np.int64], case: int, spot: int) -> bool:
    for resource in range(need.shape[1]):  # noqa: SIM110 (compiled)
        if need[case, resource] > left[spot, resource]:
            return False
    return True


@compiled
def _take(need: NDArray[np.int64], left: NDArray[np.int64], case: int, spot: int, sign: int) -> None:
    for resource in range(need.shape[1]):
        left[spot, resource] -= sign * need[case, resource]


@compiled
def _place_in_order(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    net: NDArray[np.float64],
    need: NDArray[np.int64],
    left: NDArray[np.int64],
    order: NDArray[np.int64],
) -> NDArray[np.int32]:
    assigned = np.full(len(start) - 1, NOWHERE, np.int32)
    for case in order:
        best, chosen = -np.inf, -1
        for pair in range(start[case], start[case + 1]):
            if net[pair] > best and _fits(need, left, case, place[pair]):
                best, chosen = net[pair], widen(place[pair])
        # A place that is dear by a hair is better than none: prices of the last places are uncertain.
        if chosen >= 0:
            assigned[case] = chosen
            _take(need, left, case, chosen, 1)
    return assigned


@compiled
def _find_best_fit(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    left: NDArray[np.int64],
    case: int,
) -> tuple[float, int]:
    """Return the value and the place of the best that has room for a case; 0 and -1 when none has."""
    best, chosen = 0.0, -1
    for pair in range(start[case], start[case + 1]):
        if value[pair] > best and _fits(need, left, case, place[pair]):
            best, chosen = value[pair], widen(place[pair])
    return best, chosen


@compiled
def _improve(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    left: NDArray[np.int64],
    assigned: NDArray[np.int32],
) -> None:
    cases = len(start) - 1
    worth = np.zeros(cases)
    for case in range(cases):
        for pair in range(start[case], start[case + 1]):
            if place[pair] == assigned[case]:
                worth[case] = value[pair]
    for _ in range(_SWEEPS):
        changed = False
        for case in range(cases):
            for pair in range(start[case], start[case + 1]):
                spot = widen(place[pair])
                gain = value[pair] - worth[case]
                if gain <= 1e-12 or spot == assigned[case]:
                    continue
                old = widen(assigned[case])
                if old >= 0:
                    _take(need, left, case, old, -1)
                best_total, best_other, best_spot, best_worth = 1e-12, -2, -1, 0.0
                if _fits(need, left, case, spot):
                    best_total, best_other = gain, -1
                else:
                    # One who stands there may make room, and takes the best that has room once both have moved.
                    for other in range(cases):
                        if assigned[other] != spot or other == case:
                            continue
                        _take(need, left, other, spot, -1)
                        if _fits(need, left, case, spot):
                            _take(need, left, case, spot, 1)
                            other_worth, other_spot = _find_best_fit(start, place, value, need, left, other)
                            total = gain + other_worth - worth[other]
                            if total > best_total:
                                best_total, best_other, best_spot, best_worth = total, other, other_spot, other_worth
                            _take(need, left, case, spot, -1)
                        _take(need, left, other, spot, 1)
                if best_other == -2:
                    if old >= 0:
                        _take(need, left, case, old, 1)
                    continue
                if best_other >= 0:
                    _take(need, left, best_other, spot, -1)
                    assigned[best_other] = best_spot
                    worth[best_other] = best_worth
                    if best_spot >= 0:
                        _take(need, left, best_other, best_spot, 1)
                _take(need, left, case, spot, 1)
                assigned[case] = spot
                worth[case] = value[pair]
                changed = True
        if not changed:
            return


def _repair(
    problem: CaseProblem,
    price: NDArray[np.float64],
    assigned: NDArray[np.int32],
    value: float,
    bound: float,
    seconds: float,
) -> tuple[NDArray[np.int32], float, bool]:
    """Return the better of a placement and what an integer program finds, and whether it is proved the best."""
    from puente.engines.matching.allocation.exact import solve_by_integer_program

    case = problem.find_cases()
    net = problem.value - (problem.need[case] * price[problem.place]).sum(axis=1)
    best = np.zeros(problem.cases)
    np.maximum.at(best, case, net)
    # A placement that uses a pair is worth at most bound - (best - net): below `value`, the pair is of no use.
    useful = best[case] - net <= bound - value + 1e-9 * max(bound, 1.0)
    found_value, found, is_best = solve_by_integer_program(problem, seconds=seconds, within=useful)
    if found_value > value:
        improve_placement(problem, found)
        return found, check_placement(problem, found), is_best
    return assigned, value, is_best
