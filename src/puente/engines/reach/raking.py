"""Raking: weights so that the panel agrees with what is known of the population (Deming and Stephan 1940)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from puente.engines.reach.numbers import Floats, Singles, Whole


@dataclass(frozen=True)
class Margin:
    """One known margin: the category of each person, shape (people,), and the people in each category."""

    name: str
    category: Whole
    target: Floats


class RakingProblem(ValueError):
    """The margins cannot be met; the message says which and why."""


def rake(weight: Floats, margins: Sequence[Margin], *, tolerance: float = 1e-6, rounds: int = 1_000) -> Floats:
    """Return weights that meet every margin.

    Args:
        weight: (people,) weights to begin with, positive.
        margins: each with its totals; the totals of all margins must agree.
        tolerance: largest relative error of a category that is left.

    Raises:
        RakingProblem: the margins' totals differ, a category has people in the population and none in the panel, or
            no weights meet all margins at once.
    """
    total = margins[0].target.sum()
    for margin in margins:
        if not np.isclose(margin.target.sum(), total, rtol=1e-9):
            raise RakingProblem(f"The margin “{margin.name}” sums to {margin.target.sum():g}, the first to {total:g}.")
        found = np.bincount(margin.category, weight, minlength=len(margin.target))
        empty = np.flatnonzero((found == 0) & (margin.target > 0))
        if empty.size:
            raise RakingProblem(f"Nobody in the panel is in category {empty[0]} of “{margin.name}”.")
    raked = weight * (total / weight.sum())
    for _ in range(rounds):
        worst = 0.0
        for margin in margins:
            found = np.bincount(margin.category, raked, minlength=len(margin.target))
            factor = np.divide(margin.target, found, out=np.zeros_like(found), where=found > 0)
            worst = max(worst, float(np.abs(factor[margin.target > 0] - 1).max()))
            raked = raked * factor[margin.category]
        if worst <= tolerance:
            return np.asarray(raked)
    raise RakingProblem("No weights meet all margins at once; look for two margins that contradict each other.")


def calibrate_chances(chance: Singles, weight: Floats, target: Floats, *, rounds: int = 60) -> Singles:
    """Return chances whose weighted mean equals each programme's known rating.

    Odds are multiplied by one factor per programme, so who listens much still listens more and no chance passes one.

    Args:
        chance: (programmes, people), between 0 and 1. weight: (people,). target: (programmes,) ratings as fractions.

    Raises:
        RakingProblem: a rating that is larger than the share of people with any chance at all.
    """
    share = weight / weight.sum()
    able = (chance > 0) @ share
    beyond = np.flatnonzero(target >= np.maximum(able, 1e-300))
    if beyond.size:
        raise RakingProblem(f"Programme {beyond[0]} is rated above the share of people who could hear it.")
    odds = chance / np.maximum(1 - chance, 1e-9, dtype=np.float32)
    low, high = np.full(len(target), -40.0), np.full(len(target), 40.0)
    for _ in range(rounds):
        middle = (low + high) / 2
        scaled = odds * np.exp(middle)[:, None]
        too_much = (scaled / (1 + scaled)) @ share > target
        high, low = np.where(too_much, middle, high), np.where(too_much, low, middle)
    scaled = odds * np.exp((low + high) / 2)[:, None]
    return np.asarray(scaled / (1 + scaled), dtype=np.float32)
