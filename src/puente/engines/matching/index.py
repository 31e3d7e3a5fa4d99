"""The openings, sorted and packed once, so that one person's shortlist reads only what concerns them."""

import hashlib
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.constraints import LEGAL_WEEK_HOURS, Rule, Schedule, find_shift
from puente.engines.matching.openings import UNKNOWN, Kind, Municipalities, OpeningTable

MILLION = 1_000_000
NO_WAGE = np.iinfo(np.int32).min
NO_UPPER_LIMIT = np.iinfo(np.int16).max
NO_LAST_DAY = np.iinfo(np.int32).max


# What the scan reads of an opening, in one cache line of 64 bytes: no column has to be fetched from elsewhere.
PACKED_OPENING = np.dtype(
    [
        ("asked_first", np.int64),
        ("asked_second", np.int64),
        ("hours", np.float64),
        ("wage", np.float64),
        ("wage_logarithm", np.int32),
        ("place", np.int32),
        ("last_day", np.int32),
        ("group", np.int32),
        ("id_rank", np.int32),
        ("minimum_age", np.int16),
        ("maximum_age", np.int16),
        ("household_places", np.int16),
        ("sinco", np.int16),
        ("kind", np.int8),
        ("comfort", np.int8),
        ("housing", np.int8),
    ],
    align=True,
)


class OpeningFacts(NamedTuple):
    """One opening in plain Python, for the few that are told about; unknown as in OpeningTable."""

    id: Any
    row: int
    kind: int
    group: int
    asked_first: int
    asked_second: int
    sinco: int
    wage: float
    hours: float
    comfort: int
    place: int
    municipality: int
    minimum_age: int
    maximum_age: int
    housing: bool
    household_places: int


@dataclass(frozen=True, slots=True, eq=False)
class OpeningIndex:
    """Openings with places left, sorted by block (state; unknown state; remote), occupation, group, id.

    A *place* is a municipality, or one of the stand-ins behind them: "somewhere in state s", "somewhere".
    A *group* is a run of near-identical openings: same kind, occupation, municipality, employer and wage.
    """

    table: OpeningTable
    municipalities: Municipalities
    occupations: int
    packed: NDArray[np.void]
    block_start: NDArray[np.int64]
    group_start: NDArray[np.int64]
    places_of_state: tuple[NDArray[np.int64], ...]
    median_wage: float
    digest: bytes

    def __len__(self) -> int:
        return len(self.table)

    @property
    def states(self) -> int:
        """Number of states; also the block of openings whose state is not known."""
        return self.municipalities.states

    @property
    def remote_start(self) -> int:
        """Row where the remote openings begin."""
        return int(self.block_start[self.states + 1])

    def find_place(self, state: int, municipality: int = UNKNOWN) -> int:
        """Return the place that stands for a municipality, a state, or neither."""
        if municipality != UNKNOWN:
            return municipality
        return len(self.municipalities.state) + (state if state != UNKNOWN else self.states)

    @property
    def places(self) -> int:
        """Number of places, stand-ins included."""
        return len(self.municipalities.state) + self.states + 1

    def read_facts(self, rows: NDArray[np.int64]) -> list[OpeningFacts]:
        """Return some openings by their rows."""
        table, packed = self.table, self.packed[rows]
        columns = (
            table.id[rows],
            rows,
            packed["kind"],
            packed["group"],
            packed["asked_first"],
            packed["asked_second"],
            table.sinco[rows],
            table.wage[rows],
            packed["hours"],
            packed["comfort"],
            packed["place"],
            table.municipality[rows],
            table.minimum_age[rows],
            table.maximum_age[rows],
            table.housing[rows],
            table.household_places[rows],
        )
        return list(map(OpeningFacts, *(column.tolist() for column in columns)))


def index_openings(table: OpeningTable, municipalities: Municipalities, occupations: int = 490) -> OpeningIndex:
    """Sort and pack openings for `shortlist`; openings without a place left are dropped.

    Arguments: the openings; the municipalities they name; the number of occupations (490 in SINCO 2019).
    Raises ValueError when an opening names an occupation, a state or a municipality that does not exist, or
    a municipality of another state.
    """
    _check_references(table, municipalities, occupations)
    states = municipalities.states
    block = np.where(table.remote, states + 1, np.where(table.state == UNKNOWN, states, table.state))
    place = np.where(
        table.municipality != UNKNOWN,
        table.municipality,
        len(municipalities.state) + np.where(table.state == UNKNOWN, states, table.state),
    )
    wage_key = np.nan_to_num(table.wage, nan=-1.0)
    group_keys = (wage_key, table.employer, place, table.kind, table.sinco, block)
    id_rank = np.empty(len(table), dtype=np.int32)
    id_rank[np.argsort(table.id)] = np.arange(len(table), dtype=np.int32)
    order = np.lexsort((id_rank, *group_keys))
    order = order[table.places_left[order] > 0]
    rows = _take_rows(table, order)
    block, place = block[order], place[order]
    starts_group = np.ones(order.size, dtype=bool)
    if order.size:
        starts_group[1:] = np.any([key[order][1:] != key[order][:-1] for key in group_keys], axis=0)
    of_vacancies = rows.wage[rows.kind == Kind.VACANCY]
    known_wages = of_vacancies[~np.isnan(of_vacancies)]
    every_place_state = np.concatenate([municipalities.state, np.arange(states + 1)])
    return OpeningIndex(
        table=rows,
        municipalities=municipalities,
        occupations=occupations,
        packed=_pack_openings(rows, place, occupations, np.cumsum(starts_group) - 1, id_rank[order]),
        block_start=np.searchsorted(block, np.arange(states + 3)).astype(np.int64),
        group_start=np.append(np.flatnonzero(starts_group), order.size).astype(np.int64),
        places_of_state=tuple(np.flatnonzero(every_place_state == state) for state in range(states + 1)),
        median_wage=float(np.median(known_wages)) if known_wages.size else 1.0,
        digest=_digest(rows, municipalities, occupations),
    )


