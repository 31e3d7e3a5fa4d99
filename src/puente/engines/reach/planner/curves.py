"""Reach as a curve of gross rating points: one concave curve for each audience at each site."""

import numpy as np
from scipy import sparse

from puente.engines.reach.instance import Instance
from puente.engines.reach.numbers import Floats, Whole
from puente.engines.reach.planner.reach_model import Tangent
from puente.engines.reach.planner.rules import Columns


def curve_reach(contacts: Floats, shape: Floats, ceiling: Floats) -> Floats:
    """Return reach of an audience by contacts per head (GRPs / 100): ceiling·(1 − (1 + g/(ceiling·shape))^−shape)."""
    return np.asarray(ceiling * (1 - (1 + contacts / (ceiling * shape)) ** -shape))


def curve_slope(contacts: Floats, shape: Floats, ceiling: Floats) -> Floats:
    """Return the derivative of `curve_reach`."""
    return np.asarray((1 + contacts / (ceiling * shape)) ** (-shape - 1))


class Curves:
    """The reach model of the GRP planner. Pieces are (site, audience) pairs with people, in order.

    `drivers` is the matrix from columns to what the curves depend on: contacts per head of each piece.
    """

    name = "grp"
    proves = True
    diminishing = True

    def __init__(self, instance: Instance, columns: Columns) -> None:
        sites, audiences = np.nonzero(instance.importance > 0)
        self.shape, self.ceiling = instance.shape[sites, audiences], instance.ceiling[sites, audiences]
        self.site = sites
        self.column_site = instance.site_of[columns.programme]
        rating = instance.rating[columns.programme][:, audiences].T
        self.drivers = sparse.csr_array(np.where(self.column_site[None, :] == sites[:, None], rating, 0))
        self._per_column = sparse.csc_array(self.drivers)
        self.base = np.zeros(len(sites))
        for booking in instance.fixed:
            own = sites == instance.site_of[booking.programme]
            self.base[own] += booking.spots * instance.rating[booking.programme, audiences[own]]
        importance = instance.importance[sites, audiences]
        share = np.bincount(sites, importance, minlength=len(instance.sites)).astype(np.float64)
        self.site_share = share
        # Row s: how much of the reach at site s each piece is.
        self.by_site = sparse.csr_array(
            (importance / share[sites], (sites, np.arange(len(sites)))), shape=(len(instance.sites), len(sites))
        )

    @property
    def pieces(self) -> int:
        """Return the number of pieces."""
        return len(self.site)

    def reach(self, spots: Floats) -> Floats:
        """Return the reach of each piece."""
        return curve_reach(self.base + self.drivers @ spots, self.shape, self.ceiling)

    def achieve(self, spots: Whole) -> float:
        """Return the weighted reach of a plan."""
        return float(self.site_share @ self.by_site @ self.reach(spots.astype(np.float64)))

    def tangents(self, spots: Floats) -> list[Tangent]:
        """Return the tangent of each piece at a plan; drivers are the contacts of the piece."""
        contacts = self.base + self.drivers @ spots
        reach = curve_reach(contacts, self.shape, self.ceiling)
        slope = curve_slope(contacts, self.shape, self.ceiling)
        return [
            Tangent(piece, float(reach[piece] - slope[piece] * contacts[piece]), np.array([piece]), slope[[piece]])
            for piece in range(self.pieces)
        ]

    def begin(self) -> Floats:
        """Return the state of an empty plan for greedy planning: contacts of each piece."""
        return self.base.copy()

    def gains(self, state: Floats, site: int, columns: Whole) -> Floats:
        """Return how much one spot in each column adds to the reach at its site."""
        own = np.flatnonzero(self.site == site)
        part = self._part(own, columns)
        now = curve_reach(state[own], self.shape[own], self.ceiling[own])[:, None]
        later = curve_reach(state[own][:, None] + part, self.shape[own][:, None], self.ceiling[own][:, None])
        return np.asarray(self._weights(own) @ (later - now))

    def add(self, state: Floats, column: int) -> None:
        """Add one spot to a state."""
        first, last = self._per_column.indptr[column : column + 2]
        state[self._per_column.indices[first:last]] += self._per_column.data[first:last]

    def _part(self, pieces: Whole, columns: Whole) -> Floats:
        return np.asarray(self._per_column[:, columns].tocsr()[pieces].toarray())

    def _weights(self, pieces: Whole) -> Floats:
        return (
            np.asarray(self.by_site[int(self.site[pieces[0]])].toarray().ravel()[pieces])
            if pieces.size
            else np.zeros(0)
        )
