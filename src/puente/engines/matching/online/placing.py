"""A year placed day by day: prices over night, an answer at the counter at once, the day settled in the evening."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.cases import NOWHERE, CaseProblem, check_placement, select_cases
from puente.engines.matching.allocation.families import allocate_cases, improve_placement
from puente.engines.matching.online.futures import SPREAD, NightPrices, look_ahead, price_night
from puente.engines.matching.online.instance import PlacementYear

TRAJECTORIES = 20
# A case goes somewhere rather than nowhere when that costs the others less than this share of the mean value.
_RATHER_SOMEWHERE = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class PlacedYear:
    """What became of a year: assigned (int32, cases, -1 for nowhere), its value, and the last prices."""

    assigned: NDArray[np.int32]
    value: float
    price: NDArray[np.float64]


def choose_at_counter(
    value: NDArray[np.float64],
    need: NDArray[np.int64],
    price: NDArray[np.float64],
    left: NDArray[np.int64],
) -> int:
    """Return the place for one case, in microseconds: the highest value minus need times price that has room, or -1.

    value (places, negative where the case may not go), need (resources), price and left (places x resources).
    """
    net = value - price @ need
    net[(value < 0) | (left < need).any(axis=1)] = -np.inf
    best = int(np.argmax(net)) if net.size else NOWHERE
    return best if best >= 0 and net[best] >= 0 else NOWHERE


def place_year(
    year: PlacementYear, *, trajectories: int = TRAJECTORIES, seed: int = 0, spread: float = SPREAD
) -> PlacedYear:
    """Place a year as it arrives, knowing of the future only the pool, the expected number and what was seen.

    Each night prices are worked out anew; whoever arrives on a day is placed that day, together and for good.
    Arguments: the year; futures drawn a night; the seed of the draws; how unsure the number of arrivals is.
    """
    rng = np.random.default_rng(seed)
    left = year.cases.capacity.copy()
    assigned = np.full(year.cases.cases, NOWHERE, np.int32)
    night: NightPrices | None = None
    price = np.zeros(left.shape)
    for day in np.unique(year.day):
        first, end = np.searchsorted(year.day, [day, day + 1])
        today = year.order[first:end]
        seen = select_cases(year.cases, year.order[:end], left)
        batch = select_cases(year.cases, today, left)
        outlook = look_ahead(year.pool, seen, expected=year.expected, elapsed=(day + 1) / year.days, spread=spread)
        # In the evening those who arrived today are known: they take part in every future.
        night = price_night(outlook, left, trajectories=trajectories, rng=rng, before=night, present=batch)
        price = night.price
        placed = settle_day(batch, price)
        assigned[today] = placed
        went = placed != NOWHERE
        np.subtract.at(left, placed[went], year.cases.need[today[went]])
    return PlacedYear(assigned, check_placement(year.cases, assigned), price)


def settle_day(batch: CaseProblem, price: NDArray[np.float64]) -> NDArray[np.int32]:
    """Return where those of one day go: the best placement together, net of what places are worth to the future."""
    case = batch.find_cases()
    reward = _RATHER_SOMEWHERE * (batch.value.mean() if batch.value.size else 0.0)
    net = batch.value - (batch.need[case] * price[batch.place]).sum(axis=1) + reward
    kept = net > 0
    counts = np.concatenate([[0], np.cumsum(kept)])
    priced = CaseProblem(counts[batch.start], batch.place[kept], net[kept], batch.need, batch.capacity)
    return allocate_cases(priced).assigned


def place_greedily(year: PlacementYear) -> PlacedYear:
    """Place a year as it arrives without a thought of the future: each day takes the best that is left."""
    left = year.cases.capacity.copy()
    assigned = np.full(year.cases.cases, NOWHERE, np.int32)
    free = np.zeros(left.shape)
    for case in year.order:
        placed = settle_day(select_cases(year.cases, np.array([case]), left), free)[0]
        assigned[case] = placed
        if placed != NOWHERE:
            left[placed] -= year.cases.need[case]
    return PlacedYear(assigned, check_placement(year.cases, assigned), free)


def place_in_hindsight(year: PlacementYear, *, repair_seconds: float = 0.0) -> tuple[PlacedYear, float]:
    """Return what somebody who knew the whole year would do, and a bound that nobody can exceed."""
    placement = allocate_cases(year.cases, repair_seconds=repair_seconds)
    assigned = placement.assigned.copy()
    improve_placement(year.cases, assigned)
    return PlacedYear(assigned, check_placement(year.cases, assigned), placement.price), placement.bound
