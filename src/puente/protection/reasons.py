"""Why somebody wants a reserved file: sealed under a key of its own, bound to the request, which the vault wraps."""

from uuid import UUID

from puente.platform.keys import Realm, load_keyring
from puente.platform.rewrapping import WrappedKeys
from puente.platform.sealing import create_data_key, seal_document, unseal_document, unwrap_key, wrap_key
from puente.protection.models import AccessRequest, AccessReview


def seal_reason(request: AccessRequest, reason: str) -> None:
    """Give a new request its key and its sealed reason; raises KeysUnavailable without a vault key."""
    data_key = create_data_key()
    request.key_name, request.wrapped_key = wrap_key(load_keyring(), data_key, _bind_key(request.pk), Realm.VAULT)
    request.sealed_reason = seal_document(data_key, reason, _bind("reason", request.pk))


def read_reason(request: AccessRequest) -> str:
    """Return why somebody asked, for a caller who was allowed to read the request."""
    return str(unseal_document(_open_key(request), bytes(request.sealed_reason), _bind("reason", request.pk)))


def seal_note(request: AccessRequest, note: str) -> bytes:
    """Seal the note of a review with the reason it is about."""
    return seal_document(_open_key(request), note, _bind("review", request.pk))


def read_note(request: AccessRequest, review: AccessReview) -> str:
    """Return the note of a review."""
    return str(unseal_document(_open_key(request), bytes(review.sealed_note), _bind("review", request.pk)))


def _open_key(request: AccessRequest) -> bytes:
    return unwrap_key(load_keyring(), request.key_name, bytes(request.wrapped_key), _bind_key(request.pk))


#: Where the keys of reasons are kept, for a change of the keys that wrap them.
WRAPPED_KEYS = WrappedKeys("protection_accessrequest", lambda row, realm: _bind_key(row["id"]))


def _bind_key(request_id: UUID) -> str:
    return f"access_request|{request_id}"


def _bind(what: str, request_id: UUID) -> str:
    return f"access_request|{what}|{request_id}"
