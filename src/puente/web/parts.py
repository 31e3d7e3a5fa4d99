"""The records that components draw. Views fill them; templates hand them to the tag of the same name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.http import HttpRequest
from django.utils.functional import Promise

Words = str | Promise


@dataclass(frozen=True)
class Tab:
    """One view of a record; `count` stands after the label."""

    label: Words
    url: str
    is_current: bool = False
    count: int | None = None


@dataclass(frozen=True)
class Pill:
    """One filter over a table."""

    label: Words
    url: str
    is_current: bool
    count: int | None


def build_pills(
    request: HttpRequest, name: str, options: Iterable[tuple[str, Words, int | None]], chosen: str = ""
) -> list[Pill]:
    """Return the filter `?name=` as pills that keep the rest of the address and go back to its first page.

    options: (value, label, count or None); the value "" stands for all.
    chosen: the value in force when the address names none.
    """
    current = request.GET.get(name, chosen)
    pills = []
    for value, label, count in options:
        query = request.GET.copy()
        query.pop("cursor", None)
        query[name] = value
        pills.append(Pill(label, f"{request.path}?{query.urlencode()}", value == current, count))
    return pills


@dataclass(frozen=True)
class JourneySpan:
    """One span of a person's journey: `state` is done, here, next or cut (contact lost)."""

    name: Words
    state: str
    when: Words = ""
    text: Words = ""
    here: Words = ""


@dataclass(frozen=True)
class LoadSpan:
    """One span of the bridge's load: how many people, how many of them wait too long, how many are away."""

    name: Words
    count: int
    late: int = 0
    away: int = 0
    text: Words = ""

    MOST_DOTS = 90

    @property
    def dots(self) -> list[str]:
        """One class a person, who waits too long first; no more dots than a span can bear."""
        here = max(self.count - self.late - self.away, 0)
        kinds = ["dot dot-late"] * self.late + ["dot"] * here + ["dot dot-away"] * self.away
        return kinds[: self.MOST_DOTS]

    @property
    def not_drawn(self) -> int:
        return max(self.count - self.MOST_DOTS, 0)


@dataclass(frozen=True)
class HistoryEntry:
    """One fact of a history; `corrections` are (when, earlier wording) and stay in place."""

    time: Words
    title: Words
    icon: str = "circle-dot"
    text: Words = ""
    who: Words = ""
    url: str = ""
    corrections: Sequence[tuple[Words, Words]] = ()


@dataclass(frozen=True)
class HistoryDay:
    """The facts of one day, or of one earlier return."""

    title: Words
    entries: Sequence[HistoryEntry]
    note: Words = ""
    day: date | None = None


@dataclass(frozen=True)
class EvidenceRow:
    """One field compared: `verdict` is same, similar, different or missing.

    `said` and `known` may be safe strings in which `mark_differences` marked the letters that differ.
    """

    verdict: str
    name: Words
    said: Words
    known: Words
    note: Words = ""


@dataclass(frozen=True)
class ShortlistRow:
    """One opening of a shortlist, with exactly two reasons."""

    number: int
    title: Words
    employer: Words
    place: Words
    place_note: Words
    pay: Words
    period: Words
    reasons: Sequence[Words]
    schedule: Words = ""
    url: str = ""
    is_selected: bool = False


@dataclass(frozen=True)
class Progress:
    """Work that takes longer than a second.

    share: 0 to 1, None while unknown. poll_url: where htmx asks for this same part again.
    stop_url: where "Stop and save" posts, "" when the work cannot be stopped.
    """

    title: Words
    share: float | None
    step: Words = ""
    remaining: Words = ""
    poll_url: str = ""
    stop_url: str = ""
    is_finished: bool = field(default=False)
