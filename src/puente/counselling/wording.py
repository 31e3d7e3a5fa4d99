"""The words for the codes of the matching engine: reasons, hidden openings, steps that open more, open questions.

`Voice.DESK` speaks to the counsellor about the person, without gender; `Voice.PERSON` to the person, as *usted*.
"""

from collections.abc import Callable, Mapping
from datetime import time
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puente.engines.matching import Rule
from puente.engines.matching.constraints import Hours
from puente.opportunities.models import Opening
from puente.opportunities.requirements import (
    ENGLISH_LEVELS,
    LANGUAGES,
    SCHOOLING_LABELS,
    find_label,
    list_documents,
    list_licences,
    list_physical_demands,
)
from puente.web.templatetags.components import kilometres, money


class Voice(Enum):
    """To whom a text speaks."""

    DESK = auto()
    PERSON = auto()


def say_reason(code: str, parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    """Return a reason of the engine in plain words.

    Args:
        code, parameters: as `ReasonCode` and its parameters.
        titles: what the person calls the job, or its official title, by SINCO index.
    """
    return _REASONS[code](parameters, titles, voice)


def _say_did_this_work(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    length = say_years(parameters["years"])
    if voice is Voice.PERSON:
        return _("You did this work %(length)s") % {"length": length} if length else _("You did this work before")
    return _("Did this work %(length)s") % {"length": length} if length else _("Did this work before")


def _say_similar_work(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    title = titles.get(int(parameters["sinco"]), "")
    if voice is Voice.PERSON:
        return _("It is like your work: %(job)s") % {"job": title} if title else _("It is like work you did")
    return (
        _("It is like the work done before: %(job)s") % {"job": title}
        if title
        else _("It is like the work done before")
    )


def _say_above_floor(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    words = {"pesos": money(int(parameters["pesos"]))}
    if voice is Voice.PERSON:
        return _("It pays %(pesos)s more a month than you ask") % words
    return _("Pays %(pesos)s more a month than asked") % words


def _say_above_median(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    return _("Pays %(pesos)s more a month than half of the openings") % {"pesos": money(int(parameters["pesos"]))}


def _say_near(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    distance = int(parameters["km"])
    if distance < 1:
        return _("It is in your municipality") if voice is Voice.PERSON else _("In the home municipality")
    words = {"distance": kilometres(distance)}
    return (
        _("It is %(distance)s from your home") % words
        if voice is Voice.PERSON
        else _("Lives %(distance)s away") % words
    )


def _say_remote(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    return _("You work from home") if voice is Voice.PERSON else _("Is done from home")


def _say_preferred_place(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    rank = int(parameters["rank"])
    if voice is Voice.PERSON:
        return _("It is where you most want to live") if rank == 1 else _("It is one of the places you named")
    return _("In the place named first") if rank == 1 else _("In the place named as number %(rank)s") % {"rank": rank}


def _say_regular_week(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    return _("By day, without Sundays, 48 hours a week at most")


def _say_housing(parameters: Mapping[str, Any], titles: Mapping[int, str], voice: Voice) -> str:
    places = parameters.get("places")
    if not places:
        return _("They give lodging")
    return ngettext(
        "They give lodging for %(number)s person", "They give lodging for %(number)s people", int(places)
    ) % {"number": int(places)}


_REASONS: dict[str, Callable[[Mapping[str, Any], Mapping[int, str], Voice], str]] = {
    "did_this_work": _say_did_this_work,
    "similar_work": _say_similar_work,
    "pays_above_floor": _say_above_floor,
    "pays_above_median": _say_above_median,
    "lives_near": _say_near,
    "works_from_home": _say_remote,
    "preferred_place": _say_preferred_place,
    "regular_week": _say_regular_week,
    "housing_included": _say_housing,
}


def say_years(years: float | None) -> str:
    """Return a length of experience in words, "" where it is not known."""
    if years is None:
        return ""
    months = round(years * 12)
    if 0 < months < 24 and months % 12:
        return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}
    whole = number_format(years, decimal_pos=0 if years == int(years) else 1)
    return ngettext("%(number)s year", "%(number)s years", 1 if years == 1 else 2) % {"number": whole}


def say_hidden(rule: str, detail: int) -> str:
    """Return why openings are hidden, to stand after their number: "9 · ask for a type B licence"."""
    match Rule(rule):
        case Rule.TOO_YOUNG:
            return _("are by law for older people")
        case Rule.TOO_OLD:
            return _("are by law for younger people")
        case Rule.LICENCE:
            return _("ask for: %(thing)s") % {"thing": find_label("licences", list_licences()[detail])}
        case Rule.DOCUMENT:
            return _("ask for: %(thing)s") % {"thing": find_label("documents", list_documents()[detail])}
        case Rule.SCHOOLING:
            return _("ask for schooling: %(level)s") % {"level": SCHOOLING_LABELS[detail]}
        case Rule.ENGLISH:
            return _("ask for English, level %(level)s") % {"level": ENGLISH_LEVELS[detail]}
        case Rule.LANGUAGE:
            return _("ask for the language: %(language)s") % {"language": find_label("languages", LANGUAGES[detail])}
        case Rule.PHYSICAL:
            return _("ask of the body: %(demand)s") % {
                "demand": find_label("physical", list_physical_demands()[detail])
            }
        case Rule.HOUSEHOLD:
            return _("give lodging to fewer people than the household has")
        case Rule.SCHEDULE:
            return (_("work on Sundays"), _("work at night"), _("have rotating shifts"))[detail]
        case Rule.HOURS:
            if detail == Hours.WITHIN_LEGAL_WEEK:
                return _("take more hours a week than the person accepts")
            return _("take more than 48 hours a week")
        case Rule.WAGE:
            return _("pay less than the person would accept")


def say_step(rule: str, detail: int, more: int) -> str:
    """Return the title of what one step more would open."""
    words = {
        "step": _say_step_alone(Rule(rule), detail),
        "number": number_format(more, use_l10n=True, force_grouping=True),
    }
    return ngettext("%(step)s would open %(number)s more", "%(step)s would open %(number)s more", more) % words


def _say_step_alone(rule: Rule, detail: int) -> str:
    match rule:
        case Rule.LICENCE:
            return find_label("licences", list_licences()[detail])
        case Rule.DOCUMENT:
            return find_label("documents", list_documents()[detail])
        case Rule.SCHOOLING:
            return _("Finishing: %(level)s") % {"level": SCHOOLING_LABELS[detail]}
        case Rule.ENGLISH:
            return _("English at level %(level)s") % {"level": ENGLISH_LEVELS[detail]}
        case Rule.SCHEDULE:
            return (_("Working on Sundays"), _("Working at night"), _("Rotating shifts"))[detail]
        case _:
            return pgettext("step", "A week of 48 hours")


#: Which answer of the profile a hidden count or a reason rests on: what "this is not so" edits.
ANSWER_OF_RULE: dict[Rule, str] = {
    Rule.LICENCE: "licences",
    Rule.DOCUMENT: "documents",
    Rule.SCHOOLING: "schooling",
    Rule.ENGLISH: "english",
    Rule.LANGUAGE: "languages",
    Rule.PHYSICAL: "body",
    Rule.HOUSEHOLD: "household",
    Rule.SCHEDULE: "week",
    Rule.HOURS: "week",
    Rule.WAGE: "wage",
}
ANSWER_OF_REASON: dict[str, str] = {
    "did_this_work": "jobs",
    "similar_work": "jobs",
    "pays_above_floor": "wage",
    "pays_above_median": "wage",
    "lives_near": "home",
    "works_from_home": "home",
    "preferred_place": "places",
    "regular_week": "week",
    "housing_included": "household",
}


def say_question(code: str, detail: int) -> str:
    """Return what is still to be asked before an opening is certain."""
    return _QUESTIONS[code](detail)


_QUESTIONS: dict[str, Callable[[int], str]] = {
    "licence": lambda detail: (
        _("Does the person have: %(thing)s?") % {"thing": find_label("licences", list_licences()[detail])}
    ),
    "document": lambda detail: (
        _("Does the person have: %(thing)s?") % {"thing": find_label("documents", list_documents()[detail])}
    ),
    "schooling": lambda detail: _("How far did the person go to school?"),
    "english": lambda detail: _("How much English does the person speak?"),
    "language": lambda detail: (
        _("Does the person speak %(language)s?") % {"language": find_label("languages", LANGUAGES[detail])}
    ),
    "physical": lambda detail: (
        _("Can the person do this: %(demand)s?") % {"demand": find_label("physical", list_physical_demands()[detail])}
    ),
    "schedule": lambda detail: (
        _("Would the person work on Sundays?"),
        _("Would the person work at night?"),
        _("Would the person take rotating shifts?"),
    )[detail],
    "age": lambda detail: _("How old is the person? The law asks for it here."),
    "household": lambda detail: _("How many people would need lodging?"),
    "hours": lambda detail: _("How many hours a week would the person work?"),
    "wage": lambda detail: _("What is the least the person would work for?"),
    "places": lambda detail: _("Where would the person live?"),
    "jobs": lambda detail: _("What work has the person done?"),
    "job_code": lambda detail: _("Is the occupation of the past job right?"),
    "employer_wage": lambda detail: _("Ask the employer what it pays"),
    "employer_hours": lambda detail: _("Ask the employer for the hours"),
    "employer_place": lambda detail: _("Ask the employer where it is"),
    "employer_household_places": lambda detail: _("Ask the employer how many people may lodge"),
    "employer_occupation": lambda detail: _("Ask the employer what the work is"),
}


def say_week(opening: Opening, voice: Voice) -> str:
    """Return days and hours of an opening, as far as they are known."""
    days = _say_days(opening.weekdays)
    if opening.starts_at is None or opening.ends_at is None:
        return days
    hours = {"start": _say_time(opening.starts_at, voice), "end": _say_time(opening.ends_at, voice)}
    span = _("%(start)s to %(end)s") % hours
    return f"{days}, {span}" if days else span


def _say_days(mask: int) -> str:
    days = [number for number in range(7) if mask >> number & 1]
    if not days:
        return ""
    if len(days) == 7:
        return _("every day")
    names = [str(WEEKDAYS[day]).lower() for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return ", ".join(names)


def _say_time(moment: time, voice: Voice) -> str:
    """Return "08:00" at the desk, and "8 in the morning" to a person."""
    if voice is Voice.DESK:
        return moment.strftime("%H:%M")
    hour = (moment.hour - 1) % 12 + 1
    number = f"{hour}:{moment.minute:02d}" if moment.minute else str(hour)
    if moment.hour < 12:
        return _("%(hour)s in the morning") % {"hour": number}
    if moment.hour < 19:
        return _("%(hour)s in the afternoon") % {"hour": number}
    return _("%(hour)s at night") % {"hour": number}


def say_pay(opening: Opening) -> str:
    """Return what an opening pays, gives or costs; its period stands in `say_period`."""
    amount = find_wage(opening)
    if opening.kind == Opening.Kind.COURSE:
        return money(opening.cost) if opening.cost else _("free of charge")
    if opening.kind == Opening.Kind.SELF_EMPLOYMENT:
        return money(opening.support_amount) if opening.support_amount else _("to be asked")
    return money(amount) if amount is not None else _("to be asked")


def say_period(opening: Opening) -> str:
    """Return to what the amount of `say_pay` refers."""
    if opening.kind == Opening.Kind.COURSE:
        return _("course")
    if opening.kind == Opening.Kind.SELF_EMPLOYMENT:
        return _("support, once")
    return _("a month")


def find_wage(opening: Opening) -> Decimal | None:
    """Return the wage that the ranking counts: the lower end of what is offered."""
    return opening.wage_min if opening.wage_min is not None else opening.wage_max


def say_place(opening: Opening) -> str:
    """Return where an opening is, as far as it is known; the rows of place must be fetched with it."""
    if opening.is_remote:
        return _("Done from home")
    if opening.municipality is not None:
        return str(opening.municipality)
    return str(opening.state) if opening.state is not None else _("place to be asked")
