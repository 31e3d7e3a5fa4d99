"""Reading the child's part of an opened case, and the returns that protection knows of."""

from dataclasses import dataclass
from datetime import datetime

from puente.engines.screening.circuit import CircuitReading, Thresholds, read_circuit
from puente.offices.models import Municipality
from puente.platform.policy import Actor
from puente.protection.child_records import KINDS, ChildFile, gather_child_file
from puente.protection.models import ArrivalFact
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE
from puente.protection.services.circuit import describe_returns, is_child, keep_latest, load_thresholds


@dataclass(frozen=True)
class KnownReturns:
    """The returns of a person that reception pushed, the latest first, and what they say together."""

    facts: tuple[ArrivalFact, ...]
    places: dict[str, str]
    reading: CircuitReading
    limits: Thresholds

    @property
    def last_arrival(self) -> datetime | None:
        """When the person arrived last."""
        return self.facts[0].arrived_at if self.facts else None

    @property
    def may_be_child(self) -> bool:
        """Whether the person was a child, or may have been, at the last arrival; nobody knows where there is none."""
        return not self.facts or is_child(self.facts[0])


def read_child_file(opened: OpenedCase) -> ChildFile:
    """Return the child's part of an opened case."""
    return gather_child_file(read_entries(opened, *KINDS))


def read_returns(actor: Actor, opened: OpenedCase) -> KnownReturns:
    """Return what protection knows of the returns of the person whose case is opened."""
    facts = keep_latest(ArrivalFact.objects.visible_to(actor, VIEW_CASE).filter(person_id=opened.case.person_id))
    limits = load_thresholds()
    codes = {fact.home_municipality for fact in facts}
    places = {place.pk: str(place) for place in Municipality.objects.select_related("state").filter(pk__in=codes)}
    return KnownReturns(tuple(reversed(facts)), places, read_circuit(describe_returns(facts), limits), limits)
