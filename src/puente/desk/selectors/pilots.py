"""The pilot of an office, and the limits that it sets for waiting."""

from collections.abc import Mapping
from uuid import UUID

from puente.accounts.models import User
from puente.desk.models import Pilot
from puente.desk.policies import VIEW_PILOT
from puente.offices.models import Office, State
from puente.platform.policy import Action, Actor, NotAllowed
from puente.reception.models import Stage
from puente.reception.selectors.queue import LIMITS


def find_office(actor: Actor, action: Action) -> Office:
    """Return the office in which the actor does something: the own one if a role gives the action there.

    Raises:
        NotAllowed: where no role gives the action.
    """
    offices = actor.offices_for(action)
    if not offices:
        raise NotAllowed(action.name)
    chosen = actor.home_office_id if actor.home_office_id in offices else min(offices)
    return Office.objects.select_related("municipality").get(pk=chosen)


def find_pilot(actor: Actor, office_id: UUID) -> Pilot | None:
    """Return the newest version of an office's pilot; None where there is none yet.

    Raises:
        NotAllowed: where the actor sees no pilot of this office.
    """
    if office_id not in actor.offices_for(VIEW_PILOT):
        raise NotAllowed(VIEW_PILOT.name)
    return _find_newest(office_id)


def list_pilot_versions(actor: Actor, office_id: UUID) -> list[tuple[Pilot, str]]:
    """Return every version of an office's pilot with who made it, the newest first; raises NotAllowed."""
    if office_id not in actor.offices_for(VIEW_PILOT):
        raise NotAllowed(VIEW_PILOT.name)
    pilots = list(Pilot.objects.filter(office_id=office_id).order_by("-version"))
    staff = dict(User.objects.filter(pk__in={pilot.made_by for pilot in pilots}).values_list("pk", "name"))
    return [(pilot, staff.get(pilot.made_by, "")) for pilot in pilots]


def list_states(pilot: Pilot) -> list[State]:
    """Return the states of origin that take part, by name."""
    return list(State.objects.filter(pk__in=pilot.states))


def find_wait_limits(office_id: UUID) -> Mapping[str, int]:
    """Return after how many minutes a wait is called long in each stage of an office."""
    pilot = _find_newest(office_id)
    chosen = pilot.wait_limits if pilot else {}
    return {stage: chosen.get(stage, LIMITS[stage]) for stage in Stage}


def _find_newest(office_id: UUID) -> Pilot | None:
    return Pilot.objects.filter(office_id=office_id).order_by("-version").first()
