"""The open places as the matching engine reads them, cached in each process until openings change."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from threading import Lock
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection
from django.utils.timezone import localdate
from numpy.typing import NDArray

from puente.engines.matching import UNKNOWN, Kind, Municipalities, OpeningIndex, OpeningTable, index_openings
from puente.engines.occupations import read_unit_groups
from puente.engines.places import read_municipalities
from puente.opportunities import requirements
from puente.opportunities.models import SUNDAY, Employer, Opening, OpeningsVersion
from puente.opportunities.policies import VIEW_OPENINGS, require_right
from puente.platform.paths import CONTENT
from puente.platform.policy import Actor

_KINDS = {Opening.Kind.VACANCY: Kind.VACANCY, Opening.Kind.COURSE: Kind.COURSE,
          Opening.Kind.SELF_EMPLOYMENT: Kind.SELF_EMPLOYMENT}  # fmt: skip

_KIND_CASES = " ".join(f"WHEN '{kind}' THEN {int(number)}" for kind, number in _KINDS.items())
#: Column of the table -> what PostgreSQL sends for it, and the numpy type of that.
_NUMBERS: dict[str, tuple[str, str]] = {
    "kind": (f"int2send((CASE kind {_KIND_CASES} END)::int2)", ">i2"),
    "sinco": (f"int4send(coalesce(occupation_id::int4, {UNKNOWN}))", ">i4"),
    "employer": (f"int4send(coalesce(employer_number, {UNKNOWN}))", ">i4"),
    "wage": ("float8send(coalesce(wage_min, wage_max, 'NaN')::float8)", ">f8"),
    "state": (f"int4send(coalesce(state_id::int4, {UNKNOWN}))", ">i4"),
    "municipality": (f"int4send(coalesce(municipality_id::int4, {UNKNOWN}))", ">i4"),
    "schooling": ("int2send(schooling::int2)", ">i2"),
    "english": ("int2send(english::int2)", ">i2"),
    "minimum_age": (f"int2send(coalesce(age_min, {UNKNOWN})::int2)", ">i2"),
    "maximum_age": (f"int2send(coalesce(age_max, {UNKNOWN})::int2)", ">i2"),
    "schedule": (
        f"int2send(((weekdays & {SUNDAY} <> 0)::int + 2 * works_nights::int + 4 * rotates::int)::int2)", ">i2",
    ),
    "hours": ("float8send(coalesce(hours_a_week, 'NaN')::float8)", ">f8"),
    "housing": ("int2send(housing::int::int2)", ">i2"),
    "household_places": (f"int2send(coalesce(household_places, {UNKNOWN})::int2)", ">i2"),
    "remote": ("int2send(is_remote::int::int2)", ">i2"),
    "places_left": ("int4send(greatest(places - places_filled, 0)::int4)", ">i4"),
    "valid_until": ("date_send(coalesce(valid_until, 'infinity'))", ">i4"),
}  # fmt: skip
_MASKS = ("licences", "documents", "languages", "physical")
_NO_LAST_DAY = np.iinfo(np.int32).max  # how PostgreSQL sends "infinity"
_POSTGRES_EPOCH = np.datetime64("2000-01-01", "D")


@dataclass(frozen=True)
class Market:
    """The open places with the indices under which the engine names occupations and places.

    stamp: what `read_stamp` said before the rows were read. ids in `table.id` are UUIDs in hexadecimal.
    """

    table: OpeningTable
    stamp: UUID
    day: date

    @cached_property
    def index(self) -> OpeningIndex:
        """The table packed for `engines.matching.shortlist`, made once."""
        return index_openings(self.table, list_seats(), len(occupation_positions()))


@lru_cache(maxsize=1)
def occupation_positions() -> dict[str, int]:
    """Return the index of each SINCO code, in the order of content/occupations/sinco.csv."""
    return {group.code: at for at, group in enumerate(read_unit_groups(CONTENT / "occupations" / "sinco.csv"))}


@lru_cache(maxsize=1)
def municipality_positions() -> dict[str, int]:
    """Return the index of each municipality code, in the order of `list_seats`."""
    return {place.code: at for at, place in enumerate(read_municipalities(CONTENT / "places" / "municipalities.csv"))}


def state_position(code: str) -> int:
    """Return the index of a state: its INEGI code less one."""
    return int(code) - 1


@lru_cache(maxsize=1)
def list_seats() -> Municipalities:
    """Return state and seat of every municipality, as the engine wants them."""
    places = read_municipalities(CONTENT / "places" / "municipalities.csv")
    return Municipalities(
        state=np.array([state_position(place.state) for place in places]),
        latitude=np.array([place.latitude for place in places]),
        longitude=np.array([place.longitude for place in places]),
    )


def read_stamp() -> UUID:
    """Return a stamp that changes with every change of an opening or of the trust in an employer: one row read."""
    return OpeningsVersion.objects.values_list("stamp", flat=True).get()


_lock = Lock()
_market: Market | None = None


def get_market(actor: Actor, now: datetime) -> Market:
    """Return the open places, read again only when openings changed or a new day began."""
    global _market
    require_right(actor, VIEW_OPENINGS)
    stamp = read_stamp()
    with _lock:
        if _market is None or (_market.stamp, _market.day) != (stamp, localdate(now)):
            # The stamp was read first: were openings to change in between, the next reader would read them again.
            _market = Market(load_opening_table(actor, now), stamp, localdate(now))
        return _market


def load_opening_table(actor: Actor, now: datetime) -> OpeningTable:
    """Read all openings that a person could take today; those of an employer to be avoided are left out.

    Every column comes as one string of bytes, so that 100,000 openings cost no Python object each.
    """
    require_right(actor, VIEW_OPENINGS)
    with connection.cursor() as cursor:
        cursor.execute(_QUERY, {"day": localdate(now), "avoid": Employer.Trust.AVOID})
        ids, *found = cursor.fetchone()
    numbers = {
        name: np.frombuffer(column, dtype=kind)
        for (name, (_sql, kind)), column in zip(_NUMBERS.items(), found[: len(_NUMBERS)], strict=True)
    }
    columns: dict[str, Any] = dict(numbers)
    columns["sinco"] = _look_up(numbers["sinco"], occupation_positions())
    columns["municipality"] = _look_up(numbers["municipality"], municipality_positions())
    columns["state"] = np.where(numbers["state"] == UNKNOWN, UNKNOWN, numbers["state"] - 1)
    columns["valid_until"] = np.where(
        numbers["valid_until"] == _NO_LAST_DAY, np.datetime64("NaT", "D"), _POSTGRES_EPOCH + numbers["valid_until"]
    )
    for name, column in zip(_MASKS, found[len(_NUMBERS) :], strict=True):
        columns[name] = _to_masks(name, column or [])
    return OpeningTable(id=np.frombuffer(bytes(ids).hex().encode(), dtype="S32").astype("U32"), **columns)


def _look_up(codes: NDArray[Any], positions: dict[str, int]) -> NDArray[np.int32]:
    """Turn codes into positions; UNKNOWN, the last element of the table, stays as it is."""
    table = np.full(max(map(int, positions)) + 2, UNKNOWN, dtype=np.int32)
    table[[int(code) for code in positions]] = list(positions.values())
    return np.asarray(table[codes], dtype=np.int32)


def _to_masks(kind: str, column: list[str]) -> NDArray[np.int64]:
    masks = {text: requirements.mask_of(kind, text.split()) for text in set(column)}
    return np.fromiter((masks[text] for text in column), dtype=np.int64, count=len(column))


def _write_query() -> str:
    columns = [f"string_agg({sql}, ''::bytea)" for sql in ("uuid_send(id)", *(sql for sql, _kind in _NUMBERS.values()))]
    columns = [f"coalesce({column}, '')" for column in columns]
    columns += [f"array_agg(array_to_string({name}, ' '))" for name in _MASKS]
    return f"""
        SELECT {", ".join(columns)}
        FROM opportunities_opening
        LEFT JOIN (SELECT id AS employer_of, row_number() OVER ()::int4 AS employer_number, trust
                   FROM opportunities_employer) AS employers ON employer_of = employer_id
        WHERE is_open AND valid_from <= %(day)s AND (valid_until IS NULL OR valid_until >= %(day)s)
          AND coalesce(trust, '') <> %(avoid)s"""


_QUERY = _write_query()
