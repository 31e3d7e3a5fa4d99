"""The proof that comes with an allocation: no allocation can be worth more than its bound.

For any prices p of openings and q of employers, none below 0, and any weights w of groups, none below 0,

    bound = sum over people of max(0, best (1 + w) value - p - q)
          + sum of capacity x p + sum of limit x q - sum of w x floor

is at least the value of every allowed allocation (linear programming duality; the floors are what groups must reach).
The bound takes one pass over the pairs, so whoever doubts the solver need not trust it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem, find_values
from puente.engines.matching.scan import compiled, widen


@dataclass(frozen=True, slots=True)
class Certificate:
    """What an allocation is worth and what none can exceed, in millionths; gap is the difference as a share."""

    value: int
    bound: int

    @property
    def gap(self) -> float:
        """Return (bound - value) / bound, 0 where nothing can be gained at all."""
        return (self.bound - self.value) / self.bound if self.bound > 0 else 0.0


@compiled
def find_profits(
    start: NDArray[np.int64],
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    price: NDArray[np.int32],
    people: NDArray[np.int64],
) -> int:
    """Return the sum over people of their best value minus price, 0 where none is above it."""
    total = 0
    for person in people:
        best = 0
        for pair in range(start[person], start[person + 1]):
            best = max(best, widen(value[pair]) - price[opening[pair]])
        total += best
    return total


def certify(
    problem: AllocationProblem,
    assigned: NDArray[np.int32],
    price: NDArray[np.int32],
    employer_price: NDArray[np.int32] | None = None,
) -> Certificate:
    """Return the certificate of an allocation under given prices, after checking that it is allowed.

    price (openings) is what a place costs whoever takes it, its employer's part included; employer_price (employers)
    is that part. Raises ValueError when somebody stands where they may not, an opening or an employer takes too many,
    or a price is below 0.
    """
    part = np.zeros(problem.employer_limit.size, np.int32) if employer_price is None else employer_price
    value = int(find_values(problem, assigned).sum())
    _check_room(problem, assigned)
    own = price.astype(np.int64)
    bound_to = problem.employer != NOWHERE
    own[bound_to] -= part[problem.employer[bound_to]]
    if (own < 0).any() or (part < 0).any():
        raise ValueError("a price is below 0, or an employer's part is more than the whole price")
    profits = find_profits(problem.start, problem.opening, problem.value, price, np.arange(problem.people))
    room = int((own * problem.capacity).sum()) + int((part.astype(np.int64) * problem.employer_limit).sum())
    return Certificate(value, profits + room)


def _check_room(problem: AllocationProblem, assigned: NDArray[np.int32]) -> None:
    taken = np.bincount(assigned[assigned != NOWHERE], minlength=problem.openings)
    if (taken > problem.capacity).any():
        raise ValueError("an opening takes more people than it has places")
    bound = problem.employer != NOWHERE
    by_employer = np.bincount(problem.employer[bound], taken[bound], problem.employer_limit.size)
    if (by_employer > problem.employer_limit).any():
        raise ValueError("an employer takes more people than its limit")
