from dataclasses import replace

import pytest
from django.utils import timezone

from puente.engines.identity.names import PersonName
from puente.people.models import Person
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from tests.reception.conftest import send

__all__ = ["send"]


def step_up(actor: Actor) -> Actor:
    """Return the actor as after proving who they are a moment ago."""
    return replace(actor, step_up_at=timezone.now())


@pytest.fixture
def person(cast) -> Person:
    """Somebody whom reception registered at the bridge."""
    with acting_as(cast.reception):
        return register_person(
            actor=cast.reception,
            office_id=cast.bridge.pk,
            identity=IdentityDocument(PersonName("Noemí", "Xicale", "Tzintzun")),
            facts=PersonFacts(sex="F", birth_year=2001),
            now=timezone.now(),
        )
