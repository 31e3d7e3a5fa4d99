"""Outside opinions for small problems: min-cost flow (OR-tools) and integer programming (HiGHS).

Both come with the extra `matching` and are never needed to get an allocation, only to doubt one: the certificate does
not rest on them.
"""

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.cases import CaseProblem
from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem

# Beyond this a flow takes minutes; the auction's own certificate is the check there.
MOST_PAIRS = 20_000_000


class SolverMissing(RuntimeError):
    """The package of an outside solver is not installed."""


def solve_by_flow(problem: AllocationProblem) -> tuple[int, NDArray[np.int32]]:
    """Return the best value, exactly, and who goes where, by OR-tools' min-cost flow.

    Raises ValueError for a problem with limits per employer or more than 20 million pairs, SolverMissing without
    OR-tools.
    """
    if problem.employer_limit.size:
        raise ValueError("the flow knows no limit per employer: cross-check a problem without one")
    if problem.opening.size > MOST_PAIRS:
        raise ValueError(f"the flow takes at most {MOST_PAIRS} pairs")
    try:
        from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
    except ImportError as error:
        raise SolverMissing("OR-tools is not installed: install puente[matching]") from error
    people, openings = problem.people, problem.openings
    sink = people + openings
    flow = SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        np.repeat(np.arange(people), np.diff(problem.start)),
        people + problem.opening.astype(np.int64),
        np.ones(problem.opening.size, np.int64),
        -problem.value.astype(np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        people + np.arange(openings),
        np.full(openings, sink),
        problem.capacity.astype(np.int64),
        np.zeros(openings, np.int64),
    )
    stay = np.arange(people)
    flow.add_arcs_with_capacity_and_unit_cost(stay, np.full(people, sink), np.ones_like(stay), np.zeros_like(stay))
    supply = np.zeros(sink + 1, np.int64)
    supply[:people], supply[sink] = 1, -people
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow found no optimum")
    used = flow.flows(pairs) > 0 if pairs is not None and len(pairs) else np.zeros(0, bool)
    assigned = np.full(people, NOWHERE, np.int32)
    assigned[np.repeat(np.arange(people), np.diff(problem.start))[used]] = problem.opening[used]
    return -int(flow.optimal_cost()), assigned


def solve_by_integer_program(
    problem: CaseProblem, *, seconds: float = 60.0, within: NDArray[np.bool_] | None = None
) -> tuple[float, NDArray[np.int32], bool]:
    """Return value and placement of the best that HiGHS finds in the time given, and whether it proved it the best.

    Arguments: the cases; seconds; the pairs to consider (bool, pairs; all without it). Raises SolverMissing without
    HiGHS, RuntimeError when it finds nothing in time.
    """
    try:
        import highspy
    except ImportError as error:
        raise SolverMissing("HiGHS is not installed: install puente[matching]") from error
    used = np.flatnonzero(np.ones(problem.place.size, bool) if within is None else within)
    case = problem.find_cases()[used]
    place = problem.place[used]
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("time_limit", seconds)
    model.setOptionValue("threads", 1)
    model.setOptionValue("mip_rel_gap", 0.0)
    infinity = highspy.kHighsInf
    model.addVars(used.size, np.zeros(used.size), np.ones(used.size))
    model.changeColsCost(used.size, np.arange(used.size, dtype=np.int32), -problem.value[used])
    model.changeColsIntegrality(
        used.size, np.arange(used.size, dtype=np.int32), np.full(used.size, highspy.HighsVarType.kInteger)
    )
    order = np.arange(used.size, dtype=np.int32)
    for columns in np.split(order, np.flatnonzero(np.diff(case)) + 1):
        model.addRow(-infinity, 1.0, columns.size, columns, np.ones(columns.size))
    order = np.argsort(place, kind="stable").astype(np.int32)
    for columns in np.split(order, np.flatnonzero(np.diff(place[order])) + 1):
        for resource in range(problem.need.shape[1]):
            need = problem.need[case[columns], resource].astype(np.float64)
            model.addRow(-infinity, float(problem.capacity[place[columns[0]], resource]), columns.size, columns, need)
    model.run()
    solution = np.asarray(model.getSolution().col_value)
    if solution.size != used.size:
        raise RuntimeError("HiGHS found no placement in the time given")
    assigned = np.full(problem.cases, NOWHERE, np.int32)
    chosen = solution > 0.5
    assigned[case[chosen]] = place[chosen]
    is_best = model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(problem.value[used][chosen].sum()), assigned, is_best
