"""Keys: what opens without them, and whether a rotation loses anybody while the product writes.

`measure_readable` takes everything that a product wrote (database files, write-ahead log, dump, sessions, logs, its
home) and tries every 32 bytes on it as a key. `measure_rotation` changes both keys over 100,000 people while three
processes register, correct and reserve.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

CHECKOUT = Path(__file__).resolve().parents[2]
PEOPLE = 100_000
#: The control leaves out one row in so many.
SKIPPED = 97
SEED = 20261123
#: The rotation begins when every process has written so often.
WARM = 5
#: Whose sealed values open with what a person has in the hand and in the head, not with a key of the installation.
UNDER_NO_KEY = {"counselling_phonepage"}
KEY_FILES = ("keys.json", "vault.json")


def measure_readable() -> dict[str, float]:
    """Return how many sealed values open without key files, and of reserved people with the office's file alone.

    Before the attack with the office's file its key is rotated and the old one retired: what it wrapped before a file
    was reserved lies in replaced rows and in the write-ahead log until then, which is the second control.
    """
    from tests.trust.attacking import open_cells, read_cells, read_key_files
    from tests.trust.searching import plant_markers

    with tempfile.TemporaryDirectory() as folder, plant_markers(Path(folder)) as written:
        home, disk = Path(folder), [file for found in written.places.values() for file in found]
        files = [home / name for name in KEY_FILES]
        cells = [cell for cell in read_cells(written.places["dump"][0]) if cell.table not in UNDER_NO_KEY]
        reserved = {cell.row["id"] for cell in cells if cell.row.get("key_name", "").startswith("vault-")
                    and cell.table == "people_person"}  # fmt: skip
        without_keys = _attack(cells, [file for file in disk if file not in files])
        opened_by_all = open_cells(cells, read_key_files(*files))
        found_beside_keys = _attack(cells, files)
        old = _attack_reserved(cells, reserved, disk, read_key_files(files[0]))
        _rotate(home)
        cells = [cell for cell in read_cells(_dump(home)) if cell.table not in UNDER_NO_KEY]
        rotated = [file for file in home.rglob("*") if file.is_file() and file not in files]
        rotated += [file for file in _data_of(home).rglob("*") if file.is_file()]
        new = _attack_reserved(cells, reserved, rotated, read_key_files(files[0]))
        return {
            "sealed": len(cells),
            "reserved_people": len(reserved),
            "readable": len(without_keys) + len(new),
            "control_readable": len(found_beside_keys),
            "control_share": len(opened_by_all) / len(cells),
            "control_unrotated": len(old),
        }


def _attack(cells: list[Any], disk: list[Path]) -> list[Any]:
    """Return what opens with any 32 bytes on the disk, tried on one value that each wrapping key wrapped."""
    from tests.trust.attacking import WRAPPED, find_candidates, open_cells, try_candidates

    wraps = [cell for cell in cells if len(cell.sealed) == WRAPPED and "key_name" in cell.row]
    targets = list({cell.row["key_name"]: cell for cell in wraps}.values())
    keys: set[bytes] = set()
    for file in disk:
        keys |= try_candidates(targets, find_candidates(file.read_bytes()))
    return open_cells(cells, keys) if keys else []


def _attack_reserved(cells: list[Any], reserved: set[str], disk: list[Path], keys: set[bytes]) -> list[Any]:
    """Return which values of reserved people open with some keys and all that these ever wrapped on the disk."""
    from tests.trust.attacking import find_wraps, open_cells

    wrapped = {key for file in disk for key in find_wraps(file.read_bytes(), keys)}
    return [cell for cell in open_cells(cells, keys | wrapped) if cell.person_id in reserved]


def _rotate(home: Path) -> None:
    """Change the office's key as an operator does, and retire the old one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUENTE_")} | {
        "PUENTE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": _python_path(),
    }  # fmt: skip
    for command in (["rotate", "--realm", "office"], ["retire", "office-1"]):
        words = f"import sys; sys.argv = {['puente', 'keys', *command]!r}; from puente.console import main; main()"
        subprocess.run([sys.executable, "-c", words], cwd=CHECKOUT, env=environment, check=True, stdout=sys.stderr)


def _dump(home: Path) -> Path:
    from puente.platform import embedded_postgres
    from tests.trust.searching import dump_tables

    cluster = embedded_postgres.describe(home)
    with embedded_postgres.running(cluster):
        embedded_postgres.query(cluster, "CHECKPOINT")
        return dump_tables(cluster, home)


def _data_of(home: Path) -> Path:
    from puente.platform import embedded_postgres

    return embedded_postgres.describe(home).data


def _python_path() -> str:
    return os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]))


def measure_rotation() -> dict[str, float]:
    """Return how many of at least 100,000 records do not open after both keys were changed while others wrote."""
    from benchmarks.trust.scratch import scratch_database

    with _own_key_files() as files, scratch_database("keys"):
        offices, staff = _fill(PEOPLE)
        return rotate_while_writing(files, offices, staff)


