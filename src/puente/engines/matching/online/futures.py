"""Prices for what is left of a year, from futures drawn out of what is known."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.case_prices import price_cases
from puente.engines.matching.allocation.cases import CaseProblem, select_cases

# Counts vary about this share around what is expected (Ahani et al. 2024 use 10 % in their robustness runs).
SPREAD = 0.1
# The expectation stands for this many observed cases when arrivals begin to tell another rate.
_RATE_WEIGHT = 15.0
# The pool stands for this many seen cases when the composition is drawn from both.
_POOL_WEIGHT = 60.0
_WIDTH = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """What may still come: cases to draw from with their weights, how many, and how sure that number is."""

    pool: CaseProblem
    weight: NDArray[np.float64]
    expected: float
    spread: float = SPREAD


@dataclass(frozen=True, slots=True, eq=False)
class NightPrices:
    """Prices for the day (places x resources), and those of each future, from which the next night starts."""

    price: NDArray[np.float64]
    of_future: NDArray[np.float64]


def look_ahead(
    pool: CaseProblem | None,
    seen: CaseProblem,
    *,
    expected: float,
    elapsed: float,
    spread: float = SPREAD,
) -> Outlook:
    """Return the outlook after some of a year is over, from a pool and from the cases seen so far.

    expected is the number of cases of the whole year as known beforehand, elapsed the share of the year that is over.
    The rate is what the arrivals so far say, held back towards what was expected; so is the composition.
    """
    rate = (seen.cases + _RATE_WEIGHT) / (expected * elapsed + _RATE_WEIGHT) if expected > 0 else 1.0
    remaining = expected * (1 - elapsed) * rate
    if pool is None or pool.cases == 0:
        return Outlook(seen, np.ones(seen.cases), remaining, spread)
    both = join_cases(pool, seen)
    weight = np.concatenate([np.full(pool.cases, _POOL_WEIGHT / pool.cases), np.ones(seen.cases)])
    return Outlook(both, weight, remaining, spread)


def price_night(
    outlook: Outlook,
    capacity: NDArray[np.int64],
    *,
    trajectories: int,
    rng: np.random.Generator,
    before: NightPrices | None = None,
    present: CaseProblem | None = None,
) -> NightPrices:
    """Return tomorrow's prices: the mean over futures of what one more of each resource would be worth in it.

    The mean of the marginal values is the marginal value of the mean, so a place is worth leaving empty exactly as far
    as those who may still come would gain by it (Ahani, Golz, Procaccia, Teytelboym, Trapp 2024, there with linear
    programs). Arguments: the outlook; what is left (places x resources); how many futures; the source of chance; the
    prices of the night before; those who are known to be there, who are then part of every future.
    """
    prices = np.zeros((trajectories, *capacity.shape))
    if outlook.pool.cases == 0 or outlook.expected <= 0:
        return NightPrices(np.zeros(capacity.shape), prices)
    share = np.cumsum(outlook.weight / outlook.weight.sum())
    for number in range(trajectories):
        count = _draw_count(rng, outlook.expected, outlook.spread)
        drawn = np.minimum(np.searchsorted(share, rng.random(count)), outlook.pool.cases - 1)
        future = select_cases(outlook.pool, drawn, capacity)
        if present is not None:
            future = join_cases(present, future)
        start = None if before is None else before.of_future[number]
        prices[number] = price_cases(future, narrowest=_WIDTH, start_price=start)
    return NightPrices(prices.mean(axis=0), prices)


def _draw_count(rng: np.random.Generator, mean: float, spread: float) -> int:
    """Draw a number of arrivals: negative binomial with the given mean, its rate varying by `spread`."""
    if spread == 0:
        return int(rng.poisson(mean))
    shape = 1 / spread**2
    return int(rng.poisson(rng.gamma(shape, mean / shape)))


def join_cases(first: CaseProblem, second: CaseProblem) -> CaseProblem:
    """Return the cases of both, with the capacity of the second."""
    return CaseProblem(
        np.concatenate([first.start, first.start[-1] + second.start[1:]]),
        np.concatenate([first.place, second.place]),
        np.concatenate([first.value, second.value]),
        np.concatenate([first.need, second.need]),
        second.capacity,
    )


def stress(outlook: Outlook, *, count: float = 1.0, composition: NDArray[np.float64] | None = None) -> Outlook:
    """Return an outlook with the number of cases multiplied, and other weights of the cases where given."""
    weight = outlook.weight if composition is None else composition
    if count < 0 or not math.isfinite(count):
        raise ValueError("count must be 0 or more")
    return replace(outlook, expected=outlook.expected * count, weight=weight)
