"""Reach counted on the panel: the reach model of the respondent planner, for 1+ and for k+.

A person hears at least one spot with probability 1 − e^(−μ), μ the sum of the pressures of all spots: smooth, concave,
exact. k+ is taken as of a Poisson count and is not concave; its concave envelope is a line from zero to the point
where the line touches the curve, and then the curve. A plan is made on the envelope, which promises at least as much
as the truth: its bound holds, but how much of it can be had is not known.
"""

from math import exp, factorial

import numpy as np
from scipy import sparse

from puente.engines.reach.instance import Instance
from puente.engines.reach.numbers import Floats, Singles, Whole, compiled
from puente.engines.reach.panel import Panel
from puente.engines.reach.planner.reach_model import Tangent
from puente.engines.reach.planner.rules import Columns


def share_at_least(mean: Floats, times: int) -> Floats:
    """Return the probability that a Poisson count with a mean is `times` or more."""
    below = sum(mean**k / factorial(k) for k in range(times))
    return np.asarray(1 - np.exp(-mean) * below)


def find_touch(times: int) -> float:
    """Return the mean at which the line from zero touches the curve of k+; 0 where the curve is concave (1+).

    For 3+ it is 3.3836, and the line rises by 0.1942.
    """
    if times == 1:
        return 0.0
    low, high = times - 1.0, 10.0 * times
    for _ in range(100):
        middle = (low + high) / 2
        density = exp(-middle) * middle ** (times - 1) / factorial(times - 1)
        if density * middle > float(share_at_least(np.array(middle), times)):
            low = middle
        else:
            high = middle
    return (low + high) / 2


