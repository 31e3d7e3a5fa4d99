"""Changing the keys that wrap data keys, while others read and write."""

import argparse

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.people.models import Person
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, open_person, read_person, register_person
from puente.platform import rewrapping
from puente.platform.key_files import add_key, create_key_files, remove_key
from puente.platform.keys import KeysUnavailable, Realm
from puente.platform.policy import Purpose
from puente.platform.rewrapping import count_outdated, count_uses, registered_tables, retire_key, rewrap_all
from puente.platform.row_security import acting_as
from puente.protection.models import Case
from puente.protection.services import create_case, open_case
from puente.protection.services.watch import watch_for_return
from tests.protection.conftest import step_up


@pytest.fixture
def own_keys(tmp_path, monkeypatch):
    """Key files of this test alone, since other tests' rows must go on opening."""
    for name in ("KEY", "VAULT_KEY"):
        monkeypatch.setenv(f"PUENTE_{name}_FILE", str(tmp_path / f"{name.lower()}.json"))
    files = {Realm.OFFICE: tmp_path / "key.json", Realm.VAULT: tmp_path / "vault_key.json"}
    create_key_files(files[Realm.OFFICE], files[Realm.VAULT])
    return files


def test_every_table_with_a_wrapped_key_is_registered(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name::text FROM information_schema.columns WHERE column_name = 'wrapped_key'"
            " AND table_schema = 'public'"
        )
        tables = {row[0] for row in cursor.fetchall()}
    assert tables == {keys.table for keys in registered_tables()}
    assert "people_person" in tables


def test_the_names_of_the_columns_are_those_of_the_models(db):
    models = {model._meta.db_table: model for model in apps.get_models()}
    for keys in registered_tables():
        columns = {field.column for field in models[keys.table]._meta.fields}
        assert {"key_name", "wrapped_key", keys.primary_key, *keys.columns} <= columns


@pytest.fixture
def people(own_keys, own_database):
    """The cast, and three people, the first with a case, under keys of this test."""
    from tests.cast import build_cast

    cast, now = build_cast(), timezone.now()
    with acting_as(cast.reception):
        made = [
            register_person(
                actor=cast.reception, office_id=cast.bridge.pk, identity=IdentityDocument(PersonName("Noemí", surname)),
                facts=PersonFacts(), now=now,
            )
            for surname in ("Xicale", "Pech", "Barraza")
        ]  # fmt: skip
    officer = step_up(cast.protection)
    with acting_as(officer):
        create_case(actor=officer, person_id=made[0].pk, office_id=cast.bridge.pk, now=now)
    return cast, made


def rewrap(realm):
    return sum(rewrap_all(realm))


def test_everything_is_wrapped_anew_and_still_opens(people, own_keys):
    cast, made = people
    vault_rows = count_uses()["vault-1"]
    assert vault_rows > 8
    for realm in Realm:
        add_key(own_keys[realm], realm)
    assert (rewrap(Realm.OFFICE), rewrap(Realm.VAULT)) == (2, vault_rows)
    assert count_uses() == {"office-2": 2, "vault-2": vault_rows}
    for realm in Realm:
        retire_key(f"{realm}-1", lambda realm=realm: remove_key(own_keys[realm], f"{realm}-1"))
    with acting_as(cast.reception):
        names = [read_person(Person.objects.get(pk=person.pk)).identity.name.first_surname for person in made[1:]]
    assert names == ["Pech", "Barraza"]
    officer, now = step_up(cast.protection), timezone.now()
    with acting_as(officer):
        opened = open_person(actor=officer, person_id=made[0].pk, purpose=Purpose.PROTECTION, now=now)
        assert opened.identity.name.first_surname == "Xicale"
        case = open_case(actor=officer, case_id=Case.objects.get().pk, purpose=Purpose.REFERRAL, now=now)
        assert len(case.keys) == 3
    again = register(cast, "Xicale")
    assert watch_for_return(person_id=again.pk, about=again.pk, now=now) == 1


def register(cast, surname):
    with acting_as(cast.reception):
        return register_person(
            actor=cast.reception, office_id=cast.bridge.pk, identity=IdentityDocument(PersonName("Noemí", surname)),
            facts=PersonFacts(), now=timezone.now(),
        )  # fmt: skip


