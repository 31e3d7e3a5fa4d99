"""The rows of the place catalogues, and how they are read from their CSV files."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    """A federal entity: INEGI code of two digits, CURP, ISO 3166-2 and p-code, and its names."""

    code: str
    curp: str
    iso: str
    pcode: str
    official_name: str
    abbreviation: str
    label: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: INEGI code of five digits, seat with coordinates in degrees, population of 2020."""

    code: str
    name: str
    seat: str
    latitude: float
    longitude: float
    population: int

    @property
    def state(self) -> str:
        """The INEGI code of the state."""
        return self.code[:2]


@dataclass(frozen=True, slots=True)
class Alias:
    """Another name of a state (code of two digits) or of a municipality (five digits).

    A municipality's alias without a state holds in the whole country.
    """

    alias: str
    state: str
    code: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Town:
    """A larger town that is no municipal seat; its name stands alone in its state."""

    name: str
    municipality: str


def _read_rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def read_states(path: Path) -> list[State]:
    """Read states.csv: the 32 states and, last, the entry for people born abroad."""
    return [
        State(
            row["code"],
            row["curp"],
            row["iso"],
            row["pcode"],
            row["official_name"],
            row["abbreviation"],
            row["label_es"],
        )
        for row in _read_rows(path)
    ]


def read_municipalities(path: Path) -> list[Municipality]:
    """Read municipalities.csv."""
    return [
        Municipality(
            row["code"],
            row["name"],
            row["seat"],
            float(row["latitude"]),
            float(row["longitude"]),
            int(row["population"]),
        )
        for row in _read_rows(path)
    ]


def read_aliases(path: Path) -> list[Alias]:
    """Read place_aliases.csv."""
    return [Alias(row["alias"], row["state"], row["code"], row["reason"], row["source"]) for row in _read_rows(path)]


def read_towns(path: Path) -> list[Town]:
    """Read towns.csv."""
    return [Town(row["name"], row["municipality"]) for row in _read_rows(path)]
