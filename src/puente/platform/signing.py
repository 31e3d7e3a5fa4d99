"""Signatures of this installation: Ed25519, so that whoever holds the public key can check what was handed out."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def sign(signing_key: bytes, message: bytes) -> bytes:
    """Return the 64 bytes of a signature, made with a key of 32 bytes."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).sign(message)


def holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a signature was made of this message with the key that belongs to a public one."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_key_of(signing_key: bytes) -> bytes:
    """Return the 32 bytes by which signatures of a key are checked; they may be known to everybody."""
    return Ed25519PrivateKey.from_private_bytes(signing_key).public_key().public_bytes_raw()


def fingerprint_of(public_key: bytes) -> str:
    """Return the 16 letters by which people compare a public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]
