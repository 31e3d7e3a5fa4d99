import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from puente.platform import keys
from puente.platform.key_files import create_key_files
from puente.platform.keys import KeysUnavailable, Realm, read_key_files
from puente.platform.sealing import (
    BLOCK_BYTES,
    SealBroken,
    create_data_key,
    seal,
    seal_document,
    unseal,
    unseal_document,
    unwrap_key,
    wrap_key,
)


@pytest.fixture
def keyring(tmp_path):
    create_key_files(tmp_path / "keys.json", tmp_path / "vault.json")
    return read_key_files(tmp_path / "keys.json", tmp_path / "vault.json")


@given(content=st.binary(max_size=300))
def test_what_was_sealed_is_unsealed(content):
    data_key = create_data_key()
    assert unseal(data_key, seal(data_key, content, "a|1"), "a|1") == content


@given(content=st.binary(max_size=200), position=st.integers(0, 10_000))
def test_any_changed_byte_breaks_the_seal(content, position):
    data_key = create_data_key()
    sealed = bytearray(seal(data_key, content, "a|1"))
    sealed[position % len(sealed)] ^= 1
    with pytest.raises(SealBroken):
        unseal(data_key, bytes(sealed), "a|1")


def test_a_seal_moved_to_another_record_is_broken():
    data_key = create_data_key()
    sealed = seal_document(data_key, {"name": "Güémez"}, "identity|1|1")
    assert unseal_document(data_key, sealed, "identity|1|1") == {"name": "Güémez"}
    with pytest.raises(SealBroken):
        unseal_document(data_key, sealed, "identity|2|1")


def test_names_of_different_length_look_alike():
    data_key = create_data_key()
    lengths = {len(seal(data_key, b"x" * length, "a")) for length in range(BLOCK_BYTES - 4)}
    assert len(lengths) == 1


def test_a_wrapped_key_opens_only_for_its_record(keyring):
    data_key = create_data_key()
    name, wrapped = wrap_key(keyring, data_key, "person|1")
    assert unwrap_key(keyring, name, wrapped, "person|1") == data_key
    with pytest.raises(SealBroken):
        unwrap_key(keyring, name, wrapped, "person|2")
    with pytest.raises(KeysUnavailable):
        unwrap_key(keyring, "office-9", wrapped, "person|1")


def test_a_key_wrapped_for_the_vault_needs_the_vaults_file(tmp_path, keyring):
    data_key = create_data_key()
    name, wrapped = wrap_key(keyring, data_key, "person|1|protection", Realm.VAULT)
    assert name == "vault-1"
    assert unwrap_key(keyring, name, wrapped, "person|1|protection") == data_key
    with pytest.raises(SealBroken):
        unwrap_key(keyring, name, wrapped, "person|1|counselling")
    without_vault = read_key_files(tmp_path / "keys.json", tmp_path / "nowhere.json")
    with pytest.raises(KeysUnavailable):
        unwrap_key(without_vault, name, wrapped, "person|1|protection")
    with pytest.raises(KeysUnavailable):
        wrap_key(without_vault, data_key, "person|1|protection", Realm.VAULT)


@pytest.mark.parametrize("name", ["keys.json", "vault.json"])
def test_a_key_file_that_others_can_read_is_refused(tmp_path, keyring, name):
    file = tmp_path / name
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(KeysUnavailable, match="600"):
        read_key_files(tmp_path / "keys.json", tmp_path / "vault.json")


def test_key_files_are_never_overwritten(tmp_path, keyring):
    before = [(tmp_path / name).read_bytes() for name in ("keys.json", "vault.json")]
    create_key_files(tmp_path / "keys.json", tmp_path / "vault.json")
    assert [(tmp_path / name).read_bytes() for name in ("keys.json", "vault.json")] == before


def test_search_hashes_differ_between_installations(tmp_path):
    rings = []
    for name in ("a", "b"):
        files = tmp_path / f"{name}.json", tmp_path / f"{name}_vault.json"
        create_key_files(*files)
        rings.append(read_key_files(*files))
    assert rings[0].hash_search_key("s|TSNTSN") != rings[1].hash_search_key("s|TSNTSN")
    assert rings[0].hash_search_key("s|TSNTSN") == rings[0].hash_search_key("s|TSNTSN")
    assert -(2**63) <= rings[0].hash_search_key("x") < 2**63


def test_the_secret_of_the_web_server_stays_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("PUENTE_HOME", str(tmp_path))
    assert keys.load_secret("web") == keys.load_secret("web")


def test_a_sealed_value_is_what_the_format_says():
    data_key = create_data_key()
    assert len(data_key) == 32
    sealed = seal_document(data_key, {"name": "Güémez"}, "identity|1|1")
    assert sealed[:1] == b"\x01"
    padded = AESGCM(data_key).decrypt(sealed[1:13], sealed[13:], b"identity|1|1")
    content = '{"name": "Güémez"}'.encode()
    assert padded == len(content).to_bytes(4, "big") + content + bytes(64 - (len(content) + 4) % 64)
    assert len(padded) % 64 == 0


def test_two_seals_of_the_same_content_differ():
    data_key = create_data_key()
    assert seal(data_key, b"x", "a") != seal(data_key, b"x", "a")
    assert create_data_key() != data_key


def test_a_broken_seal_says_for_the_log_what_does_not_fit():
    data_key = create_data_key()
    sealed = seal(data_key, b"x", "a")
    with pytest.raises(SealBroken, match=r"^the seal does not fit$") as broken:
        unseal(create_data_key(), sealed, "a")
    # What the library knows of the key goes into no trace.
    assert broken.value.__cause__ is None
    assert broken.value.__suppress_context__
    for wrong in (b"\x02" + sealed[1:], b"", b"\x00"):
        with pytest.raises(SealBroken, match=r"^unknown format$"):
            unseal(data_key, wrong, "a")
    assert unseal(data_key, memoryview(sealed), "a") == b"x"


def test_the_same_words_are_sealed_differently_each_time():
    key = create_data_key()
    sealed = {seal(key, b"the same words", "record") for _ in range(2000)}
    assert len({value[1:13] for value in sealed}) == 2000
    assert len(sealed) == 2000
