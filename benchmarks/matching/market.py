"""A synthetic year: people and openings with the shape of the national job board of August 2018.

Where PUENTE_REALDATA names the folder with the board, its distribution of states, wages, Sundays and hours is used;
else the same figures as fitted to it (36,795 offers), which are published here. Everything else is drawn: the seeds
make it the same everywhere. Similarity of occupations is the product's own table.
"""

import csv
import gzip
import math
import os
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching import Municipalities, OccupationSimilarity, OpeningTable, index_openings
from puente.engines.matching.bulk.layout import BulkLayout, lay_out
from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.occupations import SimilarityTable, read_neighbours, read_pairs, read_unit_groups
from puente.platform.paths import CONTENT

NOW = date(2026, 11, 23)
SEED = 20261124
STATES = 32


@dataclass(frozen=True)
class Shape:
    """What is taken from the board: shares of states, falling; logarithm of wages; shares of hours and Sundays."""

    states: tuple[float, ...]
    wage_mean: float
    wage_spread: float
    sundays: float
    hours: tuple[float, float, float, float]  # up to 40, 48, 54, beyond


# Fitted to the board: Zipf's law with 0.79 for states.
PUBLISHED = Shape(
    tuple(1 / rank**0.79 for rank in range(1, STATES + 1)), 8.714, 0.436, 0.273, (0.070, 0.220, 0.240, 0.470)
)


def read_shape() -> tuple[Shape, str]:
    """Return the shape and where it comes from."""
    path = Path(os.environ.get("PUENTE_REALDATA", "absent")) / "labour" / "portal_del_empleo_201808.csv.gz"
    if not path.exists():
        return PUBLISHED, "published"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    states = sorted(Counter(row["state"] for row in rows).values(), reverse=True)
    wages = np.log([float(row["salary"]) for row in rows if float(row["salary"] or 0) > 0])
    hours = [float(row["hours_worked"]) * float(row["days_worked"]) for row in rows if row["hours_worked"]]
    cuts = np.searchsorted(np.sort(hours), [40, 48, 54], side="right") / len(hours)
    shares = np.diff([0, *cuts, 1]).tolist()
    sundays = sum(int(row["sunday"]) for row in rows) / len(rows)
    return Shape(tuple(states), float(wages.mean()), float(wages.std()), sundays, tuple(shares)), "board"


@dataclass(frozen=True)
class Year:
    """People and openings of a year."""

    people: PeopleTable
    layout: BulkLayout


def read_similarity() -> OccupationSimilarity:
    folder = CONTENT / "occupations"
    table = SimilarityTable.build(
        read_unit_groups(folder / "sinco.csv"),
        read_pairs(folder / "sinco_isco.csv"),
        read_neighbours(folder / "neighbours.csv"),
    )
    return OccupationSimilarity(table.matrix.astype(np.float32))


def read_municipalities() -> Municipalities:
    with (CONTENT / "places" / "municipalities.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Municipalities(
        np.array([int(row["code"][:2]) - 1 for row in rows]),
        np.array([float(row["latitude"]) for row in rows]),
        np.array([float(row["longitude"]) for row in rows]),
    )


def make_year(people: int, openings: int, *, places_per_person: float = 0.88, seed: int = SEED) -> Year:
    """Draw a year with so many places in all for each person."""
    rng = np.random.default_rng(seed)
    shape, _ = read_shape()
    municipalities, similarity = read_municipalities(), read_similarity()
    occupations = len(similarity.matrix)
    popular = rng.permutation(occupations)
    table = _make_openings(rng, shape, openings, municipalities, popular, places_per_person * people / openings)
    index = index_openings(table, municipalities, occupations)
    return Year(_make_people(rng, shape, people, municipalities, popular), lay_out(index, similarity))


def _share(weights: tuple[float, ...]) -> NDArray[np.float64]:
    array = np.array(weights)
    return array / array.sum()


def _draw_mask(rng: np.random.Generator, size: int, shares: list[float]) -> NDArray[np.int64]:
    return ((rng.random((size, len(shares))) < shares) * (1 << np.arange(len(shares)))).sum(axis=1)


def _draw_occupations(
    rng: np.random.Generator, popular: NDArray[np.int64], shape: tuple[int, ...]
) -> NDArray[np.int64]:
    """Draw occupations by Zipf's law with 0.8, as the board's titles have."""
    weights = 1 / np.arange(1, len(popular) + 1) ** 0.8
    return popular[rng.choice(len(popular), shape, p=weights / weights.sum())]


