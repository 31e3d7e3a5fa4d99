"""How likely a placement succeeds: shrunk counts, an interval, and calibration once outcomes exist.

Nothing about the person enters but the occupation of the opening and its state. Sex, origin, marital status, indigenous
identity and a deportation record are no inputs and never become any; `audit` compares groups afterwards.
"""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A cell is believed like its neighbourhood plus this many outcomes of its own: judgement until the spread between
# cells can be estimated.
PRIOR_OUTCOMES = 20.0
# Used for everything while there is no outcome at all, and labelled as such.
ASSUMED_SUCCESS = 0.5
# Fewer outcomes than this make steps of a calibration curve out of chance.
FEWEST_FOR_CALIBRATION = 200
_TWO_SIDED_90 = 1.6448536269514722


class Basis(StrEnum):
    """What a probability rests on; a screen must say it beside the number."""

    ASSUMED = "assumed"
    SHRUNK = "shrunk"
    CALIBRATED = "calibrated"


@dataclass(frozen=True, slots=True, eq=False)
class SuccessTable:
    """Probability of success by occupation and state (occupations x states), with a 90 % interval and its basis."""

    probability: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    outcomes: NDArray[np.int64]
    basis: Basis


def estimate_success(
    successes: NDArray[np.int64], outcomes: NDArray[np.int64], *, prior_outcomes: float = PRIOR_OUTCOMES
) -> SuccessTable:
    """Return success by occupation and state from counts (occupations x states).

    Each cell is shrunk towards what its occupation and its state lead one to expect (the overall odds, moved by the
    odds ratios of the two), that towards the overall share, each with the weight of `prior_outcomes` (empirical Bayes,
    beta binomial). The interval is Wilson's with the prior's outcomes counted in. Raises ValueError for impossible
    counts.
    """
    if successes.shape != outcomes.shape or successes.ndim != 2:
        raise ValueError("successes and outcomes must be tables of the same shape: occupations by states")
    if (successes < 0).any() or (successes > outcomes).any():
        raise ValueError("successes must lie between 0 and the number of outcomes")
    if not prior_outcomes > 0:
        raise ValueError("prior_outcomes must be above 0")
    total = int(outcomes.sum())
    overall = (successes.sum() + ASSUMED_SUCCESS * prior_outcomes) / (total + prior_outcomes)
    by_occupation = _shrink(successes.sum(axis=1), outcomes.sum(axis=1), overall, prior_outcomes)
    by_state = _shrink(successes.sum(axis=0), outcomes.sum(axis=0), overall, prior_outcomes)
    odds = _to_odds(by_occupation)[:, None] * _to_odds(by_state)[None, :] / _to_odds(np.array(overall))
    expected = odds / (1 + odds)
    probability = _shrink(successes, outcomes, expected, prior_outcomes)
    low, high = _find_interval(probability, outcomes + prior_outcomes)
    return SuccessTable(probability, low, high, outcomes.copy(), Basis.SHRUNK if total else Basis.ASSUMED)


def _shrink(
    successes: NDArray[np.int64], outcomes: NDArray[np.int64], expected: NDArray[np.float64] | float, weight: float
) -> NDArray[np.float64]:
    return np.asarray((successes + weight * expected) / (outcomes + weight), np.float64)


def _to_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(probability / (1 - probability), np.float64)


def _find_interval(
    probability: NDArray[np.float64], outcomes: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return Wilson's score interval (1927) of a share of so many outcomes."""
    square = _TWO_SIDED_90**2
    centre = (probability + square / (2 * outcomes)) / (1 + square / outcomes)
    spread = probability * (1 - probability) / outcomes + square / (4 * outcomes**2)
    half = _TWO_SIDED_90 / (1 + square / outcomes) * np.sqrt(spread)
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A rising curve from a predicted to an observed probability: the points between which to draw lines."""

    predicted: NDArray[np.float64]
    observed: NDArray[np.float64]
    outcomes: int

    def correct(self, probability: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return probabilities as they turned out before, for the same predictions."""
        return np.asarray(np.interp(probability, self.predicted, self.observed), np.float64)


def calibrate(predicted: NDArray[np.float64], succeeded: NDArray[np.bool_]) -> Calibration | None:
    """Return the isotonic calibration of predictions by what became of them; None for fewer than 200 outcomes.

    Pool adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman 1955). Raises ValueError when the columns do not fit.
    """
    if predicted.shape != succeeded.shape or predicted.ndim != 1:
        raise ValueError("predicted and succeeded must be columns of the same length")
    if not ((predicted >= 0) & (predicted <= 1)).all():
        raise ValueError("a prediction lies between 0 and 1")
    if predicted.size < FEWEST_FOR_CALIBRATION:
        return None
    points, position = np.unique(predicted, return_inverse=True)
    weight = np.bincount(position).astype(np.float64)
    mean = np.bincount(position, succeeded) / weight
    blocks: list[tuple[float, float, int]] = []
    for share, count in zip(mean.tolist(), weight.tolist(), strict=True):
        size = 1
        while blocks and blocks[-1][0] >= share:
            other, other_count, other_size = blocks.pop()
            share = (share * count + other * other_count) / (count + other_count)
            count, size = count + other_count, size + other_size
        blocks.append((share, count, size))
    observed = np.repeat([block[0] for block in blocks], [block[2] for block in blocks])
    return Calibration(points, observed, int(predicted.size))


def apply_calibration(table: SuccessTable, calibration: Calibration | None) -> SuccessTable:
    """Return a table with its probabilities and intervals corrected, or as it was without a calibration."""
    if calibration is None:
        return table
    return SuccessTable(
        calibration.correct(table.probability),
        calibration.correct(table.low),
        calibration.correct(table.high),
        table.outcomes,
        Basis.CALIBRATED,
    )


def find_expected_surplus(
    utility: NDArray[np.float64],
    probability: NDArray[np.float64],
    *,
    cost: float = 0.0,
    spread: float = 0.0,
) -> NDArray[np.float64]:
    """Return by what to rank: p x spread x log(1 + exp((p x U - cost) / spread)), U the utility of a placement.

    It is the expected surplus of somebody told about an opening, who applies when p x U is worth the cost to them up to
    a logistic error of the given spread (Bied, Caillou, Crepon, Gaillac, Perennes, Sebag 2026). Without spread it is
    p x max(0, p x U - cost); without cost too, p^2 x U; see `find_plain_value` for the ranking without outcomes.
    """
    gain = probability * utility - cost
    if spread < 0 or cost < 0:
        raise ValueError("cost and spread must be 0 or more")
    if spread == 0:
        return np.asarray(probability * np.maximum(gain, 0.0), np.float64)
    return np.asarray(probability * spread * np.logaddexp(0.0, gain / spread), np.float64)


def find_plain_value(utility: NDArray[np.float64], probability: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return utility times probability: the ranking to use while nobody measured who applies and who is taken."""
    return np.asarray(utility * probability, np.float64)


def describe_band(low: float, high: float) -> str:
    """Return the band in which a success lies, for a screen that shows no decimals: low, even, high or wide."""
    if high - low > 0.35 or not math.isfinite(low + high):
        return "wide"
    middle = (low + high) / 2
    return "low" if middle < 0.4 else "high" if middle > 0.6 else "even"
