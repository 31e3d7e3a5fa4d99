"""A mixed-integer program in HiGHS that grows by rows (Huangfu and Hall, Mathematical Programming Computation 2018)."""

from dataclasses import dataclass

import highspy
import numpy as np
from scipy import sparse

from puente.engines.reach.numbers import Floats, Whole

INFINITE = highspy.kHighsInf
# HiGHS stops when solution and bound are this close, absolutely, whatever the relative gap.
ABSOLUTE_GAP = 1e-9


class _Quiet(highspy.Highs):  # type: ignore[misc, unused-ignore]
    """HiGHS prints a banner to standard output as soon as callbacks are made ready, so it is silenced just before."""

    def enableCallbacks(self) -> None:
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call, unused-ignore]


@dataclass(frozen=True)
class Outcome:
    """What a run found. values is None where no solution is known; bound holds for every solution there is.

    finished: the run reached the gap it was asked for, and was not stopped by the time.
    """

    values: Floats | None
    objective: float
    bound: float
    infeasible: bool
    finished: bool


class Solver:
    """Maximises. Columns first, then rows at any time; integer columns may be relaxed in a run."""

    def __init__(self, seed: int) -> None:
        self.highs = _Quiet()  # type: ignore[no-untyped-call, unused-ignore]
        self.highs.setOptionValue("random_seed", seed)
        # One thread: the same plan every time, and no scheduler of threads to wait for on a busy machine.
        self.highs.setOptionValue("threads", 1)
        self.highs.setOptionValue("parallel", "off")
        self.highs.setOptionValue("mip_abs_gap", ABSOLUTE_GAP)
        self.highs.changeObjectiveSense(highspy.ObjSense.kMaximize)
        self.integer: list[int] = []

    def add_columns(self, lower: Floats, upper: Floats, *, integer: bool = False) -> int:
        """Add columns with their bounds; returns the position of the first."""
        first = int(self.highs.getNumCol())
        self.highs.addVars(len(lower), lower.astype(np.float64), upper.astype(np.float64))
        if integer:
            self.integer += range(first, first + len(lower))
            kinds = np.full(len(lower), highspy.HighsVarType.kInteger)
            self.highs.changeColsIntegrality(len(lower), np.arange(first, first + len(lower), dtype=np.int32), kinds)
        return first

    def add_rows(self, lower: Floats, matrix: sparse.csr_array, upper: Floats, first_column: int = 0) -> int:
        """Add rows lower ≤ matrix · columns ≤ upper, the matrix beginning at a column; returns the first row."""
        first = int(self.highs.getNumRow())
        self.highs.addRows(
            matrix.shape[0],
            lower.astype(np.float64),
            upper.astype(np.float64),
            matrix.nnz,
            matrix.indptr[:-1].astype(np.int32),
            (matrix.indices + first_column).astype(np.int32),
            matrix.data.astype(np.float64),
        )
        return first

    def add_row(self, lower: float, columns: Whole, coefficients: Floats, upper: float) -> int:
        """Add one row."""
        first = int(self.highs.getNumRow())
        self.highs.addRow(
            lower, upper, len(columns), columns.astype(np.int32), np.asarray(coefficients, dtype=np.float64)
        )
        return first

    def bound_column(self, column: int, lower: float, upper: float) -> None:
        """Change the bounds of a column."""
        self.highs.changeColBounds(column, lower, upper)

    def bound_row(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        self.highs.changeRowBounds(row, lower, upper)

    def set_objective(self, coefficients: Floats) -> None:
        """Set what is maximised, one coefficient for each column."""
        count = len(coefficients)
        self.highs.changeColsCost(count, np.arange(count, dtype=np.int32), coefficients.astype(np.float64))

    def solve(self, *, relaxed: bool, seconds: float, gap: float = 0.0, start: Floats | None = None) -> Outcome:
        """Solve; relaxed leaves out that columns are whole. gap: relative, where an integer run may stop."""
        self.highs.setOptionValue("solve_relaxation", relaxed)
        self.highs.setOptionValue("mip_rel_gap", gap)
        self.highs.setOptionValue("time_limit", max(seconds, 0.01))
        if start is not None and not relaxed:
            guess = highspy.HighsSolution()
            guess.col_value = start.tolist()
            self.highs.setSolution(guess)
        self.highs.run()
        status = self.highs.getModelStatus()
        infeasible = status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}
        info = self.highs.getInfo()
        known = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        values = np.array(self.highs.getSolution().col_value) if known else None
        objective = float(info.objective_function_value) if known else -np.inf
        if relaxed or not self.integer:
            bound = objective if status == highspy.HighsModelStatus.kOptimal else np.inf
        else:
            bound = float(info.mip_dual_bound)
        return Outcome(values, objective, bound, infeasible, status != highspy.HighsModelStatus.kTimeLimit)


def describe_solver() -> str:
    """Return name and version of the solver, for certificates."""
    return f"HiGHS {Solver(0).highs.version()}"
