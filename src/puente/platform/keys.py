"""The keys that stand outside the database.

Office keys wrap the data keys of people, vault keys those of people who are protected, the index key hashes search
keys, the signing key signs the heads of the audit. The demo keeps them in two files that only their owner reads;
docs/howto/keys.md says how a real office keeps them, and why the vault's stand apart.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from puente.platform.paths import find_home

#: What of the environment says where the key files stand.
PLACES = ("PUENTE_HOME", "PUENTE_KEY_FILE", "PUENTE_VAULT_KEY_FILE")
#: Inode, time of change and mode of a file; None where there is none.
Stamp = tuple[int, int, int] | None


class KeysUnavailable(Exception):
    """A key file is missing, open to others, or does not hold the key that is asked for."""


class Realm(StrEnum):
    """Whose keys wrap a data key."""

    OFFICE = "office"
    VAULT = "vault"


#: What a key file holds beside its wrapping keys.
PARTS: dict[Realm, tuple[str, ...]] = {Realm.OFFICE: ("index_key", "signing_key"), Realm.VAULT: ("index_key",)}


@dataclass(frozen=True)
class Keyring:
    """Wrapping keys by name, the name of the one that wraps new data keys in each realm, index keys and signing key.

    Names begin with their realm: `office-1`, `vault-2`. The vault has an index key of its own.
    """

    wrapping_keys: dict[str, bytes] = field(repr=False)
    current: dict[Realm, str]
    index_key: bytes = field(repr=False)
    signing_key: bytes = field(repr=False)
    vault_index_key: bytes | None = field(default=None, repr=False)

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
        return _hash(self.index_key, search_key)

    def hash_vault_key(self, search_key: str) -> int:
        """Return the keyed hash of one search key of a reserved person; raises KeysUnavailable without the vault."""
        if self.vault_index_key is None:
            raise KeysUnavailable("The vault's key file is not here.")
        return _hash(self.vault_index_key, search_key)


def _hash(index_key: bytes, search_key: str) -> int:
    digest = hmac.digest(index_key, search_key.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


def key_file() -> Path:
    """Return where the key file stands: `PUENTE_KEY_FILE`, or in the home folder."""
    return Path(os.environ.get("PUENTE_KEY_FILE") or find_home() / "keys.json")


def vault_key_file() -> Path:
    """Return where the vault's key file stands: `PUENTE_VAULT_KEY_FILE`, or in the home folder."""
    return Path(os.environ.get("PUENTE_VAULT_KEY_FILE") or find_home() / "vault.json")


def read_key_files(office_file: Path, vault_file: Path) -> Keyring:
    """Read the office's key file and, where this installation holds one, the vault's.

    Raises:
        KeysUnavailable: where the office's is missing, or others than its owner may read one of them.
    """
    contents = {Realm.OFFICE: read_key_file(office_file)}
    if vault_file.exists():
        contents[Realm.VAULT] = read_key_file(vault_file)
    return Keyring(
        wrapping_keys={
            name: base64.b64decode(key) for content in contents.values() for name, key in content["keys"].items()
        },
        current={realm: content["current"] for realm, content in contents.items()},
        index_key=_decode(contents[Realm.OFFICE], "index_key"),
        signing_key=_decode(contents[Realm.OFFICE], "signing_key"),
        vault_index_key=_decode(contents[Realm.VAULT], "index_key") if Realm.VAULT in contents else None,
    )


def read_key_file(file: Path) -> dict[str, Any]:
    """Return what a key file holds; raises KeysUnavailable where it is missing or others can read it."""
    if not file.exists():
        raise KeysUnavailable(f"There is no key file at {file}. Bring it back from its safe copy.")
    if file.stat().st_mode & 0o077:
        raise KeysUnavailable(f"Others can read {file}. Set its mode to 600.")
    content: dict[str, Any] = json.loads(file.read_text())
    return content


def load_keyring() -> Keyring:
    """Return the keys of this installation. A changed key file is noticed at the next call, without a restart."""
    office_file, vault_file = _find_files(*(os.environ.get(name) for name in PLACES))
    return _read_once(office_file, vault_file, _stamp(office_file), _stamp(vault_file))


@lru_cache(maxsize=8)
def _find_files(*_environment: str | None) -> tuple[str, str]:
    # Asked for every key that is opened: the paths are resolved once.
    return str(key_file()), str(vault_key_file())


@lru_cache(maxsize=2)
def _read_once(office_file: str, vault_file: str, _office: Stamp, _vault: Stamp) -> Keyring:
    return read_key_files(Path(office_file), Path(vault_file))


def _stamp(file: str) -> Stamp:
    # A file is only ever replaced whole, so that a new one has another inode.
    try:
        status = os.stat(file)
    except FileNotFoundError:
        return None
    return status.st_ino, status.st_mtime_ns, status.st_mode


def _decode(content: dict[str, Any], name: str) -> bytes:
    if name not in content:
        raise KeysUnavailable(f"A key file holds no {name}: Run puente keys complete.")
    return base64.b64decode(content[name])


def load_secret(name: str) -> str:
    """Return a random secret of this installation that is not for people's data, made on first use."""
    file = find_home() / f"{name}.secret"
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
    return file.read_text()
