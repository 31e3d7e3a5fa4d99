"""Demo children: one invented child returned again and again, and one who arrived alone and has a case."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from puente.offices.models import Office
from puente.platform.ids import make_id
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.protection.child_records import (
    BestInterests,
    DifHandover,
    Measure,
    ProsecutorNotice,
    Record,
    Situation,
    Step,
    Tracing,
    TracingState,
)
from puente.protection.services import create_case, open_case
from puente.protection.services.children import record_child
from puente.reception.models import Arrival
from puente.reception.payload import parse_payload
from puente.reception.services.arrivals import register_arrival
from puente.reception.services.queue import leave_queue

POINT = "juarez_paso_del_norte"
JUAREZ = "08037"
#: How many days ago the circuit child was returned; the last time is today.
RETURNS = (48, 19, 0)


def create_demo(*, reception: Actor, protection: Actor, office: Office, now: datetime) -> None:
    """Receive two invented children, and write the case of the one who arrived alone."""
    with acting_as(reception):
        circuit = _describe(office, "Brayan", "Zubiate", "Olmos", now.year - 15)
        for days in RETURNS:
            _receive(reception, circuit, now - timedelta(days=days, hours=1), has_left=days > 0)
            circuit = circuit | {"identity": None}
        alone = _receive(
            reception, _describe(office, "Yareli", "Quiñones", "Baca", now.year - 13), now - timedelta(hours=5)
        )
    officer = replace(protection, step_up_at=timezone.now())
    with acting_as(officer):
        case = create_case(actor=officer, person_id=alone.person_id, office_id=office.pk, now=now)
        opened = open_case(actor=officer, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)
        for topic, record in _write(alone.arrived_at, now):
            record_child(actor=officer, opened=opened, topic=topic, record=record, now=now)


def _describe(office: Office, given: str, first: str, second: str, year: int) -> dict[str, Any]:
    return {
        "office_id": str(office.pk),
        "person_id": str(make_id()),
        "identity": {
            "name": {"given": given, "first_surname": first, "second_surname": second},
            "birth": {"year": year, "month": 4, "day": 9},
            "sex": "U",
            "birth_state": "08",
            "nationality": "MX",
            "home_municipality": JUAREZ,
            "languages": ["spanish"],
        },
        "services": ["water_food", "phone_call"],
    }


def _receive(reception: Actor, person: dict[str, Any], at: datetime, *, has_left: bool = False) -> Arrival:
    event = {
        "id": str(make_id()),
        "point": POINT,
        "arrived_at": at.isoformat(),
        "handed_over_by": "border_patrol",
        "last_us_state": "TX",
        "time_in_us": "up_to_one_month",
        "accompaniment": "minor_alone",
    }
    arrival = register_arrival(actor=reception, said=parse_payload(person | {"arrival": event}), now=at)
    if has_left:
        leave_queue(actor=reception, arrival_id=arrival.pk, now=at + timedelta(hours=2))
    return arrival


def _write(arrived_at: datetime, now: datetime) -> list[tuple[str, Record]]:
    today = timezone.localdate(now)
    return [
        (
            "prosecutor_notice",
            ProsecutorNotice(
                arrived_at, arrived_at + timedelta(minutes=25), "Procuraduría de Protección, Chihuahua", "telephone",
                "Guardia de la Procuraduría", "PPNNA-118", "Módulo Paso del Norte", names_child=False,
            ),
        ),
        (
            "dif_handover",
            DifHandover(
                arrived_at, arrived_at + timedelta(hours=3), "Inés Montelongo, protección", "Guardia del DIF",
                "DIF estatal de Chihuahua", "Módulo Paso del Norte", is_centre=True, legal_basis="lm_112_and_lgdnna",
            ),
        ),
        ("child", Situation("unaccompanied", "medium", "assistance_centre", "", "travelled_alone", "")),
        (
            "best_interests",
            BestInterests(
                "Quiere volver con su abuela y seguir en la secundaria.", "13 años, de Ciudad Juárez",
                "Vive con su abuela", "", "", "", "Segundo de secundaria", "Su abuela, por teléfono",
                "Valorar el regreso con la abuela",
                "Es su deseo y la abuela la cuida desde pequeña.", today, today + timedelta(days=30),
            ),
        ),
        (
            "measures_plan",
            Measure(
                "family", "LGDNNA, artículo 122", "special", "Valorar y acompañar el regreso con la abuela",
                "La adolescente", "DIF municipal", "Trabajo social del DIF", "Cada semana", today, "ongoing", "",
            ),
        ),
        ("restitution_step", Step("detect", today, "")),
        ("restitution_step", Step("approach", today, "Llamada con la abuela")),
        ("tracing", Tracing(TracingState.IN_PROGRESS, "Abuela materna, Ciudad Juárez", "Se habló con ella hoy")),
    ]  # fmt: skip
