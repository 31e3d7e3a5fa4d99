"""What makes an opening better than another for one person, in additive terms.

Every term is rounded to a millionth and kept as an integer: sums are then exact in any order, so a shortlist is
replayed bit for bit, and two openings are either equal or not.
"""

import hashlib
import math
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.distance import measure_great_circle
from puente.engines.matching.index import MILLION, OpeningIndex
from puente.engines.matching.profile import PastJob, PersonProfile
from puente.engines.matching.weights import Weights


class Term(IntEnum):
    """The terms of the value, in the order in which equal ones are named."""

    OCCUPATION = 0
    WAGE = 1
    NEARNESS = 2
    PREFERENCE = 3
    SCHEDULE = 4
    HOUSING = 5


@dataclass(frozen=True, slots=True, eq=False)
class OccupationSimilarity:
    """How near each occupation is to each other one: float32 of shape (occupations, occupations), 0 to 1.

    A row is the job somebody has done, a column the job offered; the diagonal is 1. Raises ValueError.
    """

    matrix: NDArray[np.float32]
    digest: bytes = field(init=False)

    def __post_init__(self) -> None:
        matrix = np.ascontiguousarray(self.matrix, dtype=np.float32)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
            raise ValueError("the similarity of occupations must be a square matrix")
        if not ((matrix >= 0) & (matrix <= 1)).all() or not (np.diagonal(matrix) == 1).all():
            raise ValueError("a similarity lies between 0 and 1, and an occupation is 1 to itself")
        object.__setattr__(self, "matrix", matrix)
        object.__setattr__(self, "digest", hashlib.blake2b(matrix.tobytes(), digest_size=32).digest())


@dataclass(frozen=True, slots=True, eq=False)
class PlaceValue:
    """Terms and facts of each place (shape (places,)); kilometres is NaN without a home or a municipality."""

    nearness: NDArray[np.int64]
    preference: NDArray[np.int64]
    kilometres: NDArray[np.float64]
    rank: NDArray[np.int64]  # 1 is the first choice, 0 is no choice


def to_millionths(number: float) -> int:
    """Return a number as whole millionths, halves to the even one."""
    return round(number * MILLION)


def value_occupations(
    profile: PersonProfile, similarity: OccupationSimilarity, weights: Weights
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for each occupation and one unknown behind them, the term and the past job (or -1) it rests on.

    The term is weight x similarity to the past job x share for years in it; of several jobs the best counts,
    the earlier named on a tie.
    """
    occupations = len(similarity.matrix)
    terms = np.zeros(occupations + 1, dtype=np.int64)
    best_job = np.full(occupations + 1, -1, dtype=np.int64)
    for number, job in enumerate(profile.jobs):
        worth = weights.occupation * share_of_job(job, weights)
        candidate = np.rint(similarity.matrix[job.sinco] * np.float64(worth * MILLION)).astype(np.int64)
        better = candidate > terms[:-1]
        terms[:-1][better] = candidate[better]
        best_job[:-1][better] = number
    return terms, best_job


def share_of_job(job: PastJob, weights: Weights) -> float:
    """Return how much of the occupation's weight a past job earns: more with years, less without a confirmed code."""
    practice = 1 - math.exp(-(job.years or 0.0) / weights.years_scale)
    share = weights.new_job_share + (1 - weights.new_job_share) * practice
    return share if job.confirmed else share * weights.unconfirmed_share


def value_places(
    profile: PersonProfile, index: OpeningIndex, weights: Weights, within: NDArray[np.int64]
) -> PlaceValue:
    """Return nearness (weight x exp(-km / scale)) and preference (weight / rank) of the places `within`.

    A distance runs from home to the seat of the municipality; a stand-in has none, and is as preferred as the
    state it stands in. Places outside `within` keep 0.
    """
    nearness = np.zeros(index.places, dtype=np.int64)
    kilometres = np.full(index.places, np.nan)
    if profile.home is not None:
        seats = within[within < len(index.municipalities.state)]
        kilometres[seats] = measure_great_circle(
            *profile.home, index.municipalities.latitude[seats], index.municipalities.longitude[seats]
        )
        near = np.exp(-kilometres[seats] / weights.distance_scale_km)
        nearness[seats] = np.rint(weights.nearness * near * MILLION)
    rank = rank_places(profile, index)
    chosen = rank > 0
    preference = np.zeros(index.places, dtype=np.int64)
    preference[chosen] = np.rint(weights.preference / rank[chosen] * MILLION)
    return PlaceValue(nearness, preference, kilometres, rank)


def rank_places(profile: PersonProfile, index: OpeningIndex) -> NDArray[np.int64]:
    """Return for each place the rank of the first choice that names it or its state; 0 where none does."""
    rank = np.zeros(index.places, dtype=np.int64)
    for number in range(len(profile.places), 0, -1):
        choice = profile.places[number - 1]
        if choice.municipality is not None:
            rank[choice.municipality] = number
        elif choice.state is not None:
            rank[index.places_of_state[choice.state]] = number
    return rank
