"""What an arrival says, in codes: written to its row and kept version by version."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise

from puente.engines.identity.birth import PartialDate
from puente.offices.models import ReceptionPoint
from puente.platform.policy import Actor
from puente.reception import catalogue
from puente.reception.ages import find_age_range, is_surely_minor
from puente.reception.models import Arrival, ArrivalVersion
from puente.reception.payload import FieldProblem
from puente.reception.services.rules import CHOOSE_ACCOMPANIMENT, CHOOSE_AUTHORITY, CHOOSE_POINT


@dataclass(frozen=True)
class ArrivalFacts:
    """What an arrival says, in codes: what a correction may change."""

    point: str
    arrived_at: datetime
    handed_over_by: str
    last_us_state: str
    time_in_us: str
    mode: str
    accompaniment: str

    def to_json(self) -> dict[str, Any]:
        """Return what a version keeps."""
        return asdict(self) | {"arrived_at": self.arrived_at.isoformat()}


def write_facts(arrival: Arrival, facts: ArrivalFacts, birth: PartialDate | None) -> None:
    """Set what counts now on an arrival, with age and whether it is a child alone; the caller saves it."""
    day = timezone.localdate(facts.arrived_at)
    entry = catalogue.accompaniments()[facts.accompaniment]
    arrival.point_id = facts.point
    arrival.arrived_at = facts.arrived_at
    arrival.handed_over_by = facts.handed_over_by
    arrival.last_us_state = facts.last_us_state
    arrival.time_in_us = facts.time_in_us
    arrival.mode = facts.mode
    arrival.accompaniment = facts.accompaniment
    arrival.is_minor_alone = entry.says("hand_over") or (is_surely_minor(birth, day) and not entry.says("minor"))
    arrival.birth_year = birth.year if birth else None
    arrival.age_at_arrival = find_age_range(birth, day)[0] if birth else None


def append_version(
    arrival: Arrival, facts: ArrivalFacts, reason: ArrivalVersion.Reason, actor: Actor, now: datetime
) -> None:
    """Append one version of what an arrival says."""
    ArrivalVersion.objects.create(
        arrival=arrival, person_id=arrival.person_id, office_id=arrival.office_id, version=arrival.version,
        facts=facts.to_json(), reason=reason, made_at=now, made_by=actor.id,
    )  # fmt: skip


def find_impossible_facts(facts: ArrivalFacts) -> list[FieldProblem]:
    """Return what cannot be true of corrected facts."""
    known: tuple[tuple[str, bool, str | Promise], ...] = (
        ("point", ReceptionPoint.objects.filter(pk=facts.point).exists(), CHOOSE_POINT),
        ("handed_over_by", facts.handed_over_by in catalogue.authorities(), CHOOSE_AUTHORITY),
        ("accompaniment", facts.accompaniment in catalogue.accompaniments(), CHOOSE_ACCOMPANIMENT),
    )
    return [FieldProblem(f"arrival.{name}", message) for name, holds, message in known if not holds]
