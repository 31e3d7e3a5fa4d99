"""The solvers, each run in a process of its own: `python -m benchmarks.matching.solvers NAME FILE`."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.matching.market import NOW, make_year
from benchmarks.matching.measure import find_peak_memory, time_it
from puente.engines.matching.allocation.certificate import certify
from puente.engines.matching.allocation.problem import AllocationProblem
from puente.engines.matching.allocation.solve import allocate


def read_problem(path: str) -> AllocationProblem:
    with np.load(path) as file:
        return AllocationProblem(file["start"], file["opening"], file["value"], file["capacity"])


def write_problem(problem: AllocationProblem, path: Path) -> None:
    np.savez(path, start=problem.start, opening=problem.opening, value=problem.value, capacity=problem.capacity)


def make_tiny() -> AllocationProblem:
    """A problem on which kernels are compiled before the clock runs."""
    rng = np.random.default_rng(0)
    return AllocationProblem(np.arange(51) * 4, rng.integers(0, 10, 200), rng.integers(1, 10**6, 200), np.full(10, 3))


def solve_by_auction(path: str) -> dict[str, Any]:
    problem = read_problem(path)
    allocate(make_tiny())
    allocation, wall, cpu = time_it(lambda: allocate(problem, gap=1e-4))
    proof = certify(problem, allocation.assigned, allocation.price, allocation.employer_price)
    assert proof == allocation.certificate
    return {"wall": wall, "cpu": cpu, "value": proof.value, "bound": proof.bound, "gap": proof.gap}


def solve_by_flow(path: str) -> dict[str, Any]:
    from puente.engines.matching.allocation.exact import solve_by_flow

    problem = read_problem(path)
    (value, _), wall, cpu = time_it(lambda: solve_by_flow(problem))
    return {"wall": wall, "cpu": cpu, "value": value}


def solve_by_pdlp(path: str) -> dict[str, Any]:
    from ortools.pdlp import solve_log_pb2, solvers_pb2
    from ortools.pdlp.python import pdlp
    from scipy.sparse import csr_matrix

    problem = read_problem(path)
    pairs = problem.opening.size
    owner = np.repeat(np.arange(problem.people), np.diff(problem.start))
    rows = np.concatenate([owner, problem.people + problem.opening])
    columns = np.tile(np.arange(pairs), 2)
    program = pdlp.QuadraticProgram()
    program.resize_and_initialize(pairs, problem.people + problem.openings)
    program.objective_vector = -problem.value / 1e6
    program.constraint_matrix = csr_matrix((np.ones(2 * pairs), (rows, columns))).tocsc()
    program.constraint_lower_bounds = np.full(problem.people + problem.openings, -np.inf)
    program.constraint_upper_bounds = np.concatenate([np.ones(problem.people), problem.capacity.astype(float)])
    program.variable_lower_bounds, program.variable_upper_bounds = np.zeros(pairs), np.ones(pairs)
    options = solvers_pb2.PrimalDualHybridGradientParams()
    options.termination_criteria.simple_optimality_criteria.eps_optimal_relative = 1e-4
    options.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = 1e-4
    options.termination_criteria.time_sec_limit = 300
    result, wall, cpu = time_it(lambda: pdlp.primal_dual_hybrid_gradient(program, options))
    done = result.solve_log.termination_reason == solve_log_pb2.TERMINATION_REASON_OPTIMAL
    return {"wall": wall, "cpu": cpu, "finished": bool(done)}


def solve_by_highs(path: str, seconds: str) -> dict[str, Any]:
    import highspy

    problem = read_problem(path)
    pairs, rows = problem.opening.size, problem.people + problem.openings
    owner = np.repeat(np.arange(problem.people), np.diff(problem.start))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = pairs, rows
    program.col_cost_ = -problem.value / 1e6
    program.col_lower_, program.col_upper_ = np.zeros(pairs), np.ones(pairs)
    program.row_lower_ = np.full(rows, -highspy.kHighsInf)
    program.row_upper_ = np.concatenate([np.ones(problem.people), problem.capacity.astype(float)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = np.arange(pairs + 1) * 2
    program.a_matrix_.index_ = np.stack([owner, problem.people + problem.opening], axis=1).ravel().astype(np.int32)
    program.a_matrix_.value_ = np.ones(2 * pairs)
    model = highspy.Highs()
    model.silent()
    model.setOptionValue("time_limit", float(seconds))
    model.setOptionValue("threads", 1)
    model.passModel(program)
    _, wall, cpu = time_it(model.run)
    return {"wall": wall, "cpu": cpu, "finished": model.getModelStatus() == highspy.HighsModelStatus.kOptimal}


def run_year(people: str, openings: str, threads: str) -> dict[str, Any]:
    """The year: lists, allocation, certificate over all pairs, one explanation each."""
    from puente.engines.matching.allocation.explaining import find_alternatives
    from puente.engines.matching.bulk.pairs import find_terms
    from puente.engines.matching.cohort import match_cohort

    small = make_year(300, 100)
    match_cohort(small.people, small.layout, now=NOW)
    year = make_year(int(people), int(openings))
    stages: dict[str, float] = {}
    began = [time.perf_counter()]

    def hear(stage: str, share: float) -> None:
        stages[stage] = time.perf_counter() - began[0]

    def work() -> Any:
        began[0] = time.perf_counter()
        result = match_cohort(year.people, year.layout, now=NOW, gap=5e-4, threads=int(threads), report=hear)
        problem, allocation = result.problem, result.allocation
        placed = np.flatnonzero(allocation.assigned >= 0)
        terms = find_terms(year.people, year.layout, placed, allocation.assigned[placed].astype(np.int64))
        others = find_alternatives(
            problem.start, problem.opening, problem.value, allocation.price, allocation.assigned, 3, 0.02
        )
        return result, terms, others, result.rivals[allocation.assigned[placed]]

    (result, terms, others, rivals), wall, cpu = time_it(work)
    assert len(terms) == len(rivals) == result.allocation.placed
    assert len(others) == len(year.people)
    return {
        "wall": wall,
        "cpu": cpu,
        "gap": result.certificate.gap,
        "placed": result.allocation.placed,
        "pairs": int(result.problem.opening.size),
        "stages": {name: round(seconds, 2) for name, seconds in stages.items()},
    }


SOLVERS = {
    "auction": solve_by_auction,
    "flow": solve_by_flow,
    "pdlp": solve_by_pdlp,
    "highs": solve_by_highs,
    "year": run_year,
}


def main() -> None:
    answer = SOLVERS[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(answer | {"memory_gb": find_peak_memory()}))


if __name__ == "__main__":
    main()
