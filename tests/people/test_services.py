import pytest
from django.db import connection
from django.utils import timezone

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.keys import PersonQuery
from puente.engines.identity.names import PersonName
from puente.people.models import Identity, Person
from puente.people.sealed import IdentityDocument
from puente.people.selectors import find_people
from puente.people.services import PersonFacts, correct_person, open_person, receive_person, register_person
from puente.platform.policy import NotAllowed, Purpose

MARTIN = IdentityDocument(name=PersonName("Martín", "Ávalos", "Cruz"), birth_month=3, birth_day=14)


def register(actor, office):
    return register_person(
        actor=actor,
        office_id=office.id,
        identity=MARTIN,
        facts=PersonFacts(sex="M", birth_year=1992),
        now=timezone.now(),
    )


def test_a_registered_person_is_opened_by_the_own_office_alone(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
        opened = open_person(actor=cast.reception, person_id=person.id, purpose=Purpose.RECEPTION, now=timezone.now())
        assert opened.identity.name.given == "Martín"
    with acting(cast.far_reception), pytest.raises(NotAllowed):
        open_person(actor=cast.far_reception, person_id=person.id, purpose=Purpose.RECEPTION, now=timezone.now())


def test_the_database_hides_people_of_other_offices_even_without_a_filter(cast, acting):
    with acting(cast.reception):
        register(cast.reception, cast.bridge)
        assert Person.objects.count() == 1
    for role in ("far_reception", "liaison", "communication", "analyst", "administrator"):
        with acting(cast.actors[role]):
            assert Person.objects.count() == 0, role


def test_no_name_stands_in_a_column(cast, acting):
    with acting(cast.reception), connection.cursor() as cursor:
        register(cast.reception, cast.bridge)
        for table in ("people_person", "people_identity", "people_searchkey", "audit_event"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} AS t")
            assert "valos" not in cursor.fetchone()[0]


def test_people_are_found_across_offices_but_opened_only_where_they_are_served(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
    query = PersonQuery(PersonName("Martin", "Abalos", ""), birth=PartialDate.from_parts(1992))
    with acting(cast.far_reception):
        found = find_people(cast.far_reception, query)
        assert [candidate.person.id for candidate in found] == [person.id]
        assert not found[0].is_served_here
        assert Person.objects.count() == 0
    with acting(cast.liaison), pytest.raises(NotAllowed):
        find_people(cast.liaison, query)


def test_an_office_that_receives_a_known_person_may_open_the_file(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
    with acting(cast.far_reception):
        receive_person(actor=cast.far_reception, person_id=person.id, office_id=cast.tapachula.id, now=timezone.now())
        opened = open_person(
            actor=cast.far_reception, person_id=person.id, purpose=Purpose.RECEPTION, now=timezone.now()
        )
    assert opened.identity.name.first_surname == "Ávalos"


def test_a_correction_is_a_new_version_and_the_old_keys_no_longer_find(cast, acting):
    now = timezone.now()
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
        corrected = IdentityDocument(name=PersonName("Tomás", "Arellano", "Silva"))
        correct_person(
            actor=cast.reception,
            person_id=person.id,
            identity=corrected,
            facts=PersonFacts(birth_year=1980),
            purpose=Purpose.RECEPTION,
            now=now,
        )
        assert Identity.objects.filter(person=person).count() == 2
        assert find_people(cast.reception, PersonQuery(PersonName("Martín", "Ávalos", "Cruz"))) == []
        assert find_people(cast.reception, PersonQuery(PersonName("Tomás", "Arellano", "Silva")))
