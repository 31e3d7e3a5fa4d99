"""Where spots can stand: which programme runs on which day, how many fit, and laying a plan out over the days."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from puente.engines.reach.instance import Instance
from puente.engines.reach.numbers import Flags, Whole


@dataclass(frozen=True)
class Room:
    """What is left for planning once fixed airings stand.

    open: (programmes, days) where a spot may stand at all. programme: (programmes, days) spots that still fit into a
    programme on a day. outlet: (outlets, days). total: (programmes,). phase: (days,), −1 between phases.
    """

    open: Flags
    programme: Whole
    outlet: Whole
    total: Whole
    phase: Whole


def find_room(instance: Instance) -> Room:
    """Return the room that weekdays, phases, windows, blackouts, caps and fixed airings leave."""
    phase = np.full(instance.days, -1)
    for index, stretch in enumerate(instance.phases):
        first = (stretch.first - instance.first_day).days
        phase[first : first + (stretch.last - stretch.first).days + 1] = index
    weekday = (np.arange(instance.days) + instance.first_day.weekday()) % 7
    runs = np.array([programme.weekdays for programme in instance.programmes])[:, weekday] & (phase >= 0)
    for position, programme in enumerate(instance.programmes):
        outlet = instance.outlets[programme.outlet]
        if not max(instance.earliest, outlet.earliest) <= programme.start < min(instance.latest, outlet.latest):
            runs[position] = False
    for blackout in instance.blackouts:
        own = np.ones(len(instance.programmes), dtype=np.bool_)
        if blackout.site is not None:
            own &= instance.site_of == blackout.site
        if blackout.outlet is not None:
            own &= instance.outlet_of == blackout.outlet
        first = max((blackout.first - instance.first_day).days, 0)
        last = (blackout.last - instance.first_day).days
        if last >= first:
            runs[own, first : last + 1] = False
    taken = np.zeros((len(instance.programmes), instance.days), dtype=np.int64)
    for booking in instance.fixed:
        taken[booking.programme, booking.day] += booking.spots
    outlet_taken = np.zeros((len(instance.outlets), instance.days), dtype=np.int64)
    np.add.at(outlet_taken, instance.outlet_of, taken)
    per_day = np.array([programme.spots_per_day for programme in instance.programmes])
    in_total = np.array([programme.spots_total for programme in instance.programmes])
    outlet_per_day = np.array([outlet.spots_per_day for outlet in instance.outlets])
    outlet_room = np.maximum(outlet_per_day[:, None] - outlet_taken, 0)
    programme_room = np.minimum(np.maximum(per_day[:, None] - taken, 0), outlet_room[instance.outlet_of])
    return Room(runs, programme_room * runs, outlet_room, np.maximum(in_total - taken.sum(axis=1), 0), phase)


@dataclass(frozen=True)
class Crowded:
    """Programmes of one outlet that cannot all be laid out in a phase; together they hold at most `most` spots."""

    programmes: Whole
    phase: int
    most: int


def lay_out(instance: Instance, room: Room, spots: Whole) -> tuple[Whole, list[Crowded]]:
    """Place the spots of each programme and phase on days, evenly, as a flow from programmes over days to outlets.

    Args:
        spots: (programmes, phases).

    Returns:
        (programmes, days) spots, and what does not fit: sets of programmes for which Hall's condition fails.
    """
    placed = np.zeros_like(room.programme)
    crowded = []
    for outlet in range(len(instance.outlets)):
        own = np.flatnonzero(instance.outlet_of == outlet)
        for phase in range(len(instance.phases)):
            if not spots[own, phase].any():
                continue
            days = np.flatnonzero(room.phase == phase)
            flow, stuck = _flow(room.programme[np.ix_(own, days)], room.outlet[outlet, days], spots[own, phase])
            placed[np.ix_(own, days)] = flow
            if stuck is not None:
                most = int(np.minimum(room.outlet[outlet, days], room.programme[np.ix_(own[stuck], days)].sum(0)).sum())
                crowded.append(Crowded(own[stuck], phase, most))
    return placed, crowded


def _flow(cell: Whole, day_room: Whole, wanted: Whole) -> tuple[Whole, Whole | None]:
    """Send each programme's spots to days; returns the flow, and the programmes that block each other, or None.

    A spot goes to the day with room where fewest stand, of the programme and then of the outlet; if there is none,
    other spots are moved along an augmenting path (Ford and Fulkerson). Where no path exists, the programmes reached
    in the search have no further room among them.

    Args:
        cell: (programmes, days) spots that fit. day_room: (days,) of the outlet. wanted: (programmes,).
    """
    flow = np.zeros_like(cell)
    left = day_room.copy()
    order = np.argsort(cell.sum(axis=1) - wanted, kind="stable")  # those with least choice first
    for programme in order:
        for _ in range(wanted[programme]):
            free = np.flatnonzero((cell[programme] > flow[programme]) & (left > 0))
            if free.size:
                day = free[np.lexsort((-left[free], flow[programme, free]))[0]]
                flow[programme, day] += 1
                left[day] -= 1
                continue
            stuck = _augment(flow, cell, left, int(programme))
            if stuck is not None:
                return flow, stuck
    return flow, None


def _augment(flow: Whole, cell: Whole, left: Whole, start: int) -> Whole | None:
    """Make room for one more spot of a programme by moving others; returns the programmes reached if that fails."""
    came: dict[tuple[str, int], tuple[str, int]] = {}
    seen = {("programme", start)}
    waiting = deque([("programme", start)])
    while waiting:
        node = waiting.popleft()
        kind, index = node
        if kind == "programme":
            following = [("day", int(day)) for day in np.flatnonzero(cell[index] > flow[index])]
        else:
            if left[index] > 0:
                left[index] -= 1
                while node != ("programme", start):
                    before = came[node]
                    programme, day = (before[1], node[1]) if node[0] == "day" else (node[1], before[1])
                    flow[programme, day] += 1 if node[0] == "day" else -1
                    node = before
                return None
            following = [("programme", int(other)) for other in np.flatnonzero(flow[:, index])]
        for other in following:
            if other not in seen:
                seen.add(other)
                came[other] = node
                waiting.append(other)
    return np.array(sorted(index for kind, index in seen if kind == "programme"))
