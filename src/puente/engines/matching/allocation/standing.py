"""An allocation that goes on from day to day: people arrive, places fall away, places come free.

Who arrives bids at the prices that stand. A place that falls away sends whoever held it bidding again. A place that
comes free lowers its price until somebody would rather have it, which may free the place they had: the reverse step
(Bertsekas, Castanon 1992). Only what is touched is worked on, and the certificate is kept up from what each person has
at hand, so a day costs a small part of a solution from nothing.
"""

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.auction import (
    CLOSED,
    Book,
    bid_forward,
    close_empty,
    look_again,
    open_book,
    raise_into_place,
    sum_up,
    take_pairs,
)
from puente.engines.matching.allocation.certificate import Certificate
from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem
from puente.engines.matching.allocation.solve import Allocation
from puente.engines.matching.scan import compiled, widen

_UNKNOWN_REST = 2**30


class Standing:
    """An allocation in force. people are numbered as in the problem; those not present hold and want nothing."""

    def __init__(self, problem: AllocationProblem, present: NDArray[np.int64], allocation: Allocation, epsilon: int):
        """Go on from an allocation of the people present.

        Arguments: the problem of everybody who may ever arrive in this period; who is there (indices); the allocation
        of the whole problem in which nobody else holds a place; by how much bids rise, in millionths. Raises ValueError
        for a problem with limits per employer (solve those anew each evening) or an allocation that does not fit.
        """
        if problem.employer_limit.size:
            raise ValueError("limits per employer cannot be kept from day to day: solve anew each evening")
        if epsilon < 1:
            raise ValueError("epsilon must be at least 1")
        self.problem, self.epsilon = problem, epsilon
        self.present = np.zeros(problem.people, bool)
        self.present[present] = True
        self.pairs, self.book = take_pairs(problem), open_book(problem)
        if allocation.assigned.size != problem.people or (allocation.assigned[~self.present] != NOWHERE).any():
            raise ValueError("the allocation must be of the same people, with places for those present alone")
        self.book.price[:] = allocation.price
        close_empty(self.pairs, self.book)
        self.room = problem.capacity.astype(np.int64)
        self._columns: tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]] | None = None
        for person in np.flatnonzero(allocation.assigned != NOWHERE):
            opening = allocation.assigned[person]
            # The lowest level at which nobody is outbid unjustly.
            first, size = self.book.slot[opening], self.book.held[opening]
            raise_into_place(self.book.bid, self.book.bidder, first, size, int(allocation.price[opening]), int(person))
            self.book.held[opening] += 1
            self.book.assigned[person] = opening

    @property
    def assigned(self) -> NDArray[np.int32]:
        """Where everybody stands (int32, people)."""
        return self.book.assigned

    @property
    def price(self) -> NDArray[np.int32]:
        """The price of each opening in millionths (int32, openings)."""
        return self.book.price

    def choose_at_counter(self, person: int) -> int:
        """Return the opening with the highest value minus price for somebody, or -1: what to propose right away."""
        rows = slice(self.pairs.start[person], self.pairs.start[person + 1])
        openings = self.pairs.opening[rows]
        net = self.pairs.value[rows].astype(np.int64) - self.book.price[openings]
        return int(openings[np.argmax(net)]) if net.size and net.max() > 0 else NOWHERE

    def arrive(self, people: NDArray[np.int64]) -> int:
        """Let people arrive and bid; return the number of bids it took."""
        if self.present[people].any():
            raise ValueError("somebody arrives who is there already")
        self.present[people] = True
        return bid_forward(self.pairs, self.book, people, self.epsilon)

    def expire(self, openings: NDArray[np.int64]) -> int:
        """Take openings away; whoever held a place there bids again. Return how many they were."""
        out = np.flatnonzero(np.isin(self.book.assigned, openings))
        self.book.held[openings] = 0
        self.book.price[openings] = CLOSED
        self.room[openings] = 0
        self.book.assigned[out] = NOWHERE
        bid_forward(self.pairs, self.book, out, self.epsilon)
        return out.size

    def leave(self, people: NDArray[np.int64]) -> int:
        """Let people go, because they refused, found something else or are placed for good elsewhere; their places are
        taken by the reverse step. Return how many moved into something better."""
        freed = []
        for person in people:
            opening = int(self.book.assigned[person])
            self.present[person] = False
            if opening == NOWHERE:
                continue
            self.book.assigned[person] = NOWHERE
            _remove_bid(self.book.bid, self.book.bidder, self.book.held, self.book.slot, opening, int(person))
            freed.append(opening)
        return self._lower(np.array(freed, np.int64))

    def _lower(self, openings: NDArray[np.int64]) -> int:
        if self._columns is None:
            self._columns = _turn(self.pairs.start, self.pairs.opening, self.pairs.value, self.problem.openings)
        start, person, value = self._columns
        return _bid_in_reverse(self.book, start, person, value, self.present, openings, self.epsilon)

    def refresh(self) -> None:
        """Bring everybody's best pairs to hand, once after going on from an allocation: later days then start quick."""
        look_again(self.pairs, self.book, np.flatnonzero(self.present))

    def certify(self) -> Certificate:
        """Return the certificate of what stands now, for the people present and the places left."""
        people = np.flatnonzero(self.present)
        value, profits = sum_up(self.pairs, self.book, people)
        price = np.where(self.room == 0, 0, self.book.price.astype(np.int64))
        return Certificate(value, profits + int((price * self.room).sum()))


