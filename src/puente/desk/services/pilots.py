"""Setting up and changing a pilot: each change is a new version."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.desk.models import Pilot
from puente.desk.policies import EDIT_PILOT
from puente.offices.models import Office
from puente.platform.policy import Actor, Purpose, require_in_office

CHANGED = register_verb("pilot.changed", gettext_noop("changed the pilot"))


@dataclass(frozen=True)
class PilotFacts:
    """What a version of a pilot says."""

    name: str
    states: tuple[str, ...]
    starts_on: date
    ends_on: date | None
    wait_limits: Mapping[str, int]
    targets: Mapping[str, int]


@transaction.atomic
def save_pilot(*, actor: Actor, office_id: UUID, facts: PilotFacts, now: datetime) -> Pilot:
    """Append a version of an office's pilot; the first one sets it up.

    Raises:
        NotAllowed: where the actor changes no pilot of this office.
        IntegrityError: where it ends before it starts, or has no state.
    """
    require_in_office(actor, EDIT_PILOT, office_id)
    Office.objects.select_for_update().get(pk=office_id)
    last = Pilot.objects.filter(office_id=office_id).order_by("-version").first()
    pilot = Pilot.objects.create(
        office_id=office_id,
        version=last.version + 1 if last else 1,
        **asdict(facts) | {"states": list(facts.states)},
        made_at=now,
        made_by=actor.id,
    )
    record_event(
        actor=actor, verb=CHANGED, record_type="pilot", record_id=pilot.pk, office_id=office_id,
        purpose=Purpose.ADMINISTRATION, at=now, detail={"version": pilot.version},
    )  # fmt: skip
    return pilot
