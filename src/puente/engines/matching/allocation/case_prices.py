"""Shadow prices of places: what one more bed, seat or hour would be worth.

The dual of the placement without indivisibility is

    D(p) = sum over cases of max(0, best value - need x price) + capacity x price,    p >= 0,

which bounds the value of every placement. Its corners are smoothed (a soft maximum of width tau), so that Newton's
method applies; tau then shrinks (Nesterov 2005). The Hessian is only ever multiplied with, by conjugate gradients, so
thousands of prices are no trouble.
"""

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.cases import CaseProblem
from puente.engines.matching.scan import compiled

_WIDEST = 0.3
_NARROWEST = 1e-3
_SHRINK = 0.3
_NEWTON_STEPS = 40
_GRADIENT_STEPS = 60
# A step ends a width when the prices' error in demand is below this share of all capacity.
_TOLERANCE = 1e-4


def price_cases(
    problem: CaseProblem,
    *,
    narrowest: float = _NARROWEST,
    start_price: NDArray[np.float64] | None = None,
    weight: float = 1.0,
) -> NDArray[np.float64]:
    """Return the shadow price of each resource at each place (places x resources), in the unit of value.

    Arguments: the cases; how narrow the last smoothing is, as a share of the mean best value; prices near the right
    ones (skips the wide smoothings); by how much each case counts (fewer or more arrivals of the same kind).
    """
    price = np.zeros(problem.capacity.shape) if start_price is None else start_price.astype(np.float64).copy()
    has_pairs = np.diff(problem.start) > 0
    if not has_pairs.any():
        return np.zeros(problem.capacity.shape)
    best = np.maximum.reduceat(problem.value, problem.start[:-1][has_pairs])
    scale = float(best.mean())
    if scale == 0:
        return np.zeros(problem.capacity.shape)
    width = _WIDEST if start_price is None else max(narrowest, narrowest * 3)
    while True:
        _smooth_descend(
            problem.start, problem.place, problem.value, problem.need, problem.capacity, price, width * scale, weight
        )
        if width <= narrowest:
            return price
        width = max(narrowest, width * _SHRINK)


def bound_cases(problem: CaseProblem, price: NDArray[np.float64]) -> float:
    """Return D(p), which no placement can exceed, for prices of 0 or more (places x resources)."""
    if (price < 0).any():
        raise ValueError("a price is below 0")
    return float(_sum_profits(problem.start, problem.place, problem.value, problem.need, price)) + float(
        (problem.capacity * price).sum()
    )


@compiled
def _find_net(
    value: NDArray[np.float64],
    place: NDArray[np.int32],
    need: NDArray[np.int64],
    price: NDArray[np.float64],
    case: int,
    pair: int,
) -> float:
    net = value[pair]
    for resource in range(need.shape[1]):
        net -= need[case, resource] * price[place[pair], resource]
    return float(net)


@compiled
def _sum_profits(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    price: NDArray[np.float64],
) -> float:
    total = 0.0
    for case in range(len(start) - 1):
        best = 0.0
        for pair in range(start[case], start[case + 1]):
            best = max(best, _find_net(value, place, need, price, case, pair))
        total += best
    return total


@compiled
def _evaluate(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    capacity: NDArray[np.int64],
    price: NDArray[np.float64],
    width: float,
    weight: float,
    share: NDArray[np.float64],
    gradient: NDArray[np.float64],
) -> float:
    """Return the smoothed dual; write the share of each pair and the gradient."""
    total = 0.0
    for spot in range(capacity.shape[0]):
        for resource in range(capacity.shape[1]):
            gradient[spot, resource] = capacity[spot, resource]
            total += capacity[spot, resource] * price[spot, resource]
    for case in range(len(start) - 1):
        best = 0.0
        for pair in range(start[case], start[case + 1]):
            share[pair] = _find_net(value, place, need, price, case, pair)
            best = max(best, share[pair])
        mass = np.exp(-best / width)
        for pair in range(start[case], start[case + 1]):
            share[pair] = np.exp((share[pair] - best) / width)
            mass += share[pair]
        total += weight * (best + width * np.log(mass))
        for pair in range(start[case], start[case + 1]):
            share[pair] /= mass
            for resource in range(need.shape[1]):
                gradient[place[pair], resource] -= weight * share[pair] * need[case, resource]
    return total


@compiled
def _multiply_hessian(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    need: NDArray[np.int64],
    share: NDArray[np.float64],
    direction: NDArray[np.float64],
    free: NDArray[np.bool_],
    scaled: float,
    damping: float,
    result: NDArray[np.float64],
) -> None:
    result[:] = damping * direction
    for case in range(len(start) - 1):
        mean = 0.0
        for pair in range(start[case], start[case + 1]):
            for resource in range(need.shape[1]):
                mean += share[pair] * need[case, resource] * direction[place[pair], resource]
        for pair in range(start[case], start[case + 1]):
            along = 0.0
            for resource in range(need.shape[1]):
                along += need[case, resource] * direction[place[pair], resource]
            for resource in range(need.shape[1]):
                result[place[pair], resource] += scaled * share[pair] * need[case, resource] * (along - mean)
    for spot in range(result.shape[0]):
        for resource in range(result.shape[1]):
            if not free[spot, resource]:
                result[spot, resource] = 0.0


@compiled
def _smooth_descend(
    start: NDArray[np.int64],
    place: NDArray[np.int32],
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    capacity: NDArray[np.int64],
    price: NDArray[np.float64],
    width: float,
    weight: float,
) -> None:
    """Move prices to the minimum of the dual smoothed by `width`: projected Newton, conjugate gradients inside."""
    share, trial_share = np.zeros(len(place)), np.zeros(len(place))
    gradient, trial_gradient = np.zeros(price.shape), np.zeros(price.shape)
    product = np.zeros(price.shape)
    all_capacity = max(1.0, float(capacity.sum()))
    total = _evaluate(start, place, value, need, capacity, price, width, weight, share, gradient)
    for _ in range(_NEWTON_STEPS):
        free = (price > 0) | (gradient < 0)
        residual = np.where(free, -gradient, 0.0)
        error = np.abs(residual).sum()
        if error <= _TOLERANCE * all_capacity:
            return
        # Without damping, prices of places that nobody wants by a hair would have no curvature at all.
        damping = 1e-6 * all_capacity / width
        step = np.zeros(price.shape)
        direction = residual.copy()
        square = (residual * residual).sum()
        target = square * 1e-4
        for _ in range(_GRADIENT_STEPS):
            _multiply_hessian(start, place, need, share, direction, free, weight / width, damping, product)
            curvature = (direction * product).sum()
            if curvature <= 0:
                break
            length = square / curvature
            step += length * direction
            residual -= length * product
            new_square = (residual * residual).sum()
            if new_square <= target:
                break
            direction = residual + new_square / square * direction
            square = new_square
        slope = (gradient * step).sum()
        length = 1.0
        moved = False
        for _ in range(30):
            trial = np.maximum(price + length * step, 0.0)
            new_total = _evaluate(
                start, place, value, need, capacity, trial, width, weight, trial_share, trial_gradient
            )
            if new_total <= total + 1e-4 * length * min(slope, 0.0) and new_total < total:
                moved = True
                break
            length *= 0.5
        if not moved:
            return
        gain = total - new_total
        price[:] = trial
        share[:] = trial_share
        gradient[:] = trial_gradient
        total = new_total
        if gain <= 1e-9 * abs(total):
            return
