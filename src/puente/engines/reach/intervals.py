"""Intervals for reach by the bootstrap: how far the figure could be off because only so many people were asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from puente.engines.reach.models import Measurement, Model, sum_from
from puente.engines.reach.numbers import Whole


@dataclass(frozen=True)
class Estimate:
    """A share with its interval."""

    value: float
    low: float
    high: float
    level: float


def estimate_reach(
    measurement: Measurement,
    make_model: Callable[..., Model],
    plan: Whole,
    audience: int,
    *,
    times: Sequence[int] = (1, 3, 5),
    rounds: int = 200,
    level: float = 0.95,
    seed: int = 0,
) -> dict[int, Estimate]:
    """Return reach at each frequency with its bootstrap interval (percentiles; Efron 1979).

    Args:
        measurement: a panel or a table; `resample` draws as many respondents as were asked.
        make_model: builds the model from a measurement, so that each round fits it anew.
        plan: (programmes,) number of spots.
        times: frequencies: 1 is 1+ reach, 3 is 3+.
        rounds: number of samples drawn.
    """
    shares = make_model(measurement).distribution(plan, audience)
    rng = np.random.default_rng(seed)
    drawn = np.empty((rounds, len(times)))
    for index in range(rounds):
        sample = make_model(measurement.resample(rng)).distribution(plan, audience)
        drawn[index] = [sum_from(sample, k) for k in times]
    tail = (1 - level) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    return {k: Estimate(sum_from(shares, k), float(low[i]), float(high[i]), level) for i, k in enumerate(times)}
