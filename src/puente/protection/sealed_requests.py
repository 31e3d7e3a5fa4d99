"""Sealing what one person asks of another: a key of its own for each request, wrapped by the vault."""

from typing import Any
from uuid import UUID

from puente.platform.keys import Realm, load_keyring
from puente.platform.rewrapping import WrappedKeys
from puente.platform.sealing import create_data_key, seal_document, unseal_document, unwrap_key, wrap_key
from puente.protection.models.decisions import Asked

CLOSURE, EXPORT = "closure", "protected_export"


def seal_request(table: str, row_id: UUID, content: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a new request: its wrapped key and what was asked, sealed; raises KeysUnavailable."""
    data_key = create_data_key()
    name, wrapped = wrap_key(load_keyring(), data_key, _bind(table, row_id), Realm.VAULT)
    return {
        "key_name": name,
        "wrapped_key": wrapped,
        "sealed": seal_document(data_key, content, f"{_bind(table, row_id)}|asked"),
    }


def unseal_request(table: str, row: Asked) -> dict[str, Any]:
    """Return what was asked; raises SealBroken, KeysUnavailable."""
    return dict(unseal_document(_open_key(table, row), bytes(row.sealed), f"{_bind(table, row.pk)}|asked"))


def seal_answer(table: str, row: Asked, words: str) -> bytes:
    """Seal what the other person answered, under the key of the request."""
    return seal_document(_open_key(table, row), words, f"{_bind(table, row.pk)}|answer")


def unseal_answer(table: str, row: Asked) -> str:
    """Return the answer, empty where there is none yet; raises SealBroken, KeysUnavailable."""
    if row.sealed_answer is None:
        return ""
    return str(unseal_document(_open_key(table, row), bytes(row.sealed_answer), f"{_bind(table, row.pk)}|answer"))


#: Where the keys of requests are kept, for a change of the keys that wrap them.
WRAPPED_KEYS = (
    WrappedKeys("protection_closure", lambda row, realm: _bind(CLOSURE, row["id"])),
    WrappedKeys("protection_protectedexport", lambda row, realm: _bind(EXPORT, row["id"])),
)


def _open_key(table: str, row: Asked) -> bytes:
    return unwrap_key(load_keyring(), row.key_name, bytes(row.wrapped_key), _bind(table, row.pk))


def _bind(table: str, row_id: UUID) -> str:
    return f"{table}|{row_id}|protection"
