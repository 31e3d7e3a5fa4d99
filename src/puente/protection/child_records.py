"""What is kept of a child who is alone or separated: records that stand as sealed entries of the case.

Each topic has one shape. A correction is a new entry that names the one it replaces; nothing is overwritten.
Everything here is read from entries that were unsealed already; nothing asks the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, get_type_hints
from uuid import UUID

from puente.people.catalogue import read_list
from puente.protection.opening import ReadEntry
from puente.protection.sealed import Compartment

REPLACES = "replaces"


class TracingState(StrEnum):
    """How far the search for the family is, in the order in which it goes (after CPIMS+)."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    VERIFIED = "verified"
    REUNIFIED = "reunified"
    CLOSED = "closed"


@dataclass(frozen=True)
class Situation:
    """With whom the child is, and why not with the parents. Codes are those of the content lists."""

    status: str
    risk: str
    care_arrangement: str
    care_words: str
    separation_cause: str
    separation_words: str


@dataclass(frozen=True)
class DifHandover:
    """The record of handing the child over to DIF (acta de canalización)."""

    arrived_at: datetime
    handed_over_at: datetime
    handed_over_by: str
    received_by: str
    institution: str
    place: str
    is_centre: bool
    legal_basis: str


@dataclass(frozen=True)
class ProsecutorNotice:
    """The notice to the child-protection prosecutor's office. `names_child`: whether the paper names the child."""

    arrived_at: datetime
    notified_at: datetime
    office: str
    means: str
    received_by: str
    folio: str
    whereabouts: str
    names_child: bool


@dataclass(frozen=True)
class BestInterests:
    """The assessment of best interests: the seven elements of General Comment 14 of the CRC, and the decision."""

    views: str
    identity: str
    family: str
    safety: str
    vulnerability: str
    health: str
    education: str
    consulted: str
    decision: str
    reasons: str
    decided_on: date
    review_on: date


@dataclass(frozen=True)
class Measure:
    """One line of the plan to restore the child's rights."""

    right: str
    legal_basis: str
    kind: str
    measure: str
    beneficiary: str
    institution: str
    responsible: str
    periodicity: str
    decided_on: date
    execution: str
    execution_words: str


@dataclass(frozen=True)
class Step:
    """That one of the six steps of article 123 was taken."""

    step: str
    done_on: date
    words: str


@dataclass(frozen=True)
class Tracing:
    """How far the search for the family is, and with whom it is led."""

    state: TracingState
    contacts: str
    words: str


@dataclass(frozen=True)
class CircuitFinding:
    """What child protection made of repeated returns: at most the child is a presumed victim, never a smuggler."""

    finding: str
    words: str
    told_prosecutor: bool


Record = Situation | DifHandover | ProsecutorNotice | BestInterests | Measure | Step | Tracing | CircuitFinding


@dataclass(frozen=True)
class Kind:
    """What a topic holds, in which compartment, and whether there are several side by side."""

    record: type[Any]
    compartment: Compartment
    is_many: bool = False


KINDS: dict[str, Kind] = {
    "child": Kind(Situation, Compartment.PLAN),
    "prosecutor_notice": Kind(ProsecutorNotice, Compartment.PLAN),
    "dif_handover": Kind(DifHandover, Compartment.PLAN),
    "best_interests": Kind(BestInterests, Compartment.TESTIMONY),
    "measures_plan": Kind(Measure, Compartment.PLAN, is_many=True),
    "restitution_step": Kind(Step, Compartment.PLAN, is_many=True),
    "tracing": Kind(Tracing, Compartment.CONTACT),
    "circuit": Kind(CircuitFinding, Compartment.TESTIMONY),
}


@dataclass(frozen=True)
class Written:
    """A record as it counts now, by whom and when it was written, and what stood there before, the latest first."""

    id: UUID
    record: Any
    made_at: datetime
    made_by: UUID
    earlier: tuple["Written", ...] = ()


@dataclass(frozen=True)
class Deadline:
    """Something due some hours after the arrival: `code` names it in the content list."""

    code: str
    due_at: datetime
    done_at: datetime | date | None
    is_late: bool


