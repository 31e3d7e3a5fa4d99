from django.utils import timezone
from django.db import connection
import pytest

from puente.engines.identity.names import PersonName
from puente.people.models import Person
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, open_person, register_person
from puente.platform.policy import NotAllowed, Purpose

MARTIN = IdentityDocument(name=PersonName("Martín", "Ávalos", "Cruz"), birth_month=3, birth_day=14)


def register(actor, office):
    return register_person(
        actor=actor, office_id=office.id, identity=MARTIN, facts=PersonFacts(sex="M", birth_year=1992), now=timezone.now()
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
