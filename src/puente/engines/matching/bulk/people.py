"""Many people as columns: what `PersonProfile` says of one."""

import math
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.constraints import (
    DOCUMENTS,
    HIGHEST_ENGLISH,
    HIGHEST_SCHOOLING,
    LANGUAGES,
    LICENCES,
    PHYSICAL_DEMANDS,
    Schedule,
)
from puente.engines.matching.openings import UNKNOWN, Municipalities
from puente.engines.matching.profile import Answers, PastJob, PersonProfile, PlaceChoice

_COLUMNS: dict[str, Any] = {
    "licences_no": np.int64,
    "documents_no": np.int64,
    "languages_no": np.int64,
    "physical_no": np.int64,
    "schedule_no": np.int64,
    "schooling": np.int8,
    "english": np.int8,
    "age": np.int16,
    "household_size": np.int16,
    "max_hours": np.float64,
    "wage_floor": np.float64,
    "wage_give": np.float64,
    "home": np.int32,
}
_TABLES: dict[str, Any] = {
    "job_sinco": np.int16,
    "job_years": np.float64,
    "job_confirmed": np.bool_,
    "place_state": np.int16,
    "place_municipality": np.int32,
    "never_state": np.int16,
    "never_municipality": np.int32,
}
_WIDTHS = {
    "licences_no": LICENCES,
    "documents_no": DOCUMENTS,
    "languages_no": LANGUAGES,
    "physical_no": PHYSICAL_DEMANDS,
    "schedule_no": len(Schedule),
}
_RANGES = {
    "schooling": (UNKNOWN, HIGHEST_SCHOOLING),
    "english": (UNKNOWN, HIGHEST_ENGLISH),
    "age": (UNKNOWN, 120),
    "household_size": (0, 100),
}


@dataclass(frozen=True, slots=True, eq=False)
class PeopleTable:
    """N people, a row each.

    Columns (N,): masks of what is surely lacking or refused (licences_no, documents_no, languages_no, physical_no,
    schedule_no); schooling, english and age, -1 where not asked; household_size, 0 where not asked; max_hours and
    wage_floor, NaN where not asked; wage_give; home, the municipality (index) from whose seat distances run, or -1.
    Tables (N, any number), -1 where nothing stands: past jobs (job_sinco, with job_years, NaN unknown, and
    job_confirmed), the places named in order of preference (place_state for a state, place_municipality for one of its
    municipalities, one of the two a cell), and never_state and never_municipality, which are absolute and are kept out
    of repr. Raises ValueError naming the column that is wrong.
    """

    licences_no: NDArray[np.int64]
    documents_no: NDArray[np.int64]
    languages_no: NDArray[np.int64]
    physical_no: NDArray[np.int64]
    schedule_no: NDArray[np.int64]
    schooling: NDArray[np.int8]
    english: NDArray[np.int8]
    age: NDArray[np.int16]
    household_size: NDArray[np.int16]
    max_hours: NDArray[np.float64]
    wage_floor: NDArray[np.float64]
    wage_give: NDArray[np.float64]
    home: NDArray[np.int32]
    job_sinco: NDArray[np.int16]
    job_years: NDArray[np.float64]
    job_confirmed: NDArray[np.bool_]
    place_state: NDArray[np.int16]
    place_municipality: NDArray[np.int32]
    never_state: NDArray[np.int16] = field(repr=False)
    never_municipality: NDArray[np.int32] = field(repr=False)

    def __post_init__(self) -> None:
        size = np.asarray(self.home).size
        for name, kind in {**_COLUMNS, **_TABLES}.items():
            column = np.ascontiguousarray(getattr(self, name), dtype=kind)
            if column.ndim != (2 if name in _TABLES else 1) or len(column) != size:
                raise ValueError(f"{name} must have one row for each of the {size} people")
            object.__setattr__(self, name, column)
        if not self.job_sinco.shape == self.job_years.shape == self.job_confirmed.shape:
            raise ValueError("job_sinco, job_years and job_confirmed must have the same shape")
        if self.place_state.shape != self.place_municipality.shape:
            raise ValueError("place_state and place_municipality must have the same shape")
        if ((self.place_state >= 0) & (self.place_municipality >= 0)).any():
            raise ValueError("a place is a state or a municipality: give one of them")
        for name, width in _WIDTHS.items():
            column = getattr(self, name)
            if (column < 0).any() or (column >> width).any():
                raise ValueError(f"{name} has {width} questions, and an answer stands beyond them")
        for name, (lowest, highest) in _RANGES.items():
            column = getattr(self, name)
            if ((column < lowest) | (column > highest)).any():
                raise ValueError(f"{name} must lie between {lowest} and {highest}")
        if (self.wage_floor <= 0).any() or not (self.wage_give >= 0).all() or (self.max_hours < 0).any():
            raise ValueError("wage_floor must be above 0 (NaN: not asked), wage_give and max_hours 0 or more")
        years = self.job_years[self.job_sinco >= 0]
        if ((years < 0) | (years >= 100)).any():
            raise ValueError("job_years must lie between 0 and 99, NaN where not asked")

    def __len__(self) -> int:
        return int(self.home.size)


def select_rows(people: PeopleTable, rows: NDArray[np.int64]) -> PeopleTable:
    """Return some people, in the order given."""
    return PeopleTable(**{column.name: getattr(people, column.name)[rows] for column in fields(people)})


def read_profile(people: PeopleTable, row: int, municipalities: Municipalities) -> PersonProfile:
    """Return one person as `shortlist` takes them, so that a single list and one of many are the same thing."""
    home = int(people.home[row])
    jobs = tuple(
        PastJob(int(sinco), None if math.isnan(years) else float(years), bool(confirmed))
        for sinco, years, confirmed in zip(
            people.job_sinco[row], people.job_years[row], people.job_confirmed[row], strict=True
        )
        if sinco >= 0
    )
    places = tuple(
        PlaceChoice(municipality=int(municipality)) if municipality >= 0 else PlaceChoice(state=int(state))
        for state, municipality in zip(people.place_state[row], people.place_municipality[row], strict=True)
        if state >= 0 or municipality >= 0
    )
    floor, hours = float(people.wage_floor[row]), float(people.max_hours[row])
    return PersonProfile(
        jobs=jobs,
        licences=Answers(no=int(people.licences_no[row])),
        documents=Answers(no=int(people.documents_no[row])),
        languages=Answers(no=int(people.languages_no[row])),
        physical=Answers(no=int(people.physical_no[row])),
        schedule=Answers(no=int(people.schedule_no[row])),
        schooling=_known(people.schooling[row]),
        english=_known(people.english[row]),
        age=_known(people.age[row]),
        household_size=int(people.household_size[row]) or None,
        max_hours=None if math.isnan(hours) else hours,
        wage_floor=None if math.isnan(floor) else floor,
        wage_give=float(people.wage_give[row]),
        places=places,
        home=(float(municipalities.latitude[home]), float(municipalities.longitude[home])) if home >= 0 else None,
        never_send_states=frozenset(people.never_state[row][people.never_state[row] >= 0].tolist()),
        never_send_municipalities=frozenset(
            people.never_municipality[row][people.never_municipality[row] >= 0].tolist()
        ),
    )


def _known(number: Any) -> int | None:
    return int(number) if number >= 0 else None
