"""The keys that stand outside the database: office key (wraps data keys) and index key (hashes search keys).

The demo keeps them in a file that only its owner reads; docs/howto/keys.md says how a real office keeps them.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from puente.platform.paths import find_home

KEY_BYTES = 32


class KeysUnavailable(Exception):
    """The key file is missing, open to others, or does not hold the key that is asked for."""


@dataclass(frozen=True)
class Keyring:
    """Office keys by name, the name of the one that wraps new data keys, and the index key."""

    office_keys: dict[str, bytes]
    current: str
    index_key: bytes

    def office_key(self, name: str) -> bytes:
        """Return an office key by name; raises KeysUnavailable where it is not in the file."""
        try:
            return self.office_keys[name]
        except KeyError:
            raise KeysUnavailable(f"The key file does not hold the office key {name}.") from None

    def hash_search_key(self, search_key: str) -> int:
        """Return the keyed hash of one search key: 64 bits, signed, as PostgreSQL's bigint."""
        digest = hmac.digest(self.index_key, search_key.encode(), hashlib.sha256)
        return int.from_bytes(digest[:8], "big", signed=True)


def key_file() -> Path:
    """Return where the key file stands: `PUENTE_KEY_FILE`, or in the home folder."""
    return Path(os.environ.get("PUENTE_KEY_FILE") or find_home() / "keys.json")


def create_key_file(file: Path) -> None:
    """Write new random keys into a file of mode 0600; an existing file is never overwritten."""
    name = "office-1"
    content = {
        "current": name,
        "office_keys": {name: _encode(secrets.token_bytes(KEY_BYTES))},
        "index_key": _encode(secrets.token_bytes(KEY_BYTES)),
    }
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as handle:
        json.dump(content, handle, indent=1)


def read_key_file(file: Path) -> Keyring:
    """Read a key file.

    Raises:
        KeysUnavailable: where it is missing or where others than its owner may read it.
    """
    if not file.exists():
        raise KeysUnavailable(f"There is no key file at {file}. Bring it back from its safe copy.")
    if file.stat().st_mode & 0o077:
        raise KeysUnavailable(f"Others can read {file}. Set its mode to 600.")
    content = json.loads(file.read_text())
    return Keyring(
        office_keys={name: base64.b64decode(key) for name, key in content["office_keys"].items()},
        current=content["current"],
        index_key=base64.b64decode(content["index_key"]),
    )


@cache
def load_keyring() -> Keyring:
    """Return the keys of this installation, read once per process."""
    return read_key_file(key_file())


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
