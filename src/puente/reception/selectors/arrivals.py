"""One arrival, and a person's arrivals: selectors of the desk, the person's page and the slip."""

from collections import defaultdict
from collections.abc import Collection
from contextlib import nullcontext
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from puente.offices.models import Office
from puente.people.sealed import unseal_note
from puente.people.selectors import EarlierReturn
from puente.people.services import open_key_of
from puente.platform.policy import Actor, NotAllowed
from puente.platform.row_security import finding
from puente.reception import catalogue
from puente.reception.models import Arrival, ArrivalVersion, ImmediateNeed, ServiceGiven, Stage, StageEvent
from puente.reception.policies import REGISTER_ARRIVAL, VIEW_ARRIVALS

MOST_USUAL = 200


def get_arrival(actor: Actor, arrival_id: UUID) -> Arrival:
    """Return one arrival; raises NotAllowed, also where there is none."""
    return _require(_visible(actor).filter(pk=arrival_id).first())


def get_arrival_by_code(actor: Actor, code: str) -> Arrival:
    """Return the arrival of a slip's QR code; raises NotAllowed, also where there is none."""
    return _require(_visible(actor).filter(code=code).first())


def get_arrival_of_turn(actor: Actor, office_id: UUID, day: date, turn: str) -> Arrival | None:
    """Return who has a turn such as "A-041" on a day; None where nobody has."""
    letter, _, digits = turn.strip().upper().replace(" ", "").partition("-")
    if len(letter) != 1 or not letter.isascii() or not letter.isalpha() or not digits.isdecimal():
        return None
    number = (ord(letter) - ord("A")) * 999 + int(digits)
    return _visible(actor).filter(office_id=office_id, turn_day=day, turn_number=number).first()


def list_returns(actor: Actor, person_id: UUID) -> QuerySet[Arrival]:
    """Return a person's arrivals, the latest first."""
    return _visible(actor).filter(person_id=person_id).order_by("-arrived_at", "-id")


def list_earlier_returns(actor: Actor, person_ids: Collection[UUID]) -> dict[UUID, list[EarlierReturn]]:
    """Return when and where people were received, the latest first.

    Who registers people sees the returns of all offices (the person stands before them); others see those of
    the people whom their offices serve.
    """
    if not actor.may(VIEW_ARRIVALS):
        return {}
    found: dict[UUID, list[EarlierReturn]] = defaultdict(list)
    with finding() if actor.may(REGISTER_ARRIVAL) else nullcontext():
        rows = Arrival.objects.filter(person_id__in=list(person_ids)).select_related("point", "place")
        for arrival in rows.order_by("person_id", "-arrived_at"):
            place = getattr(arrival, "place", None)
            found[arrival.person_id].append(
                EarlierReturn(arrival.arrived_at, arrival.point.label, str(Stage(place.stage).label) if place else None)
            )
    return dict(found)


def list_versions(actor: Actor, arrival_id: UUID) -> list[ArrivalVersion]:
    """Return every version of an arrival, the latest first."""
    return list(
        ArrivalVersion.objects.visible_to(actor, VIEW_ARRIVALS).filter(arrival_id=arrival_id).order_by("-version")
    )


def list_stage_events(actor: Actor, arrival_id: UUID) -> list[StageEvent]:
    """Return what happened in the queue, in order."""
    return list(StageEvent.objects.visible_to(actor, VIEW_ARRIVALS).filter(arrival_id=arrival_id).order_by("at", "id"))


def find_services_given(actor: Actor, arrival_id: UUID) -> dict[str, ServiceGiven]:
    """Return the services that count as given, by code: the last mark of each, where it says so."""
    last = (
        ServiceGiven.objects.visible_to(actor, VIEW_ARRIVALS)
        .filter(arrival_id=arrival_id)
        .order_by("service", "-at", "-id")
        .distinct("service")
    )
    return {mark.service: mark for mark in last if mark.is_given}


def read_immediate_need(actor: Actor, arrival: Arrival) -> str:
    """Return what the person needed right away, in their words; "" where nothing was said."""
    need = ImmediateNeed.objects.visible_to(actor, VIEW_ARRIVALS).filter(arrival=arrival).order_by("-at", "-id").first()
    if need is None:
        return ""
    return str(unseal_note(open_key_of(arrival.person), "immediate_need", need.pk, bytes(need.sealed)))


def continues_elsewhere(actor: Actor, arrival: Arrival) -> bool:
    """Tell whether the person continues with another service; never with which."""
    return arrival.other_services.filter(office_id__in=actor.offices_for(VIEW_ARRIVALS)).exists()


def find_last_point(actor: Actor, office: Office) -> str:
    """Return the point of the office's last arrival; before the first one its only point, or "" where it has more."""
    last = _visible(actor).filter(office=office).order_by("-arrived_at", "-id").values_list("point", flat=True).first()
    if last:
        return str(last)
    points = list(office.points.values_list("pk", flat=True)[:2])
    return str(points[0]) if len(points) == 1 else ""


def find_usual_services(actor: Actor, office_id: UUID) -> list[str]:
    """Return what at least half of the office's last arrivals received; without any, what the law asks of all."""
    latest = _visible(actor).filter(office_id=office_id).order_by("-arrived_at", "-id")
    recent = list(latest.values_list("pk", flat=True)[:MOST_USUAL])
    counts: dict[str, int] = defaultdict(int)
    for service in ServiceGiven.objects.filter(arrival__in=recent, is_given=True).values_list("service", flat=True):
        counts[service] += 1
    if not recent:
        return [code for code in ("water_food", "phone_call", "hygiene_kit") if code in catalogue.services()]
    return [code for code in catalogue.services() if counts[code] * 2 >= len(recent)]


def _visible(actor: Actor) -> QuerySet[Arrival]:
    return Arrival.objects.visible_to(actor, VIEW_ARRIVALS).select_related(
        "person__home_municipality__state", "person__home_state", "point", "office", "place", "manifest", "line"
    )


def _require(arrival: Arrival | None) -> Arrival:
    if arrival is None:
        raise NotAllowed(VIEW_ARRIVALS.name)
    return arrival
