"""What a desk sends, as plain payloads, and a clock that the tests share."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.reception.services.arrivals import REGISTER

POINT = "juarez_paso_del_norte"
#: Of whom the desk writes down no words.
ALONE = {"minor_alone", "minor_with_relative"}


def build_payload(office_id: UUID, **changes: Any) -> dict[str, Any]:
    """Return a complete payload for Martín Ávalos Cruz; `changes` replace parts of it, nested dicts are merged."""
    payload: dict[str, Any] = {
        "office_id": str(office_id),
        "person_id": str(make_id()),
        "identity": {
            "name": {"given": "Martín", "first_surname": "Ávalos", "second_surname": "Cruz"},
            "birth": {"year": 1992, "month": 3, "day": 14},
            "sex": "M",
            "birth_state": "16",
            "nationality": "MX",
            "home_municipality": "16112",
        },
        "arrival": {
            "id": str(make_id()),
            "point": POINT,
            "arrived_at": timezone.now().isoformat(),
            "handed_over_by": "border_patrol",
            "last_us_state": "GA",
            "time_in_us": "more_than_ten_years",
            "accompaniment": "adult_alone",
        },
        "services": ["water_food", "phone_call"],
        "consents": {"decisions": {"care": "given", "work_search": "refused"}, "means": "verbal"},
        "immediate_need": "Dolor de rodilla",
        "in_danger": "no",
    }
    for name, value in changes.items():
        known = payload.get(name)
        payload[name] = known | value if isinstance(known, dict) and isinstance(value, dict) else value
    if payload["arrival"]["accompaniment"] in ALONE and "immediate_need" not in changes:
        payload["immediate_need"] = ""
    return payload


@pytest.fixture
def send(cast, acting) -> Callable[..., dict[str, Any]]:
    """`send(identity={…}, arrival={…})` registers a person at the bridge and returns the answer."""

    def register(actor=None, **changes):
        actor = actor or cast.reception
        with acting(actor):
            return execute(
                actor=actor, name=REGISTER, command_id=make_id(), payload=build_payload(cast.bridge.id, **changes)
            ).result

    return register


MINOR = {"birth": {"year": timezone.now().year - 12}, "name": {"given": "Noemí", "first_surname": "Güémez"}}
