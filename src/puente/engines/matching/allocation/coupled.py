"""Parts that live apart, say a state each on a machine of its own, and share some openings: only bids and prices
travel.

Each part bids as if it were alone, up to the prices it was told; for shared openings it reports the levels of its bids.
The owner of a shared opening keeps the highest bids of all parts, sets its price to the lowest of them once it is full,
and tells each part that price and how many of its bids stand. Who is outbid bids again, until nobody is. That is the
auction of one part in rounds (Bertsekas' Jacobi form), so the same certificate holds for all parts together.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.auction import (
    CLOSED,
    bid_forward,
    close_empty,
    open_book,
    raise_into_place,
    reset_book,
    take_pairs,
)
from puente.engines.matching.allocation.certificate import Certificate, find_profits
from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem, find_values
from puente.engines.matching.allocation.solve import sum_best_values

_COARSE = 0.04
_DROP = 4.5
_EPSILON_PER_GAP = 4.0
_ROUNDS = 10


@dataclass(frozen=True, slots=True, eq=False)
class CoupledAllocation:
    """The allocation of each part, the prices of shared openings, the certificate of all, and the rounds it took."""

    assigned: tuple[NDArray[np.int32], ...]
    shared_price: NDArray[np.int32]
    certificate: Certificate
    rounds: int


class PartitionWorker:
    """One part on its machine: the problem with its own openings, and which of them are shared.

    shared (int32, openings of the part) is the number of the shared opening, -1 for one that is the part's own; a
    shared opening's capacity is that of all parts together. Everything that goes in and out is plain arrays.
    """

    def __init__(self, problem: AllocationProblem, shared: NDArray[np.int32]) -> None:
        if shared.size != problem.openings:
            raise ValueError("shared must have one row for each opening of the part")
        if problem.employer_limit.size:
            raise ValueError("limits per employer are kept inside one part: solve such parts together")
        self.problem, self.shared = problem, shared
        self.own = np.flatnonzero(shared < 0)
        self.pairs, self.book = take_pairs(problem), open_book(problem)
        self.everybody = np.arange(problem.people)
        self.waiting = self.everybody

    def sum_best(self) -> tuple[int, int, int]:
        """Return the highest value, the sum of each person's best, and how many people there are."""
        highest, total = sum_best_values(self.problem.start, self.problem.value, self.everybody)
        return highest, total, self.problem.people

    def begin(self, shared_price: NDArray[np.int32], drop: int) -> None:
        """Start a round of finer bids below the prices reached, from the shared prices given."""
        openings = np.arange(self.problem.openings)
        free = self.book.held < np.diff(self.book.slot)
        lower = np.where(free, 0, np.maximum(self.book.price.astype(np.int64) - drop, 0))
        self.book.price[self.own] = lower[self.own]
        self._take_prices(shared_price)
        reset_book(self.book, self.everybody, openings, np.zeros(0, np.int64))
        close_empty(self.pairs, self.book)
        self.waiting = self.everybody

    def bid(self, epsilon: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Let everybody who waits bid; return the shared openings and the levels of the bids that stand on them."""
        bid_forward(self.pairs, self.book, self.waiting, epsilon)
        self.waiting = np.zeros(0, np.int64)
        numbers, levels = [], []
        for opening in np.flatnonzero(self.shared >= 0):
            stand = self._read_bids(int(opening))
            numbers.append(np.full(stand.size, self.shared[opening], np.int32))
            levels.append(self.book.bid[stand])
        return np.concatenate([*numbers, np.zeros(0, np.int32)]), np.concatenate([*levels, np.zeros(0, np.int32)])

    def hear(self, shared_price: NDArray[np.int32], kept: NDArray[np.int64]) -> int:
        """Take the prices of shared openings and how many bids stand on each; return how many people must bid again."""
        out = []
        for opening in np.flatnonzero(self.shared >= 0):
            stand = self._read_bids(int(opening))
            order = stand[np.lexsort((self.book.bidder[stand], -self.book.bid[stand]))]
            keep = int(kept[self.shared[opening]])
            out.append(self.book.bidder[order[keep:]])
            bids, bidders = self.book.bid[order[:keep]].copy(), self.book.bidder[order[:keep]].copy()
            self.book.held[opening] = 0
            for level, person in zip(bids, bidders, strict=True):
                first, size = self.book.slot[opening], self.book.held[opening]
                raise_into_place(self.book.bid, self.book.bidder, first, size, level, person)
                self.book.held[opening] += 1
        self._take_prices(shared_price)
        self.waiting = np.sort(np.concatenate([*out, np.zeros(0, np.int32)])).astype(np.int64)
        self.book.assigned[self.waiting] = NOWHERE
        return self.waiting.size

    def certify(self, shared_price: NDArray[np.int32]) -> tuple[int, int]:
        """Return the value of this part and its share of the bound: profits, and the places of its own openings."""
        price = self.book.price.copy()
        has_part = self.shared >= 0
        price[has_part] = shared_price[self.shared[has_part]]
        problem = self.problem
        profits = find_profits(problem.start, problem.opening, problem.value, price, self.everybody)
        room = int((price[self.own].astype(np.int64) * problem.capacity[self.own]).sum())
        return int(find_values(problem, self.book.assigned).sum()), profits + room

    def _read_bids(self, opening: int) -> NDArray[np.int64]:
        return np.arange(self.book.slot[opening], self.book.slot[opening] + self.book.held[opening])

    def _take_prices(self, shared_price: NDArray[np.int32]) -> None:
        has_part = self.shared >= 0
        self.book.price[has_part] = shared_price[self.shared[has_part]]


def allocate_coupled(
    parts: Sequence[tuple[AllocationProblem, NDArray[np.int32]]],
    shared_capacity: NDArray[np.int64],
    *,
    gap: float = 1e-4,
    threads: int = 1,
) -> CoupledAllocation:
    """Return the allocation of parts that share openings, proved to lie within `gap` of the best of them together.

    Arguments: for each part its problem and, for each of its openings, the number of the shared opening or -1; the
    places of each shared opening; the gap wanted; threads. Raises ValueError when the arrays do not fit.
    """
    workers = [PartitionWorker(problem, np.asarray(shared, np.int32)) for problem, shared in parts]
    for worker in workers:
        has_part = worker.shared >= 0
        if has_part.any() and (
            worker.shared.max() >= shared_capacity.size
            or (worker.problem.capacity[has_part] != shared_capacity[worker.shared[has_part]]).any()
        ):
            raise ValueError("a shared opening has the capacity that all parts share, in each part")
    price = np.zeros(shared_capacity.size, np.int32)
    sums = [worker.sum_best() for worker in workers]
    highest, total, people = max(s[0] for s in sums), sum(s[1] for s in sums), sum(s[2] for s in sums)
    rounds = 0
    epsilon = max(1, int(highest * _COARSE))
    drop, refine = 0, False
    certificate = Certificate(0, 0)
    with ThreadPoolExecutor(threads) as pool:
        for number in range(_ROUNDS):
            for worker in workers:
                worker.begin(price, drop)
            price, taken, count = _settle(pool, workers, shared_capacity, price, epsilon)
            rounds += count
            reports = [worker.certify(price) for worker in workers]
            value, bound = sum(report[0] for report in reports), sum(report[1] for report in reports)
            certificate = Certificate(value, bound + int((price.astype(np.int64) * shared_capacity).sum()))
            if refine and (certificate.gap <= gap or epsilon == 1):
                break
            drop = CLOSED - 1 if number == _ROUNDS - 2 else int(_DROP * epsilon)
            price = np.where(taken < shared_capacity, 0, np.maximum(price.astype(np.int64) - drop, 0)).astype(np.int32)
            fine = max(1, int(_EPSILON_PER_GAP * gap * total / max(people, 1)))
            epsilon = max(1, epsilon // 4) if refine else fine
            refine = True
    return CoupledAllocation(tuple(worker.book.assigned for worker in workers), price, certificate, rounds)


def _settle(
    pool: ThreadPoolExecutor,
    workers: Sequence[PartitionWorker],
    capacity: NDArray[np.int64],
    price: NDArray[np.int32],
    epsilon: int,
) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:
    """Let parts bid and owners answer until nobody is outbid; return shared prices, places taken, and rounds."""
    rounds = 0
    while True:
        rounds += 1
        reports = list(pool.map(lambda worker: worker.bid(epsilon), workers))
        price, kept = settle_shared(reports, capacity, price)
        if sum(worker.hear(price, stand) for worker, stand in zip(workers, kept, strict=True)) == 0:
            return price, np.sum(kept, axis=0), rounds


def settle_shared(
    reports: Sequence[tuple[NDArray[np.int32], NDArray[np.int32]]],
    capacity: NDArray[np.int64],
    price: NDArray[np.int32],
) -> tuple[NDArray[np.int32], list[NDArray[np.int64]]]:
    """Return the new prices of shared openings, and for each part how many of its bids stand on each of them.

    Arguments: of each part the shared openings and levels of its bids; places; prices so far. Ties go to the earlier
    part.
    """
    numbers = np.concatenate([report[0] for report in reports])
    levels = np.concatenate([report[1] for report in reports])
    part = np.repeat(np.arange(len(reports)), [report[0].size for report in reports])
    order = np.lexsort((part, -levels.astype(np.int64), numbers))
    numbers, levels, part = numbers[order], levels[order], part[order]
    rank = np.arange(numbers.size) - np.searchsorted(numbers, numbers)
    stands = rank < capacity[numbers]
    raised = price.copy()
    last = stands & (rank == capacity[numbers] - 1)
    raised[numbers[last]] = np.maximum(raised[numbers[last]], levels[last])
    kept = [np.bincount(numbers[stands & (part == number)], minlength=capacity.size) for number in range(len(reports))]
    return raised, kept
