"""A cohort from profiles to proposals: exact lists, an allocation, and a certificate over every eligible pair.

An allocation over shortlists could miss a pair that no list holds. So once prices are known, everybody's best opening
net of its price is looked for again among all openings; pairs that would gain are added and the auction goes on. What
comes out is certified against all pairs, not against the lists.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.certificate import Certificate
from puente.engines.matching.allocation.explaining import count_rivals
from puente.engines.matching.allocation.problem import HIGHEST_VALUE, AllocationProblem
from puente.engines.matching.allocation.solve import Allocation, allocate
from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.bulk.ranking import Rankings, rank_people

LISTED = 50
_ADDED = 8
_PASSES = 6


@dataclass(frozen=True, slots=True, eq=False)
class CohortMatch:
    """The allocation of a cohort: openings are rows of the index.

    problem holds the pairs that were looked at in the end; certificate holds for all eligible pairs. rivals (int64,
    openings) is how many of the cohort would take each opening.
    """

    problem: AllocationProblem
    allocation: Allocation
    certificate: Certificate
    rivals: NDArray[np.int64]
    listed: Rankings


def match_cohort(
    people: PeopleTable,
    layout: BulkLayout,
    *,
    now: date,
    listed: int = LISTED,
    gap: float = 1e-4,
    employer_limit: int | None = None,
    seed: int = 0,
    threads: int = 1,
    report: Callable[[str, float], None] | None = None,
) -> CohortMatch:
    """Return where the people of a cohort could go, proved to lie within about `gap` of the best over all pairs.

    Arguments: the people; the openings laid out; the day; how long the lists are from which the auction starts; the
    gap; how many people one employer takes at most; seed and threads as in `allocate`; a function that hears of
    progress ("lists", "allocation" or "certificate", and the share done). Raises ValueError as `rank_people` does.
    """
    hear = report or (lambda stage, share: None)
    ranked = rank_people(
        people, layout, now=now, limit=listed, threads=threads, report=lambda done: hear("lists", done / len(people))
    )
    problem = make_problem(ranked, layout, employer_limit)
    # The lists leave part of the gap to the pairs they do not hold.
    allocation = allocate(problem, gap=gap / 2, seed=seed, threads=threads)
    for number in range(_PASSES):
        hear("allocation", (number + 1) / _PASSES)
        best = rank_people(people, layout, now=now, limit=_ADDED, threads=threads, price=_cap(allocation.price))
        certificate = _certify_all(problem, allocation, best)
        hear("certificate", 1.0)
        if certificate.gap <= gap or number == _PASSES - 1:
            break
        problem = _add_pairs(problem, allocation.price, best)
        allocation = allocate(problem, gap=gap / 2, seed=seed, threads=threads)
    return CohortMatch(problem, allocation, certificate, count_rivals(problem, allocation.price), ranked)


def make_problem(ranked: Rankings, layout: BulkLayout, employer_limit: int | None = None) -> AllocationProblem:
    """Return the allocation problem of lists; pairs worth nothing are left out."""
    table = layout.index.table
    kept = (ranked.row >= 0) & (ranked.value > 0)
    start = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
    employer, limits = np.zeros(0, np.int32), np.zeros(0, np.int32)
    if employer_limit is not None:
        if employer_limit < 0:
            raise ValueError("the limit per employer must be 0 or more")
        known, position = np.unique(table.employer, return_inverse=True)
        employer = np.where(table.employer >= 0, position, -1).astype(np.int32)
        limits = np.full(known.size, employer_limit, np.int32)
    return AllocationProblem(
        start, ranked.row[kept], ranked.value[kept], table.places_left.astype(np.int32), employer, limits
    )


def _cap(price: NDArray[np.int32]) -> NDArray[np.int32]:
    """Keep prices of closed openings within what a value less a price can hold."""
    return np.minimum(price, HIGHEST_VALUE).astype(np.int32)


def _certify_all(problem: AllocationProblem, allocation: Allocation, best: Rankings) -> Certificate:
    """Return the certificate with each person's best over all openings, whether their list holds it or not."""
    inside = allocation.certificate
    profits = int(np.maximum(best.value[:, 0].astype(np.int64), 0)[best.row[:, 0] >= 0].sum())
    limited = problem.employer >= 0
    own = allocation.price.astype(np.int64)
    own[limited] -= allocation.employer_price[problem.employer[limited]]
    room = int((own * problem.capacity).sum())
    room += int((allocation.employer_price.astype(np.int64) * problem.employer_limit).sum())
    return Certificate(inside.value, profits + room)


def _add_pairs(problem: AllocationProblem, price: NDArray[np.int32], best: Rankings) -> AllocationProblem:
    """Return the problem with the pairs that are best at today's prices added."""
    kept = (best.row >= 0) & (best.value > 0)
    owner = np.repeat(np.arange(problem.people), np.diff(problem.start))
    added = np.nonzero(kept)[0]
    opening = np.concatenate([problem.opening, best.row[kept]])
    value = np.concatenate([problem.value, best.value[kept] + _cap(price)[best.row[kept]]])
    person = np.concatenate([owner, added])
    key = person * np.int64(problem.openings) + opening
    _, first = np.unique(key, return_index=True)
    counts = np.bincount(person[first], minlength=problem.people)
    return AllocationProblem(
        np.concatenate([[0], np.cumsum(counts)]),
        opening[first],
        value[first],
        problem.capacity,
        problem.employer,
        problem.employer_limit,
    )
