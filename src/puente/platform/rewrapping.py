"""Wrapping data keys anew: after a rotation every wrapped key passes from the old key to the current one.

Each room registers the tables in which it keeps wrapped keys. The work runs as the owner of the tables (ADR 10):
whoever serves pages needs no right to touch every row, and no policy is loosened for it. Rows that somebody is writing
at the moment are left for the next round, so that nobody waits for anybody.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from time import sleep
from typing import Any

from django.db import connections, transaction

from puente.platform.keys import KeysUnavailable, Realm, load_keyring
from puente.platform.sealing import unwrap_key, wrap_key

OWNER = "owner"
BATCH = 1_000
#: Seconds between two rounds when only rows are left that somebody else is writing.
PAUSE = 0.05

Row = Mapping[str, Any]


@dataclass(frozen=True)
class WrappedKeys:
    """Where a room keeps wrapped keys. The columns are called key_name and wrapped_key in every table.

    Args:
        table: the database's name of it.
        bind: from a row (its `primary_key` and `columns`) and the realm to what its key is bound to.
        columns: further columns that `bind` reads.
    """

    table: str
    bind: Callable[[Row, Realm], str]
    primary_key: str = "id"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class KeyUse:
    """How many rows a wrapping key still wraps."""

    name: str
    rows: int


_registered: dict[str, WrappedKeys] = {}


def register_wrapped_keys(keys: WrappedKeys) -> None:
    """Declare a table with wrapped keys; once, when its room is made ready."""
    _registered[keys.table] = keys


def registered_tables() -> tuple[WrappedKeys, ...]:
    """Return every declared table."""
    return tuple(_registered.values())


def count_uses() -> dict[str, int]:
    """Return how many rows each wrapping key wraps, by its name, over all tables; destroyed keys do not count."""
    found: dict[str, int] = {}
    with connections[OWNER].cursor() as cursor:
        for keys in registered_tables():
            cursor.execute(f"SELECT key_name, count(*) FROM {keys.table} WHERE key_name <> '' GROUP BY key_name")
            for name, rows in cursor.fetchall():
                found[name] = found.get(name, 0) + rows
    return found


def count_outdated(realm: Realm) -> int:
    """Return how many rows of a realm are not wrapped by its current key."""
    current, _key = load_keyring().current_key(realm)
    others = {name: rows for name, rows in count_uses().items() if name.startswith(f"{realm}-") and name != current}
    return sum(others.values())


def rewrap_all(realm: Realm) -> Iterator[int]:
    """Wrap every data key of a realm with its current key, in batches that are committed one by one.

    It can be broken off and taken up again at any time: what is left stands in the rows themselves.

    Yields:
        the number of rows wrapped anew in each batch.

    Raises:
        KeysUnavailable, SealBroken: where a row cannot be opened; nothing of its batch is changed.
    """
    while count_outdated(realm):
        done = 0
        for keys in registered_tables():
            for rows in _rewrap_table(keys, realm):
                done += rows
                yield rows
        if not done:
            sleep(PAUSE)


def _rewrap_table(keys: WrappedKeys, realm: Realm) -> Iterator[int]:
    """Go through a table once in the order of its primary key, leaving out what others have locked."""
    last: Any = None
    while True:
        with transaction.atomic(using=OWNER):
            rows = _lock_batch(keys, realm, last)
            if not rows:
                return
            _rewrap(keys, realm, rows)
        last = rows[-1][keys.primary_key]
        yield len(rows)


def _lock_batch(keys: WrappedKeys, realm: Realm, after: Any) -> list[dict[str, Any]]:
    current, _key = load_keyring().current_key(realm)
    columns = (keys.primary_key, "key_name", "wrapped_key", *keys.columns)
    begin = "" if after is None else f" AND {keys.primary_key} > %s"
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {keys.table} WHERE key_name LIKE %s AND key_name <> %s{begin}"
            f" ORDER BY {keys.primary_key} LIMIT {BATCH} FOR UPDATE SKIP LOCKED",
            [f"{realm}-%", current, *([] if after is None else [after])],
        )
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _rewrap(keys: WrappedKeys, realm: Realm, rows: list[dict[str, Any]]) -> None:
    keyring = load_keyring()
    ids, names, wrapped = [], [], []
    for row in rows:
        binding = keys.bind(row, realm)
        data_key = unwrap_key(keyring, row["key_name"], bytes(row["wrapped_key"]), binding)
        name, anew = wrap_key(keyring, data_key, binding, realm)
        ids.append(row[keys.primary_key])
        names.append(name)
        wrapped.append(anew)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(
            f"UPDATE {keys.table} AS stored SET key_name = anew.key_name, wrapped_key = anew.wrapped"
            f" FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS anew(id, key_name, wrapped)"
            f" WHERE stored.{keys.primary_key} = anew.id",
            [ids, names, wrapped],
        )


def retire_key(name: str, remove: Callable[[], None]) -> None:
    """Remove a wrapping key once nothing is wrapped by it any more.

    Everybody who reads or writes a wrapped key at that moment is waited for, so that no open page holds a row under the
    key that goes; new ones wait for the few milliseconds that the count takes.

    Args:
        remove: takes the key out of its file.

    Raises:
        KeysUnavailable: where rows are still wrapped by it.
    """
    tables = ", ".join(keys.table for keys in registered_tables())
    with transaction.atomic(using=OWNER):
        with connections[OWNER].cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '30s'")
            cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        rows = count_uses().get(name, 0)
        if rows:
            raise KeysUnavailable(f"{rows} data keys are still wrapped by {name}. Run puente keys rewrap first.")
        remove()
