"""What an allocation did for groups of people, looked at afterwards. Groups are never an input of the value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Below this number a row could tell about single people; it is shown as too few.
FEWEST = 10
_TWO_SIDED_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group: its people, how many are placed, their mean value, and both compared with everybody else.

    placed_share, mean_value and the differences are None for fewer than 10 people. The intervals (95 %) of a difference
    are Newcombe's for shares and Welch's, with normal quantiles, for means; one that excludes 0 deserves an
    explanation.
    """

    group: int
    people: int
    placed_share: float | None
    mean_value: float | None
    placed_difference: tuple[float, float, float] | None
    value_difference: tuple[float, float, float] | None


def audit_groups(
    group: NDArray[np.int64], value: NDArray[np.float64], could_have: NDArray[np.float64] | None = None
) -> tuple[GroupRow, ...]:
    """Compare groups after the fact.

    Arguments: each person's group (0 and up, -1 for none said); what their place is worth to them, 0 for no place; what
    the best opening open to them is worth, to compare shares of the possible instead of values (all above 0).
    Raises ValueError when the columns do not fit.
    """
    if group.shape != value.shape or (could_have is not None and could_have.shape != value.shape):
        raise ValueError("group, value and could_have must have one row for each person")
    if could_have is not None:
        if (could_have <= 0).any():
            raise ValueError("could_have must be above 0: leave out whom nothing is open to")
        value = value / could_have
    return tuple(
        _compare(number, value[group == number], value[(group != number) & (group >= 0)])
        for number in range(int(group.max()) + 1 if group.size else 0)
    )


def _compare(number: int, own: NDArray[np.float64], others: NDArray[np.float64]) -> GroupRow:
    if own.size < FEWEST:
        return GroupRow(number, own.size, None, None, None, None)
    placed, mean = float((own > 0).mean()), float(own.mean())
    if others.size < FEWEST:
        return GroupRow(number, own.size, placed, mean, None, None)
    return GroupRow(number, own.size, placed, mean, _compare_shares(own > 0, others > 0), _compare_means(own, others))


def _compare_means(own: NDArray[np.float64], others: NDArray[np.float64]) -> tuple[float, float, float]:
    difference = float(own.mean() - others.mean())
    half = _TWO_SIDED_95 * float(np.sqrt(own.var(ddof=1) / own.size + others.var(ddof=1) / others.size))
    return difference, difference - half, difference + half


def _compare_shares(own: NDArray[np.bool_], others: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Return a difference of shares with Newcombe's hybrid score interval (1998)."""
    first, first_low, first_high = _find_share(own)
    second, second_low, second_high = _find_share(others)
    difference = first - second
    low = difference - np.hypot(first - first_low, second_high - second)
    high = difference + np.hypot(first_high - first, second - second_low)
    return difference, float(low), float(high)


def _find_share(hits: NDArray[np.bool_]) -> tuple[float, float, float]:
    share, square = float(hits.mean()), _TWO_SIDED_95**2
    centre = (share + square / (2 * hits.size)) / (1 + square / hits.size)
    spread = share * (1 - share) / hits.size + square / (4 * hits.size**2)
    half = _TWO_SIDED_95 / (1 + square / hits.size) * float(np.sqrt(spread))
    return share, centre - half, centre + half
