import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.platform import keys
from puente.platform.keys import KeysUnavailable, create_key_file, read_key_file
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
    create_key_file(tmp_path / "keys.json")
    return read_key_file(tmp_path / "keys.json")


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


def test_a_key_file_that_others_can_read_is_refused(tmp_path):
    file = tmp_path / "keys.json"
    create_key_file(file)
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o640)
    with pytest.raises(KeysUnavailable, match="600"):
        read_key_file(file)


def test_a_key_file_is_never_overwritten(tmp_path):
    file = tmp_path / "keys.json"
    create_key_file(file)
    with pytest.raises(FileExistsError):
        create_key_file(file)


def test_search_hashes_differ_between_installations(tmp_path):
    rings = []
    for name in ("a.json", "b.json"):
        create_key_file(tmp_path / name)
        rings.append(read_key_file(tmp_path / name))
    assert rings[0].hash_search_key("s|TSNTSN") != rings[1].hash_search_key("s|TSNTSN")
    assert rings[0].hash_search_key("s|TSNTSN") == rings[0].hash_search_key("s|TSNTSN")
    assert -(2**63) <= rings[0].hash_search_key("x") < 2**63


def test_the_secret_of_the_web_server_stays_the_same(tmp_path, monkeypatch):
    monkeypatch.setenv("PUENTE_HOME", str(tmp_path))
    assert keys.load_secret("web") == keys.load_secret("web")
