"""The compartments of a case: which purposes open which, and how their keys and entries are sealed."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from puente.platform.keys import Realm, load_keyring
from puente.platform.policy import Purpose
from puente.platform.rewrapping import WrappedKeys
from puente.platform.sealing import create_data_key, seal_document, unseal_document, unwrap_key, wrap_key


class Compartment(StrEnum):
    """A part of a case with a key of its own."""

    PLAN = "plan"
    CONTACT = "contact"
    HEALTH = "health"
    TESTIMONY = "testimony"


#: What each compartment may be opened for: a follow-up call needs the plan and the contact, never the testimony.
PURPOSES: dict[Compartment, frozenset[Purpose]] = {
    Compartment.PLAN: frozenset({Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP}),
    Compartment.CONTACT: frozenset({Purpose.PROTECTION, Purpose.REFERRAL, Purpose.FOLLOW_UP}),
    Compartment.HEALTH: frozenset({Purpose.PROTECTION, Purpose.REFERRAL}),
    Compartment.TESTIMONY: frozenset({Purpose.PROTECTION}),
}


@dataclass(frozen=True)
class WrappedCompartment:
    """One compartment's key, wrapped for one purpose."""

    compartment: Compartment
    purpose: Purpose
    key_name: str
    wrapped: bytes


@dataclass(frozen=True)
class Entry:
    """One entry of a case, unsealed. `topic` says what it is, `content` holds what the topic's writer put in."""

    id: UUID
    compartment: Compartment
    topic: str
    content: dict[str, Any] = field(repr=False)


def create_case_keys(case_id: UUID) -> list[WrappedCompartment]:
    """Return new keys for every compartment of a case, each wrapped once per purpose; raises KeysUnavailable."""
    keyring = load_keyring()
    wrapped = []
    for compartment, purposes in PURPOSES.items():
        data_key = create_data_key()
        for purpose in sorted(purposes):
            binding = _bind_key(case_id, compartment, purpose)
            wrapped.append(WrappedCompartment(compartment, purpose, *wrap_key(keyring, data_key, binding, Realm.VAULT)))
    return wrapped


def open_case_key(case_id: UUID, key: WrappedCompartment) -> bytes:
    """Return the data key of a compartment; raises SealBroken where it was wrapped for another purpose."""
    return unwrap_key(load_keyring(), key.key_name, key.wrapped, _bind_key(case_id, key.compartment, key.purpose))


def seal_entry(data_key: bytes, case_id: UUID, entry: Entry) -> bytes:
    """Seal an entry, bound to its case, compartment and row."""
    return seal_document(
        data_key, {"topic": entry.topic, "content": entry.content}, _bind_entry(case_id, entry.compartment, entry.id)
    )


def unseal_entry(data_key: bytes, case_id: UUID, compartment: Compartment, entry_id: UUID, sealed: bytes) -> Entry:
    """Return what `seal_entry` sealed; raises SealBroken."""
    document = unseal_document(data_key, sealed, _bind_entry(case_id, compartment, entry_id))
    return Entry(entry_id, compartment, document["topic"], document["content"])


#: Where the keys of cases and of the watch are kept, for a change of the keys that wrap them.
WRAPPED_KEYS = (
    WrappedKeys(
        "protection_casekey",
        lambda row, realm: _bind_key(row["case_id"], row["compartment"], row["purpose"]),
        columns=("case_id", "compartment", "purpose"),
    ),
    WrappedKeys(
        "protection_watchedperson", lambda row, realm: bind_watched_key(row["person_id"]), primary_key="person_id"
    ),
)


def bind_watched_key(person_id: UUID) -> str:
    """Return what the wrapped key of a watched person is bound to."""
    return f"watch|{person_id}|{Purpose.PROTECTION}"


def _bind_key(case_id: UUID, compartment: Compartment, purpose: Purpose) -> str:
    return f"case|{case_id}|{compartment}|{purpose}"


def _bind_entry(case_id: UUID, compartment: Compartment, entry_id: UUID) -> str:
    return f"case_entry|{case_id}|{compartment}|{entry_id}"
