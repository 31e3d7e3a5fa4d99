"""Reading the rows of a table into drafts: pure, with places and occupations looked up once a name."""

from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import TypeVar

from puente.engines.occupations import OccupationIndex
from puente.engines.occupations.text import fold
from puente.engines.places import Alias, PlaceIndex, Resolution
from puente.opportunities import requirements
from puente.opportunities.imports import cells
from puente.opportunities.imports.drafts import Draft, Issue, hash_likeness
from puente.opportunities.imports.mapping import DAYS, PERIODS_A_MONTH, Mapping
from puente.platform.uploads import Table

LONGEST_TITLE = 200
LONGEST_KEY = 80
LONGEST_EMPLOYER = 160
LONGEST_DESCRIPTION = 4000
MOST_PESOS = 9_999_999
MOST_PLACES = 10_000
REPORT_EVERY = 500

_KINDS = {
    "vacancy": ("vacancy", "vacante", "empleo", "job", "offre", ""),
    "course": ("course", "curso", "capacitacion", "training", "formation"),
    "self_employment": ("self employment", "autoempleo", "self employment support", "apoyo al autoempleo"),
}
_KIND_OF_WORD = {word: kind for kind, words in _KINDS.items() for word in words}

Report = Callable[[int, int], None]
Value = TypeVar("Value")
Default = TypeVar("Default")


@dataclass(frozen=True)
class Knowledge:
    """What the rows are read against.

    decisions: folded title -> SINCO code that a person decided.
    """

    places: PlaceIndex
    occupations: OccupationIndex
    codes: frozenset[str]
    decisions: Lookup[str, str]


@dataclass(frozen=True)
class Findings:
    """What a file holds.

    aliases: (as written, state as written, alias) -> offers. close_titles: folded title -> title, where two
    occupations are equally near and a person should choose.
    """

    rows: int
    drafts: list[Draft] = field(repr=False)
    issues: list[Issue] = field(repr=False)
    aliases: Counter[tuple[str, str, Alias]] = field(repr=False)
    close_titles: dict[str, str] = field(repr=False)


def interpret(
    table: Table, mapping: Mapping, knowledge: Knowledge, today: date, report: Report | None = None
) -> Findings:
    """Read every row of a table; raises WrongMapping where the table lacks a column.

    Args:
        today: what stands in for dates that are missing.
        report: called with (rows read, rows) every now and then.
    """
    reader = _Reader(mapping, mapping.find_positions(table.header), knowledge, today)
    for done, row in enumerate(table.rows, start=1):
        reader.read_row(row.number, row.cells)
        if report and done % REPORT_EVERY == 0:
            report(done, len(table.rows))
    if report:
        report(len(table.rows), len(table.rows))
    return Findings(len(table.rows), reader.drafts, reader.issues, reader.aliases, reader.close_titles)


class _Rejected(Exception):
    """The row becomes no offer; the argument is the reason."""