class PanelReach:
    """The reach model over panels of respondents; one piece for each site.

    times: 1 for 1+ reach, 3 for 3+. envelope: value k+ by its concave envelope, as a plan with a bound needs; without
    it k+ is valued as it is, for greedy planning and for looking at a plan.
    """

    drivers = None

    def __init__(
        self, instance: Instance, columns: Columns, panels: list[Panel], *, times: int = 1, envelope: bool = True
    ) -> None:
        self.name = "respondents" if times == 1 else f"respondents {times}+"
        self.proves = times == 1
        self.diminishing = times == 1 or envelope
        self.times = times
        self.touch = find_touch(times) if envelope else 0.0
        self.slope = float(share_at_least(np.array(self.touch), times)) / self.touch if self.touch else 0.0
        self.columns = columns
        self.column_site = instance.site_of[columns.programme]
        importance = instance.importance
        self.site_share = importance.sum(axis=1)
        self.base = np.zeros(0)
        count = len(instance.sites)
        self.by_site = sparse.csr_array(sparse.eye_array(count, format="csr"))
        place = np.zeros(len(instance.programmes), dtype=np.int64)
        for site in range(count):
            own = np.flatnonzero(instance.site_of == site)
            place[own] = np.arange(len(own))
        self.row = place[columns.programme]
        self.pressure: list[Singles] = [np.ascontiguousarray(panel.pressure) for panel in panels]
        self.chance: list[Singles] = [np.ascontiguousarray(panel.chance) for panel in panels] if times == 1 else []
        self.weight = [_weigh(panel, importance[site], self.site_share[site]) for site, panel in enumerate(panels)]
        self.fixed = [np.zeros(pressure.shape[1]) for pressure in self.pressure]
        for booking in instance.fixed:
            site = int(instance.site_of[booking.programme])
            self.fixed[site] += booking.spots * self.pressure[site][place[booking.programme]].astype(np.float64)
        self.offset = np.cumsum([0] + [len(own) for own in self.fixed])

    @property
    def pieces(self) -> int:
        """Return the number of pieces: one for each site."""
        return len(self.pressure)

    def _means(self, site: int, spots: Floats) -> Floats:
        own = np.flatnonzero((self.column_site == site) & (spots > 0))
        rows = self.pressure[site][self.row[own]]
        return np.asarray(self.fixed[site] + spots[own].astype(np.float32) @ rows, dtype=np.float64)

    def _value(self, mean: Floats) -> Floats:
        plain = share_at_least(mean, self.times)
        return np.where(mean < self.touch, self.slope * mean, plain) if self.touch else plain

    def _slope(self, mean: Floats) -> Floats:
        plain = np.exp(-mean) * mean ** (self.times - 1) / factorial(self.times - 1)
        return np.where(mean < self.touch, self.slope, plain) if self.touch else plain

    def reach(self, spots: Floats) -> Floats:
        """Return the reach of each site."""
        return np.array([self.weight[s] @ self._value(self._means(s, spots)) for s in range(self.pieces)])

    def achieve(self, spots: Whole) -> float:
        """Return the weighted reach of a plan at the frequency asked for, as it is and not on the envelope."""
        means = [self._means(site, spots.astype(np.float64)) for site in range(self.pieces)]
        reach = [self.weight[site] @ share_at_least(mean, self.times) for site, mean in enumerate(means)]
        return float(self.site_share @ np.array(reach))

    def tangents(self, spots: Floats) -> list[Tangent]:
        """Return the tangent of each site at a plan, over the columns of the site."""
        found = []
        for site in range(self.pieces):
            own = np.flatnonzero(self.column_site == site)
            mean = self._means(site, spots)
            gradient = (self.pressure[site] @ (self.weight[site] * self._slope(mean)).astype(np.float32))[self.row[own]]
            slope = gradient.astype(np.float64)
            constant = float(self.weight[site] @ self._value(mean) - slope @ spots[own])
            found.append(Tangent(site, constant, own, slope))
        return found

    def begin(self) -> Floats:
        """Return the state of an empty plan: the mean count of every person, site after site."""
        return np.concatenate(self.fixed)

    def gains(self, state: Floats, site: int, columns: Whole) -> Floats:
        """Return how much one spot in each column adds to the reach at its site."""
        mean = state[self.offset[site] : self.offset[site + 1]]
        rows = self.row[columns]
        if self.times == 1:
            missing = (self.weight[site] * np.exp(-mean)).astype(np.float32)
            if len(columns) == 1:
                return np.asarray([self.chance[site][rows[0]] @ missing], dtype=np.float64)
            return np.asarray((self.chance[site] @ missing)[rows], dtype=np.float64)
        factor = np.array([1 / factorial(k) for k in range(self.times)])
        return np.asarray(
            _gain_often(self.pressure[site], rows, self.weight[site], mean, factor, self.touch, self.slope)
        )

    def add(self, state: Floats, column: int) -> None:
        """Add one spot to a state."""
        site = self.column_site[column]
        state[self.offset[site] : self.offset[site + 1]] += self.pressure[site][self.row[column]]


def _weigh(panel: Panel, importance: Floats, whole: float) -> Floats:
    """Return what each respondent counts in the reach of the site: their share of each audience they belong to."""
    weight = np.zeros(len(panel.weight))
    for audience, own in enumerate(importance):
        if own > 0:
            weight += own / whole * panel.weights_of(audience)
    return weight


@compiled
def _gain_often(
    pressure: Singles, rows: Whole, weight: Floats, mean: Floats, factor: Floats, touch: float, slope: float
) -> Floats:
    people = weight.size
    now = np.empty(people)
    for person in range(people):
        now[person] = _value_one(mean[person], factor, touch, slope)
    gains = np.zeros(rows.size)
    for index in range(rows.size):
        total = 0.0
        row = pressure[rows[index]]
        for person in range(people):
            if weight[person] > 0.0 and row[person] > 0.0:
                total += weight[person] * (_value_one(mean[person] + row[person], factor, touch, slope) - now[person])
        gains[index] = total
    return gains


@compiled
def _value_one(mean: float, factor: Floats, touch: float, slope: float) -> float:
    if mean < touch:
        return slope * mean
    power, below = 1.0, 0.0
    for k in range(factor.size):
        below += power * factor[k]
        power *= mean
    return float(1.0 - np.exp(-mean) * below)
