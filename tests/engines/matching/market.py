"""Random openings and people, small enough that ties, groups, homonyms of place and broken rules all happen."""

from typing import Any

import numpy as np

from puente.engines.matching import (
    Answers,
    Municipalities,
    OccupationSimilarity,
    OpeningTable,
    PastJob,
    PersonProfile,
    PlaceChoice,
)

OCCUPATIONS = 7
STATES = 4
MUNICIPALITIES = 13


def make_municipalities(rng: np.random.Generator) -> Municipalities:
    state = np.concatenate([np.arange(STATES), rng.integers(0, STATES, MUNICIPALITIES - STATES)])
    return Municipalities(
        state.astype(np.int16), rng.uniform(16, 20, MUNICIPALITIES), rng.uniform(-100, -94, MUNICIPALITIES)
    )


def make_similarity(rng: np.random.Generator) -> OccupationSimilarity:
    matrix = rng.random((OCCUPATIONS, OCCUPATIONS)).astype(np.float32)
    np.fill_diagonal(matrix, 1)
    return OccupationSimilarity(matrix)


def make_table(rng: np.random.Generator, size: int, municipalities: Municipalities, **columns: Any) -> OpeningTable:
    """Make openings; `columns` replaces whole columns."""
    municipality = rng.integers(0, MUNICIPALITIES, size)
    state = municipalities.state[municipality].copy()
    municipality[rng.random(size) < 0.08] = -1
    unplaced = rng.random(size) < 0.05
    municipality[unplaced], state[unplaced] = -1, -1

    def mask(width: int, share: float) -> np.ndarray:
        bits = rng.random((size, width)) < share
        return (bits * (1 << np.arange(width))).sum(axis=1)

    def unknown_in(column: np.ndarray, share: float, unknown: float) -> np.ndarray:
        return np.where(rng.random(size) < share, unknown, column)

    age = rng.random(size) < 0.15
    return OpeningTable(
        **{
            "id": np.array([f"v{number:05d}" for number in rng.permutation(size)]),
            "kind": rng.choice([0, 0, 0, 1, 2], size),
            "employer": rng.integers(-1, 3, size),
            "sinco": rng.integers(-1, OCCUPATIONS, size),
            "wage": unknown_in(rng.choice([7000.0, 8000.0, 9500.5, 16000.0], size), 0.15, np.nan),
            "state": state,
            "municipality": municipality,
            "licences": mask(4, 0.08),
            "documents": mask(4, 0.08),
            "schooling": rng.choice([0, 0, 0, 2, 3, 4, 5, 8], size),
            "english": rng.choice([0, 0, 0, 0, 2, 3, 6], size),
            "languages": mask(3, 0.05),
            "minimum_age": np.where(age, 18, -1),
            "maximum_age": np.where(age & (rng.random(size) < 0.3), 60, -1),
            "schedule": mask(3, 0.1),
            "hours": unknown_in(rng.choice([20.0, 40.0, 48.0, 60.0], size), 0.15, np.nan),
            "physical": mask(5, 0.06),
            "housing": rng.random(size) < 0.15,
            "household_places": rng.integers(-1, 6, size),
            "remote": rng.random(size) < 0.06,
            "places_left": rng.integers(0, 6, size),
            "valid_until": np.where(
                rng.random(size) < 0.3,
                np.datetime64("NaT"),
                np.datetime64("2026-11-20") + rng.integers(0, 40, size),
            ),
            **columns,
        }
    )


def make_answers(rng: np.random.Generator, width: int) -> Answers:
    answer = rng.choice(["yes", "yes", "no", "not asked"], width)
    return Answers(
        sum(1 << bit for bit in range(width) if answer[bit] == "yes"),
        sum(1 << bit for bit in range(width) if answer[bit] == "no"),
    )


def make_profile(rng: np.random.Generator) -> PersonProfile:
    def maybe(value: Any) -> Any:
        return value if rng.random() < 0.8 else None

    places = []
    for _ in range(rng.integers(0, 4)):
        if rng.random() < 0.5:
            places.append(PlaceChoice(state=int(rng.integers(STATES))))
        else:
            places.append(PlaceChoice(municipality=int(rng.integers(MUNICIPALITIES))))
    never = rng.random() < 0.5
    return PersonProfile(
        jobs=tuple(
            PastJob(
                int(rng.integers(OCCUPATIONS)), maybe(round(float(rng.uniform(0, 20)), 1)), bool(rng.random() < 0.8)
            )
            for _ in range(rng.integers(0, 4))
        ),
        licences=make_answers(rng, 4),
        documents=make_answers(rng, 4),
        languages=make_answers(rng, 3),
        physical=make_answers(rng, 5),
        schedule=make_answers(rng, 3),
        schooling=maybe(int(rng.integers(0, 9))),
        english=maybe(int(rng.integers(0, 7))),
        age=maybe(int(rng.integers(15, 66))),
        household_size=maybe(int(rng.integers(1, 7))),
        max_hours=maybe(float(rng.choice([20, 40, 48, 72]))),
        wage_floor=maybe(float(rng.choice([7000, 8000, 9000]))),
        wage_give=float(rng.choice([0, 500, 1000])),
        places=tuple(places),
        home=maybe((float(rng.uniform(16, 20)), float(rng.uniform(-100, -94)))),
        never_send_states=frozenset(rng.integers(0, STATES, int(never and rng.random() < 0.4)).tolist()),
        never_send_municipalities=frozenset(rng.integers(0, MUNICIPALITIES, 2 * int(never)).tolist()),
    )
