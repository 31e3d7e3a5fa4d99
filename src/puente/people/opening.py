"""Unsealing what a person row holds, for callers that were already allowed to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from puente.engines.identity.birth import PartialDate
from puente.people.models import Identity, Person
from puente.people.sealed import IdentityDocument, WrappedKey, open_person_key, unseal_identity


@dataclass(frozen=True)
class OpenedPerson:
    """A person whose file an actor opened: the row, the identity, and the key for sealed notes."""

    person: Person
    identity: IdentityDocument
    data_key: bytes


def read_person(person: Person) -> OpenedPerson:
    """Unseal the current identity of a person row that the caller was allowed to read."""
    data_key = open_key_of(person)
    identity = Identity.objects.get(person_id=person.pk, version=person.version)
    document = unseal_identity(data_key, person.pk, person.version, bytes(identity.sealed))
    return OpenedPerson(person, document, data_key)


def read_people(people: Iterable[Person]) -> dict[UUID, tuple[Person, IdentityDocument]]:
    """Unseal the current identities of many rows with one query."""
    rows = {person.pk: person for person in people}
    unsealed = {}
    for identity in Identity.objects.filter(person_id__in=rows).only("person_id", "version", "sealed"):
        person = rows[identity.person_id]
        if identity.version == person.version:
            document = unseal_identity(open_key_of(person), person.pk, identity.version, bytes(identity.sealed))
            unsealed[person.pk] = (person, document)
    return unsealed


def open_key_of(person: Person) -> bytes:
    """Return the data key of a person row that the caller was allowed to read."""
    return open_person_key(person.pk, WrappedKey(person.key_name, bytes(person.wrapped_key)))


class KnowsBirthYear(Protocol):
    """A person row, or as much of one as a birth date needs."""

    @property
    def birth_year(self) -> int | None: ...

    @property
    def birth_precision(self) -> str: ...


def birth_of(person: KnowsBirthYear, document: IdentityDocument) -> PartialDate | None:
    """Return a person's birth date as far as it is known: the year in clear, the rest sealed."""
    if person.birth_year is None:
        return None
    return PartialDate.from_parts(
        person.birth_year,
        document.birth_month,
        document.birth_day,
        estimated=person.birth_precision == Person.BirthPrecision.ESTIMATED,
    )
