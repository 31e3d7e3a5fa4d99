from dataclasses import replace

import pytest
from django.utils import timezone

from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.engines.identity.names import PersonName
from puente.people.models import Person
from puente.people.sealed import IdentityDocument
from puente.people.services import PersonFacts, register_person
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from puente.protection.models import Case
from puente.protection.sealed import Compartment
from puente.protection.services import create_case
from puente.protection.services.exports import FEWEST_CASES
from puente.protection.services.plans import write_note
from tests.cast import PASSWORD
from tests.protection.cases import open_for
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


@pytest.fixture
def officer(cast) -> Actor:
    """The protection officer, stepped up."""
    return step_up(cast.protection)


@pytest.fixture
def supervisor(cast) -> Actor:
    """The supervisor, stepped up."""
    return step_up(cast.supervisor)


@pytest.fixture
def colleague(cast) -> Actor:
    """Another protection officer of the same office, stepped up."""
    user = create_staff(
        email="colleague@puente.test", name="Colleague", roles=[("protection", cast.bridge)], password=PASSWORD,
        is_demo=True,
    )  # fmt: skip
    return step_up(build_actor(user, timezone.now()))


@pytest.fixture
def case(cast, officer, person) -> Case:
    """A case of the person, with the officer in charge."""
    with acting_as(officer):
        return create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())


@pytest.fixture
def cases(cast, officer) -> list[Case]:
    """As many cases as an export needs, each with a testimony."""
    made = []
    for number in range(FEWEST_CASES):
        with acting_as(cast.reception):
            person = register_person(
                actor=cast.reception, office_id=cast.bridge.pk, now=timezone.now(), facts=PersonFacts(sex="F"),
                identity=IdentityDocument(PersonName(f"Noemí{number}", "Xicale")),
            )  # fmt: skip
        with acting_as(officer):
            case = create_case(actor=officer, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now())
            write_note(
                actor=officer, opened=open_for(officer, case), compartment=Compartment.TESTIMONY,
                words="la encerraron", now=timezone.now(), replaces=None,
            )  # fmt: skip
        made.append(case)
    return made
