"""A small board around Zitácuaro, and a person who is to be counselled."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from puente.counselling.facts import JobFacts
from puente.counselling.services.profiles import save_profile
from puente.engines.identity.names import PersonName
from puente.opportunities.models import Employer, Opening
from puente.opportunities.services.employers import EmployerFacts, create_employer
from puente.opportunities.services.openings import OpeningFacts, create_opening
from puente.people.models import Person
from puente.people.sealed import IdentityDocument, Phone
from puente.people.services import PersonFacts, record_consents, register_person
from puente.platform.policy import Purpose
from puente.platform.row_security import acting_as
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
ZITACUARO, HIDALGO, MORELIA, ACAPULCO, LEON = "16112", "16034", "16053", "12001", "11020"
MARTIN = IdentityDocument(
    name=PersonName("Martín", "Ávalos", "Cruz"),
    birth_month=3,
    birth_day=14,
    phones=(Phone("715 555 0118", safety="yes"),),
)
ROOFER, WELDER, BRICKLAYER, DRIVER = "7122", "7212", "7121", "8341"


@dataclass(frozen=True)
class Board:
    """The employers and openings of the tests, by a short name."""

    openings: dict[str, Opening]
    employers: dict[str, Employer]


@pytest.fixture
def board(cast: Cast) -> Board:
    """Openings in three states: two that fit, one hidden by a licence, one far away, one course."""
    with acting_as(cast.liaison):
        employers = {
            name: create_employer(
                actor=cast.liaison,
                now=NOW,
                facts=EmployerFacts(name, municipality_id=ZITACUARO, contact_name="Lucía Bernal", phone="715 555 0142"),
            )
            for name in ("Recubrimientos Tres Marías", "Herrería La Fragua", "Materiales del Oriente")
        }
        roofs, forge, materials = employers.values()
        base = OpeningFacts(
            kind="vacancy",
            title="",
            valid_from=date(2026, 11, 1),
            weekdays=0b11111,
            starts_at=time(8),
            ends_at=time(17),
            hours_a_week=Decimal(45),
        )
        facts = {
            "roofs": replace(
                base,
                title="Oficial de techos",
                employer_id=roofs.pk,
                occupation_id=ROOFER,
                wage_min=Decimal(12400),
                municipality_id=ZITACUARO,
                documents=["curp"],
            ),
            "welding": replace(
                base,
                title="Soldador de estructura ligera",
                employer_id=forge.pk,
                occupation_id=WELDER,
                wage_min=Decimal(11200),
                municipality_id=HIDALGO,
            ),
            "truck": replace(
                base,
                title="Chofer de materiales",
                employer_id=materials.pk,
                occupation_id=DRIVER,
                wage_min=Decimal(13600),
                municipality_id=ZITACUARO,
                licences=["mx_federal_b"],
            ),
            "coast": replace(
                base,
                title="Techador en la costa",
                employer_id=roofs.pk,
                occupation_id=ROOFER,
                wage_min=Decimal(15000),
                municipality_id=ACAPULCO,
            ),
            "course": replace(
                base,
                kind="course",
                title="Curso de soldadura",
                employer_id=forge.pk,
                occupation_id=WELDER,
                municipality_id=ZITACUARO,
                cost=Decimal(0),
            ),
        }
        openings = {name: create_opening(actor=cast.liaison, facts=fact, now=NOW) for name, fact in facts.items()}
    return Board(openings, employers)


def register(cast: Cast, identity: IdentityDocument = MARTIN, **facts: Any) -> Person:
    """Register a person at the bridge."""
    with acting_as(cast.reception):
        return register_person(
            actor=cast.reception,
            office_id=cast.bridge.id,
            identity=identity,
            now=NOW,
            facts=PersonFacts(
                **{"sex": "M", "birth_year": 1992, "home_state_id": "16", "home_municipality_id": ZITACUARO} | facts
            ),
        )


@pytest.fixture
def person(cast: Cast) -> Person:
    """Martín, of Zitácuaro."""
    return register(cast)


@pytest.fixture
def counsellor(cast: Cast) -> Iterator[Any]:
    """The counsellor of the bridge, acting."""
    with acting_as(cast.counsellor):
        yield cast.counsellor


def write_profile(actor: Any, person_id: UUID, after_version: int = 0, **changes: Any) -> Any:
    """Write a usual profile down: a roofer of Zitácuaro who would live in two states."""
    usual: dict[str, Any] = {
        "jobs": (JobFacts("roofer", suggested=(ROOFER,), occupation=ROOFER, is_confirmed=True, years=6, country="US"),),
        "home_municipality": ZITACUARO,
        "places": (ZITACUARO, "16", "12"),
        "wage_floor": 11000,
        "licences": ("mx_car",),
        "documents": ("curp",),
        "refused_schedule": ("sundays",),
        "schooling": "secondary",
        "body_limits": (),
    }
    return save_profile(actor=actor, person_id=person_id, changes=usual | changes, after_version=after_version, now=NOW)


def consent(
    actor: Any, person_id: UUID, office_id: UUID, purpose: str = "work_search", decision: str = "given"
) -> None:
    """Take a consent down."""
    record_consents(
        actor=actor,
        person_id=person_id,
        office_id=office_id,
        decisions={purpose: decision},
        language="es",
        means="verbal",
        purpose=Purpose.COUNSELLING,
        now=NOW,
    )
