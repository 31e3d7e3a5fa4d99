"""What the page of a shortlist shows, put together from the stored codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puente.counselling.matching import find_seat
from puente.counselling.models import Choice, Introduction, ShortlistEntry
from puente.counselling.options import name_past_jobs
from puente.counselling.places import name_places
from puente.counselling.selectors.profiles import ReadProfile
from puente.counselling.selectors.shortlists import ReadShortlist
from puente.counselling.wages import draw_wages, find_marks
from puente.counselling.wording import (
    ANSWER_OF_RULE,
    Voice,
    find_wage,
    say_hidden,
    say_pay,
    say_period,
    say_place,
    say_question,
    say_reason,
    say_step,
    say_week,
)
from puente.engines.matching import Rule
from puente.opportunities.models import Employer, Opening
from puente.web.charts.chart import Chart
from puente.web.maps import Pin, Place, draw_local_map
from puente.web.parts import ShortlistRow
from puente.web.templatetags.components import kilometres

NEAR_KM = 50
MOST_QUESTIONS = 2


@dataclass(frozen=True)
class Row:
    """One opening of the list with all its buttons need."""

    shown: ShortlistRow
    opening: Opening
    questions: list[str]
    more_like_this: int
    with_caution: bool
    is_example: bool
    introduction: Introduction | None
    chosen_as: int | None
    kilometres: float | None


@dataclass(frozen=True)
class HiddenLine:
    """How many openings one rule hides; `answer` is what "this is not so" edits, "" where nothing can."""

    rule: str
    detail: int
    number: int
    words: str
    answer: str


@dataclass(frozen=True)
class Step:
    """What one paper, level or concession more would open."""

    title: str
    rule: str
    detail: int
    number: int
    best: str


def build_rows(
    found: ReadShortlist,
    entries: Sequence[ShortlistEntry],
    profile: ReadProfile,
    choice: Choice | None,
    introductions: Mapping[UUID, Introduction],
) -> list[Row]:
    """Return the rows of one part of a shortlist, in their order."""
    titles = name_past_jobs(profile.facts)
    chosen = choice.openings if choice is not None else []
    return [
        _build_row(entry, found.openings[entry.opening_id], titles, chosen, introductions.get(entry.opening_id))
        for entry in entries
    ]


def _build_row(
    entry: ShortlistEntry,
    opening: Opening,
    titles: Mapping[int, str],
    chosen: Sequence[UUID],
    introduction: Introduction | None,
) -> Row:
    reasons = [say_reason(code, parameters, titles, Voice.DESK) for code, parameters in entry.reasons]
    chosen_as = chosen.index(opening.pk) + 1 if opening.pk in chosen else None
    return Row(
        shown=ShortlistRow(
            number=entry.rank,
            title=opening.title,
            employer=opening.employer.name if opening.employer else "",
            place=say_place(opening),
            place_note=_say_distance(entry),
            pay=say_pay(opening),
            period=say_period(opening),
            # The engine gives fewer where the data carry no more; this is true of every listed opening.
            reasons=[*reasons, _("Nothing that the person said stands against it")][:2],
            schedule=say_week(opening, Voice.DESK),
            is_selected=chosen_as is not None,
        ),
        opening=opening,
        questions=[say_question(code, detail) for code, detail in entry.to_confirm][:MOST_QUESTIONS],
        more_like_this=entry.more_like_this,
        with_caution=opening.employer is not None and opening.employer.trust == Employer.Trust.CAUTION,
        is_example=opening.source is not None and opening.source.is_example,
        introduction=introduction,
        chosen_as=chosen_as,
        kilometres=entry.kilometres,
    )


def _say_distance(entry: ShortlistEntry) -> str:
    if entry.kilometres is None:
        return ""
    if entry.kilometres < 1:
        return _("in the home municipality")
    return _("%(distance)s from home") % {"distance": kilometres(entry.kilometres)}


def find_near(rows: Sequence[Row]) -> list[Row]:
    """Return those of the rows that are near home, or done from there."""
    return [row for row in rows if row.opening.is_remote or (row.kilometres is not None and row.kilometres <= NEAR_KM)]


def build_hidden(hidden: Sequence[Sequence[Any]]) -> list[HiddenLine]:
    """Return the lines of what is hidden, most first."""
    lines = [
        HiddenLine(rule, detail, first, say_hidden(rule, detail), ANSWER_OF_RULE.get(Rule(rule), ""))
        for rule, detail, first, _alone in hidden
    ]
    return sorted(lines, key=lambda line: -line.number)


def build_steps(found: ReadShortlist, most: int = 3) -> list[Step]:
    """Return what one step more would open, most first."""
    return [
        Step(say_step(rule, detail, more), rule, detail, more, _say_best(found.openings.get(UUID(best)), rank))
        for rule, detail, more, best, rank in found.row.one_more[:most]
    ]


def _say_best(opening: Opening | None, rank: int | None) -> str:
    if opening is None:
        return ""
    words = {"rank": rank, "title": opening.title, "place": say_place(opening), "pay": say_pay(opening)}
    if rank is None:
        return _("The best: %(title)s, %(place)s, %(pay)s.") % words
    return _("The best would take place %(rank)s: %(title)s, %(place)s, %(pay)s.") % words


def draw_map(profile: ReadProfile, rows: Sequence[Row]) -> SafeString | None:
    """Draw the home and the openings whose municipality is known; None where no home is known."""
    home = profile.row.home_municipality if profile.row else None
    if home is None:
        return None
    pins = tuple(
        Pin(row.shown.number, *find_seat(row.opening.municipality_id), is_selected=row.chosen_as is not None)
        for row in rows
        if row.opening.municipality_id and not row.opening.is_remote
    )
    return _draw_surroundings(Place(home.latitude, home.longitude, home.name), pins, get_language() or "es")


@lru_cache(maxsize=256)
def _draw_surroundings(home: Place, pins: tuple[Pin, ...], language: str) -> SafeString:
    """Keep drawings: they show towns, no person, and cost more than the rest of the page."""
    return draw_local_map(home, pins)


def draw_wage_strip(profile: ReadProfile, rows: Sequence[Row], today: date) -> Chart:
    """Draw the wages of the vacancies of a list beside what is paid in the state and what the law asks."""
    home = profile.row.home_municipality if profile.row else None
    state = home.state_id if home else next((code[:2] for code in profile.facts.places), None)
    wages = [
        (row.shown.number, row.opening.title, float(wage))
        for row in rows
        if row.opening.kind == Opening.Kind.VACANCY and (wage := find_wage(row.opening)) is not None
    ]
    chosen = frozenset(row.shown.number for row in rows if row.chosen_as is not None)
    return draw_wages(wages, find_marks(state, home, profile.facts.wage_floor, today), chosen)


def say_places(codes: Sequence[str]) -> str:
    """Return wanted places in one line, in the person's order."""
    names = name_places(codes)
    return " · ".join(names[code] for code in codes if code in names)
