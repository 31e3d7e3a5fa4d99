"""Alerts: raised in the transaction of what they tell of, and looked into by somebody else."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from puente.audit.models import Alert, AlertReview, Event
from puente.audit.policies import REVIEW_ALERTS
from puente.audit.services.events import record_event
from puente.audit.verbs import register_verb
from puente.platform.policy import Actor, NotAllowed, Purpose

REVIEWED = register_verb("alert.reviewed", gettext_noop("looked into an alert"))
REFUSED = register_verb("access.refused", gettext_noop("was refused a page"))
WINDOW = timedelta(hours=1)
MOST_REFUSALS = 12


def raise_alert(
    *,
    actor: Actor,
    kind: Alert.Kind,
    event: Event | None = None,
    office_id: UUID | None = None,
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Leave an alert in the caller's transaction. Whoever sets one off cannot read it.

    Args:
        event: what set it off; whom it is about stands there.
        office_id: whose supervisors look into it; without one the event's, else the actor's.
        detail: codes and counts alone.
    """
    Alert.objects.create(
        kind=kind,
        at=at or timezone.now(),
        office_id=office_id or (event.office_id if event else None) or actor.home_office_id,
        actor_id=actor.id,
        event_id=event.pk if event else None,
        detail=detail or {},
    )


@transaction.atomic
def review_alert(*, actor: Actor, alert_id: UUID, outcome: str, now: datetime) -> None:
    """Note what an alert was. A second review changes nothing.

    Raises:
        NotAllowed: also where there is no such alert, and for an alert that the actor set off.
    """
    alert = Alert.objects.visible_to(actor, REVIEW_ALERTS).filter(pk=alert_id).exclude(actor_id=actor.id).first()
    if alert is None:
        raise NotAllowed(REVIEW_ALERTS.name)
    _review, is_new = AlertReview.objects.get_or_create(
        alert=alert,
        defaults={"office_id": alert.office_id, "at": now, "by": actor.id, "outcome": AlertReview.Outcome(outcome)},
    )
    if is_new:
        record_event(
            actor=actor, verb=REVIEWED, record_type="alert", record_id=alert.pk, office_id=alert.office_id,
            purpose=Purpose.ADMINISTRATION, detail={"kind": alert.kind, "outcome": outcome}, at=now,
        )  # fmt: skip


@transaction.atomic
def note_refusal(*, actor: Actor, page: str, now: datetime) -> None:
    """Note that an actor asked for what they may not have; each twelfth time in an hour somebody is told.

    Args:
        page: the name of the address, without what stood in it.
    """
    event = record_event(
        actor=actor, verb=REFUSED, record_type="page", record_id=None, purpose=Purpose.ADMINISTRATION,
        detail={"page": page[:60]}, at=now,
    )  # fmt: skip
    refused = Event.objects.filter(actor_id=actor.id, verb=REFUSED, at__gt=now - WINDOW).count()
    if refused % MOST_REFUSALS == 0:
        raise_alert(actor=actor, kind=Alert.Kind.REFUSALS, event=event, detail={"refusals": refused}, at=now)
