"""A certified allocation: coarse bids to find the prices, fine bids to place people, and a proof of how good it is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.auction import (
    CLOSED,
    Book,
    Pairs,
    bid_forward,
    close_empty,
    open_book,
    reset_book,
    sum_up,
    take_pairs,
)
from puente.engines.matching.allocation.certificate import Certificate, certify
from puente.engines.matching.allocation.parts import Part, split_into_parts
from puente.engines.matching.allocation.problem import AllocationProblem
from puente.engines.matching.scan import compiled

# Goes up with every change that can alter a result: a stored allocation is replayed with the engine it names.
ALLOCATION_VERSION = "1"

# Coarse bids rise by this share of the highest value.
_COARSE = 0.04
# Measured: the gap is about a tenth of epsilon, as a share of what a person gets.
_EPSILON_PER_GAP = 4.0
# A finer round starts this many epsilons below the prices of the one before: low enough that openings fill again.
_DROP = 4.5
_ROUNDS = 14


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """Who goes where, at which prices, and the proof: enough to check it without the solver, and to replay it.

    assigned (int32, people) is an opening or -1; price (int32, openings) is the value in millionths that a place takes
    from somebody else, its employer's part included; employer_price (int32, employers) is that part.
    """

    assigned: NDArray[np.int32]
    price: NDArray[np.int32]
    employer_price: NDArray[np.int32]
    certificate: Certificate
    wanted_gap: float
    seed: int
    inputs_digest: str
    version: str = ALLOCATION_VERSION

    @property
    def placed(self) -> int:
        """Number of people who have a place."""
        return int((self.assigned >= 0).sum())


class Progress(NamedTuple):
    """How far an allocation is: parts done, of all."""

    done: int
    parts: int


def allocate(
    problem: AllocationProblem,
    *,
    gap: float = 1e-4,
    seed: int = 0,
    threads: int = 1,
    start_price: NDArray[np.int32] | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Allocation:
    """Return an allocation whose value is proved to lie within `gap` (a share) of the best one.

    Arguments: the problem; the gap wanted, at most 0.5; a seed, which draws the order in which people bid; how many
    threads (the result does not depend on it); prices near the right ones, say yesterday's (openings; saves the coarse
    bids); a function that hears of progress. Raises ValueError for a gap out of range.
    The gap in the certificate is the one reached: it is below the one wanted unless values are too small for whole
    millionths to tell apart.
    """
    if not 0 <= gap <= 0.5:
        raise ValueError("gap must lie between 0 and 0.5")
    if threads < 1:
        raise ValueError("threads must be at least 1")
    pairs, book = take_pairs(problem), open_book(problem)
    if start_price is not None:
        book.price[:] = np.clip(start_price, 0, CLOSED)
    close_empty(pairs, book)
    searches = [
        Search(pairs, book, part, gap, start_price is not None) for part in split_into_parts(problem, pairs, seed)
    ]
    with ThreadPoolExecutor(threads) as pool:
        open_searches = searches
        while open_searches:
            for number, _ in enumerate(pool.map(Search.go_on, open_searches), start=1):
                if report is not None:
                    report(Progress(number, len(open_searches)))
            open_searches = _find_open(searches, gap)
    certificate = certify(problem, book.assigned, book.price, book.employer_price)
    return Allocation(
        assigned=book.assigned,
        price=book.price,
        employer_price=book.employer_price,
        certificate=certificate,
        wanted_gap=gap,
        seed=seed,
        inputs_digest=problem.compute_digest(),
    )


def replay(problem: AllocationProblem, record: Allocation) -> bool:
    """Tell whether the same inputs give the same allocation and prices again, bit for bit.

    Only allocations made without start prices can be replayed. Raises ValueError when the engine or inputs differ.
    """
    if record.version != ALLOCATION_VERSION:
        raise ValueError(f"the allocation was made by engine {record.version}, this is {ALLOCATION_VERSION}")
    if record.inputs_digest != problem.compute_digest():
        raise ValueError("the allocation was made from other inputs")
    again = allocate(problem, gap=record.wanted_gap, seed=record.seed)
    return bool(np.array_equal(again.assigned, record.assigned) and np.array_equal(again.price, record.price))


class Search:
    """One part on its way: coarse bids first, then finer ones, as often as the certificate asks."""

    def __init__(self, pairs: Pairs, book: Book, part: Part, gap: float, warm: bool) -> None:
        self.pairs, self.book, self.part, self.gap = pairs, book, part, gap
        self.is_warm = warm
        self.rounds = 0
        self.epsilon = 0
        self.drop = _DROP
        self.certificate = Certificate(0, 0)
        self.stale = 0

    @property
    def is_done(self) -> bool:
        """Tell whether finer bids would change nothing, or enough rounds were tried."""
        return self.rounds == _ROUNDS or (self.epsilon == 1 and self.stale == 0)

    def go_on(self) -> None:
        """Bid one round more, from the prices of the last one, and certify it."""
        if self.rounds == 0:
            self._begin()
        else:
            self._refine()
        run_round(self.pairs, self.book, self.part, self.epsilon)
        self.certificate, self.stale = certify_part(self.pairs, self.book, self.part)
        self.rounds += 1

    def _begin(self) -> None:
        people = self.part.people
        highest, total = sum_best_values(self.pairs.start, self.pairs.value, people)
        self.epsilon = max(1, int(_EPSILON_PER_GAP * self.gap * total / people.size))
        if not self.is_warm:
            coarse = max(1, int(highest * _COARSE))
            run_round(self.pairs, self.book, self.part, coarse)
            lower_prices(self.pairs, self.book, self.part, int(_DROP * coarse))

    def _refine(self) -> None:
        slack = self.certificate.bound - self.certificate.value - self.stale
        if self.rounds == _ROUNDS - 1:
            # From prices of 0 nothing can stay unfilled at a price: the last round ends well, if slowly.
            self.epsilon, self.drop = 1, CLOSED
        lower_prices(self.pairs, self.book, self.part, int(self.drop * self.epsilon))
        if slack > self.gap * self.certificate.bound:
            self.epsilon = max(1, self.epsilon // 4)
        else:
            self.drop *= 4


def _find_open(searches: list[Search], gap: float) -> list[Search]:
    """Return the parts to bid on in: none when the parts together are good enough, else those that are not."""
    bound = sum(search.certificate.bound for search in searches)
    if bound - sum(search.certificate.value for search in searches) <= gap * bound:
        return []
    return [search for search in searches if not search.is_done and search.certificate.gap > gap]


def run_round(pairs: Pairs, book: Book, part: Part, epsilon: int) -> int:
    """Let everybody of a part bid anew from the prices that stand; return the number of bids."""
    reset_book(book, part.people, part.openings, part.employers)
    return bid_forward(pairs, book, part.people, epsilon)


def find_free(pairs: Pairs, book: Book, openings: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many places of some openings nobody holds; those of full employers and closed ones do not count."""
    free = np.diff(book.slot)[openings] - book.held[openings]
    free[book.price[openings] == _employer_part(pairs, book, openings)] = 0
    return np.asarray(free, np.int64)


