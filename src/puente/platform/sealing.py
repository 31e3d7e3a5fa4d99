"""Sealing: AES-256-GCM under a record's own data key, and the wrapping of that key.

A sealed value is bound to what it belongs to (record, field, version) through the additional data,
so that it cannot be moved to another row. NIST SP 800-38D; 96-bit random nonces are safe here
because one data key seals few values.
"""

import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from puente.platform.keys import Keyring

FORMAT = b"\x01"
NONCE_BYTES = 12
BLOCK_BYTES = 64


class SealBroken(Exception):
    """A sealed value was changed, moved to another record, or belongs to another key."""


def create_data_key() -> bytes:
    """Return a new random data key of 32 bytes."""
    return secrets.token_bytes(32)


def seal(data_key: bytes, content: bytes, bound_to: str) -> bytes:
    """Seal content under a data key, padded to 64-byte blocks so that its length tells little."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    padding = BLOCK_BYTES - (len(content) + 4) % BLOCK_BYTES
    padded = len(content).to_bytes(4, "big") + content + bytes(padding)
    return FORMAT + nonce + AESGCM(data_key).encrypt(nonce, padded, bound_to.encode())


def unseal(data_key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """Return the content of a sealed value.

    Raises:
        SealBroken: where key, bytes or binding do not fit.
    """
    sealed = bytes(sealed)
    if sealed[:1] != FORMAT:
        raise SealBroken("unknown format")
    nonce, body = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
    try:
        padded = AESGCM(data_key).decrypt(nonce, body, bound_to.encode())
    except InvalidTag:
        raise SealBroken("the seal does not fit") from None
    length = int.from_bytes(padded[:4], "big")
    return padded[4 : 4 + length]


def seal_document(data_key: bytes, document: Any, bound_to: str) -> bytes:
    """Seal anything JSON can hold."""
    return seal(data_key, json.dumps(document, ensure_ascii=False).encode(), bound_to)


def unseal_document(data_key: bytes, sealed: bytes, bound_to: str) -> Any:
    """Return what `seal_document` sealed; raises SealBroken."""
    return json.loads(unseal(data_key, sealed, bound_to))


def wrap_key(keyring: Keyring, data_key: bytes, bound_to: str) -> tuple[str, bytes]:
    """Wrap a data key with the current office key; returns that key's name and the wrapped key."""
    return keyring.current, seal(keyring.office_key(keyring.current), data_key, bound_to)


def unwrap_key(keyring: Keyring, key_name: str, wrapped: bytes, bound_to: str) -> bytes:
    """Return the data key that `wrap_key` wrapped; raises SealBroken, KeysUnavailable."""
    return unseal(keyring.office_key(key_name), wrapped, bound_to)
