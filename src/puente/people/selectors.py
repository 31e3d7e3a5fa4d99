"""Everything that reads people."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from puente.engines.identity.evidence import Comparison, rank
from puente.engines.identity.facts import Candidate
from puente.engines.identity.keys import PersonQuery, query_keys
from puente.engines.identity.names import PersonName
from puente.people.models import ConsentDecision, ConsentText, Identity, Person, PersonOffice
from puente.people.policies import FIND_PERSON, OPEN_PERSON
from puente.people.sealed import IdentityDocument, unseal_identity
from puente.people.services import birth_of, open_key_of
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed
from puente.platform.row_security import finding

MOST_CANDIDATES = 200
MOST_PER_KEY = 300
MOST_SHOWN = 8
#: The broad kinds of key (surname alone, surname and an initial) only fill the page.
BROAD_KINDS = ("si", "s")

FIND_CANDIDATES = """
SELECT hit.person_id
FROM unnest(%s::bigint[], %s::integer[]) AS asked(key, weight)
CROSS JOIN LATERAL (
    SELECT stored.person_id FROM people_searchkey AS stored WHERE stored.key = asked.key LIMIT %s
) AS hit
GROUP BY hit.person_id
ORDER BY sum(asked.weight) DESC, hit.person_id DESC
LIMIT %s
"""


@dataclass(frozen=True)
class FoundPerson:
    """A candidate of a search: the row, what agrees and what differs, and whether the file may be opened."""

    person: Person
    identity: IdentityDocument
    comparison: Comparison
    is_served_here: bool


def find_people(actor: Actor, query: PersonQuery, limit: int = MOST_SHOWN) -> list[FoundPerson]:
    """Return the people of all offices who may be the one asked for, best first.

    Finding is one registry across offices, by keyed hashes; only what an own office serves may then be opened.

    Raises:
        NotAllowed: where no role of the actor finds people.
    """
    if not actor.may(FIND_PERSON):
        raise NotAllowed(FIND_PERSON.name)
    hash_search_key = load_keyring().hash_search_key
    keys = query_keys(query)
    if not keys:
        return []
    hashes = [hash_search_key(key) for key in keys]
    weights = [1 if key.partition("|")[0] in BROAD_KINDS else 4 for key in keys]
    with finding():
        with connection.cursor() as cursor:
            cursor.execute(FIND_CANDIDATES, [hashes, weights, MOST_PER_KEY, MOST_CANDIDATES])
            ids = [row[0] for row in cursor.fetchall()]
        found = _unseal_all(Person.objects.filter(pk__in=ids, sensitivity__lte=actor.clearance))
        served = set(
            PersonOffice.objects.filter(
                person_id__in=ids, office_id__in=actor.offices_for(OPEN_PERSON)
            ).values_list("person_id", flat=True)
        ) | {grant.person_id for grant in actor.grants}
    candidates = [
        Candidate(
            id=str(person.pk),
            name=document.name,
            birth=birth_of(person, document),
            birth_state=person.birth_state_id,
            sex=person.sex if person.sex != Person.Sex.UNKNOWN else None,
            curp=document.curp,
            phones=tuple(phone.number for phone in document.phones),
            aliases=document.aliases,
        )
        for person, document in found.values()
    ]
    return [
        FoundPerson(*found[person_id], comparison=comparison, is_served_here=person_id in served)
        for comparison in rank(query, candidates, limit)
        for person_id in [UUID(comparison.candidate_id)]
    ]


def name_people(actor: Actor, person_ids: Iterable[UUID]) -> dict[UUID, PersonName]:
    """Return the names of those people whose file the actor may open; the others are left out."""
    visible = Person.objects.visible_to(actor, OPEN_PERSON).filter(pk__in=set(person_ids))
    return {person_id: document.name for person_id, (_, document) in _unseal_all(visible).items()}


def list_consents(actor: Actor, person_id: UUID) -> dict[str, ConsentDecision]:
    """Return the latest decision of a person for each purpose."""
    decisions = (
        ConsentDecision.objects.visible_to(actor, OPEN_PERSON)
        .filter(person_id=person_id)
        .order_by("purpose", "-decided_at", "-id")
        .distinct("purpose")
    )
    return {decision.purpose: decision for decision in decisions}


def has_consent(actor: Actor, person_id: UUID, purpose: str) -> bool:
    """Tell whether a person's latest word on a purpose is yes."""
    decision = list_consents(actor, person_id).get(purpose)
    return decision is not None and decision.decision == ConsentDecision.Decision.GIVEN


def list_consent_texts() -> list[ConsentText]:
    """Return the newest text of each consent purpose."""
    return list(ConsentText.objects.order_by("purpose", "-valid_from", "-version").distinct("purpose"))


def _unseal_all(people: Iterable[Person]) -> dict[UUID, tuple[Person, IdentityDocument]]:
    rows = {person.pk: person for person in people}
    unsealed = {}
    for identity in Identity.objects.filter(person_id__in=rows).only("person_id", "version", "sealed"):
        person = rows[identity.person_id]
        if identity.version == person.version:
            document = unseal_identity(open_key_of(person), person.pk, identity.version, identity.sealed)
            unsealed[person.pk] = (person, document)
    return unsealed
