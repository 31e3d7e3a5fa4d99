"""Cases that are placed whole: families and people who need several things of one place at once."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class CaseProblem:
    """Indivisible cases, the places each may go to, and what places have to give.

    start (int64, cases + 1) says where each case's pairs begin; place (int32) and value (float64) have one row a pair.
    need (int64, cases x resources) is what a case takes wherever it goes: persons, beds, hours of an interviewer;
    capacity (int64, places x resources) is what a place has. The value of a family is the sum over its adults who want
    work (`sum_households`). Only eligible pairs of value 0 or more belong in here. Raises ValueError.
    """

    start: NDArray[np.int64]
    place: NDArray[np.int32]
    value: NDArray[np.float64]
    need: NDArray[np.int64]
    capacity: NDArray[np.int64]

    def __post_init__(self) -> None:
        kinds: dict[str, Any] = {
            "start": np.int64,
            "place": np.int32,
            "value": np.float64,
            "need": np.int64,
            "capacity": np.int64,
        }
        for name, kind in kinds.items():
            object.__setattr__(self, name, np.ascontiguousarray(getattr(self, name), dtype=kind))
        if self.start.size == 0 or self.start[0] != 0 or (np.diff(self.start) < 0).any():
            raise ValueError("start must begin with 0 and never fall")
        if not self.start[-1] == self.place.size == self.value.size:
            raise ValueError("start must end with the number of pairs, and place and value have one row each")
        if self.need.ndim != 2 or self.capacity.ndim != 2 or self.need.shape[1] != self.capacity.shape[1]:
            raise ValueError("need and capacity must be tables with the same resources as columns")
        if self.need.shape[0] != self.cases:
            raise ValueError("need must have one row for each case")
        if self.place.size and not (self.place.min() >= 0 and self.place.max() < self.places):
            raise ValueError("place names a place that does not exist")
        if not (np.isfinite(self.value) & (self.value >= 0)).all():
            raise ValueError("value must be 0 or more")
        if (self.need < 0).any() or (self.capacity < 0).any():
            raise ValueError("need and capacity must be 0 or more")

    @property
    def cases(self) -> int:
        """Number of cases."""
        return self.start.size - 1

    @property
    def places(self) -> int:
        """Number of places."""
        return int(self.capacity.shape[0])

    def find_cases(self) -> NDArray[np.int64]:
        """Return the case of each pair."""
        return np.repeat(np.arange(self.cases), np.diff(self.start))

    def compute_digest(self) -> str:
        """Return a digest of everything the answer depends on, so that a replay can be checked."""
        digest = hashlib.blake2b(digest_size=32)
        for array in (self.start, self.place, self.value, self.need, self.capacity):
            digest.update(f"{array.dtype} {array.shape} ".encode() + array.tobytes())
        return digest.hexdigest()


def make_case_problem(
    utility: NDArray[np.float64],
    need: NDArray[np.int64],
    capacity: NDArray[np.int64],
    compatible: NDArray[np.bool_] | None = None,
) -> CaseProblem:
    """Return the problem of a full table: utility (cases x places), compatible alike (all without it).

    need (cases) or (cases x resources), capacity (places) or (places x resources).
    """
    allowed = np.ones(utility.shape, bool) if compatible is None else np.asarray(compatible, bool)
    if allowed.shape != utility.shape:
        raise ValueError("compatible must have the shape of utility: cases by places")
    if len(capacity) != utility.shape[1]:
        raise ValueError("capacity must have one row for each column of utility")
    rows, columns = np.nonzero(allowed)
    start = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))])
    return CaseProblem(
        start,
        columns.astype(np.int32),
        utility[rows, columns],
        np.reshape(need, (len(need), -1)),
        np.reshape(capacity, (len(capacity), -1)),
    )


def sum_households(
    value: NDArray[np.float64], household: NDArray[np.int64], wants_work: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return what each place is worth to each household: the sum over the adults who want work.

    value (people x places) and household (people, 0 to the highest); the best one alone would let a place decide for
    the whole family by one member (the complaint about GeoMatch in the Netherlands).
    """
    if not len(value) == household.size == wants_work.size:
        raise ValueError("value, household and wants_work must have one row for each person")
    sums = np.zeros((int(household.max()) + 1 if household.size else 0, value.shape[1]))
    np.add.at(sums, household[wants_work], value[wants_work])
    return sums


def check_placement(problem: CaseProblem, assigned: NDArray[np.int32]) -> float:
    """Return the value of a placement. Raises ValueError where it breaks a rule or a capacity."""
    case = problem.find_cases()
    taken = problem.place == assigned[case]
    if taken.sum() != (assigned != NOWHERE).sum():
        raise ValueError("a case stands at a place that is not among its own")
    used = np.zeros_like(problem.capacity)
    np.add.at(used, problem.place[taken], problem.need[case[taken]])
    if (used > problem.capacity).any():
        raise ValueError("a place gives more than it has")
    return float(problem.value[taken].sum())


def select_cases(
    problem: CaseProblem, cases: NDArray[np.int64], capacity: NDArray[np.int64] | None = None
) -> CaseProblem:
    """Return the problem of some cases, repeated as often as they are named, with the capacity given or as it was."""
    lengths = np.diff(problem.start)[cases]
    start = np.concatenate([[0], np.cumsum(lengths)])
    pairs = np.repeat(problem.start[:-1][cases] - start[:-1], lengths) + np.arange(start[-1])
    return CaseProblem(
        start,
        problem.place[pairs],
        problem.value[pairs],
        problem.need[cases],
        problem.capacity if capacity is None else capacity,
    )
