"""Everything that writes about people."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.keys import search_keys
from puente.people.models import (
    ConsentDecision,
    ConsentText,
    Identity,
    Person,
    PersonOffice,
    SearchKey,
    TravelGroup,
    TravelGroupMember,
)
from puente.people.policies import CORRECT_PERSON, OPEN_PERSON, RECORD_CONSENT, REGISTER_PERSON
from puente.people.sealed import (
    IdentityDocument,
    WrappedKey,
    create_person_key,
    open_person_key,
    seal_identity,
    unseal_identity,
)
from puente.platform.ids import make_id
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed, Purpose, Record, Sensitivity, require, require_in_office
from puente.platform.row_security import finding

REGISTERED = register_verb("person.registered", gettext_noop("registered the person"))
OPENED = register_verb("person.opened", gettext_noop("opened the file"))
CORRECTED = register_verb("person.corrected", gettext_noop("corrected who the person is"))
RECEIVED = register_verb("person.received", gettext_noop("took the person in at another office"))
GROUPED = register_verb("person.grouped", gettext_noop("noted who travels together"))
CONSENTED = register_verb("consent.recorded", gettext_noop("recorded a consent"))


@dataclass(frozen=True)
class PersonFacts:
    """What stands in clear beside the sealed identity, because statistics need it."""

    sex: str = Person.Sex.UNKNOWN
    birth_year: int | None = None
    birth_precision: str = Person.BirthPrecision.UNKNOWN
    birth_state_id: str | None = None
    birth_country_id: str | None = None
    nationality_id: str | None = None
    home_state_id: str | None = None
    home_municipality_id: str | None = None
    languages: tuple[str, ...] = ()
    needs_interpreter: bool = False


@dataclass(frozen=True)
class OpenedPerson:
    """A person whose file an actor opened: the row, the identity, and the key for sealed notes."""

    person: Person
    identity: IdentityDocument
    data_key: bytes


@transaction.atomic
def register_person(
    *,
    actor: Actor,
    office_id: UUID,
    identity: IdentityDocument,
    facts: PersonFacts,
    now: datetime,
    person_id: UUID | None = None,
    is_identity_established: bool = True,
) -> Person:
    """Create a person, sealed from the first write.

    Args:
        person_id: made where the record was born; a new one where None.
        is_identity_established: False for somebody who cannot or will not say who they are.

    Raises:
        NotAllowed: where the actor registers nobody in this office.
    """
    require_in_office(actor, REGISTER_PERSON, office_id)
    person_id = person_id or make_id()
    data_key, wrapped = create_person_key(person_id)
    person = Person(
        id=person_id,
        office_id=office_id,
        key_name=wrapped.key_name,
        wrapped_key=wrapped.wrapped,
        is_identity_established=is_identity_established,
        created_at=now,
        created_by=actor.id,
        **_columns(facts),
    )
    person.save(force_insert=True)
    PersonOffice.objects.create(person=person, office_id=office_id, since=now)
    _append_identity(person, data_key, identity, actor=actor, now=now, reason="registered")
    record_event(
        actor=actor, verb=REGISTERED, record_type="person", record_id=person.id, person_id=person.id,
        office_id=office_id, purpose=Purpose.RECEPTION,
    )  # fmt: skip
    return person


@transaction.atomic
def correct_person(
    *, actor: Actor, person_id: UUID, identity: IdentityDocument, facts: PersonFacts, purpose: Purpose, now: datetime
) -> Person:
    """Append a new version of who a person is; the earlier one stays, sealed.

    Raises:
        NotAllowed: also where the person does not exist, so that nobody can tell the two apart.
    """
    person = _lock_person(actor, person_id)
    require(actor, CORRECT_PERSON, record_of(person), purpose, now)
    data_key = open_key_of(person)
    person.version += 1
    for name, value in _columns(facts).items():
        setattr(person, name, value)
    person.is_identity_established = bool(identity.name.given or identity.name.first_surname)
    person.save()
    SearchKey.objects.filter(person=person).delete()
    _append_identity(person, data_key, identity, actor=actor, now=now, reason="corrected")
    record_event(
        actor=actor, verb=CORRECTED, record_type="person", record_id=person.id, person_id=person.id,
        purpose=purpose, detail={"version": person.version},
    )  # fmt: skip
    return person


@transaction.atomic
def open_person(*, actor: Actor, person_id: UUID, purpose: Purpose, now: datetime) -> OpenedPerson:
    """Open a person's file for a purpose and leave an event that says so.

    Raises:
        NotAllowed: also where the person does not exist.
    """
    person = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk=person_id).first()
    if person is None:
        raise NotAllowed(OPEN_PERSON.name)
    require(actor, OPEN_PERSON, record_of(person), purpose, now)
    opened = read_person(person)
    record_event(
        actor=actor, verb=OPENED, record_type="person", record_id=person.id, person_id=person.id, purpose=purpose
    )
    return opened


@transaction.atomic
def receive_person(*, actor: Actor, person_id: UUID, office_id: UUID, now: datetime) -> Person:
    """Let an office serve a person whom the search found elsewhere; a person stands before the officer.

    Raises:
        NotAllowed: where the actor registers nobody in this office, or there is no such person.
    """
    require_in_office(actor, REGISTER_PERSON, office_id)
    with finding():
        person = Person.objects.filter(pk=person_id, sensitivity__lte=actor.clearance).first()
        if person is None:
            raise NotAllowed(REGISTER_PERSON.name)
        known = PersonOffice.objects.filter(person=person, office_id=office_id).exists()
    if not known:
        PersonOffice.objects.create(person=person, office_id=office_id, since=now)
        record_event(
            actor=actor, verb=RECEIVED, record_type="person", record_id=person.id, person_id=person.id,
            office_id=office_id, purpose=Purpose.RECEPTION,
        )  # fmt: skip
    return person


@transaction.atomic
def record_consents(
    *,
    actor: Actor,
    person_id: UUID,
    office_id: UUID,
    decisions: dict[str, str],
    language: str,
    means: str,
    capacity: str = ConsentDecision.Capacity.SELF,
    has_interpreter: bool = False,
    purpose: Purpose,
    now: datetime,
) -> None:
    """Append what a person decided, purpose by purpose, with the version of the words that were shown.

    Args:
        decisions: consent purpose → given, refused or withdrawn.

    Raises:
        NotAllowed; ConsentText.DoesNotExist for a purpose that has no text.
    """
    require_in_office(actor, RECORD_CONSENT, office_id)
    for consent_purpose, decision in decisions.items():
        text = ConsentText.objects.filter(purpose=consent_purpose, valid_from__lte=now.date()).latest("valid_from", "version")
        ConsentDecision.objects.create(
            person_id=person_id, office_id=office_id, purpose=consent_purpose, decision=decision,
            text_version=text.version, language=language, means=means, capacity=capacity,
            has_interpreter=has_interpreter, decided_at=now, recorded_by=actor.id,
        )  # fmt: skip
    record_event(
        actor=actor, verb=CONSENTED, record_type="person", record_id=person_id, person_id=person_id,
        office_id=office_id, purpose=purpose, detail={"decisions": decisions},
    )  # fmt: skip


@transaction.atomic
def load_consent_texts(file: Path) -> dict[str, int]:
    """Load the words in which consents are asked; a version that was shown to somebody is never changed."""
    content = json.loads(file.read_text(encoding="utf-8"))
    for entry in content["purposes"]:
        texts = {
            f"{name}_{language}": entry[name][language]
            for name in ("label", "text", "withdrawal")
            for language in ("es", "en", "fr")
        }
        ConsentText.objects.get_or_create(
            purpose=entry["code"],
            version=content["version"],
            defaults={"valid_from": date(int(content["version"].split(".")[0]), 1, 1), **texts},
        )
    return {"consent texts": ConsentText.objects.count()}


@transaction.atomic
def create_travel_group(
    *, actor: Actor, office_id: UUID, members: Sequence[tuple[UUID, str]], now: datetime, group_id: UUID | None = None
) -> TravelGroup:
    """Note who travels together.

    Args:
        members: (person id, relation to the first member), the first one with relation `first`.
    """
    require_in_office(actor, REGISTER_PERSON, office_id)
    group = TravelGroup.objects.create(
        id=group_id or make_id(), office_id=office_id, created_at=now, created_by=actor.id
    )
    for person_id, relation in members:
        add_to_travel_group(actor=actor, group=group, person_id=person_id, relation=relation, now=now)
    return group


@transaction.atomic
def add_to_travel_group(
    *, actor: Actor, group: TravelGroup, person_id: UUID, relation: str, now: datetime
) -> TravelGroupMember:
    """Add a person to a travel group of an office in which the actor registers people."""
    require_in_office(actor, REGISTER_PERSON, group.office_id)
    member = TravelGroupMember.objects.create(
        office_id=group.office_id, group=group, person_id=person_id, relation=relation, joined_at=now
    )
    record_event(
        actor=actor, verb=GROUPED, record_type="travel_group", record_id=group.id, person_id=person_id,
        office_id=group.office_id, purpose=Purpose.RECEPTION,
    )  # fmt: skip
    return member


def read_person(person: Person) -> OpenedPerson:
    """Unseal the current identity of a person row that the caller was allowed to read."""
    data_key = open_key_of(person)
    identity = Identity.objects.get(person_id=person.pk, version=person.version)
    return OpenedPerson(
        person, unseal_identity(data_key, person.pk, person.version, identity.sealed), data_key
    )


def open_key_of(person: Person) -> bytes:
    """Return the data key of a person row that the caller was allowed to read."""
    return open_person_key(person.pk, WrappedKey(person.key_name, bytes(person.wrapped_key)))


def record_of(person: Person) -> Record:
    """Return what the access rule must know of a person."""
    offices = PersonOffice.objects.filter(person=person).values_list("office_id", flat=True)
    return Record(frozenset(offices), Sensitivity(person.sensitivity), person.pk)


def _lock_person(actor: Actor, person_id: UUID) -> Person:
    person = (
        Person.objects.visible_to(actor, CORRECT_PERSON).select_for_update(of=("self",)).filter(pk=person_id).first()
    )
    if person is None:
        raise NotAllowed(CORRECT_PERSON.name)
    return person


def _append_identity(
    person: Person, data_key: bytes, document: IdentityDocument, *, actor: Actor, now: datetime, reason: str
) -> None:
    Identity.objects.create(
        person=person, version=person.version, reason=reason, made_at=now, made_by=actor.id,
        sealed=seal_identity(data_key, person.pk, person.version, document),
    )  # fmt: skip
    keyring = load_keyring()
    names = [document.name, *document.aliases]
    keys = {
        keyring.hash_search_key(key)
        for name in names
        for key in search_keys(name, birth_of(person, document), person.birth_state_id)
    }
    SearchKey.objects.bulk_create(SearchKey(key=key, person=person) for key in sorted(keys))


def birth_of(person: Person, document: IdentityDocument) -> PartialDate | None:
    """Return a person's birth date as far as it is known: the year in clear, the rest sealed."""
    if person.birth_year is None:
        return None
    return PartialDate.from_parts(
        person.birth_year,
        document.birth_month,
        document.birth_day,
        estimated=person.birth_precision == Person.BirthPrecision.ESTIMATED,
    )


def _columns(facts: PersonFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__} | {"languages": list(facts.languages)}
