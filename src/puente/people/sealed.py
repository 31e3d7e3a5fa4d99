"""The sealed document of who a person is: its shape, and how it is sealed and opened."""

from dataclasses import asdict, dataclass, field
from typing import Any, Self
from uuid import UUID

from puente.engines.identity.names import PersonName
from puente.platform.keys import load_keyring
from puente.platform.sealing import (
    create_data_key,
    seal_document,
    unseal_document,
    unwrap_key,
    wrap_key,
)


@dataclass(frozen=True)
class PaperDocument:
    """A paper the person carries or speaks of, of any country."""

    kind: str
    country: str
    number: str
    state: str = "declared"


@dataclass(frozen=True)
class Phone:
    """A phone number, whose it is, and whether a call may put somebody in danger."""

    number: str
    owner: str = "self"
    safety: str = "ask"
    instructions: str = ""


@dataclass(frozen=True)
class IdentityDocument:
    """Who a person is. `as_said` keeps the name in the person's own words; `name` is its reading."""

    name: PersonName
    as_said: str = ""
    aliases: tuple[PersonName, ...] = ()
    birth_month: int | None = None
    birth_day: int | None = None
    curp: str = ""
    curp_state: str = "not_shown"
    curp_proof: str = field(default="", metadata={"for": "how a CURP was verified outside of this system"})
    mother: str = ""
    papers: tuple[PaperDocument, ...] = ()
    phones: tuple[Phone, ...] = ()
    address: str = ""
    family_contact: str = ""
    description: str = field(default="", metadata={"for": "a person whose identity is not established"})

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the document of what `to_json` made."""
        return cls(
            **content
            | {
                "name": PersonName(**content["name"]),
                "aliases": tuple(PersonName(**alias) for alias in content["aliases"]),
                "papers": tuple(PaperDocument(**paper) for paper in content["papers"]),
                "phones": tuple(Phone(**phone) for phone in content["phones"]),
            }
        )


@dataclass(frozen=True)
class WrappedKey:
    """A person's data key, wrapped: the office key's name and the wrapped bytes."""

    key_name: str
    wrapped: bytes


def create_person_key(person_id: UUID) -> tuple[bytes, WrappedKey]:
    """Return a new data key for a person, plain and wrapped with the current office key."""
    data_key = create_data_key()
    return data_key, WrappedKey(*wrap_key(load_keyring(), data_key, f"person|{person_id}"))


def open_person_key(person_id: UUID, key: WrappedKey) -> bytes:
    """Return the data key of a person; raises SealBroken."""
    return unwrap_key(load_keyring(), key.key_name, key.wrapped, f"person|{person_id}")


def seal_identity(data_key: bytes, person_id: UUID, version: int, document: IdentityDocument) -> bytes:
    """Seal one version of an identity, bound to person and version."""
    return seal_document(data_key, document.to_json(), f"identity|{person_id}|{version}")


def unseal_identity(data_key: bytes, person_id: UUID, version: int, sealed: bytes) -> IdentityDocument:
    """Return a sealed version; raises SealBroken."""
    return IdentityDocument.from_json(unseal_document(data_key, sealed, f"identity|{person_id}|{version}"))


def seal_note(data_key: bytes, table: str, row_id: UUID, content: Any) -> bytes:
    """Seal free text or anything else that speaks of a person, bound to its row."""
    return seal_document(data_key, content, f"{table}|{row_id}")


def unseal_note(data_key: bytes, table: str, row_id: UUID, sealed: bytes) -> Any:
    """Return what `seal_note` sealed; raises SealBroken."""
    return unseal_document(data_key, sealed, f"{table}|{row_id}")