def lower_prices(pairs: Pairs, book: Book, part: Part, drop: int) -> None:
    """Start the next round below the prices reached; from 0 where places stayed free."""
    openings = part.openings
    price = book.price[openings].astype(np.int64)
    lower = np.where(find_free(pairs, book, openings) > 0, 0, np.maximum(price - drop, 0))
    book.price[openings] = np.where(price == CLOSED, CLOSED, lower)


def certify_part(pairs: Pairs, book: Book, part: Part) -> tuple[Certificate, int]:
    """Return the certificate of a part, and how much of its gap comes from free places that kept a price."""
    value, profits = sum_up(pairs, book, part.people)
    part_price = _employer_part(pairs, book, part.openings)
    own = book.price[part.openings].astype(np.int64) - part_price
    room = int((own * pairs.capacity[part.openings]).sum())
    room += int((book.employer_price[part.employers].astype(np.int64) * pairs.employer_limit[part.employers]).sum())
    stale = int((own * (pairs.capacity[part.openings] - book.held[part.openings])).sum())
    return Certificate(value, profits + room), stale


def _employer_part(pairs: Pairs, book: Book, openings: NDArray[np.int64]) -> NDArray[np.int64]:
    employer = pairs.employer[openings]
    part = np.zeros(openings.size, np.int64)
    bound = employer >= 0
    part[bound] = book.employer_price[employer[bound]]
    return part


@compiled
def sum_best_values(start: NDArray[np.int64], value: NDArray[np.int32], people: NDArray[np.int64]) -> tuple[int, int]:
    """Return the highest value among the pairs of some people, and the sum of each one's best; in millionths."""
    highest, total = 0, 0
    for person in people:
        best = 0
        for pair in range(start[person], start[person + 1]):
            best = max(best, value[pair])
        highest = max(highest, best)
        total += best
    return highest, total
