import pytest
from django.test import Client
from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.people.sealed import IdentityDocument, Phone
from puente.people.services import PersonFacts, register_person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def sign_in(cast):
    """`sign_in("reception")` gives a client of that member of the cast, who reads English."""

    def sign_in(role):
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(cast.users[role], backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def martin(cast, acting):
    """A person whom the bridge serves."""
    with acting(cast.reception):
        return register_person(
            actor=cast.reception,
            office_id=cast.bridge.id,
            identity=IdentityDocument(
                name=PersonName("Martín", "Ávalos", "Cruz", "Tincho"),
                birth_month=3,
                birth_day=14,
                curp="AACM920314HMNVRR05",
                mother="Elvira Cruz Solís",
                phones=(Phone("715 123 4518"),),
            ),
            facts=PersonFacts(
                sex="M", birth_year=1992, birth_precision="day", birth_state_id="16", home_municipality_id="16112"
            ),
            now=timezone.now(),
        )