@compiled
def _remove_bid(
    bids: NDArray[np.int32],
    bidders: NDArray[np.int32],
    held: NDArray[np.int32],
    slot: NDArray[np.int64],
    opening: int,
    person: int,
) -> None:
    """Take one bid out of an opening."""
    first, size = slot[opening], widen(held[opening])
    kept = 0
    levels, owners = bids[first : first + size].copy(), bidders[first : first + size].copy()
    for number in range(size):
        if owners[number] != person:
            raise_into_place(bids, bidders, first, kept, levels[number], owners[number])
            kept += 1
    held[opening] = kept


@compiled
def _turn(
    start: NDArray[np.int64], opening: NDArray[np.int32], value: NDArray[np.int32], openings: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
    """Return the pairs by opening: where each begins, person and value."""
    begin = np.zeros(openings + 1, np.int64)
    for pair in range(len(opening)):
        begin[opening[pair] + 1] += 1
    for number in range(openings):
        begin[number + 1] += begin[number]
    filled = begin[:-1].copy()
    person, worth = np.empty(len(opening), np.int32), np.empty(len(opening), np.int32)
    for owner in range(len(start) - 1):
        for pair in range(start[owner], start[owner + 1]):
            spot = filled[opening[pair]]
            person[spot], worth[spot] = owner, value[pair]
            filled[opening[pair]] += 1
    return begin, person, worth


@compiled
def _bid_in_reverse(
    book: Book,
    start: NDArray[np.int64],
    person: NDArray[np.int32],
    value: NDArray[np.int32],
    present: NDArray[np.bool_],
    openings: NDArray[np.int64],
    epsilon: int,
) -> int:
    """Lower the prices of openings with room until somebody takes the place or it costs nothing; return the moves."""
    price, held, slot, assigned = book.price, book.held, book.slot, book.assigned
    worth = np.zeros(len(assigned), np.int64)
    for number in range(len(start) - 1):
        for entry in range(start[number], start[number + 1]):
            if assigned[person[entry]] == number:
                worth[person[entry]] = value[entry]
    waiting = list(openings)
    moves = 0
    while len(waiting) > 0:
        opening = waiting.pop()
        while held[opening] < slot[opening + 1] - slot[opening] and 0 < price[opening] < CLOSED:
            best, second, taker, taker_value = 0, 0, -1, 0
            for entry in range(start[opening], start[opening + 1]):
                other = widen(person[entry])
                if not present[other] or assigned[other] == opening:
                    continue
                profit = worth[other] - price[assigned[other]] if assigned[other] >= 0 else 0
                offer = value[entry] - max(profit, 0)
                if offer > best:
                    best, second, taker, taker_value = offer, best, other, widen(value[entry])
                elif offer > second:
                    second = offer
            price[opening] = max(0, min(widen(price[opening]), second - epsilon))
            # What they keep at hand was worked out at higher prices.
            for entry in range(start[opening], start[opening + 1]):
                book.rest[person[entry]] = _UNKNOWN_REST
            if taker < 0:
                break
            left = widen(assigned[taker])
            assigned[taker] = opening
            worth[taker] = taker_value
            raise_into_place(book.bid, book.bidder, slot[opening], widen(held[opening]), price[opening], taker)
            held[opening] += 1
            moves += 1
            if left >= 0:
                _remove_bid(book.bid, book.bidder, held, slot, left, taker)
                waiting.append(left)
    return moves
