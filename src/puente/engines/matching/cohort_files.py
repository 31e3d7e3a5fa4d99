"""A cohort given as two tables of text, a row a person, a row an opening; docs/howto/matching.md has the columns."""

import csv
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from puente.engines.matching.bulk.people import PeopleTable
from puente.engines.matching.constraints import Document, PhysicalDemand, Rule, Schedule
from puente.engines.matching.openings import Kind, Municipalities, OpeningTable

_LARGEST_FILE = 2 * 2**30


class UnreadableTable(ValueError):
    """A file that cannot be read as it is; the message names the file, the row and what to change."""


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The codes that files may use, each with its position."""

    licences: Mapping[str, int]
    languages: Mapping[str, int]
    occupations: Mapping[str, int]
    states: Mapping[str, int]
    municipalities: Mapping[str, int]
    seats: Municipalities

    def find_asked(self, code: str) -> tuple[Rule, int]:
        """Return the rule and bit of a code such as licence:b, document:curp, physical:heights, schedule:nights."""
        kind, _, name = code.partition(":")
        known: dict[str, tuple[Rule, Mapping[str, int]]] = {
            "licence": (Rule.LICENCE, self.licences),
            "language": (Rule.LANGUAGE, self.languages),
            "document": (Rule.DOCUMENT, {document.name.lower(): document.value for document in Document}),
            "physical": (Rule.PHYSICAL, {demand.name.lower(): demand.value for demand in PhysicalDemand}),
            "schedule": (Rule.SCHEDULE, {schedule.name.lower(): schedule.value for schedule in Schedule}),
        }
        if kind not in known or name not in known[kind][1]:
            raise ValueError(f"{code!r} is not known: write for example document:curp or schedule:nights")
        return known[kind][0], known[kind][1][name]


@dataclass(frozen=True, slots=True, eq=False)
class CohortPeople:
    """The people of a file: their names, the table, and the group of each (-1 for none)."""

    id: tuple[str, ...]
    table: PeopleTable
    group: np.ndarray[Any, np.dtype[np.int64]]
    groups: tuple[str, ...]


def read_people(path: Path, vocabulary: Vocabulary) -> CohortPeople:
    """Read the people of a cohort. Raises UnreadableTable."""
    rows = _read_rows(path, {"person"}, _PEOPLE_COLUMNS)
    read = _Reader(path, rows)
    lacks = read.each("lacks", lambda cell: [vocabulary.find_asked(code) for code in _split(cell)])
    jobs = read.each("jobs", lambda cell: [_read_job(part, vocabulary) for part in _split(cell)])
    places = read.each("places", lambda cell: [_find_place(code, vocabulary) for code in _split(cell)])
    never = read.each("never", lambda cell: [_find_place(code, vocabulary) for code in _split(cell)])
    groups = sorted({row.get("group", "") for row in rows} - {""})
    table = PeopleTable(
        licences_no=_mask(lacks, Rule.LICENCE),
        documents_no=_mask(lacks, Rule.DOCUMENT),
        languages_no=_mask(lacks, Rule.LANGUAGE),
        physical_no=_mask(lacks, Rule.PHYSICAL),
        schedule_no=_mask(lacks, Rule.SCHEDULE),
        schooling=np.array(read.numbers("schooling", -1)),
        english=np.array(read.numbers("english", -1)),
        age=np.array(read.numbers("age", -1)),
        household_size=np.array(read.numbers("household_size", 0)),
        max_hours=np.array(read.numbers("max_hours", math.nan)),
        wage_floor=np.array(read.numbers("wage_floor", math.nan)),
        wage_give=np.array(read.numbers("wage_give", 0.0)),
        home=np.array(read.each("home", lambda cell: _find_home(cell, vocabulary))),
        job_sinco=_pad([[job[0] for job in person] for person in jobs], -1),
        job_years=_pad([[job[1] for job in person] for person in jobs], math.nan),
        job_confirmed=np.ones_like(_pad([[1 for _ in person] for person in jobs], 1), dtype=bool),
        place_state=_pad([[place[0] for place in person] for person in places], -1),
        place_municipality=_pad([[place[1] for place in person] for person in places], -1),
        never_state=_pad([[place[0] for place in person] for person in never], -1),
        never_municipality=_pad([[place[1] for place in person] for person in never], -1),
    )
    ids = tuple(row["person"] for row in rows)
    if len(set(ids)) != len(ids):
        raise UnreadableTable(f"{path.name}: two rows bear the same person")
    group = np.array([groups.index(row["group"]) if row.get("group") else -1 for row in rows], np.int64)
    return CohortPeople(ids, table, group, tuple(groups))


def read_openings(path: Path, vocabulary: Vocabulary) -> OpeningTable:
    """Read the openings of a cohort. Raises UnreadableTable."""
    rows = _read_rows(path, {"opening", "places"}, _OPENING_COLUMNS)
    read = _Reader(path, rows)
    asks = read.each("asks", lambda cell: [vocabulary.find_asked(code) for code in _split(cell)])
    places = read.each("place", lambda cell: _find_spot(cell, vocabulary))
    employers = {name: number for number, name in enumerate(sorted({row.get("employer", "") for row in rows} - {""}))}
    try:
        return OpeningTable(
            id=np.array([row["opening"] for row in rows]),
            kind=np.array(read.each("kind", lambda cell: Kind[cell.upper()] if cell else Kind.VACANCY)),
            employer=np.array([employers.get(row.get("employer", ""), -1) for row in rows]),
            sinco=np.array(read.each("sinco", lambda cell: _find_code(cell, vocabulary.occupations, "occupation"))),
            wage=np.array(read.numbers("wage", math.nan), float),
            state=np.array([place[0] for place in places]),
            municipality=np.array([place[1] for place in places]),
            licences=_mask(asks, Rule.LICENCE),
            documents=_mask(asks, Rule.DOCUMENT),
            schooling=np.array(read.numbers("schooling", 0)),
            english=np.array(read.numbers("english", 0)),
            languages=_mask(asks, Rule.LANGUAGE),
            minimum_age=np.array(read.numbers("minimum_age", -1)),
            maximum_age=np.array(read.numbers("maximum_age", -1)),
            schedule=_mask(asks, Rule.SCHEDULE),
            hours=np.array(read.numbers("hours", math.nan), float),
            physical=_mask(asks, Rule.PHYSICAL),
            housing=np.array(read.numbers("housing", 0)) > 0,
            household_places=np.array(read.numbers("household_places", -1)),
            remote=np.array(read.numbers("remote", 0)) > 0,
            places_left=np.array(read.numbers("places", 0)),
            valid_until=np.array(read.each("valid_until", _read_day), "datetime64[D]"),
        )
    except UnreadableTable:
        raise
    except ValueError as error:
        raise UnreadableTable(f"{path.name}: {error}") from error


_PEOPLE_COLUMNS = {
    "person", "jobs", "home", "places", "never", "lacks", "schooling", "english", "age", "household_size", "max_hours",
    "wage_floor", "wage_give", "group",
}  # fmt: skip
_OPENING_COLUMNS = {
    "opening", "kind", "employer", "sinco", "wage", "place", "asks", "schooling", "english", "minimum_age",
    "maximum_age", "hours", "housing", "household_places", "remote", "places", "valid_until",
}  # fmt: skip


class _Reader:
    """Cells of a table, column by column; what cannot be read is named with its row."""

    def __init__(self, path: Path, rows: Sequence[Mapping[str, str]]) -> None:
        self.path, self.rows = path, rows

    def each(self, column: str, parse: Callable[[str], Any]) -> list[Any]:
        cells = []
        for number, row in enumerate(self.rows, start=2):
            try:
                cells.append(parse(row.get(column, "")))
            except (ValueError, KeyError) as error:
                raise UnreadableTable(f"{self.path.name}, row {number}, column {column}: {error}") from error
        return cells

    def numbers(self, column: str, missing: float) -> list[float]:
        def parse(cell: str) -> float:
            number = float(cell) if cell else missing
            if math.isinf(number) or (cell and math.isnan(number)):
                raise ValueError(f"{cell!r} is no number")
            return number

        return self.each(column, parse)


def _read_rows(path: Path, needed: set[str], known: set[str]) -> list[dict[str, str]]:
    if not path.is_file():
        raise UnreadableTable(f"{path.name}: there is no such file")
    if path.stat().st_size > _LARGEST_FILE:
        raise UnreadableTable(f"{path.name}: the file is larger than {_LARGEST_FILE} bytes")
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        header = set(reader.fieldnames or ())
        if not needed <= header:
            raise UnreadableTable(f"{path.name}: the columns {', '.join(sorted(needed - header))} are missing")
        if not header <= known:
            raise UnreadableTable(f"{path.name}: the columns {', '.join(sorted(header - known))} are not known")
        rows = [{name: (cell or "").strip() for name, cell in row.items() if name} for row in reader]
    if not rows:
        raise UnreadableTable(f"{path.name}: there is no row below the header")
    return rows


def _split(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]


def _read_job(part: str, vocabulary: Vocabulary) -> tuple[int, float]:
    code, _, years = part.partition(":")
    return _find_code(code, vocabulary.occupations, "occupation"), float(years) if years else math.nan


def _find_code(code: str, known: Mapping[str, int], kind: str) -> int:
    if code and code not in known:
        raise ValueError(f"{code!r} is no {kind} that is known")
    return known[code] if code else -1


def _find_place(code: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """Return state and municipality of a choice: one of them is -1. Two digits are a state, five a municipality."""
    if len(code) == 2:
        return _find_code(code, vocabulary.states, "state"), -1
    return -1, _find_code(code, vocabulary.municipalities, "municipality")


def _find_spot(code: str, vocabulary: Vocabulary) -> tuple[int, int]:
    """Return state and municipality where an opening is; -1 for what is not known."""
    state, municipality = _find_place(code, vocabulary) if code else (-1, -1)
    return (int(vocabulary.seats.state[municipality]), municipality) if municipality >= 0 else (state, -1)


def _find_home(code: str, vocabulary: Vocabulary) -> int:
    return _find_code(code, vocabulary.municipalities, "municipality")


def _read_day(cell: str) -> str:
    return date.fromisoformat(cell).isoformat() if cell else "NaT"


def _mask(asked: Iterable[Iterable[tuple[Rule, int]]], rule: Rule) -> np.ndarray[Any, np.dtype[np.int64]]:
    masks = []
    for row in asked:
        mask = 0
        for kind, bit in row:
            mask |= (1 << bit) if kind is rule else 0
        masks.append(mask)
    return np.array(masks, np.int64)


def _pad(rows: Sequence[Sequence[float]], missing: float) -> np.ndarray[Any, np.dtype[Any]]:
    width = max((len(row) for row in rows), default=0)
    return np.array([[*row, *[missing] * (width - len(row))] for row in rows], np.float64).reshape(len(rows), width)
