"""One goal after the other, each by outer approximation, each with a bound.

Reach is concave, so every tangent lies above it: a program in which reach is held down by tangents alone promises at
least what can be had, and its bound holds for every plan there is. Tangents are added where the last solution lay,
first in the relaxed program (Kelley 1960), then in whole numbers (Duran and Grossmann 1986).
"""

from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from scipy import sparse

from puente.engines.reach.instance import Goal, Instance, InstanceProblem
from puente.engines.reach.numbers import Floats, Whole
from puente.engines.reach.planner.calendar import Room, lay_out
from puente.engines.reach.planner.greedy import plan_greedily
from puente.engines.reach.planner.reach_model import ReachModel
from puente.engines.reach.planner.rules import Columns, Packing, StepChoice, crowd_row
from puente.engines.reach.planner.solver import INFINITE, Outcome, Solver

CENTS = 100
# The relaxed program is near enough when one more tangent would lower its bound by less than this share.
RELAXED_GAP = 2e-5
RELAXED_ROUNDS = 200
# One run in whole numbers takes at most this share of the time left, but so many seconds: new tangents are worth more
# than a long search under old ones.
ROUND_SHARE, ROUND_SECONDS = 0.3, 1.0
# A round that leaves more of the gap than this is followed by a longer one.
LITTLE = 0.8
# By so much the solver lets a row be missed (1e-6), and a little more: below it a promise cannot be held to the truth.
ROW_TOLERANCE = 2e-6
# A floor counts as kept when it is missed by rounding alone.
TOUCH = 1e-9


@dataclass(frozen=True)
class Stage:
    """How one goal ended. gap: what a better plan could add at most, as a share of what this one has."""

    goal: Goal
    value: float
    bound: float
    gap: float
    seconds: float
    rounds: int


@dataclass(frozen=True)
class Effort:
    """When to stop: at a relative gap, or when the seconds of the whole plan are over."""

    gap: float = 1e-3
    seconds: float = 60.0
    seed: int = 0


