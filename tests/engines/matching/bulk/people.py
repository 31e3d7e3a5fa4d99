"""Random people for the bulk scan, in the small market of `tests.engines.matching.market`."""

import numpy as np

from puente.engines.matching.bulk.people import PeopleTable
from tests.engines.matching.market import MUNICIPALITIES, OCCUPATIONS, STATES


def make_people(rng: np.random.Generator, size: int) -> PeopleTable:
    def mask(width: int, share: float) -> np.ndarray:
        return ((rng.random((size, width)) < share) * (1 << np.arange(width))).sum(axis=1)

    def maybe(column: np.ndarray, share: float, unknown: float) -> np.ndarray:
        return np.where(rng.random(column.shape) < share, unknown, column)

    state = maybe(rng.integers(0, STATES, (size, 3)), 0.5, -1)
    municipality = np.where(state < 0, maybe(rng.integers(0, MUNICIPALITIES, (size, 3)), 0.6, -1), -1)
    return PeopleTable(
        licences_no=mask(4, 0.4),
        documents_no=mask(4, 0.3),
        languages_no=mask(3, 0.5),
        physical_no=mask(5, 0.2),
        schedule_no=mask(3, 0.3),
        schooling=rng.integers(-1, 9, size),
        english=rng.integers(-1, 7, size),
        age=maybe(rng.integers(15, 70, size), 0.2, -1),
        household_size=rng.integers(0, 6, size),
        max_hours=maybe(rng.choice([20.0, 40.0, 48.0, 60.0], size), 0.3, np.nan),
        wage_floor=maybe(rng.choice([6000.0, 7800.0, 9000.0, 12000.0], size), 0.3, np.nan),
        wage_give=rng.choice([0.0, 500.0, 1500.0], size),
        home=rng.integers(-1, MUNICIPALITIES, size),
        job_sinco=maybe(rng.integers(0, OCCUPATIONS, (size, 2)), 0.3, -1),
        job_years=maybe(rng.choice([0.5, 2.0, 7.0], (size, 2)), 0.3, np.nan),
        job_confirmed=rng.random((size, 2)) < 0.7,
        place_state=state,
        place_municipality=municipality,
        never_state=maybe(rng.integers(0, STATES, (size, 1)), 0.8, -1),
        never_municipality=maybe(rng.integers(0, MUNICIPALITIES, (size, 2)), 0.8, -1),
    )
