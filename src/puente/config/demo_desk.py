"""A demo pilot: the states that most people of the demo go home to, since the month before last."""

from datetime import datetime, timedelta
from uuid import UUID

from puente.desk.models import Indicator, Pilot
from puente.desk.services.pilots import PilotFacts, save_pilot
from puente.platform.policy import Actor
from puente.reception.selectors.queue import LIMITS

STATES = ("16", "20", "12", "11", "32")
TARGETS = {
    Indicator.ASSISTED: 400,
    Indicator.ASSESSED: 320,
    Indicator.PLANNED: 200,
    Indicator.INTRODUCED: 120,
    Indicator.HIRED: 60,
    Indicator.FOLLOWED_UP: 80,
}


def create_demo(*, coordinator: Actor, office_id: UUID, now: datetime) -> Pilot:
    """Set up the pilot of an office. Runs inside `acting_as(coordinator)`."""
    before_last = (now.date().replace(day=1) - timedelta(days=32)).replace(day=1)
    facts = PilotFacts(
        name="Piloto de cinco estados",
        states=STATES,
        starts_on=before_last,
        ends_on=None,
        wait_limits={str(stage): minutes for stage, minutes in LIMITS.items()},
        targets={indicator.value: target for indicator, target in TARGETS.items()},
    )
    return save_pilot(actor=coordinator, office_id=office_id, facts=facts, now=now)
