"""Finding people: one registry across offices, by keyed hashes; masked where no own office serves them."""

from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from puente.engines.identity.evidence import Comparison, EvidenceRow, Field, compare, rank
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.keys import query_keys
from puente.engines.identity.names import PersonName
from puente.people.models import Person, PersonOffice
from puente.people.opening import birth_of
from puente.people.policies import FIND_PERSON, OPEN_PERSON
from puente.people.sealed import IdentityDocument, WrappedKey, open_person_key, unseal_identity
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed
from puente.platform.row_security import finding

MOST_CANDIDATES = 200
MOST_PER_KEY = 300
MOST_SHOWN = 8
#: Stands in a row for what only the offices that serve the person may read.
HIDDEN = "•••"
#: The broad kinds of key (surname alone, surname and an initial) only fill the page.
BROAD_KINDS = ("si", "s")

FIND_CANDIDATES = """
WITH hits AS MATERIALIZED (
    SELECT hit.person_id
    FROM unnest(%s::bigint[], %s::integer[]) AS asked(key, weight)
    CROSS JOIN LATERAL (
        SELECT stored.person_id FROM people_searchkey AS stored WHERE stored.key = asked.key LIMIT %s
    ) AS hit
    GROUP BY hit.person_id
    ORDER BY sum(asked.weight) DESC, hit.person_id DESC
    LIMIT %s
)
SELECT person.id, person.key_name, person.wrapped_key, person.version, identity.sealed,
       person.sex, person.birth_year, person.birth_precision, person.birth_state_id
FROM hits
JOIN people_person AS person ON person.id = hits.person_id
JOIN people_identity AS identity ON identity.person_id = person.id AND identity.version = person.version
WHERE person.sensitivity <= %s
"""


class Hit(NamedTuple):
    """What a search reads of one candidate: rows of the model would cost as much as unsealing them."""

    id: UUID
    key_name: str
    wrapped_key: bytes
    version: int
    sealed: bytes
    sex: str
    birth_year: int | None
    birth_precision: str
    birth_state_id: str | None

    def unseal(self) -> IdentityDocument:
        """Return who the candidate is."""
        data_key = open_person_key(self.id, WrappedKey(self.key_name, self.wrapped_key))
        return unseal_identity(data_key, self.id, self.version, self.sealed)


@dataclass(frozen=True)
class FoundPerson:
    """A candidate of a search: the row, what agrees and what differs, and whether the file may be opened.

    Of a person whom no own office serves, `person` holds the id alone, `identity` the names that were asked
    for, and the rows of `comparison` hide what the registry says: only the signs tell.
    """

    person: Person
    identity: IdentityDocument
    comparison: Comparison
    is_served_here: bool


def find_people(actor: Actor, query: PersonQuery, limit: int = MOST_SHOWN) -> list[FoundPerson]:
    """Return the people of all offices who may be the one asked for, best first.

    Views ask through `services.search_people`, which counts and limits.

    Raises:
        NotAllowed: where no role of the actor finds people.
    """
    if not actor.may(FIND_PERSON):
        raise NotAllowed(FIND_PERSON.name)
    with finding():
        documents = {str(hit.id): (hit, hit.unseal()) for hit in _find_hits(actor, query)}
        candidates = {key: _build_candidate(hit, document) for key, (hit, document) in documents.items()}
        best = rank(query, candidates.values(), limit)
        people = Person.objects.in_bulk([documents[one.candidate_id][0].id for one in best])
    served = _find_served(actor, list(people))
    shown = []
    for comparison in best:
        hit, document = documents[comparison.candidate_id]
        person = people[hit.id]
        if person.pk in served:
            shown.append(FoundPerson(person, document, comparison, is_served_here=True))
        else:
            shown.append(_mask(query, person, candidates[comparison.candidate_id], comparison))
    return shown


def _find_hits(actor: Actor, query: PersonQuery) -> list[Hit]:
    hash_search_key = load_keyring().hash_search_key
    keys = query_keys(query)
    if not keys:
        return []
    hashes = [hash_search_key(key) for key in keys]
    weights = [1 if key.partition("|")[0] in BROAD_KINDS else 4 for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(FIND_CANDIDATES, [hashes, weights, MOST_PER_KEY, MOST_CANDIDATES, int(actor.clearance)])
        return [Hit(*row) for row in cursor.fetchall()]


def _find_served(actor: Actor, ids: list[UUID]) -> set[UUID]:
    offices = actor.offices_for(OPEN_PERSON)
    served = PersonOffice.objects.filter(person_id__in=ids, office_id__in=offices)
    granted = {grant.person_id for grant in actor.grants} if offices else set()
    return set(served.values_list("person_id", flat=True)) | granted


def _build_candidate(hit: Hit, document: IdentityDocument) -> Candidate:
    return Candidate(
        id=str(hit.id),
        name=document.name,
        birth=birth_of(hit, document),
        birth_state=hit.birth_state_id,
        sex=hit.sex if hit.sex != Person.Sex.UNKNOWN else None,
        curp=document.curp,
        phones=tuple(phone.number for phone in document.phones),
        mother=document.mother,
        aliases=document.aliases,
    )


def _mask(query: PersonQuery, person: Person, candidate: Candidate, comparison: Comparison) -> FoundPerson:
    """Hide what was not asked: of the name the parts asked for, of everything else the sign alone."""
    masked = replace(
        candidate,
        name=_keep_asked(query.name, candidate.name),
        aliases=tuple(_keep_asked(query.name, alias) for alias in candidate.aliases),
    )
    shown = {row.field: row for row in compare(query, masked).rows}
    rows = tuple(
        shown[row.field] if row.field in (Field.SURNAMES, Field.GIVEN) else _hide(row) for row in comparison.rows
    )
    return FoundPerson(
        Person(id=person.pk, is_identity_established=person.is_identity_established),
        IdentityDocument(name=masked.name),
        replace(comparison, rows=rows),
        is_served_here=False,
    )


def _keep_asked(asked: PersonName, known: PersonName) -> PersonName:
    return PersonName(
        given=known.given if asked.given.strip() else "",
        first_surname=known.first_surname if asked.first_surname.strip() or asked.second_surname.strip() else "",
        second_surname=known.second_surname if asked.first_surname.strip() and asked.second_surname.strip() else "",
    )


def _hide(row: EvidenceRow) -> EvidenceRow:
    return replace(row, registered=HIDDEN if row.registered else "", registered_spans=(), said_spans=())