def test_a_row_that_somebody_writes_is_waited_for_and_not_lost(people, own_keys):
    cast, made = people
    add_key(own_keys[Realm.OFFICE], Realm.OFFICE)
    with acting_as(cast.reception):
        Person.objects.select_for_update(of=("self",)).get(pk=made[1].pk)
        batches = rewrap_all(Realm.OFFICE)
        # The other row is done; the locked one is left, and the round ends.
        assert next(batches) == 1
        assert count_outdated(Realm.OFFICE) == 1
    assert sum(batches) == 1
    assert count_outdated(Realm.OFFICE) == 0


def test_a_rotation_that_was_broken_off_goes_on(people, own_keys, monkeypatch):
    monkeypatch.setattr(rewrapping, "BATCH", 1)
    add_key(own_keys[Realm.OFFICE], Realm.OFFICE)
    batches = rewrap_all(Realm.OFFICE)
    next(batches)
    batches.close()
    assert count_outdated(Realm.OFFICE) == 1
    assert rewrap(Realm.OFFICE) == 1
    assert count_outdated(Realm.OFFICE) == 0


def test_a_key_that_still_wraps_something_is_not_retired(people, own_keys):
    add_key(own_keys[Realm.OFFICE], Realm.OFFICE)
    with pytest.raises(KeysUnavailable, match="puente keys rewrap"):
        retire_key("office-1", lambda: remove_key(own_keys[Realm.OFFICE], "office-1"))
    assert "office-1" in own_keys[Realm.OFFICE].read_text()


def test_the_application_cannot_wrap_what_it_may_not_read(people):
    cast, made = people
    with acting_as(cast.reception):
        assert Person.objects.filter(pk=made[0].pk).update(key_name="office-1") == 0


def test_the_commands_rotate_show_and_retire(people, own_keys, capsys):
    from rich.console import Console

    from puente.config import key_commands

    console = Console(width=100)
    options = argparse.Namespace(realm="office")
    assert key_commands.rotate(options, console) == 0
    assert key_commands.retire(argparse.Namespace(name="office-1"), console) == 0
    assert key_commands.show_status(argparse.Namespace(), console) == 0
    told = capsys.readouterr().out
    assert "office-2 is the current office key" in told
    assert "office-1 is gone" in told
    with pytest.raises(KeysUnavailable, match="Names look like"):
        key_commands.retire(argparse.Namespace(name="keys"), console)
    add_key(own_keys[Realm.VAULT], Realm.VAULT)
    assert key_commands.rotate(argparse.Namespace(realm=None), console) == 1
    assert "puente keys rewrap" in capsys.readouterr().out
    assert any("vault-1" in problem for problem in key_commands.find_key_problems())


def test_sheets_are_written_and_typed_back(own_keys, tmp_path, capsys):
    from rich.console import Console

    from puente.config import key_commands
    from puente.platform.recovery_sheets import split_keys, write_lines

    console = Console(width=100)
    options = argparse.Namespace(shares=5, needed=3, to=str(tmp_path / "sheets"), language="es")
    assert key_commands.split(options, console) == 0
    assert len(list((tmp_path / "sheets").glob("*.pdf"))) == 5
    assert key_commands.split(argparse.Namespace(**vars(options) | {"needed": 1}), console) == 1
    share = split_keys(own_keys, shares=3, needed=2)[0]
    lines = write_lines(share)
    answers = iter([lines[0], "wrong " + lines[1], *lines[1:], ""])
    told = []
    assert key_commands.type_sheet(lambda number: next(answers), told.append) == share
    assert told == ["Line 2 has a mistake. Look at it letter by letter and type it again."]


def test_scanned_sheets_bring_the_files_back_through_the_command(own_keys, tmp_path, capsys):
    from rich.console import Console

    from puente.config import key_commands
    from puente.platform.recovery_sheets import split_keys, write_letters

    console = Console(width=100)
    before = {realm: file.read_text() for realm, file in own_keys.items()}
    scanned = []
    for share in split_keys(own_keys, shares=5, needed=3)[1:4]:
        scanned.append(str(tmp_path / f"{share.number}.txt"))
        (tmp_path / f"{share.number}.txt").write_text(write_letters(share))
    with pytest.raises(KeysUnavailable, match="Move it away first"):
        key_commands.recover(argparse.Namespace(files=scanned), console)
    for file in own_keys.values():
        file.unlink()
    assert key_commands.recover(argparse.Namespace(files=scanned), console) == 0
    assert {realm: file.read_text() for realm, file in own_keys.items()} == before
    (tmp_path / "wrong.txt").write_text("A1B2")
    assert key_commands.recover(argparse.Namespace(files=[str(tmp_path / "wrong.txt")]), console) == 1
    assert "not a sheet of Puente" in capsys.readouterr().out