def rotate_while_writing(files: dict[Any, Path], offices: list[UUID], staff: dict[str, UUID]) -> dict[str, float]:
    """Rotate both realms of the connected database under writers; the control skips one row in 97."""
    from puente.platform.key_files import add_key, remove_key
    from puente.platform.keys import Realm
    from puente.platform.rewrapping import count_uses, retire_key, rewrap_all

    with _writers(offices[0], staff) as finish:
        old = {realm: add_key(files[realm], realm) for realm in Realm}
        began = time.perf_counter()
        rewrapped = sum(rows for realm in Realm for rows in rewrap_all(realm))
        seconds = time.perf_counter() - began
        done = finish()
    for realm in Realm:
        rewrapped += sum(rewrap_all(realm))
        name = f"{realm}-1"
        retire_key(name, lambda realm=realm, name=name: remove_key(files[realm], name))
    records, undecryptable = count_undecryptable()
    uses = count_uses()
    return {
        "records": records,
        "rewrapped": rewrapped,
        "seconds": round(seconds, 1),
        "written_meanwhile": sum(done["written"].values()),
        "writer_errors": done["errors"],
        "old_uses": sum(rows for name, rows in uses.items() if name not in old.values()),
        "undecryptable": undecryptable + done["errors"],
        **_skip_rows(files[Realm.OFFICE]),
    }


def count_undecryptable() -> tuple[int, int]:
    """Return how many wrapped keys and identities there are in all tables, and how many of them do not open."""
    from cryptography.exceptions import InvalidTag
    from django.db import connections

    from puente.people.sealed import unseal_identity
    from puente.platform.keys import KeysUnavailable, Realm, load_keyring
    from puente.platform.rewrapping import OWNER, registered_tables
    from puente.platform.sealing import SealBroken, unwrap_key

    keyring, records, lost, data_keys = load_keyring(), 0, 0, {}
    with connections[OWNER].cursor() as cursor:
        for keys in registered_tables():
            columns = (keys.primary_key, "key_name", "wrapped_key", *keys.columns)
            cursor.execute(f"SELECT {', '.join(columns)} FROM {keys.table}")
            for values in cursor.fetchall():
                row, records = dict(zip(columns, values, strict=True)), records + 1
                binding = keys.bind(row, Realm(row["key_name"].partition("-")[0]))
                try:
                    data_key = unwrap_key(keyring, row["key_name"], bytes(row["wrapped_key"]), binding)
                except (KeysUnavailable, SealBroken, InvalidTag):
                    lost += 1
                else:
                    if keys.table == "people_person":
                        data_keys[row["id"]] = data_key
        cursor.execute("SELECT person_id, version, sealed FROM people_identity")
        for person_id, version, sealed in cursor.fetchall():
            records += 1
            try:
                unseal_identity(data_keys[person_id], person_id, version, bytes(sealed))
            except (KeyError, SealBroken):
                lost += 1
    return records, lost


def _skip_rows(file: Path) -> dict[str, float]:
    """Rotate once more and leave rows out: retiring must refuse, and without the old key they are lost."""
    from puente.platform import rewrapping
    from puente.platform.key_files import add_key, remove_key
    from puente.platform.keys import KeysUnavailable, Realm

    name = add_key(file, Realm.OFFICE)
    before = f"office-{int(name.rpartition('-')[2]) - 1}"
    lock_batch = rewrapping._lock_batch

    def lock_most(keys: Any, realm: Any, after: Any) -> list[dict[str, Any]]:
        rows = lock_batch(keys, realm, after)
        return [row for row in rows if row[keys.primary_key].int % SKIPPED] or rows[:1]

    rewrapping._lock_batch = lock_most
    try:
        for keys in rewrapping.registered_tables():
            for _rows in rewrapping._rewrap_table(keys, Realm.OFFICE):
                pass
    finally:
        rewrapping._lock_batch = lock_batch
    try:
        rewrapping.retire_key(before, lambda: remove_key(file, before))
        noticed = 0
    except KeysUnavailable:
        noticed = 1
    remove_key(file, before)
    return {"control_noticed": noticed, "control_undecryptable": count_undecryptable()[1]}


@contextmanager
def _own_key_files() -> Iterator[dict[Any, Path]]:
    from puente.platform.keys import Realm

    folder = Path(tempfile.mkdtemp())
    os.environ["PUENTE_KEY_FILE"], os.environ["PUENTE_VAULT_KEY_FILE"] = (str(folder / name) for name in KEY_FILES)
    try:
        yield {Realm.OFFICE: folder / KEY_FILES[0], Realm.VAULT: folder / KEY_FILES[1]}
    finally:
        shutil.rmtree(folder)


