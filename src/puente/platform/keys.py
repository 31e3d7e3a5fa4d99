"""The keys that stand outside the database.

Office keys wrap the data keys of people, vault keys those of people who are protected, the index key hashes search
keys. The demo keeps them in two files that only their owner reads; docs/howto/keys.md says how a real office keeps
them, and why the vault's stand apart.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from puente.platform.paths import find_home

KEY_BYTES = 32


class KeysUnavailable(Exception):
    """A key file is missing, open to others, or does not hold the key that is asked for."""


class Realm(StrEnum):
    """Whose keys wrap a data key."""

    OFFICE = "office"
    VAULT = "vault"


@dataclass(frozen=True)
class Keyring:
    """Wrapping keys by name, the name of the one that wraps new data keys in each realm, and the index key.

    Names begin with their realm: `office-1`, `vault-2`.
    """

    wrapping_keys: dict[str, bytes]
    current: dict[Realm, str]
    index_key: bytes

    def wrapping_key(self, name: str) -> bytes:
        """Return a wrapping key by name; raises KeysUnavailable where no key file holds it."""
        try:
            return self.wrapping_keys[name]
        except KeyError:
            raise KeysUnavailable(f"No key file holds the key {name}.") from None

    def current_key(self, realm: Realm) -> tuple[str, bytes]:
        """Return name and bytes of the key that wraps new data keys in a realm; raises KeysUnavailable."""
        if realm not in self.current:
            raise KeysUnavailable(f"No key file names a current {realm} key.")
        return self.current[realm], self.wrapping_key(self.current[realm])

    def hash_search_key(self, search_key: str) -> int:
        """Return the keyed hash of one search key: 64 bits, signed, as PostgreSQL's bigint."""
        digest = hmac.digest(self.index_key, search_key.encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big", signed=True)


def key_file() -> Path:
    """Return where the key file stands: `PUENTE_KEY_FILE`, or in the home folder."""
    return Path(os.environ.get("PUENTE_KEY_FILE") or find_home() / "keys.json")


def vault_key_file() -> Path:
    """Return where the vault's key file stands: `PUENTE_VAULT_KEY_FILE`, or in the home folder."""
    return Path(os.environ.get("PUENTE_VAULT_KEY_FILE") or find_home() / "vault.json")


def create_key_files(office_file: Path, vault_file: Path) -> None:
    """Write the key files of a new installation, each where it is missing; none is ever overwritten."""
    if not office_file.exists():
        index_key = _encode(secrets.token_bytes(KEY_BYTES))
        _write_new_file(office_file, _create_realm(Realm.OFFICE) | {"index_key": index_key})
    if not vault_file.exists():
        _write_new_file(vault_file, _create_realm(Realm.VAULT))


def _create_realm(realm: Realm) -> dict[str, object]:
    name = f"{realm}-1"
    return {"current": name, "keys": {name: _encode(secrets.token_bytes(KEY_BYTES))}}


def _write_new_file(file: Path, content: dict[str, object]) -> None:
    """Write a file of mode 0600; an existing one is never overwritten."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(content, handle, indent=1)


def read_key_files(office_file: Path, vault_file: Path) -> Keyring:
    """Read the office's key file and, where this installation holds one, the vault's.

    Raises:
        KeysUnavailable: where the office's is missing, or others than its owner may read one of them.
    """
    contents = {Realm.OFFICE: _read_key_file(office_file)}
    if vault_file.exists():
        contents[Realm.VAULT] = _read_key_file(vault_file)
    return Keyring(
        wrapping_keys={
            name: base64.b64decode(key) for content in contents.values() for name, key in content["keys"].items()
        },
        current={realm: content["current"] for realm, content in contents.items()},
        index_key=base64.b64decode(contents[Realm.OFFICE]["index_key"]),
    )


def _read_key_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        raise KeysUnavailable(f"There is no key file at {file}. Bring it back from its safe copy.")
    if file.stat().st_mode & 0o077:
        raise KeysUnavailable(f"Others can read {file}. Set its mode to 600.")
    content: dict[str, Any] = json.loads(file.read_text())
    return content


@cache
def load_keyring() -> Keyring:
    """Return the keys of this installation, read once per process."""
    return read_key_files(key_file(), vault_key_file())


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()


def load_secret(name: str) -> str:
    """Return a random secret of this installation that is not for people's data, made on first use."""
    file = find_home() / f"{name}.secret"
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text()
