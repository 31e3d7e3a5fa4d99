"""Writing the key files: made new, completed, given a further key, relieved of an old one.

Every change is one replacement of a whole file of mode 600: a process that reads meanwhile sees the old or the new one.
"""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from puente.platform.keys import PARTS, KeysUnavailable, Realm, read_key_file

KEY_BYTES = 32


@dataclass(frozen=True)
class KeyAge:
    """A wrapping key by name, since when it stands in its file, and whether it wraps what is new."""

    name: str
    realm: Realm
    made_on: date | None
    is_current: bool


def create_key_files(office_file: Path, vault_file: Path) -> None:
    """Write the key files of a new installation, each where it is missing. No key is ever overwritten.

    A file that an earlier version of Puente made gets what it lacks.
    """
    for realm, file in ((Realm.OFFICE, office_file), (Realm.VAULT, vault_file)):
        with _locked(file):
            content = read_key_file(file) if file.exists() else _create_realm(realm)
            missing = {part: _make_key() for part in PARTS[realm] if part not in content}
            if missing or not file.exists():
                write_key_file(file, content | missing)


def add_key(file: Path, realm: Realm) -> str:
    """Add a new wrapping key to a key file, make it the current one, and return its name. The old ones stay.

    Raises:
        KeysUnavailable: where the file is missing or others can read it.
    """
    with _locked(file):
        content = read_key_file(file)
        number = 1 + max(int(name.rpartition("-")[2]) for name in [*content["keys"], *content.get("retired", {})])
        name = f"{realm}-{number}"
        content["keys"][name] = _make_key()
        content.setdefault("made", {})[name] = _today()
        write_key_file(file, content | {"current": name})
    return name


def remove_key(file: Path, name: str) -> None:
    """Take a wrapping key out of its file for good; its name is kept, so that none is used twice.

    Raises:
        KeysUnavailable: where the file holds no such key, or it is the current one.
    """
    with _locked(file):
        content = read_key_file(file)
        if name not in content["keys"]:
            raise KeysUnavailable(f"{file.name} holds no key {name}.")
        if name == content["current"]:
            raise KeysUnavailable(f"{name} wraps everything new. Make another one first: puente keys rotate.")
        del content["keys"][name]
        content.setdefault("retired", {})[name] = _today()
        write_key_file(file, content)


def list_keys(realm: Realm, file: Path) -> list[KeyAge]:
    """Return the wrapping keys of a file, in the order in which they were made."""
    content = read_key_file(file)
    made = {name: date.fromisoformat(day) for name, day in content.get("made", {}).items()}
    return [KeyAge(name, realm, made.get(name), name == content["current"]) for name in content["keys"]]


def write_key_file(file: Path, content: dict[str, Any]) -> None:
    """Put a key file in place at once: whole or not at all, of mode 600, on the disk before this returns."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as handle:
            json.dump(content, handle, indent=1)
            handle.flush()
            os.fsync(handle.fileno())
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _create_realm(realm: Realm) -> dict[str, Any]:
    name = f"{realm}-1"
    return {"current": name, "keys": {name: _make_key()}, "made": {name: _today()}}


def _make_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Let one process at a time change a key file."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file.with_name(f".{file.name}.lock"), os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
