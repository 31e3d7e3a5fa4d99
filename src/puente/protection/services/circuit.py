"""Facts of arrivals, pushed by reception and compared later: repeated returns of a child prompt child protection.

Reception makes the same call for every arrival, adult or child, and gets nothing back. Who returns again, how near
to the border they live and how short the stays were is compared by a job, after the desk has its answer.
"""

import csv
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from puente.engines.screening.circuit import CircuitReading, Return, Thresholds, read_circuit, read_thresholds
from puente.offices.models import Municipality
from puente.people.catalogue import read_list
from puente.platform.paths import CONTENT
from puente.platform.policy import Actor, NotAllowed, require_in_office
from puente.protection.handovers import Reason
from puente.protection.models import ArrivalFact
from puente.protection.policies import REVIEW_CIRCUIT, SEND_HANDOVER
from puente.protection.services.inbox import raise_prompt

AGE_OF_MAJORITY = 18


@dataclass(frozen=True)
class PushedArrival:
    """What one version of an arrival says, in codes.

    age: the youngest age in whole years that the birth date allows; None where there is none.
    home_municipality: INEGI's code, "" where it is not known. time_in_us, accompaniment: codes of reception's lists.
    """

    arrival_id: UUID
    version: int
    person_id: UUID
    turn: str
    arrived_at: datetime
    age: int | None
    home_municipality: str
    time_in_us: str
    accompaniment: str


@transaction.atomic
def push_arrival(*, actor: Actor, office_id: UUID, arrival: PushedArrival, now: datetime) -> None:
    """Keep what an arrival says and have it compared later. Called for every arrival and every correction.

    Raises:
        NotAllowed: where the actor sends nothing to protection in this office.
    """
    from puente.protection.jobs import compare_arrival

    require_in_office(actor, SEND_HANDOVER, office_id)
    fact = ArrivalFact.objects.create(office_id=office_id, sent_at=now, **asdict(arrival))
    compare_arrival.defer(fact_id=str(fact.pk))


def compare_returns(*, actor: Actor, person_ids: Collection[UUID], now: datetime) -> CircuitReading:
    """Compare all returns of one child, and prompt protection at the office of the latest where they ask for it.

    Args:
        actor: the process, see `policies.prompting`.
        person_ids: one person; several where somebody found that they are the same.

    Raises:
        NotAllowed: where the actor compares nothing.
    """
    if not actor.may(REVIEW_CIRCUIT):
        raise NotAllowed(REVIEW_CIRCUIT.name)
    facts = keep_latest(
        ArrivalFact.objects.compared_by(actor, REVIEW_CIRCUIT)
        .filter(person_id__in=person_ids)
        .order_by("arrived_at", "id")
    )
    limits = load_thresholds()
    reading = read_circuit(describe_returns(facts), limits)
    children = [fact for fact in facts if is_child(fact)]
    if reading.prompts:
        latest = children[-1]
        raise_prompt(
            actor=actor, person_id=latest.person_id, office_id=latest.office_id, about=latest.arrival_id,
            arrival_id=latest.arrival_id,
            reason=Reason.CIRCUIT, turn=latest.turn, details=describe_reading(reading, limits), now=now,
        )  # fmt: skip
    return reading


def keep_latest(facts: Iterable[ArrivalFact]) -> list[ArrivalFact]:
    """Return one row per arrival, that of its last version, in the order of the arrivals."""
    latest: dict[UUID, ArrivalFact] = {}
    for fact in sorted(facts, key=lambda fact: fact.version):
        latest[fact.arrival_id] = fact
    return sorted(latest.values(), key=lambda fact: (fact.arrived_at, fact.pk))


def describe_returns(facts: Collection[ArrivalFact]) -> list[Return]:
    """Return facts as the engine reads them."""
    codes = {fact.home_municipality for fact in facts if fact.home_municipality}
    at_border = dict(Municipality.objects.filter(pk__in=codes).values_list("pk", "is_border_zone"))
    return [
        Return(
            timezone.localdate(fact.arrived_at),
            is_child(fact),
            at_border.get(fact.home_municipality),
            _longest_stay(fact.time_in_us),
        )
        for fact in facts
    ]


def is_child(fact: ArrivalFact) -> bool:
    """Tell whether somebody arrived as a child; in doubt they did."""
    entry = read_list("reception/accompaniment").get(fact.accompaniment)
    return (entry is not None and entry.says("minor")) or (fact.age is not None and fact.age < AGE_OF_MAJORITY)


def describe_reading(reading: CircuitReading, limits: Thresholds) -> dict[str, object]:
    """Return the reasons of a prompt as numbers, days and codes: what is sealed with it."""
    assert reading.first is not None and reading.last is not None  # noqa: S101, PT018 - a reading that prompts has both
    return {
        "returns": reading.returns,
        "first": reading.first.isoformat(),
        "last": reading.last.isoformat(),
        "period_days": limits.period_days,
        "short_stays": reading.short_stays,
        "short_stay_days": limits.short_stay_days,
        "signs": [str(sign) for sign in reading.signs],
    }


@cache
def load_thresholds() -> Thresholds:
    """Return the thresholds of this installation, read once per process."""
    with (CONTENT / "protection" / "circuit.csv").open(newline="", encoding="utf-8") as handle:
        return read_thresholds(csv.DictReader(handle))


def _longest_stay(code: str) -> int | None:
    entry = read_list("reception/time_in_us").get(code)
    days = entry.columns["maximum_days"] if entry else ""
    return int(days) if days else None
