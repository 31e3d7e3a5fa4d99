"""The planning problem as one would write it down first: a variable for each programme and day, dense curve rows."""

from dataclasses import dataclass
from time import perf_counter

import highspy
import numpy as np
from scipy import sparse

from puente.engines.reach.instance import Instance
from puente.engines.reach.planner.calendar import find_room
from puente.engines.reach.planner.curves import curve_reach, curve_slope
from puente.engines.reach.planner.solver import Solver

TANGENTS = 25


@dataclass(frozen=True)
class Naive:
    """What came of it: true value of the plan found, or None; the solver's bound; seconds; variables."""

    value: float | None
    bound: float
    seconds: float
    variables: int


def solve_naively(instance: Instance, seconds: float) -> Naive:
    """Solve with fixed tangents over all cells, in the time given. The budget, site budgets and caps are kept."""
    begun = perf_counter()
    room = find_room(instance)
    programme, day = np.nonzero(room.programme)
    most = room.programme[programme, day].astype(np.float64)
    site = instance.site_of[programme]
    outlet = instance.outlet_of[programme]
    price = np.array([own.price for own in instance.programmes])[programme] / 100
    sites, audiences = np.nonzero(instance.importance > 0)
    solver = Solver(0)
    solver.add_columns(np.zeros(len(most)), most, integer=True)
    first = solver.add_columns(np.zeros(len(sites)), np.ones(len(sites)))
    rows = [price] + [np.where(site == s, price, 0) for s in range(len(instance.sites))]
    limits = [instance.budget] + [instance.budget if own.budget is None else own.budget for own in instance.sites]
    solver.add_rows(np.full(len(rows), -highspy.kHighsInf), sparse.csr_array(np.array(rows)), np.array(limits) / 100)
    for index in range(len(instance.outlets)):
        for own_day in range(instance.days):
            own = np.flatnonzero((outlet == index) & (day == own_day))
            if own.size:
                solver.add_row(-highspy.kHighsInf, own, np.ones(own.size), instance.outlets[index].spots_per_day)
    for index, own_programme in enumerate(instance.programmes):
        own = np.flatnonzero(programme == index)
        if own.size:
            solver.add_row(-highspy.kHighsInf, own, np.ones(own.size), own_programme.spots_total)
    for piece, (s, a) in enumerate(zip(sites, audiences, strict=True)):
        own = np.flatnonzero(site == s)
        rating = instance.rating[programme[own], a]
        for contacts in np.geomspace(0.02, 8, TANGENTS):
            level = curve_reach(contacts, instance.shape[s, a], instance.ceiling[s, a])
            slope = curve_slope(contacts, instance.shape[s, a], instance.ceiling[s, a])
            columns = np.append(own, first + piece)
            solver.add_row(
                -highspy.kHighsInf, columns, np.append(-slope * rating, 1.0), float(level - slope * contacts)
            )
    objective = np.zeros(solver.highs.getNumCol())
    objective[first:] = instance.importance[sites, audiences]
    solver.set_objective(objective)
    outcome = solver.solve(relaxed=False, seconds=seconds - (perf_counter() - begun), gap=1e-3)
    value = None
    if outcome.values is not None:
        spots = np.rint(outcome.values[: len(most)])
        contacts = np.array(
            [
                spots @ np.where(site == s, instance.rating[programme, a], 0)
                for s, a in zip(sites, audiences, strict=True)
            ]
        )
        reach = curve_reach(contacts, instance.shape[sites, audiences], instance.ceiling[sites, audiences])
        value = float(instance.importance[sites, audiences] @ reach)
    return Naive(value, outcome.bound, perf_counter() - begun, len(most))