def _fill(people: int) -> tuple[list[UUID], dict[str, UUID]]:
    """Write people as the product seals them, and the staff who will write beside the rotation."""
    from django.db import connections
    from django.utils import timezone

    from puente.engines.identity.names import PersonName
    from puente.people.sealed import IdentityDocument, create_person_key, seal_identity
    from puente.platform.ids import make_id
    from tests.cast import build_cast

    cast = build_cast()
    staff = {role: cast.users[role].pk for role in ("reception", "protection")}
    office, now = cast.bridge.pk, timezone.now().isoformat()
    document = IdentityDocument(PersonName("Noemí", "Xicale", "Tzintzun"))
    connections["owner"].ensure_connection()
    with connections["owner"].connection.cursor() as cursor:
        rows = []
        for _number in range(people):
            person_id = make_id()
            data_key, wrapped = create_person_key(person_id)
            rows.append((person_id, wrapped, seal_identity(data_key, person_id, 1, document)))
        with cursor.copy(
            "COPY people_person (id, office_id, sensitivity, key_name, wrapped_key, version, is_identity_established,"
            " sex, birth_precision, languages, needs_interpreter, created_at, created_by) FROM STDIN"
        ) as copy:
            for person_id, wrapped, _sealed in rows:
                copy.write_row((person_id, office, 2, wrapped.key_name, wrapped.wrapped, 1, True, "F", "unknown", "{}",
                                False, now, office))  # fmt: skip
        with cursor.copy("COPY people_personoffice (person_id, office_id, since) FROM STDIN") as copy:
            for person_id, _wrapped, _sealed in rows:
                copy.write_row((person_id, office, now))
        with cursor.copy(
            "COPY people_identity (id, person_id, version, sealed, facts, reason, made_at, made_by) FROM STDIN"
        ) as copy:
            for person_id, _wrapped, sealed in rows:
                copy.write_row((person_id, person_id, 1, sealed, "{}", "registered", now, office))
    return [office], staff


Finish = Callable[[], dict[str, Any]]


@contextmanager
def _writers(office_id: UUID, staff: dict[str, UUID]) -> Iterator[Finish]:
    """Let three processes register, correct and reserve people until they are told to finish."""
    context = get_context("spawn")
    stop, told, written = context.Event(), context.Queue(), context.Array("i", 3)
    work = {"register": "reception", "correct": "reception", "reserve": "protection"}
    writers = [
        context.Process(target=_write, args=(what, office_id, staff[role], stop, told, written, number))
        for number, (what, role) in enumerate(work.items())
    ]
    for writer in writers:
        writer.start()
    while min(written) < WARM and all(writer.is_alive() for writer in writers):
        time.sleep(0.1)

    def finish() -> dict[str, Any]:
        stop.set()
        reports = [told.get(timeout=120) for _writer in writers]
        for writer in writers:
            writer.join()
        return {
            "written": {what: written for what, written, _errors in reports},
            "errors": sum(errors for _what, _written, errors in reports),
        }

    try:
        yield finish
    finally:
        stop.set()
        for writer in writers:
            writer.join(timeout=30)


def _write(what: str, office_id: UUID, user_id: UUID, stop: Any, told: Any, progress: Any, number: int) -> None:
    """One process of the product that writes; a key that is missing at any moment counts as an error."""
    import django

    django.setup()
    from django.utils import timezone

    from puente.accounts.models import User
    from puente.accounts.selectors import build_actor
    from puente.engines.identity.names import PersonName
    from puente.people.models import Person
    from puente.people.sealed import IdentityDocument
    from puente.people.services import PersonFacts, correct_person, register_person, reserve_person
    from puente.platform.keys import KeysUnavailable
    from puente.platform.policy import Purpose
    from puente.platform.row_security import acting_as
    from puente.platform.sealing import SealBroken

    dice, written, errors, mine = random.Random(SEED), 0, 0, []
    identity, facts = IdentityDocument(PersonName("Wilberth", "Pech", "Canul")), PersonFacts(sex="M", birth_year=1990)
    user = User.objects.get(pk=user_id)
    with acting_as(build_actor(user, timezone.now())):
        ids = list(Person.objects.values_list("pk", flat=True)[:20_000])
    dice.shuffle(ids)
    # Nobody corrects whom somebody else reserves: they may not.
    chosen = iter([one for one in ids if one.int % 2 == (what == "correct")])
    while not stop.is_set():
        now = timezone.now()
        actor = build_actor(user, now, now)
        try:
            with acting_as(actor):
                if what == "register":
                    mine.append(
                        register_person(
                            actor=actor, office_id=office_id, identity=identity, facts=facts, now=now
                        ).pk
                    )  # fmt: skip
                elif what == "correct":
                    correct_person(
                        actor=actor, person_id=next(chosen), identity=identity, facts=facts,
                        purpose=Purpose.RECEPTION, now=now,
                    )  # fmt: skip
                else:
                    reserve_person(
                        actor=actor, person_id=next(chosen), office_id=office_id, assigned_to=actor.id, now=now
                    )
            written += 1
            progress[number] = written
        except (KeysUnavailable, SealBroken) as problem:
            print(f"{what}: {problem!r}", file=sys.stderr)
            errors += 1
        except StopIteration:
            break
    told.put((what, written, errors))
