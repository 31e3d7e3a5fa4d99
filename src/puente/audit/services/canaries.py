"""Invented files. The room that holds people makes the person; here it is noted that they are invented."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_noop

from puente.audit.models import Canary
from puente.audit.policies import PLANT_CANARY
from puente.audit.services.events import record_event
from puente.audit.verbs import register_verb
from puente.platform.policy import Actor, Purpose, require_in_office

PLANTED = register_verb("canary.planted", gettext_noop("planted invented files"))


def note_canaries(*, actor: Actor, office_id: UUID, person_ids: list[UUID], now: datetime) -> None:
    """Note that people are invented. From now on whatever is done with them raises an alert.

    The event says how many, and of nobody who.

    Raises:
        NotAllowed: where the actor plants none in this office.
    """
    require_in_office(actor, PLANT_CANARY, office_id)
    Canary.objects.bulk_create(
        Canary(person_id=person_id, office_id=office_id, planted_at=now, planted_by=actor.id)
        for person_id in person_ids
    )
    record_event(
        actor=actor, verb=PLANTED, record_type="canary", record_id=None, office_id=office_id,
        purpose=Purpose.ADMINISTRATION, detail={"number": len(person_ids)}, at=now,
    )  # fmt: skip
