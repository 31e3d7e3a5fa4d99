"""The openings, laid out for many people: by block, occupation and falling wage, with the best of each run."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.distance import measure_great_circle
from puente.engines.matching.index import MILLION, NO_WAGE, OpeningIndex
from puente.engines.matching.openings import UNKNOWN, Municipalities
from puente.engines.matching.value import OccupationSimilarity, to_millionths
from puente.engines.matching.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class BulkLayout:
    """Openings sorted for the bulk scan, and the tables it looks things up in.

    A run is one occupation in one block (state; unknown state; remote). row (int32) is the opening's row in the index;
    run_start (int64, blocks x (occupations + 1) + 1); run_wage (logarithm) and run_ease (the terms of schedule and
    housing together) hold the best of each run. by_wage (int16, blocks x (occupations + 1)) lists the runs of a block
    by falling wage, empty ones behind the `filled` (int64, blocks) others. wage, ease and place repeat what the scan
    reads of every opening, so that it fetches whole openings only for those that could enter a list.
    nearness (int32, municipalities + 1 x municipalities) is the term in millionths, the last row for people without a
    home; nearest (int32, municipalities + 1 x states) the highest of each state. by_similarity (int16, occupations x
    occupations) lists the occupations of each row of the similarity from the nearest on.
    """

    index: OpeningIndex
    similarity: OccupationSimilarity
    weights: Weights
    packed: NDArray[np.void]
    row: NDArray[np.int32]
    run_start: NDArray[np.int64]
    run_wage: NDArray[np.int32]
    run_ease: NDArray[np.int32]
    by_wage: NDArray[np.int16]
    filled: NDArray[np.int64]
    wage: NDArray[np.int32]
    ease: NDArray[np.int32]
    place: NDArray[np.int32]
    nearness: NDArray[np.int32]
    nearest: NDArray[np.int32]
    by_similarity: NDArray[np.int16]


def lay_out(
    index: OpeningIndex,
    similarity: OccupationSimilarity,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
) -> BulkLayout:
    """Lay the openings of an index out for `rank_people`. Raises ValueError when similarity and index do not fit."""
    if len(similarity.matrix) != index.occupations:
        raise ValueError("the similarity of occupations and the openings count occupations differently")
    packed = index.packed
    block = np.searchsorted(index.block_start, np.arange(len(packed)), side="right") - 1
    order = np.lexsort((-packed["wage_logarithm"].astype(np.int64), packed["sinco"], block))
    runs = (index.states + 2) * (index.occupations + 1)
    run = block[order] * (index.occupations + 1) + packed["sinco"][order]
    run_start = np.searchsorted(run, np.arange(runs + 1)).astype(np.int64)
    sorted_openings = packed[order]
    ease = sorted_openings["comfort"].astype(np.int32) * to_millionths(weights.schedule / 10)
    ease += sorted_openings["housing"].astype(np.int32) * to_millionths(weights.housing)
    run_wage, run_ease = np.full(runs, NO_WAGE, np.int32), np.zeros(runs, np.int32)
    np.maximum.at(run_wage, run, sorted_openings["wage_logarithm"])
    np.maximum.at(run_ease, run, ease)
    by_block = run_wage.reshape(index.states + 2, index.occupations + 1).astype(np.int64)
    is_empty = (np.diff(run_start) == 0).reshape(by_block.shape)
    nearness = _measure_nearness(index.municipalities, weights)
    nearest = np.zeros((len(nearness), index.states), np.int32)
    for state in range(index.states):
        inside = index.municipalities.state == state
        if inside.any():
            nearest[:, state] = nearness[:, inside].max(axis=1)
    return BulkLayout(
        index=index,
        similarity=similarity,
        weights=weights,
        packed=sorted_openings,
        row=order.astype(np.int32),
        run_start=run_start,
        run_wage=run_wage,
        run_ease=run_ease,
        by_wage=np.lexsort((-by_block, is_empty), axis=1).astype(np.int16),
        filled=(~is_empty).sum(axis=1),
        wage=sorted_openings["wage_logarithm"].copy(),
        ease=ease,
        place=sorted_openings["place"].copy(),
        nearness=nearness,
        nearest=nearest,
        by_similarity=np.argsort(-similarity.matrix, axis=1, kind="stable").astype(np.int16),
    )


def _measure_nearness(municipalities: Municipalities, weights: Weights) -> NDArray[np.int32]:
    count = len(municipalities.state)
    table = np.zeros((count - UNKNOWN, count), np.int32)
    for home in range(count):
        kilometres = measure_great_circle(
            float(municipalities.latitude[home]),
            float(municipalities.longitude[home]),
            municipalities.latitude,
            municipalities.longitude,
        )
        near = np.exp(-kilometres / weights.distance_scale_km)
        table[home] = np.rint(weights.nearness * near * MILLION)
    return table
