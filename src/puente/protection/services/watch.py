"""Watching for reserved people who return: they have no search keys, so reception registers them anew.

The job that every arrival leaves compares the new file with those of reserved people by hashes that the vault keys, and
hands over what it finds to whoever protects the person. No member of staff can do what it does, and reception's own
work is the same for everybody.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from puente.engines.identity.evidence import Likelihood, rank
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.keys import query_keys, search_keys
from puente.offices.models import Office
from puente.people.models import Assignment, Person
from puente.people.opening import OpenedPerson, birth_of, read_person
from puente.people.policies import OPEN_PERSON, RESERVE_PERSON
from puente.people.reservation_steps import ReservationSteps
from puente.people.sealed import IdentityDocument, seal_note, unseal_note
from puente.platform.keys import Realm, load_keyring
from puente.platform.policy import Actor, Sensitivity, system_actor
from puente.platform.row_security import acting_as
from puente.platform.sealing import unwrap_key, wrap_key
from puente.protection.handovers import Reason, seal_registered
from puente.protection.models import WatchedPerson, WatchKey
from puente.protection.policies import SEND_HANDOVER, WATCH_PEOPLE
from puente.protection.sealed import bind_watched_key
from puente.protection.services.inbox import raise_prompt

WATCHING = UUID("01990000-0000-7000-8000-00000000a7c4")
NOTE = "watched_person"
#: Keys of these kinds are shared by too many people to mean anything here.
BROAD_KINDS = ("si", "s")
MOST_COMPARED = 200


@transaction.atomic
def watch_for_return(
    *, person_id: UUID, about: UUID, office_id: UUID | None = None, turn: str = "", now: datetime
) -> int:
    """Compare a registered person with all who are reserved, and hand over each that it may be.

    Args:
        about: the arrival that is looked at, or the person whose name was corrected.
        office_id, turn: where the person waits now, and under which number; none after a correction.

    Returns:
        how many hand-overs were written.
    """
    watching = _watching_actor()
    with acting_as(watching):
        person = Person.objects.filter(pk=person_id, sensitivity__lt=Sensitivity.FLAG).first()
        if person is None:
            return 0
        query = _ask(person, read_person(person).identity)
        found = _find_watched(query)
        candidates = [_build_candidate(key, row) for key, row in found.items()]
        likely = [
            found[compared.candidate_id][0]
            for compared in rank(query, candidates, len(candidates) or 1)
            if compared.likelihood is not Likelihood.DOUBTFUL
        ]
        return sum(_hand_over(watching, row, person_id, about, office_id, turn, now) for row in likely)


def start_watch(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """Watch for the return of somebody whose file was reserved just now."""
    person_id = opened.person.pk
    with acting_as(_watching_actor()):
        key_name, wrapped = wrap_key(load_keyring(), opened.data_key, bind_watched_key(person_id), Realm.VAULT)
        WatchedPerson.objects.update_or_create(
            person_id=person_id,
            defaults={
                "key_name": key_name, "wrapped_key": wrapped,
                "sealed": seal_note(opened.data_key, NOTE, person_id, _describe(opened)),
            },
        )  # fmt: skip
        WatchKey.objects.filter(person_id=person_id).delete()
        WatchKey.objects.bulk_create(WatchKey(key=key, person_id=person_id) for key in sorted(_hash_keys(opened)))


def end_watch(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """Watch no longer for somebody whose file is not reserved any more."""
    with acting_as(_watching_actor()):
        WatchKey.objects.filter(person_id=opened.person.pk).delete()
        WatchedPerson.objects.filter(person_id=opened.person.pk).delete()


def look_again(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """After a correction: of a reserved person, watch for the new name; of anybody else, compare anew."""
    if opened.person.sensitivity >= Sensitivity.FLAG:
        start_watch(actor, opened, now)
    else:
        from puente.protection.jobs import compare_person

        compare_person.defer(person_id=str(opened.person.pk))


STEPS = ReservationSteps(reserved=start_watch, released=end_watch, corrected=look_again)


def _watching_actor() -> Actor:
    offices = Office.objects.values_list("pk", flat=True)
    return system_actor("watch", WATCHING, (OPEN_PERSON, RESERVE_PERSON, SEND_HANDOVER, WATCH_PEOPLE), offices)


def _ask(person: Person, identity: IdentityDocument) -> PersonQuery:
    return PersonQuery(
        name=identity.name,
        birth=birth_of(person, identity),
        birth_state=person.birth_state_id,
        sex=person.sex if person.sex != Person.Sex.UNKNOWN else None,
        curp=identity.curp,
        phone=identity.phones[0].number if identity.phones else "",
        mother=identity.mother,
    )


def _find_watched(query: PersonQuery) -> dict[str, tuple[WatchedPerson, dict[str, Any]]]:
    """Return the reserved people who share a narrow key with the question, unsealed, by id."""
    hash_vault_key = load_keyring().hash_vault_key
    hashes = [hash_vault_key(key) for key in query_keys(query) if key.partition("|")[0] not in BROAD_KINDS]
    ids = WatchKey.objects.filter(key__in=hashes).values_list("person_id", flat=True).distinct()[:MOST_COMPARED]
    rows = list(WatchedPerson.objects.filter(person_id__in=list(ids)))
    return {str(row.pk): (row, unseal_note(_open_key(row), NOTE, row.pk, bytes(row.sealed))) for row in rows}


def _open_key(row: WatchedPerson) -> bytes:
    return unwrap_key(load_keyring(), row.key_name, bytes(row.wrapped_key), bind_watched_key(row.pk))


def _describe(opened: OpenedPerson) -> dict[str, Any]:
    person = opened.person
    return {
        "identity": opened.identity.to_json(),
        "sex": person.sex,
        "birth_year": person.birth_year,
        "birth_precision": person.birth_precision,
        "birth_state": person.birth_state_id,
    }


def _build_candidate(key: str, found: tuple[WatchedPerson, dict[str, Any]]) -> Candidate:
    content = found[1]
    identity = IdentityDocument.from_json(content["identity"])
    known = Person(birth_year=content["birth_year"], birth_precision=content["birth_precision"])
    return Candidate(
        id=key,
        name=identity.name,
        birth=birth_of(known, identity),
        birth_state=content["birth_state"],
        sex=content["sex"] if content["sex"] != Person.Sex.UNKNOWN else None,
        curp=identity.curp,
        phones=tuple(phone.number for phone in identity.phones),
        mother=identity.mother,
        aliases=identity.aliases,
    )


def _hash_keys(opened: OpenedPerson) -> set[int]:
    hash_vault_key = load_keyring().hash_vault_key
    birth = birth_of(opened.person, opened.identity)
    return {
        hash_vault_key(key)
        for name in (opened.identity.name, *opened.identity.aliases)
        for key in search_keys(name, birth, opened.person.birth_state_id)
        if key.partition("|")[0] not in BROAD_KINDS
    }


def _hand_over(
    watching: Actor, row: WatchedPerson, person_id: UUID, about: UUID, office_id: UUID | None, turn: str, now: datetime
) -> bool:
    """Prompt whoever protects the person. Who was registered is sealed once more, for the officer in charge alone."""
    offices = Assignment.objects.filter(person_id=row.pk, ended_at=None).order_by("assigned_at")
    in_charge = offices.values_list("office_id", flat=True).first()
    if in_charge is None:
        return False
    return raise_prompt(
        actor=watching, person_id=row.pk, office_id=in_charge, about=uuid5(row.pk, str(about)),
        reason=Reason.POSSIBLE_RETURN, turn=turn if office_id == in_charge else "",
        details={"registered": seal_registered(_open_key(row), row.pk, person_id)}, now=now,
    )  # fmt: skip
