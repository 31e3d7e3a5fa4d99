"""Who a person is: registering, opening, correcting, taking in at another office."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines.identity.keys import search_keys
from puente.people.models import Identity, Person, PersonOffice, SearchKey
from puente.people.opening import OpenedPerson, birth_of, open_key_of, read_person
from puente.people.policies import CORRECT_PERSON, OPEN_PERSON, REGISTER_PERSON
from puente.people.sealed import IdentityDocument, create_person_key, seal_identity
from puente.platform.ids import make_id
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed, Purpose, Record, Sensitivity, require, require_in_office
from puente.platform.row_security import finding

REGISTERED = register_verb("person.registered", gettext_noop("registered the person"))
OPENED = register_verb("person.opened", gettext_noop("opened the file"))
CORRECTED = register_verb("person.corrected", gettext_noop("corrected who the person is"))
RECEIVED = register_verb("person.received", gettext_noop("took the person in at another office"))


class CorrectedMeanwhile(Exception):
    """Somebody else corrected the person after this officer had opened the form."""


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

    @classmethod
    def of(cls, person: Person) -> "PersonFacts":
        """Return what stands in clear of a person."""
        found = {name: getattr(person, name) for name in cls.__dataclass_fields__}
        return cls(**found | {"languages": tuple(person.languages)})


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
    _append_identity(person, data_key, identity, actor=actor, now=now, reason=Identity.Reason.REGISTERED)
    record_event(
        actor=actor, verb=REGISTERED, record_type="person", record_id=person.id, person_id=person.id,
        office_id=office_id, purpose=Purpose.RECEPTION,
    )  # fmt: skip
    return person


@transaction.atomic
def correct_person(
    *,
    actor: Actor,
    person_id: UUID,
    identity: IdentityDocument,
    facts: PersonFacts,
    purpose: Purpose,
    now: datetime,
    reason: str = Identity.Reason.CORRECTED,
    is_identity_established: bool | None = None,
    seen_version: int | None = None,
) -> Person:
    """Append a new version of who a person is; the earlier one stays, sealed.

    Args:
        reason: one of `Identity.Reason`.
        is_identity_established: None where a name alone decides it.
        seen_version: the version that the officer had before them, where a newer one must not be lost.

    Raises:
        CorrectedMeanwhile: where somebody corrected the person after `seen_version`.
        NotAllowed: also where the person does not exist, so that nobody can tell the two apart.
    """
    person = _lock_person(actor, person_id)
    require(actor, CORRECT_PERSON, record_of(person), purpose, now)
    if seen_version is not None and seen_version != person.version:
        raise CorrectedMeanwhile
    data_key = open_key_of(person)
    person.version += 1
    for name, value in _columns(facts).items():
        setattr(person, name, value)
    has_name = not identity.name.is_empty
    person.is_identity_established = has_name if is_identity_established is None else is_identity_established
    person.save()
    SearchKey.objects.filter(person=person).delete()
    _append_identity(person, data_key, identity, actor=actor, now=now, reason=reason)
    record_event(
        actor=actor, verb=CORRECTED, record_type="person", record_id=person.id, person_id=person.id,
        purpose=purpose, detail={"version": person.version, "reason": reason},
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
        facts=asdict(PersonFacts.of(person)) | {"is_identity_established": person.is_identity_established},
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


def _columns(facts: PersonFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in facts.__dataclass_fields__} | {"languages": list(facts.languages)}
