"""Parts of a problem that share no opening and no employer: each can be solved alone, on a core of its own."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.auction import Pairs
from puente.engines.matching.allocation.problem import NOWHERE, AllocationProblem
from puente.engines.matching.scan import compiled, widen

# Small components are solved together, so that a thousand tiny ones do not cost a thousand calls.
MOST_PARTS = 64


class Part(NamedTuple):
    """One part: its people in the order in which they bid, its openings and its employers."""

    people: NDArray[np.int64]
    openings: NDArray[np.int64]
    employers: NDArray[np.int64]


def split_into_parts(problem: AllocationProblem, pairs: Pairs, seed: int) -> list[Part]:
    """Return the parts of a problem, the largest first; people in an order that the seed draws.

    Bundles depend on the problem alone, never on the number of threads, so the result does not either.
    """
    root = _find_roots(pairs.start, pairs.opening, pairs.employer, problem.openings)
    first = np.minimum(pairs.start[:-1], max(pairs.opening.size - 1, 0))
    has_pairs = np.diff(pairs.start) > 0
    if not has_pairs.any():
        return []
    home = np.where(has_pairs, root[pairs.opening[first]], NOWHERE)
    sizes = np.bincount(home[has_pairs], minlength=problem.openings)
    bundle_of_root = _bundle(sizes)
    order = np.argsort(draw_order_keys(problem.people, seed), kind="stable")
    bundle_of_person = np.where(has_pairs, bundle_of_root[home], NOWHERE)
    bundle_of_opening = bundle_of_root[root]
    employer_opening = np.full(problem.employer_limit.size, NOWHERE)
    bound = np.flatnonzero(problem.employer != NOWHERE)
    employer_opening[problem.employer[bound]] = bound
    bundle_of_employer = np.where(employer_opening == NOWHERE, NOWHERE, bundle_of_opening[employer_opening])
    people = _group(bundle_of_person[order], order)
    openings = _group(bundle_of_opening, np.arange(problem.openings))
    employers = _group(bundle_of_employer, np.arange(problem.employer_limit.size))
    return [
        Part(people[number], openings[number], employers[number]) for number in range(int(bundle_of_root.max()) + 1)
    ]


def draw_order_keys(count: int, seed: int) -> NDArray[np.uint64]:
    """Return a key for each person by which to order them; the mixer is splitmix64 (Steele, Lea, Flood 2014)."""
    key = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(seed % 2**64)
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


@compiled
def _find_root(parent: NDArray[np.int32], opening: int) -> int:
    while parent[opening] != opening:
        parent[opening] = parent[parent[opening]]
        opening = parent[opening]
    return opening


@compiled
def _find_roots(
    start: NDArray[np.int64], opening: NDArray[np.int32], employer: NDArray[np.int32], openings: int
) -> NDArray[np.int32]:
    """Return for each opening the one that stands for its component."""
    parent = np.arange(openings).astype(np.int32)
    first_of_employer = np.full(len(employer) + 1, -1, np.int64)
    for number in range(openings):
        if employer[number] >= 0:
            known = first_of_employer[employer[number]]
            if known < 0:
                first_of_employer[employer[number]] = number
            else:
                parent[_find_root(parent, number)] = _find_root(parent, known)
    for person in range(len(start) - 1):
        if start[person] == start[person + 1]:
            continue
        root = _find_root(parent, widen(opening[start[person]]))
        for pair in range(start[person] + 1, start[person + 1]):
            other = opening[pair]
            if parent[other] != root:
                parent[_find_root(parent, widen(other))] = root
    for number in range(openings):
        parent[number] = _find_root(parent, number)
    return parent


def _bundle(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of its bundle for each root (-1 without people): large components alone, small together."""
    bundle = np.full(sizes.size, NOWHERE)
    enough = sizes.sum() / MOST_PARTS
    number, filled = 0, 0
    for root in np.argsort(-sizes, kind="stable"):
        if sizes[root] == 0:
            break
        bundle[root] = number
        filled += sizes[root]
        if filled >= enough:
            number, filled = number + 1, 0
    return bundle


def _group(label: NDArray[np.int64], members: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the members of each label from 0 on, in their order."""
    order = np.argsort(label, kind="stable")
    bounds = np.searchsorted(label[order], np.arange(MOST_PARTS + 2))
    return [members[order[start:end]] for start, end in pairwise(bounds)]
