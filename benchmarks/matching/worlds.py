"""Synthetic placement years: 300 to 500 cases with families and 20 places, each with a year before as the pool.

Sizes, numbers and tightness follow the two published years of a resettlement agency (329 cases and 839 people for 1,224
places; 499 and 1,304 for 1,387); what a place is worth is a probability for each adult made of the place, the kind of
case and chance. Counts and composition of the year can differ from the pool's.
"""

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.cases import make_case_problem
from puente.engines.matching.online.instance import PlacementYear

PLACES = 20
KINDS = (0.4, 0.3, 0.2, 0.1)
SWAPPED = (0.1, 0.2, 0.3, 0.4)
DAYS = 52


def make_world(seed: int, *, count: float = 1.0, kinds: tuple[float, ...] = KINDS) -> PlacementYear:
    """Draw a year of so many times the expected cases, and with other shares of kinds, where they are given."""
    rng = np.random.default_rng(seed)
    expected = int(rng.integers(300, 501))
    quality = rng.random(PLACES)
    taste = 0.06 * rng.normal(size=(len(KINDS), PLACES))
    pool, pool_size, pool_fits = _draw(rng, expected, KINDS, quality, taste)
    slack = rng.uniform(1.06, 1.46)
    weight = rng.lognormal(0, 0.5, PLACES)
    capacity = np.maximum(6, np.round(weight / weight.sum() * pool_size.sum() * slack)).astype(np.int64)
    value, size, fits = _draw(rng, round(expected * count), kinds, quality, taste)
    day = np.sort(rng.integers(0, DAYS, len(value)))
    return PlacementYear(
        make_case_problem(value, size, capacity, fits),
        np.arange(len(value)),
        day,
        float(expected),
        DAYS,
        make_case_problem(pool, pool_size, capacity, pool_fits),
    )


def _draw(
    rng: np.random.Generator,
    cases: int,
    kinds: tuple[float, ...],
    quality: NDArray[np.float64],
    taste: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.bool_]]:
    size = rng.choice([1, 2, 3, 4, 5, 6, 7], cases, p=[0.43, 0.14, 0.13, 0.12, 0.09, 0.05, 0.04])
    adults = np.minimum(size, rng.integers(1, 3, cases))
    kind = rng.choice(len(kinds), cases, p=kinds)
    chance = (0.05 + 0.35 * quality[None, :] + taste[kind]) * rng.uniform(0.5, 1.5, (cases, 1))
    chance = np.clip(chance + 0.03 * rng.normal(size=(cases, PLACES)), 0.01, 0.95)
    return adults[:, None] * chance, size, rng.random((cases, PLACES)) < 0.9
