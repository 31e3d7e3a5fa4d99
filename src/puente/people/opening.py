"""Unsealing what a person row holds, for callers that were already allowed to read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext as _

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.names import PersonName
from puente.people.models import Identity, Person
from puente.people.sealed import IdentityDocument, WrappedKey, open_person_key, unseal_identity
from puente.platform.keys import Keyring, load_keyring
from puente.platform.policy import Erased


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
    """Unseal the current identities of many rows with one query; who was erased is called so."""
    rows = {person.pk: person for person in people}
    unsealed = {
        person_id: (person, IdentityDocument(PersonName(given=_("Erased person"))))
        for person_id, person in rows.items()
        if person.erased_at is not None
    }
    keyring = load_keyring()
    for identity in Identity.objects.filter(person_id__in=rows).only("person_id", "version", "sealed"):
        person = rows[identity.person_id]
        if identity.version == person.version and person.erased_at is None:
            document = unseal_identity(
                open_key_of(person, keyring), person.pk, identity.version, bytes(identity.sealed)
            )
            unsealed[person.pk] = (person, document)
    return unsealed


def open_key_of(person: Person, keyring: Keyring | None = None) -> bytes:
    """Return the data key of a person row that the caller was allowed to read; keyring: as for `open_person_key`.

    Raises:
        Erased: where it was destroyed.
    """
    if person.erased_at is not None:
        raise Erased("person")
    return open_person_key(person.pk, WrappedKey(person.key_name, bytes(person.wrapped_key)), keyring)


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