class _Reader:
    def __init__(self, mapping: Mapping, positions: dict[str, int], knowledge: Knowledge, today: date) -> None:
        self.drafts: list[Draft] = []
        self.issues: list[Issue] = []
        self.aliases: Counter[tuple[str, str, Alias]] = Counter()
        self.close_titles: dict[str, str] = {}
        self._options = mapping.options
        self._positions = positions
        self._knowledge = knowledge
        self._today = today
        self._keys: set[str] = set()
        self._alike: Counter[str] = Counter()
        self._resolutions: dict[tuple[str, str], tuple[Resolution, Resolution]] = {}
        self._suggestions: dict[str, str | None] = {}
        self._factor = PERIODS_A_MONTH[mapping.options.wage_period]

    def read_row(self, number: int, row: tuple[str, ...]) -> None:
        said = {name: row[at] for name, at in self._positions.items()}
        self._number, self._key = number, ""
        try:
            draft = self._begin(said)
        except _Rejected as rejected:
            self._note("rejected", str(rejected), said.get("title", ""))
            return
        self._read_money(draft, said)
        self._read_place(draft, said)
        self._read_hours(draft, said)
        self._read_requirements(draft, said)
        self._find_occupation(draft, said)
        self._keys.add(draft.key)
        self.drafts.append(draft)

    def _begin(self, said: dict[str, str]) -> Draft:
        title = " ".join(said["title"].split())
        title_key = fold(title)
        if not title_key:
            raise _Rejected("title_missing")
        if len(title) > LONGEST_TITLE or len(title_key) > LONGEST_TITLE:
            raise _Rejected("title_too_long")
        kind = _KIND_OF_WORD.get(fold(said["kind"])) if said.get("kind") else self._options.kind
        if kind is None:
            raise _Rejected("kind_unknown")
        self._key = self._find_key(said, title_key)
        valid_from = self._try(cells.read_day, said.get("valid_from", ""), "day_unreadable", self._today)
        last_day = self._try(cells.read_day, said.get("valid_until", ""), "last_day_unreadable", None)
        return Draft(
            number=self._number, key=self._key, kind=kind, title=title, title_key=title_key, valid_from=valid_from,
            valid_until=last_day or self._options.find_last_day(valid_from, self._today),
            employer=" ".join(said.get("employer", "").split())[:LONGEST_EMPLOYER],
            description=said.get("description", "")[:LONGEST_DESCRIPTION],
        )  # fmt: skip

    def _find_key(self, said: dict[str, str], title_key: str) -> str:
        if "key" in self._positions:
            key = said["key"]
            if not key:
                raise _Rejected("key_missing")
            if len(key) > LONGEST_KEY:
                key = sha256(key.encode()).hexdigest()
            if key in self._keys:
                raise _Rejected("key_repeated")
            return key
        # Without a number of its own an offer is known by what it says, and equal ones by their order.
        parts = [title_key, *(fold(said.get(name, "")) for name in ("employer", "state", "municipality", "wage_min"))]
        likeness = sha256("\x1f".join(parts).encode()).hexdigest()[:40]
        self._alike[likeness] += 1
        return f"{likeness}-{self._alike[likeness]}"

    def _read_money(self, draft: Draft, said: dict[str, str]) -> None:
        draft.wage_min = self._read_pesos(said.get("wage_min", ""), "wage_unreadable", self._factor)
        draft.wage_max = self._read_pesos(said.get("wage_max", ""), "wage_unreadable", self._factor)
        if draft.wage_min is not None and draft.wage_max is not None and draft.wage_max < draft.wage_min:
            self._note("note", "wage_reversed", f"{said['wage_min']} – {said['wage_max']}")
            draft.wage_max = None
        draft.cost = self._read_pesos(said.get("cost", ""), "amount_unreadable", 1.0, may_be_zero=True)
        draft.support_amount = self._read_pesos(said.get("support_amount", ""), "amount_unreadable", 1.0)

    def _read_pesos(self, cell: str, reason: str, factor: float, *, may_be_zero: bool = False) -> float | None:
        def read(text: str) -> float:
            pesos = round(cells.read_number(text) * factor, 2)
            if not (0 if may_be_zero else 0.01) <= pesos <= MOST_PESOS:
                raise ValueError(text)
            return pesos

        return self._try(read, cell, reason, None)

    def _read_place(self, draft: Draft, said: dict[str, str]) -> None:
        draft.is_remote = self._read_answer(said, "remote")
        name, state = said.get("municipality", ""), said.get("state", "")
        if (name, state) not in self._resolutions:
            places = self._knowledge.places
            self._resolutions[name, state] = (
                places.resolve_municipality(name, state or None),
                places.resolve_state(state),
            )
        found, found_state = self._resolutions[name, state]
        if found_state.alias_used:
            self.aliases["", state, found_state.alias_used] += 1
        if found.code:
            draft.municipality, draft.state = found.code, found.code[:2]
            if found.alias_used:
                self.aliases[name, state, found.alias_used] += 1
            return
        draft.state = found_state.code
        if draft.is_remote and not name:
            return
        reason = "place_missing" if found.reason == "empty" else found.reason
        self._note("unresolved", reason, f"{name}, {state}".strip(", "))

    def _read_hours(self, draft: Draft, said: dict[str, str]) -> None:
        draft.rotates = self._read_answer(said, "rotates")
        for day, name in enumerate(DAYS):
            if name in self._positions and self._read_answer(said, name):
                draft.weekdays |= 1 << day
        starts_at = self._try(cells.read_hour, said.get("starts_at", ""), "hour_unreadable", None)
        ends_at = self._try(cells.read_hour, said.get("ends_at", ""), "hour_unreadable", None)
        hours = self._try(cells.read_number, said.get("hours_a_day", ""), "hour_unreadable", None)
        if hours is None and starts_at and ends_at:
            hours = ((ends_at.hour - starts_at.hour) % 24) + (ends_at.minute - starts_at.minute) / 60
        if hours is not None and not 0 < hours <= cells.LONGEST_SHIFT_HOURS:
            self._note("note", "shift_too_long", f"{said.get('starts_at', '')}–{said.get('ends_at', '')}")
            starts_at = ends_at = hours = None
        if starts_at and ends_at:
            draft.starts_at, draft.ends_at = starts_at, ends_at
            draft.works_nights = cells.is_night_shift(starts_at, ends_at)
        draft.hours_a_week = self._count_week(draft, said, hours)

    def _count_week(self, draft: Draft, said: dict[str, str], hours_a_day: float | None) -> float | None:
        week = self._try(cells.read_number, said.get("hours_a_week", ""), "hour_unreadable", None)
        if week is None and hours_a_day:
            days = self._try(cells.read_whole, said.get("days_a_week", ""), "number_unreadable", None)
            days = days or draft.weekdays.bit_count()
            week = hours_a_day * days if days else None
        return round(week, 1) if week and 0 < week <= 168 else None

    def _read_requirements(self, draft: Draft, said: dict[str, str]) -> None:
        for kind in ("licences", "languages", "documents", "physical"):
            if cell := said.get(kind):
                found, unknown = requirements.find_codes(kind, cell)
                setattr(draft, kind, found)
                for text in unknown:
                    self._note("note", "requirement_unknown", text)
        draft.schooling = self._read_level(said.get("schooling", ""), requirements.find_schooling)
        draft.english = self._read_level(said.get("english", ""), requirements.find_english)
        draft.housing = self._read_answer(said, "housing")
        draft.household_places = self._read_count(said.get("household_places", ""), 1000)
        places = self._read_count(said.get("places", ""), MOST_PLACES)
        draft.places = 1 if places is None else max(places, 1)
        age_min, age_max = (self._read_count(said.get(name, ""), 120) for name in ("age_min", "age_max"))
        if age_min is None and age_max is None:
            return
        draft.age_ground = said.get("age_ground", "")[:200].strip()
        if draft.age_ground:
            draft.age_min, draft.age_max = age_min, age_max
        else:
            self._note("note", "age_without_law", f"{said.get('age_min', '')}–{said.get('age_max', '')}")

    def _find_occupation(self, draft: Draft, said: dict[str, str]) -> None:
        code = said.get("occupation", "")
        if code in self._knowledge.codes:
            draft.occupation, draft.occupation_state = code, "confirmed"
            return
        if code:
            self._note("note", "occupation_unknown", code)
        if decided := self._knowledge.decisions.get(draft.title_key):
            draft.occupation, draft.occupation_state = decided, "confirmed"
            return
        if draft.title_key not in self._suggestions:
            suggestion = self._knowledge.occupations.suggest(draft.title, limit=2)
            best = suggestion.candidates[0].code if suggestion.candidates else None
            self._suggestions[draft.title_key] = best
            if suggestion.question:
                self.close_titles[draft.title_key] = draft.title
        draft.occupation = self._suggestions[draft.title_key]
        if draft.occupation is None:
            self._note("unresolved", "occupation_queued", draft.title)
        else:
            draft.occupation_state = "suggested"

    def _read_level(self, cell: str, find: Callable[[str], int | None]) -> int:
        if not cell:
            return 0
        level = find(cell)
        if level is None:
            self._note("note", "requirement_unknown", cell)
        return level or 0

    def _read_count(self, cell: str, most: int) -> int | None:
        def read(text: str) -> int:
            number = cells.read_whole(text)
            if number > most:
                raise ValueError(text)
            return number

        return self._try(read, cell, "number_unreadable", None)

    def _read_answer(self, said: dict[str, str], name: str) -> bool:
        return self._try(cells.read_answer, said.get(name, ""), "answer_unreadable", False)

    def _try(self, read: Callable[[str], Value], cell: str, reason: str, otherwise: Default) -> Value | Default:
        if not cell:
            return otherwise
        try:
            return read(cell)
        except (ValueError, OverflowError):
            self._note("note", reason, cell)
            return otherwise

    def _note(self, kind: str, reason: str, text: str) -> None:
        self.issues.append(Issue(self._number, kind, reason, text[:300], self._key))


def find_likeness(draft: Draft) -> int:
    """Return the number that a draft shares with offers alike."""
    return hash_likeness(
        draft.title_key, fold(draft.employer), draft.municipality or draft.state or "", draft.wage_min, draft.wage_max
    )
