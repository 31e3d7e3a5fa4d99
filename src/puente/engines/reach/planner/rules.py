"""The rules of a plan as linear rows over its columns: one column is a programme in a phase at one price."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from puente.engines.reach.instance import Instance, unit_price
from puente.engines.reach.numbers import Flags, Whole
from puente.engines.reach.planner.calendar import Crowded, Room

FREE = -1


@dataclass(frozen=True)
class Columns:
    """What can be bought. tariff: step of the rate card, or FREE. price: cents a spot. most: spots that can fit."""

    programme: Whole
    phase: Whole
    tariff: Whole
    price: Whole
    most: Whole

    def __len__(self) -> int:
        return len(self.programme)


def make_columns(instance: Instance, room: Room) -> Columns:
    """Return a column for each programme, phase and price with room for at least one spot."""
    rows = []
    for position, programme in enumerate(instance.programmes):
        outlet = instance.outlets[programme.outlet]
        prices = [(step, unit_price(programme.price, discount)) for step, discount in list_tariffs(instance, position)]
        if outlet.free_quota > 0:
            prices.append((FREE, 0))
        for phase in range(len(instance.phases)):
            fits = min(int(room.programme[position, room.phase == phase].sum()), int(room.total[position]))
            if fits > 0:
                rows += [
                    (position, phase, step, price, min(fits, outlet.free_quota) if step == FREE else fits)
                    for step, price in prices
                ]
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 5)
    return Columns(*(np.ascontiguousarray(table[:, index]) for index in range(5)))


def list_tariffs(instance: Instance, programme: int) -> list[tuple[int, float]]:
    """Return the steps of the rate card that apply to a programme, with their discounts; step 0 has none."""
    steps = instance.outlets[instance.programmes[programme].outlet].steps
    return [(0, 0.0)] + [(number + 1, step.discount) for number, step in enumerate(steps)]


@dataclass
class Packing:
    """Rows Σ a·x ≤ b with a ≥ 0: what greedy planning checks and the solver keeps. Cents and spots, whole numbers."""

    matrix: sparse.csr_array
    limit: Whole

    def left(self, spots: Whole) -> Whole:
        """Return what each row has left."""
        return np.asarray(self.limit - self.matrix @ spots)

    def add(self, row: Whole, limit: int) -> None:
        """Add one row."""
        self.matrix = sparse.csr_array(sparse.vstack([self.matrix, sparse.csr_array(row[None, :])]))
        self.limit = np.append(self.limit, limit)


def make_packing(instance: Instance, room: Room, columns: Columns) -> Packing:
    """Return budgets, caps, quotas and the room of each outlet and phase as packing rows.

    Fixed paid airings are taken out of the budgets first. Raises nothing: a budget that fixed airings overrun leaves
    nothing to spend.
    """
    outlet = instance.outlet_of[columns.programme]
    site = instance.site_of[columns.programme]
    paid = columns.tariff != FREE
    spent = price_fixed(instance)
    members: list[Whole] = []
    weights: list[Whole] = []
    limits: list[int] = []

    def add(where: Flags, coefficient: Whole, limit: int) -> None:
        if int((coefficient * columns.most)[where].sum()) > limit:
            members.append(np.flatnonzero(where))
            weights.append(coefficient[where])
            limits.append(max(limit, 0))

    one = np.ones(len(columns), dtype=np.int64)
    everything = np.ones(len(columns), dtype=np.bool_)
    add(everything, columns.price, instance.budget - sum(spent.values()))
    for index, own in enumerate(instance.sites):
        if own.budget is not None:
            add(site == index, columns.price, own.budget - sum(c for (s, _, _), c in spent.items() if s == index))
    for index, phase in enumerate(instance.phases):
        if phase.budget is not None:
            gone = sum(c for (_, p, _), c in spent.items() if p == index)
            add(columns.phase == index, columns.price, phase.budget - gone)
    for (s, p), budget in instance.site_phase_budget.items():
        gone = sum(c for (a, b, _), c in spent.items() if (a, b) == (s, p))
        add((site == s) & (columns.phase == p), columns.price, budget - gone)
    for index, station in enumerate(instance.outlets):
        own = outlet == index
        if station.credit is not None:
            add(own, columns.price, station.credit)
        free = sum(b.spots for b in instance.fixed if b.free and instance.outlet_of[b.programme] == index)
        add(own & ~paid, one, station.free_quota - free)
        for phase_index in range(len(instance.phases)):
            days = np.flatnonzero(room.phase == phase_index)
            cells = room.programme[np.ix_(instance.outlet_of == index, days)]
            add(
                own & (columns.phase == phase_index), one, int(np.minimum(room.outlet[index, days], cells.sum(0)).sum())
            )
    for position in range(len(instance.programmes)):
        own = columns.programme == position
        if np.count_nonzero(own) > 1:
            add(own, one, int(room.total[position]))
            for phase_index in range(len(instance.phases)):
                fits = int(room.programme[position, room.phase == phase_index].sum())
                add(own & (columns.phase == phase_index), one, fits)
    ends = np.cumsum([0] + [len(own) for own in members])
    cells = (np.concatenate([*weights, one[:0]]), np.concatenate([*members, one[:0]]), ends)
    return Packing(sparse.csr_array(cells, shape=(len(limits), len(columns))), np.array(limits, dtype=np.int64))


def price_fixed(instance: Instance) -> dict[tuple[int, int, int], int]:
    """Return what fixed paid airings cost at the plain rate: (site, phase, outlet) → cents."""
    spent: dict[tuple[int, int, int], int] = {}
    for booking in instance.fixed:
        if booking.free:
            continue
        day = instance.date_of(booking.day)
        phase = next((i for i, own in enumerate(instance.phases) if own.first <= day <= own.last), -1)
        key = (int(instance.site_of[booking.programme]), phase, int(instance.outlet_of[booking.programme]))
        spent[key] = spent.get(key, 0) + booking.spots * instance.programmes[booking.programme].price
    return spent


def crowd_row(columns: Columns, crowded: Crowded) -> Whole:
    """Return the row that keeps a crowded set of programmes within its room."""
    return np.asarray(np.isin(columns.programme, crowded.programmes) & (columns.phase == crowded.phase), dtype=np.int64)


@dataclass(frozen=True)
class StepChoice:
    """The steps of one outlet's rate card: columns by tariff, and from how many to how many spots each step holds."""

    columns: tuple[Whole, ...]
    least: tuple[int, ...]
    most: tuple[int, ...]


def make_steps(instance: Instance, columns: Columns) -> list[StepChoice]:
    """Return the choice of step for each outlet that has any. Spots count over the whole campaign, free ones not."""
    outlet = instance.outlet_of[columns.programme]
    choices = []
    for index, station in enumerate(instance.outlets):
        if not station.steps or not (outlet == index).any():
            continue
        fixed = sum(b.spots for b in instance.fixed if not b.free and instance.outlet_of[b.programme] == index)
        starts = [0] + [max(step.spots - fixed, 0) for step in station.steps]
        own = tuple(np.flatnonzero((outlet == index) & (columns.tariff == tariff)) for tariff in range(len(starts)))
        whole = int(columns.most[own[0]].sum())
        ends = [max(start - 1, 0) for start in starts[1:]] + [whole]
        choices.append(StepChoice(own, tuple(starts), tuple(min(end, whole) for end in ends)))
    return choices