@dataclass(frozen=True)
class ChildFile:
    """The child's part of a case: what counts now, by topic, in the order in which it was first written."""

    topics: dict[str, tuple[Written, ...]]

    def find(self, topic: str) -> Written | None:
        """Return the latest record of a topic."""
        written = self.topics.get(topic, ())
        return written[-1] if written else None

    def find_entry(self, topic: str, entry_id: UUID) -> Written | None:
        """Return a record that counts now, by its id."""
        return next((one for one in self.topics.get(topic, ()) if one.id == entry_id), None)

    @property
    def lacks_measure(self) -> bool:
        """Whether the child is in, or goes to, a place that needs a protection measure, and the plan has none."""
        if self.topics.get("measures_plan"):
            return False
        situation, handover = self.find("child"), self.find("dif_handover")
        arrangement = read_list("protection/care_arrangements").get(
            situation.record.care_arrangement if situation else ""
        )
        return bool((handover and handover.record.is_centre) or (arrangement and arrangement.says("needs_measure")))

    def list_deadlines(self, arrived_at: datetime | None, now: datetime) -> list[Deadline]:
        """Return what is due after the arrival, and whether it was or is late; nothing where no arrival is known."""
        said = [one.record.arrived_at for topic in ("dif_handover", "prosecutor_notice") if (one := self.find(topic))]
        start = min([*said, *([arrived_at] if arrived_at else [])], default=None)
        if start is None:
            return []
        done = {
            "prosecutor_notice": self._done_at("prosecutor_notice", "notified_at"),
            "dif_handover": self._done_at("dif_handover", "handed_over_at"),
            "best_interests": self._done_at("best_interests", ""),
            "measures_plan": self._done_at("measures_plan", ""),
        }
        deadlines = []
        for code, entry in read_list("protection/child_deadlines").items():
            due_at = start + timedelta(hours=int(entry.columns["hours"]))
            deadlines.append(Deadline(code, due_at, done[code], (done[code] or now) > due_at))
        return deadlines

    def _done_at(self, topic: str, name: str) -> datetime | None:
        written = self.topics.get(topic, ())
        if not written:
            return None
        first = written[0].earlier[-1] if written[0].earlier else written[0]
        done: datetime = getattr(written[-1].record, name) if name else first.made_at
        return done


def gather_child_file(entries: Sequence[ReadEntry]) -> ChildFile:
    """Return what the entries of an opened case, the oldest first, say of the child."""
    topics: dict[str, dict[UUID, Written]] = {}
    for read in entries:
        kind = KINDS.get(read.entry.topic)
        if kind is None:
            continue
        current = topics.setdefault(read.entry.topic, {})
        replaced = _find_replaced(current, kind, read.entry.content.get(REPLACES))
        before = current.pop(replaced) if replaced else None
        earlier = (before, *before.earlier) if before else ()
        record = read_record(kind.record, read.entry.content)
        current[read.entry.id] = Written(read.entry.id, record, read.made_at, read.made_by, earlier)
    return ChildFile({topic: tuple(current.values()) for topic, current in topics.items()})


def _find_replaced(current: dict[UUID, Written], kind: Kind, said: str | None) -> UUID | None:
    """Return what an entry replaces: what it names, or the one there is where there is only one of a kind."""
    if said and UUID(said) in current:
        return UUID(said)
    return None if kind.is_many else next(iter(current), None)


def write_record(record: Record) -> dict[str, Any]:
    """Return a record as JSON holds it."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(record).items()}


def read_record(shape: type[Any], content: dict[str, Any]) -> Any:
    """Return the record that `write_record` wrote."""
    hints = get_type_hints(shape)
    readers: dict[Any, Callable[[str], Any]] = {
        datetime: datetime.fromisoformat, date: date.fromisoformat, TracingState: TracingState,
    }  # fmt: skip
    values = {field.name: content[field.name] for field in fields(shape)}
    return shape(**{name: readers[hints[name]](value) if hints[name] in readers else value
                    for name, value in values.items()})  # fmt: skip