def _draw_seats(
    rng: np.random.Generator, states: NDArray[np.int64], municipalities: Municipalities
) -> NDArray[np.int64]:
    """Draw a municipality in each state, the early ones far oftener: 100 of them hold four fifths of the board."""
    order = np.argsort(municipalities.state, kind="stable")
    starts = np.searchsorted(municipalities.state[order], np.arange(STATES + 1))
    width = starts[states + 1] - starts[states]
    return order[starts[states] + (rng.random(len(states)) ** 5 * width).astype(np.int64)]


def _make_openings(
    rng: np.random.Generator,
    shape: Shape,
    size: int,
    municipalities: Municipalities,
    popular: NDArray[np.int64],
    mean_places: float,
) -> OpeningTable:
    state = rng.choice(STATES, size, p=_share(shape.states))
    hazardous = rng.random(size) < 0.08
    schedule = (rng.random(size) < shape.sundays) * 1 + _draw_mask(rng, size, [0.0, 0.12, 0.25])
    return OpeningTable(
        id=np.arange(size, dtype=np.int64),
        kind=np.zeros(size, np.int8),
        employer=rng.integers(0, max(size // 3, 1), size),
        sinco=_draw_occupations(rng, popular, (size,)),
        # 2018 wages, doubled by 2026 with the minimum wage.
        wage=np.round(np.exp(rng.normal(shape.wage_mean + math.log(2), shape.wage_spread, size)), -1),
        state=state,
        municipality=_draw_seats(rng, state, municipalities),
        licences=_draw_mask(rng, size, [0.06, 0.04, 0.02, 0.02]),
        documents=_draw_mask(rng, size, [0.2, 0.5, 0.3, 0.3, 0.4, 0.2, 0.25, 0.1]),
        schooling=rng.choice(9, size, p=[0.15, 0.05, 0.15, 0.3, 0.2, 0.05, 0.05, 0.04, 0.01]),
        english=rng.choice(7, size, p=[0.88, 0.02, 0.03, 0.03, 0.02, 0.01, 0.01]),
        languages=_draw_mask(rng, size, [0.005] * 5),
        minimum_age=np.where(hazardous, 18, -1),
        maximum_age=np.full(size, -1),
        schedule=schedule,
        hours=rng.choice([40.0, 48.0, 54.0, 60.0], size, p=_share(shape.hours)),
        physical=_draw_mask(rng, size, [0.15, 0.4, 0.06, 0.1, 0.08, 0.1, 0.1, 0.05, 0.08, 0.2]),
        housing=rng.random(size) < 0.03,
        household_places=rng.integers(1, 6, size),
        remote=np.zeros(size, bool),
        places_left=rng.geometric(min(1.0, 1 / mean_places), size),
        valid_until=np.datetime64("2026-11-24") + rng.integers(0, 60, size),
    )


def _make_people(
    rng: np.random.Generator,
    shape: Shape,
    size: int,
    municipalities: Municipalities,
    popular: NDArray[np.int64],
) -> PeopleTable:
    """Draw people: nine in ten name one state, the others two; one to three past jobs."""
    state = rng.choice(STATES, size, p=_share(shape.states))
    second = np.where(rng.random(size) < 0.1, rng.choice(STATES, size, p=_share(shape.states)), -1)
    jobs = _draw_occupations(rng, popular, (size, 3))
    number = rng.integers(1, 4, size)
    jobs = np.where(np.arange(3) < number[:, None], jobs, -1)
    never = np.where(rng.random(size) < 0.1, rng.integers(0, len(municipalities.state), size), -1)
    return PeopleTable(
        licences_no=_draw_mask(rng, size, [0.5] * 4),
        documents_no=_draw_mask(rng, size, [0.1, 0.1, 0.3, 0.3, 0.3, 0.2, 0.4, 0.1]),
        languages_no=np.full(size, 31),
        physical_no=_draw_mask(rng, size, [0.15, 0.05, 0.2, 0.1, 0.05, 0.02, 0.1, 0.02, 0.3, 0.05]),
        schedule_no=_draw_mask(rng, size, [0.2, 0.4, 0.2]),
        schooling=rng.integers(2, 7, size),
        english=rng.integers(0, 6, size),
        age=rng.integers(18, 60, size),
        household_size=rng.integers(1, 6, size),
        max_hours=rng.choice([48.0, 54.0, 60.0], size),
        wage_floor=rng.choice([6000.0, 7500.0, 9000.0, 11000.0], size),
        wage_give=np.full(size, 500.0),
        home=_draw_seats(rng, state, municipalities),
        job_sinco=jobs,
        job_years=np.round(rng.uniform(0.5, 15, (size, 3)) * 2) / 2,
        job_confirmed=rng.random((size, 3)) < 0.9,
        place_state=np.stack([state, second], axis=1),
        place_municipality=np.full((size, 2), -1),
        never_state=np.full((size, 0), -1),
        never_municipality=never[:, None],
    )
