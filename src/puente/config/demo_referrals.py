"""Demo cases that may be referred and are enough for an export: six invented adults, one of whom still waits."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from puente.offices.models import Office
from puente.people.services import record_consents
from puente.platform.ids import make_id
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import FollowUpKind
from puente.protection.contact import Channel, ContactInstructions
from puente.protection.handovers import Reason
from puente.protection.selectors import list_by_urgency
from puente.protection.services import Service, open_case, send_handover
from puente.protection.services.cases import take_on
from puente.protection.services.follow_ups import plan_follow_up
from puente.protection.services.plans import save_contact
from puente.reception.payload import parse_payload
from puente.reception.services.arrivals import register_arrival
from puente.reception.services.queue import leave_queue

#: Under which number the last one waits in the hall.
TURN = "A-093"
#: Given name, surnames, sex, age, days since the return; the last one came today and waits.
PEOPLE = (
    ("Itzel", "Cuautle", "Ramos", "F", 24, 41), ("Rosalba", "Tepole", "Marín", "F", 31, 33),
    ("Efraín", "Huerta", "Quiroz", "M", 28, 26), ("Maricela", "Poot", "Canul", "F", 19, 17),
    ("Abundio", "Zepahua", "Cruz", "M", 45, 9), ("Nayeli", "Xolalpa", "Vite", "F", 22, 0),
)  # fmt: skip


def create_demo(*, reception: Actor, protection: Actor, office: Office, now: datetime) -> None:
    """Receive the people, hand each over to protection, and open a case for all but the last."""
    with acting_as(reception):
        person_ids = [_receive(reception, office, *person, now) for person in PEOPLE]
    officer = replace(protection, step_up_at=timezone.now())
    with acting_as(officer):
        handovers = {one.row.person_id: one.row.pk for one in list_by_urgency(officer, now)}
        for person_id in person_ids[:-1]:
            _begin_case(officer, person_id, handovers[person_id], office.pk, now)


def _receive(
    reception: Actor, office: Office, given: str, first: str, second: str, sex: str, age: int, days: int, now: datetime
) -> UUID:
    at = now - timedelta(days=days, hours=2)
    said = _describe(office, given, first, second, sex, now.year - age, at)
    arrival = register_arrival(actor=reception, said=parse_payload(said), now=at)
    send_handover(
        actor=reception, person_id=arrival.person_id, office_id=office.pk, service=Service.PROTECTION,
        reasons=[Reason.IN_DANGER], turn="" if days else TURN, now=at,
    )  # fmt: skip
    if days:
        leave_queue(actor=reception, arrival_id=arrival.pk, now=at + timedelta(hours=1))
    return arrival.person_id


def _describe(office: Office, given: str, first: str, second: str, sex: str, year: int, at: datetime) -> dict[str, Any]:
    return {
        "office_id": str(office.pk),
        "person_id": str(make_id()),
        "identity": {
            "name": {"given": given, "first_surname": first, "second_surname": second},
            "birth": {"year": year, "month": 8, "day": 2},
            "sex": sex,
            "birth_state": "20",
            "nationality": "MX",
            "home_municipality": "20067",
            "languages": ["spanish"],
        },
        "services": ["water_food"],
        "arrival": {
            "id": str(make_id()),
            "point": "juarez_paso_del_norte",
            "arrived_at": at.isoformat(),
            "handed_over_by": "border_patrol",
            "last_us_state": "TX",
            "time_in_us": "up_to_one_month",
            "accompaniment": "adult_alone",
        },
    }


def _begin_case(officer: Actor, person_id: UUID, handover_id: UUID, office_id: UUID, now: datetime) -> None:
    case, today = take_on(actor=officer, handover_id=handover_id, now=now), timezone.localdate(now)
    record_consents(
        actor=officer, person_id=person_id, office_id=office_id, decisions={"referral": "given"}, language="es",
        means="signature", purpose=Purpose.PROTECTION, now=now,
    )  # fmt: skip
    opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)
    save_contact(
        actor=officer, opened=opened, now=now,
        instructions=ContactInstructions(
            frozenset({Channel.CALL}), review_on=today + timedelta(days=60), begins=time(10), ends=time(13),
            number="656 555 0100", say="Llamo de la papelería.", never="La palabra retorno.",
        ),
    )  # fmt: skip
    plan_follow_up(
        actor=officer, opened=opened, kind=FollowUpKind.CALL, due_on=today + timedelta(days=7),
        words="Preguntar cómo sigue.", now=now,
    )  # fmt: skip
