import json
import multiprocessing

import pytest

from puente.platform.key_files import add_key, create_key_files, list_keys, remove_key, write_key_file
from puente.platform.keys import KeysUnavailable, Realm, load_keyring, read_key_files
from puente.platform.sealing import create_data_key, unwrap_key, wrap_key


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.setenv("PUENTE_HOME", str(tmp_path))
    create_key_files(tmp_path / "keys.json", tmp_path / "vault.json")
    return tmp_path / "keys.json", tmp_path / "vault.json"


def test_a_new_key_is_used_without_a_restart(files):
    data_key = create_data_key()
    name, wrapped = wrap_key(load_keyring(), data_key, "person|1")
    assert name == "office-1"
    assert add_key(files[0], Realm.OFFICE) == "office-2"
    assert wrap_key(load_keyring(), data_key, "person|1")[0] == "office-2"
    assert unwrap_key(load_keyring(), name, wrapped, "person|1") == data_key
    assert load_keyring().current[Realm.VAULT] == "vault-1"


def test_a_key_file_keeps_its_mode_and_everything_else_in_it(files):
    content = json.loads(files[0].read_text()) | {"another_key": "abc"}
    write_key_file(files[0], content)
    add_key(files[0], Realm.OFFICE)
    assert files[0].stat().st_mode & 0o777 == 0o600
    after = json.loads(files[0].read_text())
    assert after["another_key"] == "abc"
    assert after["index_key"] == content["index_key"]
    assert after["keys"]["office-1"] == content["keys"]["office-1"]
    assert not [
        file for file in files[0].parent.iterdir() if file.name.startswith(".keys.json.") and file.suffix != ".lock"
    ]


def test_the_current_key_is_not_removed_and_no_name_is_used_twice(files):
    with pytest.raises(KeysUnavailable, match="puente keys rotate"):
        remove_key(files[1], "vault-1")
    add_key(files[1], Realm.VAULT)
    remove_key(files[1], "vault-1")
    with pytest.raises(KeysUnavailable):
        remove_key(files[1], "vault-1")
    assert "vault-1" not in load_keyring().wrapping_keys
    assert add_key(files[1], Realm.VAULT) == "vault-3"
    assert [key.name for key in list_keys(Realm.VAULT, files[1]) if key.is_current] == ["vault-3"]


def test_a_file_of_an_earlier_version_gets_what_it_lacks(files):
    content = json.loads(files[1].read_text())
    del content["index_key"]
    write_key_file(files[1], content)
    with pytest.raises(KeysUnavailable, match="puente keys complete"):
        read_key_files(*files)
    create_key_files(*files)
    assert read_key_files(*files).vault_index_key
    assert json.loads(files[1].read_text())["keys"] == content["keys"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(files, monkeypatch):
    before = files[0].read_bytes()
    with pytest.raises(TypeError):
        write_key_file(files[0], {"keys": object()})
    assert files[0].read_bytes() == before
    assert sorted(file.name for file in files[0].parent.iterdir() if not file.name.startswith(".")) == [
        "keys.json",
        "vault.json",
    ]


def _add(file):
    return add_key(file, Realm.OFFICE)


def test_two_processes_that_add_keys_lose_none(files):
    with multiprocessing.get_context("fork").Pool(4) as pool:
        names = pool.map(_add, [files[0]] * 8)
    assert sorted(names, key=lambda name: int(name[7:])) == [f"office-{number}" for number in range(2, 10)]
    assert len(load_keyring().wrapping_keys) == 10


def test_keys_are_shown_in_no_message(files):
    assert load_keyring().index_key.hex() not in repr(load_keyring())
    assert "wrapping_keys" not in repr(load_keyring())
