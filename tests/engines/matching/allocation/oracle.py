"""Plain opinions on small problems: every allocation tried, the bound by its formula. Knows nothing of the solver."""

from itertools import product

import numpy as np

from puente.engines.matching.allocation.problem import AllocationProblem


def make_problem(rng, people=5, openings=3, employers=0, highest=20) -> AllocationProblem:
    rows = [sorted(rng.permutation(openings)[: rng.integers(0, openings + 1)].tolist()) for _ in range(people)]
    start = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    opening = np.array([spot for row in rows for spot in row], np.int32)
    employer = rng.integers(-1, employers, openings) if employers else np.zeros(0, np.int32)
    return AllocationProblem(
        start,
        opening,
        rng.integers(0, highest, opening.size),
        rng.integers(0, 3, openings),
        employer,
        rng.integers(0, 3, employers),
    )


def list_pairs(problem, person):
    rows = range(int(problem.start[person]), int(problem.start[person + 1]))
    return {int(problem.opening[row]): int(problem.value[row]) for row in rows}


def is_allowed(problem, assigned) -> bool:
    taken = [spot for spot in assigned if spot >= 0]
    if any(taken.count(spot) > problem.capacity[spot] for spot in set(taken)):
        return False
    employers = [int(problem.employer[spot]) for spot in taken]
    return all(employers.count(e) <= problem.employer_limit[e] for e in set(employers) if e >= 0)


def sum_values(problem, assigned) -> int:
    return sum(list_pairs(problem, person)[int(spot)] for person, spot in enumerate(assigned) if spot >= 0)


def find_best_value(problem) -> int:
    """Try every allocation."""
    choices = [[-1, *list_pairs(problem, person)] for person in range(problem.people)]
    return max(sum_values(problem, assigned) for assigned in product(*choices) if is_allowed(problem, assigned))


def find_bound(problem, price, employer_price) -> int:
    """The dual by its formula, price by price; raises when a price is not one."""
    part = [int(employer_price[e]) if e >= 0 else 0 for e in problem.employer]
    own = [int(price[spot]) - part[spot] for spot in range(problem.openings)]
    assert min(own, default=0) >= 0
    assert min(part, default=0) >= 0
    profits = sum(
        max([0, *(value - int(price[spot]) for spot, value in list_pairs(problem, person).items())])
        for person in range(problem.people)
    )
    places = sum(own[spot] * int(problem.capacity[spot]) for spot in range(problem.openings))
    return profits + places + sum(int(p) * int(n) for p, n in zip(employer_price, problem.employer_limit, strict=True))
