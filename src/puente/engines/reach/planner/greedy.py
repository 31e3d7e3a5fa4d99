"""Greedy planning: always the spot that adds most reach for its price. A start for the solver, and its yardstick."""

from typing import Protocol

import numpy as np

from puente.engines.reach.numbers import Flags, Floats, Whole
from puente.engines.reach.planner.rules import Columns, Packing

NOTHING = 1e-12


class Gains(Protocol):
    """What greedy planning asks of a reach model."""

    diminishing: bool  # a spot never adds more later than it adds now
    column_site: Whole
    site_share: Floats

    def begin(self) -> Floats:
        """Return the state of an empty plan."""
        ...

    def gains(self, state: Floats, site: int, columns: Whole) -> Floats:
        """Return how much one spot in each column adds to the reach at its site."""
        ...

    def add(self, state: Floats, column: int) -> None:
        """Add one spot to a state."""
        ...


def plan_greedily(
    model: Gains,
    columns: Columns,
    packing: Packing,
    *,
    floors: Floats,
    weakest_first: bool,
    reached: Floats,
    begun: Whole | None = None,
    usable: Flags | None = None,
) -> Whole:
    """Return spots per column, never breaking a packing row.

    Sites below their floor are served first, the one furthest below before the others; then, where the weakest site
    is a goal, always the weakest site that can still gain; then whoever gains most for the price. Spots are bought at
    the plain rate and free ones taken: a discount is a decision about the whole outlet.

    Args:
        floors: (sites,) least reach of each site. reached: (sites,) reach of the plan that is begun with.
        begun: spots to begin with, none if left out. usable: columns to add to, those at the plain rate if left out.
    """
    spots = np.zeros(len(columns), dtype=np.int64) if begun is None else begun.copy()
    if usable is None:
        usable = columns.tariff <= 0
    left = packing.left(spots)
    by_column = packing.matrix.tocsc()
    state = model.begin()
    for own in np.repeat(np.arange(len(columns)), spots).tolist():
        model.add(state, own)
    reach = reached.copy()
    members = [np.flatnonzero(usable & (model.column_site == site)) for site in range(len(floors))]
    gains = [model.gains(state, site, own) if own.size else np.zeros(0) for site, own in enumerate(members)]
    fresh = [np.ones(own.size, dtype=np.bool_) for own in members]
    while True:
        best = _choose(model, columns, members, gains, reach, floors, weakest_first)
        if best is None:
            return spots
        site, place = best
        column = int(members[site][place])
        first, last = by_column.indptr[column : column + 2]
        rows, cost = by_column.indices[first:last], by_column.data[first:last]
        if spots[column] >= columns.most[column] or np.any(left[rows] < cost):
            gains[site][place] = -1.0  # nothing ever becomes free again
            continue
        if not fresh[site][place]:
            # Gains only shrink, so an old one is an upper bound: only the best needs to be worked out again.
            gains[site][place] = model.gains(state, site, members[site][[place]])[0]
            fresh[site][place] = True
            continue
        spots[column] += 1
        left[rows] -= cost
        reach[site] += gains[site][place]
        model.add(state, column)
        if model.diminishing:
            fresh[site][:] = False
            continue
        closed = gains[site] < 0
        gains[site] = model.gains(state, site, members[site])
        gains[site][closed] = -1.0


def _choose(
    model: Gains,
    columns: Columns,
    members: list[Whole],
    gains: list[Floats],
    reach: Floats,
    floors: Floats,
    weakest_first: bool,
) -> tuple[int, int] | None:
    able = [site for site, own in enumerate(gains) if own.size and own.max() > NOTHING]
    if not able:
        return None
    below = [site for site in able if reach[site] < floors[site]]
    if below:
        sites = [min(below, key=lambda site: reach[site] - floors[site])]
    elif weakest_first:
        sites = [min(able, key=lambda site: reach[site])]
    else:
        sites = able
    best, choice = -1.0, None
    for site in sites:
        price = np.maximum(columns.price[members[site]], 1e-3)
        ratio = np.where(gains[site] > NOTHING, gains[site] * model.site_share[site] / price, -1.0)
        place = int(ratio.argmax())
        if ratio[place] > best:
            best, choice = float(ratio[place]), (site, place)
    return choice
