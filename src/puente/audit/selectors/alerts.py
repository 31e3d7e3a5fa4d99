"""Reading alerts, and the list of invented people."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from puente.audit.directory import directory, reference_of
from puente.audit.models import Alert, Canary, Event
from puente.audit.policies import PLANT_CANARY, REVIEW_ALERTS
from puente.audit.verbs import sentence_of
from puente.audit.wording import DAMAGES
from puente.platform.policy import Actor, NotAllowed


@dataclass(frozen=True)
class ToldAlert:
    """One alert in words. `person_id` and `reference` stand where the reader may know whom it is about."""

    alert: Alert
    who: str
    what: str
    person_id: UUID | None
    reference: str
    office: str
    reviewer: str
    is_own: bool


def list_alerts(actor: Actor, *, waiting: bool | None = None) -> QuerySet[Alert]:
    """Return the alerts of the actor's offices, all or those that wait for a review, for paging by ("-at", "id").

    Raises:
        NotAllowed: where the actor reviews no alerts.
    """
    if not actor.may(REVIEW_ALERTS):
        raise NotAllowed(REVIEW_ALERTS.name)
    alerts = Alert.objects.visible_to(actor, REVIEW_ALERTS).select_related("review")
    return alerts if waiting is None else alerts.filter(review__isnull=waiting)


def count_waiting_alerts(actor: Actor) -> int:
    """Return how many alerts wait for the actor's review; none for who reviews none."""
    if not actor.may(REVIEW_ALERTS):
        return 0
    return list_alerts(actor, waiting=True).exclude(actor_id=actor.id).count()


def tell_alerts(actor: Actor, alerts: Iterable[Alert]) -> list[ToldAlert]:
    """Return alerts in words, in the order given. Whom one is about is told only to who may read its event."""
    rows = list(alerts)
    events = Event.objects.in_bulk([alert.event_id for alert in rows if alert.event_id])
    reviewers = {alert.review.by for alert in rows if hasattr(alert, "review")}
    staff = directory().name_staff({alert.actor_id for alert in rows} | reviewers)
    offices = directory().name_offices({alert.office_id for alert in rows if alert.office_id})
    told = []
    for alert in rows:
        event = events.get(alert.event_id) if alert.event_id else None
        person_id = event.person_id if event else None
        told.append(
            ToldAlert(
                alert,
                staff.get(alert.actor_id, ""),
                _tell_what(alert, event),
                person_id,
                reference_of(person_id) if person_id else "",
                offices.get(alert.office_id, "") if alert.office_id else "",
                staff.get(alert.review.by, "") if hasattr(alert, "review") else "",
                alert.actor_id == actor.id,
            )
        )
    return told


def list_canaries(actor: Actor) -> QuerySet[Canary]:
    """Return the invented people of the actor's offices, for paging by ("-planted_at", "person_id").

    Raises:
        NotAllowed: where the actor plants none.
    """
    offices = actor.offices_for(PLANT_CANARY)
    if not offices:
        raise NotAllowed(PLANT_CANARY.name)
    return Canary.objects.filter(office_id__in=offices)


@dataclass(frozen=True)
class ToldCanary:
    """One invented file: by reference alone, since whoever opens it is told of."""

    canary: Canary
    reference: str
    planter: str
    office: str


def tell_canaries(canaries: Iterable[Canary]) -> list[ToldCanary]:
    """Return invented files with references and names of staff and offices, in the order given."""
    rows = list(canaries)
    staff = directory().name_staff({canary.planted_by for canary in rows})
    offices = directory().name_offices({canary.office_id for canary in rows})
    return [
        ToldCanary(
            canary, reference_of(canary.person_id), staff.get(canary.planted_by, ""), offices.get(canary.office_id, "")
        )
        for canary in rows
    ]


def _tell_what(alert: Alert, event: Event | None) -> str:
    if alert.kind == Alert.Kind.CHAIN_BROKEN:
        return str(DAMAGES.get(alert.detail.get("kind", ""), ""))
    if event is not None:
        return sentence_of(event.verb)
    return ""
