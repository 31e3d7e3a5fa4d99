"""The compiled auction: people bid for openings until each holds a place, or nothing is worth its price.

A person bids for the opening with the highest value minus price, up to the level at which the second best would be
as good, plus epsilon. An opening keeps its highest bids; once it is full, its price is the lowest of them, and who is
outbid bids again. Prices only rise, so everybody ends within epsilon of their best at the final prices
(Bertsekas 1981; many places an opening: Bertsekas, Castanon 1989). An employer with a limit is treated alike, one level
up: when it is full, its price is the lowest bid over all its openings.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem
from puente.engines.matching.scan import compiled, widen

# Best pairs that are kept at hand for each person; more means rarer looks at the whole row, each dearer.
NEAR = 6
# Beyond any value: the price of what has no place.
CLOSED = 2**30
_UNKNOWN_REST = 2**30
_NO_VALUE = -(2**30)


class Pairs(NamedTuple):
    """The problem as the kernels read it."""

    start: NDArray[np.int64]
    opening: NDArray[np.int32]
    value: NDArray[np.int32]
    capacity: NDArray[np.int32]
    employer: NDArray[np.int32]
    employer_limit: NDArray[np.int32]
    employer_start: NDArray[np.int64]
    employer_opening: NDArray[np.int32]


class Book(NamedTuple):
    """The state of an auction. price is in force for an opening; employer_price is the part its employer causes."""

    price: NDArray[np.int32]
    held: NDArray[np.int32]
    slot: NDArray[np.int64]
    bid: NDArray[np.int32]
    bidder: NDArray[np.int32]
    employer_price: NDArray[np.int32]
    employer_held: NDArray[np.int32]
    assigned: NDArray[np.int32]
    near_opening: NDArray[np.int32]
    near_value: NDArray[np.int32]
    rest: NDArray[np.int32]


def take_pairs(problem: AllocationProblem) -> Pairs:
    """Return the arrays of a problem, with the openings of each employer side by side."""
    bound = np.flatnonzero(problem.employer != NOWHERE)
    order = bound[np.argsort(problem.employer[bound], kind="stable")].astype(np.int32)
    starts = np.searchsorted(problem.employer[order], np.arange(problem.employer_limit.size + 1)).astype(np.int64)
    return Pairs(
        problem.start,
        problem.opening,
        problem.value,
        problem.capacity,
        problem.employer,
        problem.employer_limit,
        starts,
        order,
    )


def open_book(problem: AllocationProblem) -> Book:
    """Return an empty book: no bids, all prices 0."""
    # One slot more than people: what has room for all is never full, and so never has a price.
    slots = np.minimum(problem.capacity, problem.people + 1)
    limited = problem.employer != NOWHERE
    slots[limited] = np.minimum(slots[limited], problem.employer_limit[problem.employer[limited]])
    slot = np.concatenate([[0], np.cumsum(slots, dtype=np.int64)])
    return Book(
        price=np.zeros(problem.openings, np.int32),
        held=np.zeros(problem.openings, np.int32),
        slot=slot,
        bid=np.zeros(int(slot[-1]), np.int32),
        bidder=np.zeros(int(slot[-1]), np.int32),
        employer_price=np.zeros(problem.employer_limit.size, np.int32),
        employer_held=np.zeros(problem.employer_limit.size, np.int32),
        assigned=np.full(problem.people, NOWHERE, np.int32),
        near_opening=np.zeros((problem.people, NEAR), np.int32),
        near_value=np.full((problem.people, NEAR), _NO_VALUE, np.int32),
        rest=np.full(problem.people, _UNKNOWN_REST, np.int32),
    )


def close_empty(pairs: Pairs, book: Book) -> None:
    """Price what has no place at all, opening or employer, beyond any value."""
    employer_closed = pairs.employer_limit == 0
    book.employer_price[employer_closed] = CLOSED
    closed = np.diff(book.slot) == 0
    book.price[closed] = CLOSED


@compiled
def reset_book(
    book: Book, people: NDArray[np.int64], openings: NDArray[np.int64], employers: NDArray[np.int64]
) -> None:
    """Forget the bids of some people, openings and employers; prices of openings stay as they are."""
    for person in people:
        book.rest[person] = _UNKNOWN_REST
        book.assigned[person] = NOWHERE
    for opening in openings:
        book.held[opening] = 0
    for employer in employers:
        book.employer_held[employer] = 0
        book.employer_price[employer] = 0


# The kernels below take single arrays: handing whole books over costs more than the work itself.


@compiled
def _look_at_all(
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    price: NDArray[np.int32],
    near_opening: NDArray[np.int32],
    near_value: NDArray[np.int32],
    person: int,
    begin: int,
    end: int,
) -> int:
    """Fetch a person's best pairs at today's prices; return what the best of the others would be worth."""
    size, rest = 0, 0
    worth = np.empty(NEAR, np.int64)
    for pair in range(begin, end):
        net = widen(value[pair]) - price[opening[pair]]
        if net <= rest:
            continue
        if size < NEAR:
            position = size
            size += 1
        elif net <= worth[NEAR - 1]:
            rest = net
            continue
        else:
            rest = max(rest, worth[NEAR - 1])
            position = NEAR - 1
        while position > 0 and worth[position - 1] < net:
            worth[position] = worth[position - 1]
            near_opening[person, position] = near_opening[person, position - 1]
            near_value[person, position] = near_value[person, position - 1]
            position -= 1
        worth[position] = net
        near_opening[person, position] = opening[pair]
        near_value[person, position] = value[pair]
    for position in range(size, NEAR):
        near_opening[person, position] = 0
        near_value[person, position] = _NO_VALUE
    return rest


@compiled
def raise_into_place(
    bids: NDArray[np.int32], bidders: NDArray[np.int32], first: int, size: int, bid: int, person: int
) -> None:
    """Add a bid to a heap of `size` bids whose lowest stands first."""
    position = size
    while position > 0:
        above = (position - 1) >> 1
        if bids[first + above] <= bid:
            break
        bids[first + position] = bids[first + above]
        bidders[first + position] = bidders[first + above]
        position = above
    bids[first + position] = bid
    bidders[first + position] = person


@compiled
def replace_lowest(
    bids: NDArray[np.int32], bidders: NDArray[np.int32], first: int, size: int, bid: int, person: int
) -> None:
    """Put a bid in the place of the lowest of a heap of `size` bids."""
    position = 0
    while True:
        below = 2 * position + 1
        if below >= size:
            break
        if below + 1 < size and bids[first + below + 1] < bids[first + below]:
            below += 1
        if bids[first + below] >= bid:
            break
        bids[first + position] = bids[first + below]
        bidders[first + position] = bidders[first + below]
        position = below
    bids[first + position] = bid
    bidders[first + position] = person


@compiled
def _find_lowest_of_employer(pairs: Pairs, book: Book, employer: int) -> int:
    """Return the opening of an employer that holds its lowest bid, or -1 when it holds none."""
    lowest = -1
    for place in range(pairs.employer_start[employer], pairs.employer_start[employer + 1]):
        opening = widen(pairs.employer_opening[place])
        if book.held[opening] > 0 and (lowest < 0 or book.bid[book.slot[opening]] < book.bid[book.slot[lowest]]):
            lowest = opening
    return lowest


@compiled
def _make_room(pairs: Pairs, book: Book, employer: int) -> int:
    """Count one more person for an employer; when it is full, take out its lowest bid and return who made it."""
    if book.employer_held[employer] < pairs.employer_limit[employer]:
        book.employer_held[employer] += 1
        return -1
    opening = _find_lowest_of_employer(pairs, book, employer)
    first, size = book.slot[opening], book.held[opening] - 1
    person = widen(book.bidder[first])
    book.held[opening] = size
    if size > 0:
        replace_lowest(book.bid, book.bidder, first, size, book.bid[first + size], book.bidder[first + size])
    return person


@compiled
def _price_employer(pairs: Pairs, book: Book, employer: int) -> None:
    """Raise the price of a full employer to its lowest bid, and its openings with it."""
    if book.employer_held[employer] < pairs.employer_limit[employer]:
        return
    lowest = _find_lowest_of_employer(pairs, book, employer)
    price = max(book.employer_price[employer], book.bid[book.slot[lowest]])
    book.employer_price[employer] = price
    for place in range(pairs.employer_start[employer], pairs.employer_start[employer + 1]):
        opening = pairs.employer_opening[place]
        book.price[opening] = max(book.price[opening], price)


@compiled
def bid_forward(pairs: Pairs, book: Book, people: NDArray[np.int64], epsilon: int) -> int:
    """Let people bid, one after the other, whoever is outbid at once again; return the number of bids.

    Afterwards each of them holds a place within epsilon of their best, or nothing is worth its price to them.
    """
    near_opening, near_value, rest, price = book.near_opening, book.near_value, book.rest, book.price
    bids, bidders, slot, held, assigned = book.bid, book.bidder, book.slot, book.held, book.assigned
    employer_of, start = pairs.employer, pairs.start
    count = 0
    for number in range(len(people)):
        person = people[number]
        while person >= 0:
            best, second, opening = 0, 0, -1
            for near in range(NEAR):
                candidate = widen(near_opening[person, near])
                net = widen(near_value[person, near]) - price[candidate]
                if net > second:
                    if net > best:
                        best, second, opening = net, best, candidate
                    else:
                        second = net
            # Prices only rise: what was not at hand is worth at most `rest`.
            if second < rest[person]:
                rest[person] = _look_at_all(
                    pairs.opening,
                    pairs.value,
                    price,
                    near_opening,
                    near_value,
                    person,
                    start[person],
                    start[person + 1],
                )
                continue
            if opening < 0:
                assigned[person] = NOWHERE
                break
            count += 1
            bid = price[opening] + best - second + epsilon
            assigned[person] = opening
            first, places = slot[opening], slot[opening + 1] - slot[opening]
            employer = employer_of[opening]
            if held[opening] == places:
                out = widen(bidders[first])
                replace_lowest(bids, bidders, first, places, bid, person)
            else:
                out = widen(-1) if employer < 0 else _make_room(pairs, book, employer)
                raise_into_place(bids, bidders, first, held[opening], bid, person)
                held[opening] += 1
            if held[opening] == places:
                price[opening] = max(price[opening], bids[first])
            if employer >= 0:
                _price_employer(pairs, book, employer)
            person = out
    return count


@compiled
def sum_up(pairs: Pairs, book: Book, people: NDArray[np.int64]) -> tuple[int, int]:
    """Return what places are worth and the profits at today's prices, reading whole rows only where need be."""
    near_opening, near_value, price, assigned = book.near_opening, book.near_value, book.price, book.assigned
    value, profits = 0, 0
    for person in people:
        best, worth = 0, 0
        for near in range(NEAR):
            opening = near_opening[person, near]
            best = max(best, widen(near_value[person, near]) - price[opening])
            if opening == assigned[person] and near_value[person, near] > 0:
                worth = max(worth, widen(near_value[person, near]))
        if best < book.rest[person] or (worth == 0 and assigned[person] >= 0):
            best = 0
            for pair in range(pairs.start[person], pairs.start[person + 1]):
                best = max(best, widen(pairs.value[pair]) - price[pairs.opening[pair]])
                if pairs.opening[pair] == assigned[person]:
                    worth = max(worth, widen(pairs.value[pair]))
        value += worth
        profits += best
    return value, profits


@compiled
def look_again(pairs: Pairs, book: Book, people: NDArray[np.int64]) -> None:
    """Fetch the best pairs of some people at today's prices."""
    for person in people:
        book.rest[person] = _look_at_all(
            pairs.opening,
            pairs.value,
            book.price,
            book.near_opening,
            book.near_value,
            person,
            pairs.start[person],
            pairs.start[person + 1],
        )
