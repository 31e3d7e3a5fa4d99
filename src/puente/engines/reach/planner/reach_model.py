"""What the planner asks of a model of reach: concave, in pieces that add up to sites, with tangents."""

from dataclasses import dataclass
from typing import Protocol

from scipy import sparse

from puente.engines.reach.numbers import Floats, Whole


@dataclass(frozen=True)
class Tangent:
    """A valid upper bound on one piece of reach: t ≤ constant + Σ slope · driver."""

    piece: int
    constant: float
    drivers: Whole
    slope: Floats


class ReachModel(Protocol):
    """A concave model of reach. Pieces add up to sites; drivers are None where tangents run over columns."""

    name: str
    proves: bool
    diminishing: bool
    base: Floats
    column_site: Whole
    site_share: Floats
    by_site: sparse.csr_array

    @property
    def drivers(self) -> sparse.csr_array | None:
        """Return the matrix from columns to what tangents run over, or None where they run over columns."""
        ...

    @property
    def pieces(self) -> int:
        """Return the number of pieces."""
        ...

    def reach(self, spots: Floats) -> Floats:
        """Return the reach of each piece."""
        ...

    def achieve(self, spots: Whole) -> float:
        """Return what a plan is truly worth: weighted reach, without any envelope."""
        ...

    def tangents(self, spots: Floats) -> list[Tangent]:
        """Return a tangent for each piece at a plan."""
        ...

    def begin(self) -> Floats:
        """Return the state of an empty plan."""
        ...

    def gains(self, state: Floats, site: int, columns: Whole) -> Floats:
        """Return how much one spot in each column adds to the reach at its site."""
        ...

    def add(self, state: Floats, column: int) -> None:
        """Add one spot to a state."""
        ...
