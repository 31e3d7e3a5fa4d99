"""Open places as columns: vacancies, courses and support for self-employment."""

from dataclasses import dataclass, field, fields
from enum import IntEnum
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

UNKNOWN = -1


class Kind(IntEnum):
    """What kind of opening it is; the value is the bit in a set of kinds."""

    VACANCY = 0
    COURSE = 1
    SELF_EMPLOYMENT = 2


@dataclass(frozen=True, slots=True)
class Municipalities:
    """The municipalities that openings and people name by index: state index and seat in degrees."""

    state: NDArray[np.int16]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]
    states: int = field(init=False)

    def __post_init__(self) -> None:
        _cast(self, {"state": np.int16, "latitude": np.float64, "longitude": np.float64})
        if self.state.size and self.state.min() < 0:
            raise ValueError("every municipality belongs to a state")
        if not (np.isfinite(self.latitude).all() and np.isfinite(self.longitude).all()):
            raise ValueError("every municipality needs the coordinates of its seat")
        object.__setattr__(self, "states", int(self.state.max()) + 1 if self.state.size else 0)


@dataclass(frozen=True, slots=True)
class OpeningTable:
    """N open places, a column each, every column of shape (N,).

    Unknown is -1 in employer, sinco, state, municipality and household_places, NaN in wage (pesos a month) and
    hours (a week), NaT in valid_until (no last day), -1 in minimum_age and maximum_age (no limit in law).
    licences, documents, languages, schedule and physical are masks of what is asked; schooling (0-8) and
    english (0-6) the lowest level that is enough. Raises ValueError naming the column that is wrong.
    """

    id: NDArray[Any]
    kind: NDArray[np.int8]
    employer: NDArray[np.int32]
    sinco: NDArray[np.int16]
    wage: NDArray[np.float64]
    state: NDArray[np.int16]
    municipality: NDArray[np.int32]
    licences: NDArray[np.int64]
    documents: NDArray[np.int64]
    schooling: NDArray[np.int8]
    english: NDArray[np.int8]
    languages: NDArray[np.int64]
    minimum_age: NDArray[np.int16]
    maximum_age: NDArray[np.int16]
    schedule: NDArray[np.int64]
    hours: NDArray[np.float64]
    physical: NDArray[np.int64]
    housing: NDArray[np.bool_]
    household_places: NDArray[np.int16]
    remote: NDArray[np.bool_]
    places_left: NDArray[np.int32]
    valid_until: NDArray[np.datetime64]

    def __post_init__(self) -> None:
        _cast(self, _COLUMN_TYPES)
        for name, (lowest, highest) in _COLUMN_RANGES.items():
            column = getattr(self, name)
            if column.size and (column.min() < lowest or column.max() > highest):
                raise ValueError(f"{name} must lie between {lowest} and {highest}")
        for name in ("wage", "hours"):
            column = getattr(self, name)
            if np.isinf(column).any() or (column <= 0).any():
                raise ValueError(f"{name} must be above 0, or NaN where it is not known")
        if np.unique(self.id).size != self.id.size:
            raise ValueError("id must be unique: two openings bear the same one")

    def __len__(self) -> int:
        return int(self.id.size)


_COLUMN_TYPES: dict[str, Any] = {
    "kind": np.int8,
    "employer": np.int32,
    "sinco": np.int16,
    "wage": np.float64,
    "state": np.int16,
    "municipality": np.int32,
    "licences": np.int64,
    "documents": np.int64,
    "schooling": np.int8,
    "english": np.int8,
    "languages": np.int64,
    "minimum_age": np.int16,
    "maximum_age": np.int16,
    "schedule": np.int64,
    "hours": np.float64,
    "physical": np.int64,
    "housing": np.bool_,
    "household_places": np.int16,
    "remote": np.bool_,
    "places_left": np.int32,
    "valid_until": "datetime64[D]",
}
_COLUMN_RANGES = {
    "kind": (0, len(Kind) - 1),
    "employer": (UNKNOWN, 2**31 - 1),
    "sinco": (UNKNOWN, 2**15 - 1),
    "state": (UNKNOWN, 2**15 - 1),
    "municipality": (UNKNOWN, 2**31 - 1),
    "licences": (0, 2**LICENCES - 1),
    "documents": (0, 2**DOCUMENTS - 1),
    "languages": (0, 2**LANGUAGES - 1),
    "schedule": (0, 2 ** len(Schedule) - 1),
    "physical": (0, 2**PHYSICAL_DEMANDS - 1),
    "schooling": (0, HIGHEST_SCHOOLING),
    "english": (0, HIGHEST_ENGLISH),
    "minimum_age": (UNKNOWN, 120),
    "maximum_age": (UNKNOWN, 120),
    "household_places": (UNKNOWN, 1000),
}


def _cast(table: Municipalities | OpeningTable, types: dict[str, Any]) -> None:
    """Give each column its type, and refuse columns of another length than the first."""
    length: int | None = None
    for column in fields(table):
        if not column.init:
            continue
        array = np.asarray(getattr(table, column.name))
        if column.name in types:
            array = _cast_without_loss(column.name, array, types[column.name])
        length = array.size if length is None else length
        if array.ndim != 1 or array.size != length:
            raise ValueError(f"{column.name} must have one value for each row: {length} are needed")
        object.__setattr__(table, column.name, array)


def _cast_without_loss(name: str, array: NDArray[Any], kind: Any) -> NDArray[Any]:
    try:
        cast = array.astype(kind)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds values that are no {np.dtype(kind).name}") from error
    if np.dtype(kind).kind in "iu" and not np.array_equal(cast, array):
        raise ValueError(f"{name} holds values that do not fit into {np.dtype(kind).name}")
    return cast
