"""The peers of the lists: numpy and polars find the same openings for a sample of people; BM25 and cosine for one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.matching.market import NOW, Year
from puente.engines.matching import Kind, Weights
from puente.engines.matching.bulk.pairs import find_terms
from puente.engines.matching.bulk.people import read_profile
from puente.engines.matching.index import MILLION, NO_WAGE
from puente.engines.matching.preparation import Preparation, prepare
from puente.engines.matching.scan import WAGE_SHIFT

LIMIT = 20


def rank_with_numpy(year: Year, asked: Preparation, columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return the best rows for one person: all openings of the states they named, array by array."""
    asker, index = asked.asker, year.layout.index
    rows = np.concatenate([np.arange(start, end) for start, end in asked.ranges])
    of = {name: column[rows] for name, column in columns.items()}
    place = asked.packed_places[of["place"]]
    is_open = (place["allowed"] | (rows >= index.remote_start)) & ~place["never"] & (of["last_day"] >= asker.today)
    is_open &= (of["asked_first"] & asker.lacking_first) | (of["asked_second"] & asker.lacking_second) == 0
    is_open &= (of["minimum_age"] <= asker.age) & (of["maximum_age"] >= asker.age)
    is_open &= (of["household_places"] >= asker.household_size) & ~(of["hours"] > asker.max_hours)
    is_open &= ~(of["wage"] < asker.wage_limit)
    above = np.clip(of["wage_logarithm"].astype(np.int64) - asker.wage_reference, -MILLION, MILLION)
    value = (
        asked.occupation[of["sinco"]]
        + np.where(of["wage_logarithm"] == NO_WAGE, 0, above * asker.wage_weight >> WAGE_SHIFT)
        + place["nearness"]
        + place["preference"]
        + of["comfort"].astype(np.int64) * asker.comfort_weight
        + of["housing"].astype(np.int64) * asker.housing_weight
    )
    found = np.flatnonzero(is_open)
    # Only the best can be in the list: take them first, order them afterwards.
    if found.size > LIMIT:
        least = np.partition(value[found], found.size - LIMIT)[found.size - LIMIT]
        found = found[value[found] >= least]
    order = np.lexsort((of["id_rank"][found], -value[found]))[:LIMIT]
    return rows[found[order]]


def prepare_people(year: Year, sample: NDArray[np.int64]) -> list[Preparation]:
    """Return what numpy needs to know of each person, worked out before its clock runs."""
    index, similarity = year.layout.index, year.layout.similarity
    return [
        prepare(
            read_profile(year.people, int(person), index.municipalities), index, similarity, NOW, Weights(), tuple(Kind)
        )
        for person in sample
    ]


@dataclass
class PolarsTables:
    """Openings and people as frames, with the bits and words worked out before the clock runs."""

    openings: Any
    people: Any


def make_polars_tables(year: Year, sample: NDArray[np.int64]) -> PolarsTables:
    import polars as pl

    from puente.engines.matching.bulk.columns import take_columns

    index, packed = year.layout.index, year.layout.index.packed
    columns = take_columns(year.people, year.layout)
    openings = pl.DataFrame(
        {name: packed[name].copy() for name in packed.dtype.names}
        | {"row": np.arange(len(packed)), "state": index.table.state.astype(np.int16)}
    )
    states = year.people.place_state[sample]
    people = pl.DataFrame(
        {
            "person": np.repeat(np.arange(sample.size), states.shape[1]),
            "state": states.ravel(),
            "lacking_first": np.repeat(columns.lacking_first[sample], states.shape[1]),
            "lacking_second": np.repeat(columns.lacking_second[sample], states.shape[1]),
            "age": np.repeat(columns.age[sample], states.shape[1]),
            "household": np.repeat(columns.household_size[sample], states.shape[1]),
            "most_hours": np.repeat(columns.max_hours[sample], states.shape[1]),
            "least_wage": np.repeat(columns.wage_limit[sample], states.shape[1]),
            "reference": np.repeat(columns.wage_reference[sample], states.shape[1]),
            "never": np.repeat(year.people.never_municipality[sample, 0], states.shape[1]),
        }
    ).filter(pl.col("state") >= 0)
    return PolarsTables(openings, people.unique(["person", "state"], maintain_order=True))


def rank_with_polars(year: Year, tables: PolarsTables, sample: NDArray[np.int64]) -> dict[int, list[int]]:
    """Return the best rows of each person of a sample: a join by state, rules as filters, the best by sorting."""
    import polars as pl

    seats = len(year.layout.index.municipalities.state)
    joined = (
        tables.people.lazy()
        .join(tables.openings.lazy(), on="state")
        .filter(
            ((pl.col("asked_first") & pl.col("lacking_first")) == 0)
            & ((pl.col("asked_second") & pl.col("lacking_second")) == 0)
            & (pl.col("minimum_age") <= pl.col("age"))
            & (pl.col("maximum_age") >= pl.col("age"))
            & (pl.col("household_places") >= pl.col("household"))
            & (pl.col("hours") <= pl.col("most_hours"))
            & (pl.col("wage") >= pl.col("least_wage"))
            & (pl.col("place") < seats)
            & (pl.col("place") != pl.col("never"))
            & (pl.col("last_day") >= int(np.datetime64(NOW, "D").astype(np.int64)))
        )
        .select("person", "row", "id_rank")
        .collect()
    )
    person, row = joined["person"].to_numpy(), joined["row"].to_numpy()
    value = find_terms(year.people, year.layout, sample[person], row.astype(np.int64)).sum(axis=1)
    best = (
        joined.with_columns(pl.Series("value", value))
        .sort(["person", "value", "id_rank"], descending=[False, True, False])
        .group_by("person", maintain_order=True)
        .head(LIMIT)
    )
    lists: dict[int, list[int]] = {number: [] for number in range(sample.size)}
    for number, found in zip(best["person"].to_list(), best["row"].to_list(), strict=True):
        lists[number].append(found)
    return lists


@dataclass
class TextIndex:
    """What a text-based engine keeps of the openings: postings with BM25 weights, and vectors."""

    starts: NDArray[np.int64]
    documents: NDArray[np.int64]
    weights: NDArray[np.float32]
    vectors: NDArray[np.float32]


WORDS, WORDS_EACH, DIMENSIONS = 5_000, 8, 384


def make_text_index(openings: int, seed: int = 1) -> TextIndex:
    """Draw eight words of a Zipfian vocabulary and a unit vector of 384 numbers for each opening."""
    rng = np.random.default_rng(seed)
    share = 1 / np.arange(1, WORDS + 1)
    words = rng.choice(WORDS, (openings, WORDS_EACH), p=share / share.sum())
    order = np.argsort(words.ravel(), kind="stable")
    starts = np.searchsorted(words.ravel()[order], np.arange(WORDS + 1))
    rarity = np.log1p((openings - np.diff(starts) + 0.5) / (np.diff(starts) + 0.5))
    vectors = rng.standard_normal((openings, DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return TextIndex(starts, order // WORDS_EACH, rarity.repeat(np.diff(starts)).astype(np.float32), vectors)


def rank_by_text(index: TextIndex, words: NDArray[np.int64], vector: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the best openings by half BM25 and half cosine, over all of them."""
    score = np.zeros(len(index.vectors), np.float32)
    for word in words:
        rows = slice(index.starts[word], index.starts[word + 1])
        np.add.at(score, index.documents[rows], index.weights[rows])
    score = 0.5 * score / max(float(score.max()), 1e-9) + 0.5 * (index.vectors @ vector)
    best = np.argpartition(-score, LIMIT)[:LIMIT]
    return best[np.argsort(-score[best])]
