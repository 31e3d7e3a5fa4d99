"""Who may go where, with what value: the plain arrays that an allocation starts from."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.scan import compiled

# Values are whole millionths; this bound keeps every price inside 32 bits.
HIGHEST_VALUE = 2**28
NOWHERE = -1


@dataclass(frozen=True, slots=True, eq=False)
class AllocationProblem:
    """People, the openings each of them may take, and how many places there are.

    start (int64, people + 1) says where each person's pairs begin; opening and value (int32, one a pair) name the
    opening and its value in millionths, from 0 to 2^28 (a pair of value 0 is never used). capacity (int32, openings)
    counts places. employer (int32, openings, -1 for none) and employer_limit (int32, employers) bound how many of
    the cohort one employer takes. Only eligible pairs belong in here. Raises ValueError naming what is wrong.
    """

    start: NDArray[np.int64]
    opening: NDArray[np.int32]
    value: NDArray[np.int32]
    capacity: NDArray[np.int32]
    employer: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    employer_limit: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))

    def __post_init__(self) -> None:
        for name, kind in _TYPES.items():
            object.__setattr__(self, name, _take_column(name, getattr(self, name), kind))
        if self.employer.size == 0:
            object.__setattr__(self, "employer", np.full(self.capacity.size, NOWHERE, np.int32))
        self._check()

    def _check(self) -> None:
        if self.start.size == 0 or self.start[0] != 0 or (np.diff(self.start) < 0).any():
            raise ValueError("start must begin with 0 and never fall")
        if not self.start[-1] == self.opening.size == self.value.size:
            raise ValueError("start must end with the number of pairs, and opening and value have one row each")
        if self.opening.size and not (self.opening.min() >= 0 and self.opening.max() < self.capacity.size):
            raise ValueError("opening names an opening that does not exist")
        if self.value.size and not (self.value.min() >= 0 and self.value.max() <= HIGHEST_VALUE):
            raise ValueError(f"value must lie between 0 and {HIGHEST_VALUE} millionths")
        if self.capacity.size and self.capacity.min() < 0:
            raise ValueError("capacity must be 0 or more")
        if self.employer.size != self.capacity.size:
            raise ValueError("employer must have one row for each opening")
        if self.employer.size and not NOWHERE <= self.employer.min() <= self.employer.max() < self.employer_limit.size:
            raise ValueError("employer names an employer without a limit: give -1 for none")
        if self.employer_limit.size and self.employer_limit.min() < 0:
            raise ValueError("employer_limit must be 0 or more")

    @property
    def people(self) -> int:
        """Number of people."""
        return self.start.size - 1

    @property
    def openings(self) -> int:
        """Number of openings."""
        return self.capacity.size

    def compute_digest(self) -> str:
        """Return a digest of everything the answer depends on, so that a replay can be checked."""
        digest = hashlib.blake2b(digest_size=32)
        for name in _TYPES:
            array = getattr(self, name)
            digest.update(f"{name} {array.dtype} {array.size} ".encode())
            digest.update(memoryview(array).cast("B"))
        return digest.hexdigest()


_TYPES: dict[str, Any] = {
    "start": np.int64,
    "opening": np.int32,
    "value": np.int32,
    "capacity": np.int32,
    "employer": np.int32,
    "employer_limit": np.int32,
}


def _take_column(name: str, column: Any, kind: Any) -> NDArray[Any]:
    array = np.asarray(column)
    cast = np.ascontiguousarray(array, dtype=kind)
    if array.ndim != 1 or (array.dtype != cast.dtype and not np.array_equal(array, cast)):
        raise ValueError(f"{name} must be a column of whole numbers that fit into {np.dtype(kind).name}")
    return cast


def select_people(problem: AllocationProblem, people: NDArray[np.int64]) -> AllocationProblem:
    """Return the problem of some people alone, in the order given; openings and places stay the same."""
    lengths = np.diff(problem.start)[people]
    start = np.concatenate([[0], np.cumsum(lengths)])
    pairs = np.repeat(problem.start[:-1][people] - start[:-1], lengths) + np.arange(start[-1])
    return AllocationProblem(
        start, problem.opening[pairs], problem.value[pairs], problem.capacity, problem.employer, problem.employer_limit
    )


@compiled
def look_up_values(
    start: NDArray[np.int64],
    opening: NDArray[np.int32],
    value: NDArray[np.int32],
    assigned: NDArray[np.int32],
    people: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return what the places of some people are worth to them: 0 for no place, -1 for one not among theirs."""
    values = np.zeros(len(people), np.int64)
    for number in range(len(people)):
        person = people[number]
        if assigned[person] == NOWHERE:
            continue
        values[number] = -1
        for pair in range(start[person], start[person + 1]):
            if opening[pair] == assigned[person]:
                values[number] = max(values[number], value[pair])
    return values


def find_values(problem: AllocationProblem, assigned: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return what each person's place is worth to them, in millionths; 0 for those who have none.

    Raises ValueError when somebody stands at an opening that is not among theirs.
    """
    values = look_up_values(problem.start, problem.opening, problem.value, assigned, np.arange(problem.people))
    if (values < 0).any():
        raise ValueError("somebody stands at an opening that is not among theirs")
    return values
