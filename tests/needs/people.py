"""People of the tests of needs and instruments."""

from uuid import UUID

from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.commands import execute
from puente.platform.ids import make_id


def register(actor, office, given="Noemí", first="Güémez", second="Ortiz"):
    """Register a person at an office."""
    return register_person(
        actor=actor,
        office_id=office.pk,
        identity=IdentityDocument(name=PersonName(given, first, second)),
        facts=PersonFacts(sex="F", birth_year=1994),
        now=timezone.now(),
    )


def receive(actor, office, accompaniment="adult_alone", birth_year=1994):
    """Register a person with an arrival, as the desk does; returns (person id, arrival id)."""
    payload = {
        "office_id": str(office.pk),
        "person_id": str(make_id()),
        "identity": {
            "name": {"given": "Noemí", "first_surname": "Güémez", "second_surname": "Ortiz"},
            "birth": {"year": birth_year},
        },
        "arrival": {
            "id": str(make_id()),
            "point": "juarez_paso_del_norte",
            "arrived_at": timezone.now().isoformat(),
            "handed_over_by": "ice",
            "accompaniment": accompaniment,
        },
    }
    outcome = execute(actor=actor, name="reception.register", command_id=make_id(), payload=payload)
    return UUID(outcome.result["person_id"]), UUID(outcome.result["arrival_id"])