def _check_references(table: OpeningTable, municipalities: Municipalities, occupations: int) -> None:
    if (table.sinco >= occupations).any():
        raise ValueError(f"sinco holds an index beyond the {occupations} occupations")
    if (table.state >= municipalities.states).any():
        raise ValueError(f"state holds an index beyond the {municipalities.states} states")
    if (table.municipality >= len(municipalities.state)).any():
        raise ValueError(f"municipality holds an index beyond the {len(municipalities.state)} municipalities")
    known = table.municipality != UNKNOWN
    if (municipalities.state[table.municipality[known]] != table.state[known]).any():
        raise ValueError("municipality names a municipality of another state than the column state")


def _take_rows(table: OpeningTable, order: NDArray[np.int64]) -> OpeningTable:
    return OpeningTable(**{column.name: getattr(table, column.name)[order] for column in fields(table)})


def _pack_openings(
    rows: OpeningTable,
    place: NDArray[Any],
    occupations: int,
    group: NDArray[np.int64],
    id_rank: NDArray[np.int32],
) -> NDArray[np.void]:
    paid = rows.kind == Kind.VACANCY
    wage = np.where(paid, rows.wage, np.nan)
    logarithm = np.rint(np.log2(wage) * MILLION)
    packed = np.zeros(len(rows), dtype=PACKED_OPENING)
    packed["asked_first"] = (
        rows.licences << find_shift(Rule.LICENCE)
        | rows.documents << find_shift(Rule.DOCUMENT)
        | _level_bit(rows.schooling) << find_shift(Rule.SCHOOLING)
        | _level_bit(rows.english) << find_shift(Rule.ENGLISH)
    )
    packed["asked_second"] = (
        rows.languages << find_shift(Rule.LANGUAGE)
        | rows.physical << find_shift(Rule.PHYSICAL)
        | rows.schedule << find_shift(Rule.SCHEDULE)
    )
    packed["hours"] = rows.hours
    packed["wage"] = wage
    packed["wage_logarithm"] = np.where(np.isnan(wage), NO_WAGE, np.nan_to_num(logarithm))
    packed["place"] = place
    packed["last_day"] = np.where(np.isnat(rows.valid_until), NO_LAST_DAY, rows.valid_until.astype(np.int64))
    packed["group"] = group
    packed["id_rank"] = id_rank
    packed["minimum_age"] = rows.minimum_age
    packed["maximum_age"] = np.where(rows.maximum_age == UNKNOWN, NO_UPPER_LIMIT, rows.maximum_age)
    places_known = rows.housing & (rows.household_places != UNKNOWN)
    packed["household_places"] = np.where(places_known, rows.household_places, NO_UPPER_LIMIT)
    packed["sinco"] = np.where(rows.sinco == UNKNOWN, occupations, rows.sinco)
    packed["kind"] = rows.kind
    packed["comfort"] = find_comfort(rows.schedule, rows.hours > LEGAL_WEEK_HOURS)
    packed["housing"] = rows.housing
    return packed


def find_comfort(schedule: NDArray[np.int64], long_week: NDArray[np.bool_]) -> NDArray[np.int8]:
    """Return how easy the week is in tenths: 10, less 3 for Sundays, 3 nights, 2 rotating, 2 beyond 48 hours."""
    burden = 3 * (schedule >> Schedule.SUNDAYS & 1) + 3 * (schedule >> Schedule.NIGHTS & 1)
    comfort = 10 - burden - 2 * (schedule >> Schedule.ROTATING & 1) - 2 * long_week
    return np.asarray(comfort, dtype=np.int8)


def _level_bit(level: NDArray[np.int8]) -> NDArray[np.int64]:
    """Return the bit of the level that is asked; level 0 asks nothing and has none."""
    return np.where(level > 0, np.int64(1) << level.astype(np.int64), 0)


def _digest(rows: OpeningTable, municipalities: Municipalities, occupations: int) -> bytes:
    digest = hashlib.blake2b(str(occupations).encode(), digest_size=32)
    for part in (rows, municipalities):
        for column in fields(part):
            if not column.init:
                continue
            array = getattr(part, column.name)
            text = "\n".join(map(str, array.tolist())).encode() if array.dtype == object else array.tobytes()
            digest.update(f"{column.name} {array.dtype} {array.size} ".encode() + text)
    return digest.digest()