class Search:
    """The program of one instance and the best plan found so far."""

    def __init__(
        self,
        instance: Instance,
        room: Room,
        columns: Columns,
        packing: Packing,
        steps: list[StepChoice],
        model: ReachModel,
        effort: Effort,
    ) -> None:
        self.instance, self.room, self.columns, self.packing = instance, room, columns, packing
        self.steps, self.model, self.effort = steps, model, effort
        self.until = 0.0
        self.floors = np.array([site.floor for site in instance.sites])
        self.least_weakest = -np.inf
        self.least_value = -np.inf
        self.best: Whole | None = None
        self._build()

    def _build(self) -> None:
        solver = Solver(self.effort.seed)
        count, pieces = len(self.columns), self.model.pieces
        solver.add_columns(np.zeros(count), self.columns.most.astype(np.float64), integer=True)
        self.solver = solver
        if self.model.drivers is not None:
            ends = np.full(self.model.drivers.shape[0], INFINITE)
            self.first_driver = solver.add_columns(np.zeros(len(ends)), ends)
        self.first_piece = solver.add_columns(np.zeros(pieces), np.ones(pieces))
        self.weakest = solver.add_columns(np.zeros(1), np.ones(1))
        if self.model.drivers is not None:
            identity = sparse.eye_array(len(ends), format="csr")
            matrix = sparse.csr_array(sparse.hstack([-self.model.drivers, identity]))
            solver.add_rows(self.model.base, matrix, self.model.base)
        if self.packing.matrix.shape[0]:
            scale = np.where(self.packing.matrix.max(axis=1).toarray().ravel() >= CENTS, CENTS, 1).astype(np.float64)
            matrix = sparse.csr_array(sparse.diags_array(1 / scale) @ self.packing.matrix)
            solver.add_rows(np.full(len(scale), -INFINITE), matrix, self.packing.limit / scale)
        self._add_steps()
        for site in np.flatnonzero(self.model.site_share > 0):
            row = self.model.by_site[[site]].tocsr()
            pieces_of_site, share = row.indices.astype(np.int64) + self.first_piece, row.data
            solver.add_row(self.floors[site], pieces_of_site, share, INFINITE)
            solver.add_row(0.0, np.append(pieces_of_site, self.weakest), np.append(share, -1.0), INFINITE)
        worth = self.model.site_share @ self.model.by_site
        self.value_row = solver.add_row(-INFINITE, self.first_piece + np.arange(pieces), worth, INFINITE)
        self.worth = np.asarray(worth)
        self.add_tangents(np.zeros(count))

    def _add_steps(self) -> None:
        for choice in self.steps:
            first = self.solver.add_columns(np.zeros(len(choice.columns)), np.ones(len(choice.columns)), integer=True)
            self.solver.add_row(1, first + np.arange(len(choice.columns)), np.ones(len(choice.columns)), 1)
            for step, own in enumerate(choice.columns):
                for limit, low, high in (
                    (choice.least[step], 0.0, INFINITE),
                    (choice.most[step], -INFINITE, 0.0),
                ):
                    coefficients = np.append(np.ones(len(own)), -float(limit))
                    self.solver.add_row(low, np.append(own, first + step), coefficients, high)
                # Said once more column by column: relaxed, a fraction of a step would otherwise cheapen every spot.
                for column in own:
                    most = float(min(self.columns.most[column], choice.most[step]))
                    self.solver.add_row(-INFINITE, np.array([column, first + step]), np.array([1.0, -most]), 0.0)

    def add_tangents(self, spots: Floats) -> None:
        """Hold every piece down by its tangent at a plan."""
        offset = self.first_driver if self.model.drivers is not None else 0
        for tangent in self.model.tangents(spots):
            columns = np.append(tangent.drivers + offset, self.first_piece + tangent.piece)
            self.solver.add_row(-INFINITE, columns, np.append(-tangent.slope, 1.0), tangent.constant)

    def sites(self, spots: Floats) -> Floats:
        """Return the reach at each site."""
        return np.asarray(self.model.by_site @ self.model.reach(spots))

    def measure(self, goal: Goal, spots: Floats) -> float:
        """Return what a plan is worth for a goal; cost counts negative."""
        if goal == Goal.WEAKEST_SITE:
            return float(self.sites(spots)[self.model.site_share > 0].min())
        if goal == Goal.VALUE:
            return float(self.worth @ self.model.reach(spots))
        return -float(self.columns.price @ spots) / CENTS

    def keeps(self, spots: Whole) -> bool:
        """Tell whether a plan keeps all rules, floors and earlier goals, and can be laid out on days."""
        whole = spots.astype(np.float64)
        if np.any(self.packing.left(spots) < 0) or np.any(spots > self.columns.most) or not self._keeps_steps(spots):
            return False
        sites = self.sites(whole)
        if np.any(sites < self.floors - TOUCH) or self.measure(Goal.WEAKEST_SITE, whole) < self.least_weakest - TOUCH:
            return False
        if self.measure(Goal.VALUE, whole) < self.least_value - TOUCH:
            return False
        return not self.crowd(spots)

    def _keeps_steps(self, spots: Whole) -> bool:
        for choice in self.steps:
            counts = [int(spots[own].sum()) for own in choice.columns]
            used = [step for step, count in enumerate(counts) if count]
            if len(used) > 1 or any(not choice.least[s] <= counts[s] <= choice.most[s] for s in used):
                return False
            if not used and all(least > 0 for least in choice.least):
                return False
        return True

    def crowd(self, spots: Whole) -> bool:
        """Add a row for every set of programmes that cannot be laid out; tells whether there was one."""
        _, crowded = lay_out(self.instance, self.room, by_phase(self.instance, self.columns, spots))
        for own in crowded:
            row = crowd_row(self.columns, own)
            self.packing.add(row, own.most)
            members = np.flatnonzero(row)
            self.solver.add_row(-INFINITE, members, np.ones(len(members)), own.most)
        return bool(crowded)

    def run(self, goal: Goal, seconds: float) -> Stage:
        """Pursue one goal, at most so long, and bind what comes later to what was reached."""
        begun = perf_counter()
        self.until = begun + seconds
        self.solver.set_objective(self._objective(goal))
        if goal == Goal.VALUE and self.best is not None:
            self._offer(goal, self.fill(self.best))
        bound, rounds = self._relax(goal)
        share = ROUND_SHARE
        while not self._is_near(goal, bound) and perf_counter() < self.until:
            gap = self._gap(goal, bound)
            outcome = self.solver.solve(
                relaxed=False,
                seconds=max(share * (self.until - perf_counter()), ROUND_SECONDS),
                gap=self.effort.gap / 3,
                start=self._start(),
            )
            rounds += 1
            if outcome.infeasible:
                self._explain()
            bound = min(bound, outcome.bound)
            taken = outcome.values is not None and self._take(goal, outcome)
            if self._gap(goal, bound) > LITTLE * gap:
                share = min(2 * share, 1.0)
                if not taken and outcome.finished and self._is_stuck(outcome):
                    break
        if self.best is None:
            raise InstanceProblem("No plan that keeps all rules was found in the time given; give it more seconds.")
        value = self.measure(goal, self.best.astype(np.float64))
        self._bind(goal, value)
        return Stage(goal, value, max(bound, value), self._gap(goal, bound), perf_counter() - begun, rounds)

    def _objective(self, goal: Goal) -> Floats:
        objective = np.zeros(self.solver.highs.getNumCol())
        if goal == Goal.WEAKEST_SITE:
            objective[self.weakest] = 1
        elif goal == Goal.VALUE:
            objective[self.first_piece : self.first_piece + self.model.pieces] = self.worth
        else:
            objective[: len(self.columns)] = -self.columns.price / CENTS
        return objective

    def _relax(self, goal: Goal) -> tuple[float, int]:
        """Solve the relaxed program until tangents no longer lower its bound; returns bound and rounds."""
        bound = np.inf
        for number in range(1, RELAXED_ROUNDS + 1):
            outcome = self.solver.solve(relaxed=True, seconds=max(self.until - perf_counter(), 1.0))
            if outcome.infeasible:
                self._explain()
            if outcome.values is None:
                return bound, number
            spots = np.maximum(outcome.values[: len(self.columns)], 0)
            bound = min(bound, outcome.bound)
            self.add_tangents(spots)
            if self._is_settled(goal, spots, bound) or self._is_near(goal, bound) or perf_counter() > self.until:
                self._offer(goal, self.fill(np.floor(spots + 1e-7).astype(np.int64)))
                return bound, number
        return bound, RELAXED_ROUNDS

    def fill(self, spots: Whole) -> Whole:
        """Return a plan with what the budgets still allow added greedily, each outlet staying at its step."""
        usable = self.columns.tariff <= 0
        for choice in self.steps:
            used = [step for step, own in enumerate(choice.columns) if spots[own].any()]
            for step, own in enumerate(choice.columns):
                usable[own] = step == (used[0] if used else 0)
        return plan_greedily(
            self.model,
            self.columns,
            self.packing,
            floors=self.floors,
            weakest_first=False,
            reached=self.sites(spots.astype(np.float64)),
            begun=spots,
            usable=usable,
        )

    def _is_settled(self, goal: Goal, spots: Floats, bound: float) -> bool:
        """Tell whether the bound is what the relaxed plan is truly worth, and earlier goals are truly kept."""
        near = RELAXED_GAP * abs(bound)
        return (
            bound - self.measure(goal, spots) <= near
            and bool(np.all(self.sites(spots) >= self.floors - RELAXED_GAP))
            and self.measure(Goal.WEAKEST_SITE, spots) >= self.least_weakest - RELAXED_GAP
            and self.measure(Goal.VALUE, spots) >= self.least_value - RELAXED_GAP
        )

    def _offer(self, goal: Goal, spots: Whole) -> bool:
        """Take a plan as the best one where it keeps everything and is better; tells whether it was taken."""
        if self.best is not None:
            better = self.measure(goal, spots.astype(np.float64)) > self.measure(goal, self.best.astype(np.float64))
            if not better:
                return False
        if not self.keeps(spots):
            return False
        self.best = spots
        return True

    def _take(self, goal: Goal, outcome: Outcome) -> bool:
        """Look at what the solver found: a better plan, a place for tangents, or both."""
        assert outcome.values is not None  # noqa: S101
        spots = np.rint(outcome.values[: len(self.columns)]).astype(np.int64)
        taken = self._offer(goal, spots)
        self.crowd(spots)
        self.add_tangents(spots.astype(np.float64))
        return taken

    def _is_stuck(self, outcome: Outcome) -> bool:
        """Tell whether the solver's own promise at its solution is true, so that no tangent can change it."""
        if outcome.values is None:
            return True
        spots = np.rint(outcome.values[: len(self.columns)])
        promised = outcome.values[self.first_piece : self.first_piece + self.model.pieces]
        return bool(np.all(promised <= self.model.reach(spots) + ROW_TOLERANCE))

    def _start(self) -> Floats | None:
        if self.best is None:
            return None
        start = np.zeros(self.solver.highs.getNumCol())
        whole = self.best.astype(np.float64)
        start[: len(self.columns)] = whole
        if self.model.drivers is not None:
            contacts = self.model.base + self.model.drivers @ whole
            start[self.first_driver : self.first_driver + len(contacts)] = contacts
        start[self.first_piece : self.first_piece + self.model.pieces] = self.model.reach(whole)
        start[self.weakest] = self.measure(Goal.WEAKEST_SITE, whole)
        step = self.weakest + 1
        for choice in self.steps:
            counts = [int(self.best[own].sum()) for own in choice.columns]
            fits = [choice.least[s] <= counts[s] <= choice.most[s] for s in range(len(counts))]
            used = next((s for s, count in enumerate(counts) if count), fits.index(True) if True in fits else 0)
            start[step + used] = 1
            step += len(choice.columns)
        return start

    def _gap(self, goal: Goal, bound: float) -> float:
        if self.best is None:
            return np.inf
        value = self.measure(goal, self.best.astype(np.float64))
        if bound <= value:
            return 0.0
        return float((bound - value) / max(abs(value), 1e-12))

    def _is_near(self, goal: Goal, bound: float) -> bool:
        return self._gap(goal, bound) <= self.effort.gap

    def _bind(self, goal: Goal, value: float) -> None:
        kept = value * (1 - self.instance.slack)
        if goal == Goal.WEAKEST_SITE:
            self.least_weakest = kept
            self.solver.bound_column(self.weakest, kept - TOUCH, 1.0)
        elif goal == Goal.VALUE:
            self.least_value = kept
            self.solver.bound_row(self.value_row, kept - TOUCH, INFINITE)

    def _explain(self) -> None:
        """Raise InstanceProblem with the floor that cannot be met, and what could be met instead."""
        for site in np.flatnonzero((self.floors > 0) & (self.model.site_share > 0)):
            alone = Search(
                _without_floors(self.instance), self.room, self.columns, self.packing, self.steps, self.model,
                Effort(0.01, 10.0, self.effort.seed),
            )  # fmt: skip
            objective = np.zeros(alone.solver.highs.getNumCol())
            row = alone.model.by_site[[site]].tocsr()
            objective[alone.first_piece + row.indices] = row.data
            alone.solver.set_objective(objective)
            best = 1.0
            for _ in range(RELAXED_ROUNDS):
                outcome = alone.solver.solve(relaxed=True, seconds=5.0)
                if outcome.values is None or best - outcome.bound < 1e-4:
                    break
                best = outcome.bound
                alone.add_tangents(np.maximum(outcome.values[: len(self.columns)], 0))
            if best < self.floors[site]:
                raise InstanceProblem(
                    f"The floor of {self.instance.sites[site].id}, {self.floors[site]:.1%}, cannot be met:"
                    f" at most {best:.1%} is possible under the budgets and caps. Lower the floor or raise a budget."
                )
        raise InstanceProblem(
            "The floors cannot all be met at once under these budgets and caps. Lower one of them or raise the budget."
        )


def _without_floors(instance: Instance) -> Instance:
    return replace(instance, sites=tuple(replace(site, floor=0.0) for site in instance.sites))


def by_phase(instance: Instance, columns: Columns, spots: Whole) -> Whole:
    """Return spots of each programme and phase, all prices together, shape (programmes, phases)."""
    table = np.zeros((len(instance.programmes), len(instance.phases)), dtype=np.int64)
    np.add.at(table, (columns.programme, columns.phase), spots)
    return table
