"""What may be done at the desk, and who counts for those who may see no person."""

from collections.abc import Iterable
from uuid import UUID

from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.needs.policies import VIEW_NEEDS
from puente.people.policies import FIND_PERSON, OPEN_PERSON
from puente.platform.policy import Actor, Purpose, register_action, system_actor
from puente.reception.policies import VIEW_ARRIVALS

VIEW_TODAY = register_action(
    "today.view", Purpose.RECEPTION, Purpose.COUNSELLING, Purpose.PROTECTION, Purpose.ADMINISTRATION
)
VIEW_PILOT = register_action("pilot.view", Purpose.STATISTICS, Purpose.ADMINISTRATION)
EDIT_PILOT = register_action("pilot.edit", Purpose.ADMINISTRATION)
MAKE_REPORT = register_action("report.make", Purpose.STATISTICS, Purpose.ADMINISTRATION)
VIEW_STATISTICS = register_action("statistics.view", Purpose.STATISTICS)

COUNTING = UUID("01990000-0000-7000-8000-00000000c047")


def counting_actor(offices: Iterable[UUID]) -> Actor:
    """Return who reads rows only to count them: an analyst sees the counts and none of the people."""
    actions = (VIEW_ARRIVALS, FIND_PERSON, OPEN_PERSON, VIEW_NEEDS, VIEW_PROFILE, VIEW_INTRODUCTIONS)
    return system_actor("counting", COUNTING, actions, offices)
