"""What a hand-over says, sealed under a key of its own: the vault's, whoever the person is and whatever the service.

The person's key would not do: of somebody whose file is reserved already, the system and the next officer on duty
must be able to write and to read a hand-over without opening who the person is.
"""

import base64
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from puente.people.sealed import WrappedKey, seal_note, unseal_note
from puente.platform.keys import Realm, load_keyring
from puente.platform.policy import Erased
from puente.platform.rewrapping import WrappedKeys
from puente.platform.sealing import create_data_key, seal_document, unseal_document, unwrap_key, wrap_key
from puente.protection.boxes import Service
from puente.protection.models import Handover

REGISTERED = "registered_person"


class Reason(StrEnum):
    """Why, as a code; a note in free words may stand beside it. The order is that of urgency."""

    IN_DANGER = "in_danger"
    POSSIBLE_RETURN = "possible_return"
    MINOR_ALONE = "minor_alone"
    CIRCUIT = "circuit"
    ASKED_AT_DESK = "asked_at_desk"


@dataclass(frozen=True)
class HandoverContent:
    """What a hand-over says.

    note: what whoever sent it wrote. turn: under which number the person waits. details: numbers and days of a prompt.
    """

    service: Service
    reasons: tuple[Reason, ...]
    note: str = ""
    turn: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def seal_handover(handover_id: UUID, content: HandoverContent) -> tuple[WrappedKey, bytes]:
    """Return a new key for a hand-over, wrapped by the vault, and its content sealed; raises KeysUnavailable."""
    data_key = create_data_key()
    wrapped = WrappedKey(*wrap_key(load_keyring(), data_key, bind_key(handover_id), Realm.VAULT))
    document = {
        "service": content.service, "reasons": list(content.reasons), "note": content.note, "turn": content.turn,
        "details": content.details,
    }  # fmt: skip
    return wrapped, seal_document(data_key, document, _bind_content(handover_id))


def read_handover(row: Handover) -> HandoverContent:
    """Unseal a hand-over that the caller was allowed to read; raises Erased, SealBroken, KeysUnavailable."""
    if not row.wrapped_key:
        raise Erased("handover")
    data_key = unwrap_key(load_keyring(), row.key_name, bytes(row.wrapped_key), bind_key(row.pk))
    document = unseal_document(data_key, bytes(row.sealed), _bind_content(row.pk))
    return HandoverContent(
        Service(document["service"]),
        tuple(Reason(reason) for reason in document["reasons"]),
        document["note"],
        document["turn"],
        document["details"],
    )


def seal_registered(data_key: bytes, person_id: UUID, registered: UUID) -> str:
    """Return who was registered and may be a reserved person, under that person's key: for the officer in charge."""
    return base64.b64encode(seal_note(data_key, REGISTERED, person_id, str(registered))).decode()


def read_registered(content: HandoverContent, data_key: bytes, person_id: UUID) -> UUID | None:
    """Return who was registered and may be an opened person; None where a hand-over says nothing of it."""
    sealed = content.details.get("registered")
    return UUID(unseal_note(data_key, REGISTERED, person_id, base64.b64decode(sealed))) if sealed else None


#: Where the keys of hand-overs are kept, for a change of the keys that wrap them.
WRAPPED_KEYS = WrappedKeys("protection_handover", lambda row, realm: bind_key(row["id"]))


def bind_key(handover_id: UUID) -> str:
    """Return what the wrapped key of a hand-over is bound to."""
    return f"handover|{handover_id}"


def _bind_content(handover_id: UUID) -> str:
    return f"handover_content|{handover_id}"
