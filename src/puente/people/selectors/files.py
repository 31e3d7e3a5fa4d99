"""Reading files of people: names for lists, the people of an office, versions, contact, families."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from puente.accounts.models import User
from puente.audit.selectors import list_own_events
from puente.engines.identity.names import PersonName
from puente.offices.models import Office, State
from puente.people.models import Identity, Person, PersonOffice, TravelGroupMember
from puente.people.opening import OpenedPerson, read_people
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import IdentityDocument, Phone, unseal_identity
from puente.people.services.identities import OPENED
from puente.platform.policy import Actor

MOST_RECENT = 8
#: How many events are read to find MOST_RECENT different people.
RECENT_EVENTS = 60


def name_people(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, PersonName]:
    """Return the names of those people whose file the actor may open; the others are left out."""
    visible = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk__in=set(person_ids))
    return {person_id: document.name for person_id, (_, document) in read_people(visible).items()}


def list_served(actor: Actor, office_id: UUID) -> QuerySet[PersonOffice]:
    """Return whom an office serves, for paging by ("-since", "person"); empty where it is no office of the actor."""
    offices = actor.offices_for(OPEN_PERSON) & {office_id}
    return PersonOffice.objects.filter(office_id__in=offices, person__sensitivity__lte=actor.clearance).select_related(
        "person__home_municipality__state", "person__birth_country"
    )


def list_own_offices(actor: Actor) -> list[Office]:
    """Return the offices in which the actor opens files, the own one first."""
    offices = Office.objects.filter(pk__in=actor.offices_for(OPEN_PERSON)).order_by("label_es")
    return sorted(offices, key=lambda office: office.pk != actor.home_office_id)


def list_recently_opened(actor: Actor, limit: int = MOST_RECENT) -> list[Person]:
    """Return the people whose file the actor opened last and may still open, the latest first."""
    opened = list_own_events(actor, OPENED).values_list("person_id", flat=True)[:RECENT_EVENTS]
    ids = list(dict.fromkeys(person_id for person_id in opened if person_id))[:limit]
    people = Person.objects.visible_to(actor, OPEN_PERSON).select_related("home_municipality__state", "home_state")
    return sorted(people.filter(pk__in=ids), key=lambda person: ids.index(person.pk))


def name_states() -> dict[str, str]:
    """Return the names of the states by INEGI code."""
    return dict(State.objects.values_list("code", "name"))


class Contact(StrEnum):
    """What must be known before anybody calls."""

    MAY_CALL = "yes"
    ASK_FIRST = "ask"
    NEVER = "never"
    NO_PHONE = "no_phone"


@dataclass(frozen=True)
class ContactRule:
    """Whether a person may be called, on which numbers (the safest first), and on which never."""

    contact: Contact
    phones: tuple[Phone, ...]
    never: tuple[Phone, ...]


def contact_rule(identity: IdentityDocument) -> ContactRule:
    """Return what stands before every call. In doubt nobody calls: an unknown answer counts as "ask first"."""
    never = tuple(phone for phone in identity.phones if phone.safety == Contact.NEVER)
    phones = [phone for phone in identity.phones if phone not in never]
    phones.sort(key=lambda phone: phone.safety != Contact.MAY_CALL)
    if not identity.phones:
        contact = Contact.NO_PHONE
    elif not phones:
        contact = Contact.NEVER
    elif phones[0].safety == Contact.MAY_CALL:
        contact = Contact.MAY_CALL
    else:
        contact = Contact.ASK_FIRST
    return ContactRule(contact, tuple(phones), never)


@dataclass(frozen=True)
class Version:
    """One version of who a person is, unsealed."""

    number: int
    made_at: datetime
    made_by: str
    reason: str
    identity: IdentityDocument
    facts: dict[str, Any]


def list_versions(opened: OpenedPerson) -> list[Version]:
    """Return all versions of an opened person, the newest first."""
    rows = list(Identity.objects.filter(person_id=opened.person.pk).order_by("-version"))
    staff = dict(User.objects.filter(pk__in={row.made_by for row in rows}).values_list("pk", "name"))
    return [
        Version(
            row.version,
            row.made_at,
            staff.get(row.made_by, ""),
            row.reason,
            unseal_identity(opened.data_key, opened.person.pk, row.version, bytes(row.sealed)),
            row.facts,
        )
        for row in rows
    ]


def list_group_members(actor: Actor, person_id: UUID) -> list[TravelGroupMember]:
    """Return with whom a person travels: the members of their latest group, the first member first."""
    memberships = TravelGroupMember.objects.visible_to(actor, OPEN_PERSON)
    latest = memberships.filter(person_id=person_id).order_by("-joined_at").first()
    if latest is None:
        return []
    return list(memberships.filter(group_id=latest.group_id).select_related("group").order_by("joined_at", "id"))
