"""People at the bridge, and a browser of each role."""

from datetime import timedelta

import pytest
from django.utils import timezone

from puente.desk.services.pilots import PilotFacts, save_pilot
from puente.platform.commands import execute
from puente.platform.ids import make_id
from puente.reception.services.arrivals import REGISTER
from tests.reception.conftest import build_payload

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NAMES = ("Güémez", "Tzintzun", "Coyotl", "Ixtepan", "Barraza", "Nevárez", "Chávez", "Huerta", "Cervantes", "Pech")


@pytest.fixture
def receive(cast, acting):
    """`receive(surname="Güémez", arrival={…})` registers somebody at the bridge and returns the answer."""

    def register(surname="Ávalos", actor=None, identity=None, **changes):
        actor = actor or cast.reception
        name = {"given": "Noemí", "first_surname": surname, "second_surname": "Ortiz"}
        payload = build_payload(cast.bridge.id, **changes, identity={"name": name, **(identity or {})})
        with acting(actor):
            return execute(actor=actor, name=REGISTER, command_id=make_id(), payload=payload).result

    return register


@pytest.fixture
def visit(cast, client):
    """`visit("analyst", path)` opens a page as one role."""

    def get(role, path, **headers):
        client.force_login(cast.users[role], backend=BACKEND)
        return client.get(path, headers=headers)

    return get


@pytest.fixture
def pilot(cast, acting):
    """A pilot of Michoacán and Guanajuato that began ten days ago."""
    today = timezone.localdate()
    facts = PilotFacts(
        name="Piloto Michoacán", states=("16", "11"), starts_on=today - timedelta(days=10), ends_on=None,
        wait_limits={"arrival": 7}, targets={"assisted": 40, "followed_up": 80},
    )  # fmt: skip
    with acting(cast.coordinator):
        return save_pilot(actor=cast.coordinator, office_id=cast.bridge.id, facts=facts, now=timezone.now())
