"""How many people to ask, and what a series of calls can show at all: before the money is spent."""

from math import ceil

import numpy as np
from scipy.special import ndtri

from puente.engines.reach.effect.calls import interrupt_series
from puente.engines.reach.effect.counts import Family, FitProblem


def size_for_waves(
    before: float, after: float, *, power: float = 0.8, level: float = 0.95, design_effect: float = 1.0
) -> int:
    """Return how many people to ask in each wave so that a change of a share is shown (two-sided, unpooled).

    Args:
        before, after: expected shares. design_effect: how much clustering inflates the variance; 2 is common.

    Raises:
        ValueError: shares outside 0 to 1, or no change.
    """
    return _size(after - before, [before, after], power, level, design_effect)


def size_for_differences(
    base: float, lift: float, *, drift: float = 0.0, power: float = 0.8, level: float = 0.95, design_effect: float = 1.0
) -> int:
    """Return how many people to ask in each of four cells: before and after, with and without the campaign.

    Args:
        base: share before, on both sides. drift: change without the campaign. lift: what the campaign adds.
    """
    return _size(lift, [base, base + drift + lift, base, base + drift], power, level, design_effect)


def _size(change: float, shares: list[float], power: float, level: float, design_effect: float) -> int:
    if any(not 0 < share < 1 for share in shares) or change == 0:
        raise ValueError("Shares lie between 0 and 1, and there must be a change to look for.")
    if not (0.5 <= power < 1 and 0.5 <= level < 1 and design_effect >= 1):
        raise ValueError("Power and level lie between 0.5 and 1, and a design effect is 1 or more.")
    quantiles = float(ndtri(0.5 + level / 2) + ndtri(power))
    return ceil(design_effect * quantiles**2 * sum(share * (1 - share) for share in shares) / change**2 - 1e-9)


def power_of_series(
    mean: float,
    ratio: float,
    *,
    before: int = 52,
    after: int = 12,
    dispersion: float = 2.36,
    level: float = 0.95,
    rounds: int = 400,
    seed: int = 0,
) -> float:
    """Return the share of invented series in which a change of the rate would be shown.

    Args:
        mean: calls a period before. ratio: by what factor they change. dispersion: variance by mean; 2.36 is what a
            real trafficking line had (Argentina's Línea 145, 2020–2021).
    """
    rng = np.random.default_rng(seed)
    shown = 0
    for _ in range(rounds):
        counts = draw_calls(rng, np.repeat([mean, mean * ratio], [before, after]), dispersion)
        try:
            change = interrupt_series(counts, before, family=Family.QUASI, level=level).change
        except FitProblem:
            continue  # a series that cannot be fitted shows nothing
        shown += change.low > 1 or change.high < 1
    return shown / rounds


def draw_calls(
    rng: np.random.Generator, mean: np.ndarray[tuple[int, ...], np.dtype[np.float64]], dispersion: float
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Draw counts with given means and a variance of `dispersion` times the mean, as of a negative binomial."""
    if dispersion <= 1:
        return rng.poisson(mean).astype(np.float64)
    return rng.poisson(rng.gamma(mean / (dispersion - 1), dispersion - 1)).astype(np.float64)
