"""From an instance to a plan: greedy start, goals in their order, days, materials, certificate."""

from dataclasses import dataclass
from time import perf_counter

import numpy as np

from puente.engines.reach.instance import Booking, Goal, Instance
from puente.engines.reach.numbers import Floats, Whole
from puente.engines.reach.planner.calendar import find_room, lay_out
from puente.engines.reach.planner.curves import Curves
from puente.engines.reach.planner.greedy import plan_greedily
from puente.engines.reach.planner.reach_model import ReachModel
from puente.engines.reach.planner.rotation import Airing, rotate
from puente.engines.reach.planner.rules import FREE, Columns, make_columns, make_packing, make_steps
from puente.engines.reach.planner.solver import describe_solver
from puente.engines.reach.planner.stages import Effort, Search, Stage, by_phase

# Share of the remaining time that a goal may take when others follow.
PATIENCE = 0.6
# Saving money at equal reach takes no longer than all before it took, and this.
SAVING_SECONDS = 2.0


@dataclass(frozen=True)
class Certificate:
    """What stands behind a plan. proved: no plan under the same model and rules is better by more than the gap.

    gap: of the value goal, or of the last goal pursued where value is none. achieved: what the plan is truly worth,
    which differs from the stage's value where planning went over an envelope. Broken rules are the auditor's matter.
    """

    model: str
    solver: str
    seed: int
    stages: tuple[Stage, ...]
    gap: float
    asked_gap: float
    proved: bool
    statement: str
    achieved: float
    greedy_value: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """What to book. bookings include the fixed ones; airings name the material of each spot."""

    bookings: tuple[Booking, ...]
    airings: tuple[Airing, ...]
    certificate: Certificate


def plan_campaign(instance: Instance, effort: Effort = Effort(), model: ReachModel | None = None) -> Plan:  # noqa: B008
    """Return the best plan found for an instance, with its certificate.

    Args:
        instance: the problem.
        effort: when to stop.
        model: a reach model over the columns of the instance (see `respondents`); without one, the GRP curves.

    Raises:
        InstanceProblem: floors that cannot be met, materials that may not air.
    """
    begun = perf_counter()
    room = find_room(instance)
    columns = make_columns(instance, room)
    packing = make_packing(instance, room, columns)
    reach: ReachModel = model if model is not None else Curves(instance, columns)
    search = Search(instance, room, columns, packing, make_steps(instance, columns), reach, effort)
    greedy = find_greedy(search)
    greedy_value = search.measure(Goal.VALUE, greedy.astype(np.float64))
    if search.keeps(greedy):
        search.best = greedy
    stages = []
    for number, goal in enumerate(instance.goals):
        gone = perf_counter() - begun
        left = effort.seconds - gone
        if goal == Goal.COST and number > 0:
            left = min(left, gone + SAVING_SECONDS)
        elif number + 1 < len(instance.goals):
            left *= PATIENCE
        stages.append(search.run(goal, left))
    assert search.best is not None  # noqa: S101
    bookings = make_bookings(instance, search, search.best)
    decisive = next((stage for stage in stages if stage.goal == Goal.VALUE), stages[-1])
    proved = reach.proves and decisive.gap <= effort.gap
    return Plan(
        bookings,
        rotate(instance, bookings),
        Certificate(
            reach.name, describe_solver(), effort.seed, tuple(stages), decisive.gap, effort.gap, proved,
            state(reach, decisive, proved), reach.achieve(search.best), greedy_value, perf_counter() - begun,
        ),
    )  # fmt: skip


def state(model: ReachModel, stage: Stage, proved: bool) -> str:
    """Return the certificate in a sentence."""
    if not model.proves:
        return f"bound {stage.bound:.2%}, not proved"
    if proved:
        return f"proved within {max(stage.gap, 1e-6):.4%} of the best plan under this model and these rules"
    return f"within {stage.gap:.2%} of the best plan under this model and these rules, more than was asked for"


def find_greedy(search: Search) -> Whole:
    """Return the greedy plan, cut back where it cannot be laid out on days."""
    nothing = np.zeros(len(search.columns))
    while True:
        spots = plan_greedily(
            search.model,
            search.columns,
            search.packing,
            floors=search.floors,
            weakest_first=search.instance.goals[0] == Goal.WEAKEST_SITE,
            reached=search.sites(nothing),
        )
        if not search.crowd(spots):
            return take_discounts(search, spots)


def take_discounts(search: Search, spots: Whole) -> Whole:
    """Return a plan at the steps of the rate cards that its spots reach; it was made at the plain rate, so it fits."""
    priced = spots.copy()
    for choice in search.steps:
        plain = spots[choice.columns[0]]
        step = max(s for s in range(len(choice.columns)) if choice.least[s] <= plain.sum())
        priced[choice.columns[0]] = 0
        priced[choice.columns[step]] = plain
    return priced


def make_bookings(instance: Instance, search: Search, spots: Whole) -> tuple[Booking, ...]:
    """Lay a plan out on days; free spots stand on the first days of each programme and phase."""
    columns = search.columns
    placed, _ = lay_out(instance, search.room, by_phase(instance, columns, spots))
    free = np.zeros((len(instance.programmes), len(instance.phases)), dtype=np.int64)
    own = columns.tariff == FREE
    np.add.at(free, (columns.programme[own], columns.phase[own]), spots[own])
    bookings = list(instance.fixed)
    for programme, day in zip(*np.nonzero(placed), strict=True):
        phase = search.room.phase[day]
        gratis = int(min(free[programme, phase], placed[programme, day]))
        free[programme, phase] -= gratis
        if gratis:
            bookings.append(Booking(int(programme), int(day), gratis, True))
        if placed[programme, day] > gratis:
            bookings.append(Booking(int(programme), int(day), int(placed[programme, day]) - gratis))
    return tuple(sorted(bookings))


def open_columns(instance: Instance) -> Columns:
    """Return the columns of an instance, for building a reach model over them."""
    return make_columns(instance, find_room(instance))


def spots_of(instance: Instance, bookings: tuple[Booking, ...]) -> Floats:
    """Return the spots of each programme, shape (programmes,)."""
    spots = np.zeros(len(instance.programmes))
    for booking in bookings:
        spots[booking.programme] += booking.spots
    return spots
