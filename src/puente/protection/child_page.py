"""What the child's page of a case shows: what is due, the records by topic, and the returns with their reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.people.catalogue import read_list
from puente.protection.boxes import Service
from puente.protection.child_records import KINDS, ChildFile, Written
from puente.protection.forms.children import FORMS
from puente.protection.handovers import HandoverContent, Reason
from puente.protection.selectors.children import KnownReturns
from puente.protection.services.circuit import describe_reading
from puente.protection.wording import describe_prompt

Words = str | Promise
#: Of each topic: what it is called, what its empty place says, and the words of the button that writes the first.
TOPICS: dict[str, tuple[Words, Words, Words]] = {
    "child": (_("With whom the child is"), _("Nobody wrote yet with whom the child is."), _("Write it")),
    "prosecutor_notice": (
        _("Notice to the child-protection prosecutor’s office"),
        _("The law asks for it at once, before any procedure."), _("Write the notice"),
    ),
    "dif_handover": (
        _("Hand-over to DIF"), _("The child goes to DIF at once, never to a migration station."),
        _("Write the hand-over"),
    ),
    "best_interests": (
        _("Best interests"), _("Seven elements, the child’s views first, and who was consulted."),
        _("Write the assessment"),
    ),
    "measures_plan": (
        _("Plan of measures"), _("Each right that is restricted gets a measure, and somebody responsible for it."),
        _("Add a measure"),
    ),
    "restitution_step": (
        _("Six steps to restore the rights"), _("None of the six steps was noted yet."), _("Note a step"),
    ),
    "tracing": (_("Search for the family"), _("Nobody began to look for the family."), _("Begin the search")),
    "circuit": (
        _("Returned again and again"), _("Nobody wrote yet what to make of the returns."),
        _("Write what you make of it"),
    ),
}  # fmt: skip
#: Of which a paper can be printed.
PAPERS = frozenset({"prosecutor_notice", "dif_handover"})


@dataclass(frozen=True)
class ShownRecord:
    """One record as the page shows it; `earlier` are (when, who, facts) of what it replaced."""

    id: UUID
    facts: list[tuple[Words, str]]
    made_at: datetime
    who: str
    earlier: list[tuple[datetime, str, list[tuple[Words, str]]]]


@dataclass(frozen=True)
class Section:
    """One topic of the page."""

    topic: str
    title: Words
    empty: Words
    write: Words
    may_add: bool
    has_paper: bool
    records: list[ShownRecord]


def build_sections(file: ChildFile, staff: Mapping[UUID, str]) -> list[Section]:
    """Return the topics of a child's page with their records, in the order in which the work goes."""
    return [
        Section(
            topic, title, empty, write,
            may_add=KINDS[topic].is_many or not file.topics.get(topic),
            has_paper=topic in PAPERS and bool(file.topics.get(topic)),
            records=[_show(topic, written, staff) for written in file.topics.get(topic, ())],
        )
        for topic, (title, empty, write) in TOPICS.items()
    ]  # fmt: skip


def list_steps(file: ChildFile) -> list[dict[str, Any]]:
    """Return the six steps of article 123 in their order, each with the day on which it was done, if it was."""
    done = {written.record.step: written.record.done_on for written in file.topics.get("restitution_step", ())}
    return [
        {"label": entry.label, "done_on": done.get(code)}
        for code, entry in read_list("protection/restitution_steps").items()
    ]


def list_deadlines(file: ChildFile, returns: KnownReturns, now: datetime) -> list[dict[str, Any]]:
    """Return what is due after the arrival, with its words."""
    entries = read_list("protection/child_deadlines")
    return [
        {"label": entries[due.code].label, "due_at": due.due_at, "done_at": due.done_at, "is_late": due.is_late}
        for due in file.list_deadlines(returns.last_arrival, now)
    ]


def list_returns(returns: KnownReturns) -> list[dict[str, Any]]:
    """Return the known returns, the latest first, in words."""
    ways, stays = read_list("reception/accompaniment"), read_list("reception/time_in_us")
    return [
        {
            "arrived_at": fact.arrived_at,
            "age": fact.age,
            "place": returns.places.get(fact.home_municipality, ""),
            "stay": stays[fact.time_in_us].label if fact.time_in_us in stays else "",
            "way": ways[fact.accompaniment].label if fact.accompaniment in ways else "",
        }
        for fact in returns.facts
    ]


def give_reasons(returns: KnownReturns) -> list[str]:
    """Return what speaks for asking about a circuit, as sentences; none where nothing does."""
    if not returns.reading.prompts:
        return []
    details = describe_reading(returns.reading, returns.limits)
    return describe_prompt(HandoverContent(Service.PROTECTION, (Reason.CIRCUIT,), details=details))


def _show(topic: str, written: Written, staff: Mapping[UUID, str]) -> ShownRecord:
    form = FORMS[topic](topic)
    earlier = [(one.made_at, staff.get(one.made_by, ""), form.describe(one.record)) for one in written.earlier]
    return ShownRecord(
        written.id, form.describe(written.record), written.made_at, staff.get(written.made_by, ""), earlier
    )
