"""The keyring: what each key file gives, where the files stand, and that a changed one is noticed."""

import hashlib
import hmac

import pytest

from puente.platform import keys
from puente.platform.key_files import add_key, create_key_files, write_key_file
from puente.platform.keys import (
    Keyring,
    KeysUnavailable,
    Realm,
    key_file,
    load_keyring,
    load_secret,
    read_key_file,
    read_key_files,
    vault_key_file,
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ("PUENTE_KEY_FILE", "PUENTE_VAULT_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PUENTE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def ring():
    wrapping = {"office-1": b"o" * 32, "vault-1": b"v" * 32}
    return Keyring(wrapping, {Realm.OFFICE: "office-1"}, b"i" * 32, b"s" * 32, b"j" * 32)


def test_a_key_that_no_file_holds_is_named(ring):
    assert ring.wrapping_key("vault-1") == b"v" * 32
    with pytest.raises(KeysUnavailable, match=r"^No key file holds the key vault-9\.$") as missing:
        ring.wrapping_key("vault-9")
    assert missing.value.__suppress_context__


def test_the_current_key_of_a_realm_wraps_what_is_new(ring):
    assert ring.current_key(Realm.OFFICE) == ("office-1", b"o" * 32)
    with pytest.raises(KeysUnavailable, match=r"^No key file names a current vault key\.$"):
        ring.current_key(Realm.VAULT)


def test_search_keys_are_hashed_with_the_index_key(ring):
    for text in ("s|TSNTSN", "é"):
        digest = hmac.new(b"i" * 32, text.encode(), hashlib.sha256).digest()
        assert ring.hash_search_key(text) == int.from_bytes(digest[:8], "big", signed=True)
        other = hmac.new(b"j" * 32, text.encode(), hashlib.sha256).digest()
        assert ring.hash_vault_key(text) == int.from_bytes(other[:8], "big", signed=True)
    assert any(ring.hash_search_key(str(number)) < 0 for number in range(9))


def test_without_the_vaults_file_its_search_keys_are_not_hashed():
    ring = Keyring({}, {}, b"i" * 32, b"s" * 32)
    with pytest.raises(KeysUnavailable, match=r"^The vault's key file is not here\.$"):
        ring.hash_vault_key("x")


def test_no_key_shows_in_what_is_printed(ring):
    assert "oooo" not in repr(ring)
    assert "ssss" not in repr(ring)
    assert "iiii" not in repr(ring)
    assert "jjjj" not in repr(ring)


def test_the_files_stand_at_home_or_where_the_environment_says(home, monkeypatch, tmp_path):
    assert key_file() == home / "keys.json"
    assert vault_key_file() == home / "vault.json"
    monkeypatch.setenv("PUENTE_KEY_FILE", str(tmp_path / "a.json"))
    monkeypatch.setenv("PUENTE_VAULT_KEY_FILE", str(tmp_path / "b.json"))
    assert key_file() == tmp_path / "a.json"
    assert vault_key_file() == tmp_path / "b.json"


def test_the_vaults_file_may_be_missing_and_the_offices_not(tmp_path):
    office, vault = tmp_path / "keys.json", tmp_path / "vault.json"
    create_key_files(office, vault)
    ring = read_key_files(office, vault)
    assert set(ring.wrapping_keys) == {"office-1", "vault-1"}
    assert ring.current == {Realm.OFFICE: "office-1", Realm.VAULT: "vault-1"}
    assert len(ring.index_key) == len(ring.vault_index_key) == 32
    vault.unlink()
    without = read_key_files(office, vault)
    assert without.current == {Realm.OFFICE: "office-1"}
    assert without.vault_index_key is None
    assert without.index_key == ring.index_key
    office.unlink()
    with pytest.raises(
        KeysUnavailable, match=rf"^There is no key file at {office}\. Bring it back from its safe copy\.$"
    ):
        read_key_files(office, vault)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610, 0o601, 0o620, 0o602])
def test_a_file_that_others_reach_is_refused(tmp_path, mode):
    office, vault = tmp_path / "keys.json", tmp_path / "vault.json"
    create_key_files(office, vault)
    office.chmod(mode)
    with pytest.raises(KeysUnavailable, match=rf"^Others can read {office}\. Set its mode to 600\.$"):
        read_key_file(office)


def test_a_file_that_lacks_its_index_key_says_what_to_do(tmp_path):
    office, vault = tmp_path / "keys.json", tmp_path / "vault.json"
    create_key_files(office, vault)
    content = read_key_file(office)
    del content["index_key"]
    write_key_file(office, content)
    with pytest.raises(KeysUnavailable, match=r"^A key file holds no index_key: Run puente keys complete\.$"):
        read_key_files(office, vault)


def test_a_changed_file_is_noticed_without_a_restart(home):
    create_key_files(key_file(), vault_key_file())
    before = load_keyring()
    assert load_keyring() is before
    assert add_key(vault_key_file(), Realm.VAULT) == "vault-2"
    after = load_keyring()
    assert after.current[Realm.VAULT] == "vault-2"
    assert after.wrapping_keys.keys() - before.wrapping_keys.keys() == {"vault-2"}
    add_key(key_file(), Realm.OFFICE)
    assert load_keyring().current[Realm.OFFICE] == "office-2"
    vault_key_file().unlink()
    assert Realm.VAULT not in load_keyring().current
    key_file().chmod(0o644)
    with pytest.raises(KeysUnavailable):
        load_keyring()


def test_another_home_has_other_keys(home, monkeypatch, tmp_path):
    create_key_files(key_file(), vault_key_file())
    one = load_keyring()
    monkeypatch.setenv("PUENTE_HOME", str(tmp_path / "other"))
    create_key_files(key_file(), vault_key_file())
    assert load_keyring().index_key != one.index_key


def test_a_secret_of_the_installation_is_made_once_for_its_owner_alone(home):
    secret = load_secret("web")
    file = home / "web.secret"
    assert load_secret("web") == secret == file.read_text()
    assert len(secret) == 64
    assert load_secret("other") != secret
    assert file.stat().st_mode & 0o777 == 0o600
    assert home.stat().st_mode & 0o777 == 0o700


def test_a_secret_is_made_where_no_folder_stands_yet(monkeypatch, tmp_path):
    monkeypatch.setattr(keys, "find_home", lambda: tmp_path / "deep" / "home")
    assert load_secret("web") == (tmp_path / "deep" / "home" / "web.secret").read_text()
