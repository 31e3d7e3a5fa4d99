"""A database of many people, sealed and keyed as the product does it, written with COPY by several processes.

Built once and kept in var/bench; a build that was cut off goes on where it stopped.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from multiprocessing import get_context
from random import Random
from time import perf_counter
from uuid import UUID

import psycopg
from rich.console import Console
from rich.progress import Progress

from benchmarks.synthetic_people import NameFrequencies, load_frequencies, make_people
from puente.engines.identity.facts import Candidate
from puente.engines.identity.keys import search_keys
from puente.people.sealed import IdentityDocument, Phone, create_person_key, seal_identity
from puente.platform import embedded_postgres
from puente.platform.keys import load_keyring

CHUNK = 10_000
SEED = 20261123
FIRST_DAY = datetime(2019, 1, 1, tzinfo=UTC)
NICENESS = 10
#: Which share of people the office at the bridge serves; the others are served elsewhere.
SHARE_HERE = 0.7

SCRATCH = """
CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.chunk (number integer PRIMARY KEY, seconds real);
CREATE TABLE IF NOT EXISTS bench.plain (person_id uuid, name text);
"""
DROP_INDEX = "ALTER TABLE people_searchkey DROP CONSTRAINT IF EXISTS people_searchkey_pkey"
FINISH = (
    "ALTER TABLE people_searchkey ADD PRIMARY KEY (key, person_id)",
    "CREATE INDEX plain_trigrams ON bench.plain USING gin (name gin_trgm_ops)",
    "VACUUM ANALYZE",
)


def build(database: str, people: int, offices: tuple[UUID, UUID]) -> dict[str, float]:
    """Fill a migrated database up to `people`, and return what it took (0 seconds where it was there).

    Args:
        offices: who serves most people, and who serves the others.
    """
    start = perf_counter()
    with _connect(database) as connection:
        connection.execute(SCRATCH)
        done = {row[0] for row in connection.execute("SELECT number FROM bench.chunk")}
        left = [number for number in range(people // CHUNK) if number not in done]
        if left:
            connection.execute(DROP_INDEX)
            connection.execute("DROP INDEX IF EXISTS bench.plain_trigrams")
        is_indexed = connection.execute("SELECT to_regclass('people_searchkey_pkey') IS NOT NULL").fetchone()
    with (
        Progress(console=Console(stderr=True)) as progress,
        get_context("spawn").Pool(os.cpu_count(), initializer=_be_nice) as pool,
    ):
        task = progress.add_task(f"{people:,} people", total=people, completed=len(done) * CHUNK)
        for _ in pool.imap_unordered(_write_chunk, [(database, number, offices) for number in left]):
            progress.advance(task, CHUNK)
    written = perf_counter() - start
    if left or not (is_indexed and is_indexed[0]):
        with _connect(database) as connection:
            for statement in FINISH:
                connection.execute(statement)
    return {
        "people_written": len(left) * CHUNK,
        "write_seconds": round(written, 1) if left else 0,
        "people_per_second": round(len(left) * CHUNK / written) if left else 0,
        "index_seconds": round(perf_counter() - start - written, 1) if left else 0,
    }


def find_person_id(number: int) -> UUID:
    """Return the id of the person with a number: a UUIDv7 of the moment of their registration."""
    moment = int(_registered_at(number).timestamp() * 1000)
    tail = Random(number).getrandbits(74)
    return UUID(int=moment << 80 | 7 << 76 | (tail >> 62) << 64 | 2 << 62 | tail & (1 << 62) - 1)


def make_chunk(number: int) -> list[Candidate]:
    """Return the people of a chunk; their ids count from 0 inside it."""
    return make_people(CHUNK, seed=SEED + number, frequencies=_frequencies())


@cache
def _frequencies() -> NameFrequencies:
    return load_frequencies()


def _be_nice() -> None:
    os.nice(NICENESS)


def _connect(database: str) -> psycopg.Connection[tuple[object, ...]]:
    from puente.platform.paths import find_home

    cluster = embedded_postgres.describe(find_home())
    return psycopg.connect(
        host=str(cluster.sockets),
        dbname=database,
        user=embedded_postgres.SUPERUSER,
        password=cluster.passwords[embedded_postgres.SUPERUSER],
        autocommit=True,
    )


def _write_chunk(work: tuple[str, int, tuple[UUID, UUID]]) -> None:
    database, number, offices = work
    start = perf_counter()
    rows = _make_rows(number, offices)
    with _connect(database) as connection, connection.transaction(), connection.cursor() as cursor:
        # Foreign keys hold by construction; checking them would be a third of the time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, lines in rows.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write("".join(lines))
        cursor.execute("INSERT INTO bench.chunk VALUES (%s, %s)", [number, perf_counter() - start])


def _make_rows(number: int, offices: tuple[UUID, UUID]) -> dict[str, list[str]]:
    """Return the lines of each table, as COPY reads them, sealed and keyed like `services.register_person`."""
    columns: dict[str, list[str]] = {
        "people_person (id, office_id, sensitivity, key_name, wrapped_key, version, is_identity_established, sex,"
        " birth_year, birth_precision, birth_state_id, birth_country_id, nationality_id, home_state_id, languages,"
        " needs_interpreter, created_at, created_by)": [],
        "people_personoffice (person_id, office_id, since)": [],
        "people_identity (id, person_id, version, sealed, facts, reason, made_at, made_by)": [],
        "people_searchkey (key, person_id)": [],
        "bench.plain (person_id, name)": [],
    }
    person_lines, office_lines, identity_lines, key_lines, plain_lines = columns.values()
    keyring = load_keyring()
    dice = Random(SEED - number)
    for at, candidate in enumerate(make_chunk(number)):
        position = number * CHUNK + at
        person_id = find_person_id(position)
        office = offices[0] if dice.random() < SHARE_HERE else offices[1]
        when = _registered_at(position).isoformat()
        data_key, wrapped = create_person_key(person_id)
        document = _make_document(candidate, dice)
        sealed = seal_identity(data_key, person_id, 1, document)
        birth, state = candidate.birth, candidate.birth_state
        assert birth is not None
        sex = {"H": "M", "M": "F"}[str(candidate.sex)]
        facts = {"sex": sex, "birth_year": birth.year, "birth_precision": "day", "birth_state_id": state}
        person_lines.append(
            f"{person_id}\t{office}\t2\t{wrapped.key_name}\t\\\\x{wrapped.wrapped.hex()}\t1\tt\t{sex}\t{birth.year}\tday"
            f"\t{state}\tMX\tMX\t{state}\t{{spanish}}\tf\t{when}\t{office}\n"
        )
        office_lines.append(f"{person_id}\t{office}\t{when}\n")
        identity_lines.append(
            f"{person_id}\t{person_id}\t1\t\\\\x{sealed.hex()}\t{json.dumps(facts)}\tregistered\t{when}\t{office}\n"
        )
        keys = {keyring.hash_search_key(key) for key in search_keys(candidate.name, birth, state)}
        key_lines += [f"{key}\t{person_id}\n" for key in sorted(keys)]
        name = candidate.name
        plain_lines.append(f"{person_id}\t{name.first_surname} {name.second_surname} {name.given}\n".lower())
    return columns


def _make_document(candidate: Candidate, dice: Random) -> IdentityDocument:
    assert candidate.birth is not None
    phones = (Phone(f"656 {dice.randrange(100, 999)} {dice.randrange(1000, 9999)}"),) if dice.random() < 0.5 else ()
    return IdentityDocument(
        name=candidate.name, birth_month=candidate.birth.month, birth_day=candidate.birth.day, phones=phones
    )


def _registered_at(position: int) -> datetime:
    return FIRST_DAY + timedelta(seconds=position * 200)


def describe_sizes(database: str) -> dict[str, str]:
    """Return how large the tables of people are on disk."""
    tables = ("people_person", "people_identity", "people_searchkey", "bench.plain")
    with _connect(database) as connection:
        return {
            table: str(row[0])
            for table in tables
            if (row := connection.execute(f"SELECT pg_size_pretty(pg_total_relation_size('{table}'))").fetchone())
        }


def ask_trigrams(database: str, texts: list[str]) -> Iterator[float]:
    """Yield the seconds of each question to the peer: trigrams on plain names, by a superuser without RLS."""
    with _connect(database) as connection:
        for text in texts:
            start = perf_counter()
            connection.execute(
                "SELECT person_id, similarity(name, %s) AS likeness FROM bench.plain WHERE name %% %s"
                " ORDER BY likeness DESC LIMIT 8",
                [text, text],
            ).fetchall()
            yield perf_counter() - start
