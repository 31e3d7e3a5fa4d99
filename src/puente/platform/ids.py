"""Identifiers made where a record is born, so that a retry is harmless."""

from uuid import UUID

from uuid_utils import compat


def make_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): ordered by time, unguessable in its last 74 bits."""
    return compat.uuid7()
