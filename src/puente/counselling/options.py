"""The chosen openings in words for the person who chose them: what "Mis opciones" and the phone page say.

Neither ever holds the reason of return, the CURP, health, family or a flag, nor where a person must not be sent.
"""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from puente.counselling.facts import ProfileFacts
from puente.counselling.matching import find_seat
from puente.counselling.models import Choice, Shortlist, ShortlistEntry
from puente.counselling.wording import (
    Voice,
    say_pay,
    say_period,
    say_place,
    say_reason,
    say_step,
    say_week,
)
from puente.engines.identity.names import display_name
from puente.offices.models import Municipality, Office, Service
from puente.opportunities.models import Opening
from puente.opportunities.requirements import find_label
from puente.opportunities.selectors.market import occupation_positions
from puente.opportunities.selectors.openings import get_openings
from puente.opportunities.selectors.wages import find_minimum_wage
from puente.people.models import Person
from puente.people.selectors import Contact, contact_rule
from puente.people.services import OpenedPerson
from puente.platform.policy import Actor, Sensitivity
from puente.web.templatetags.components import kilometres, money

LANGUAGES = ("es", "en", "fr")
#: What a person speaks → the language of their sheet; the first that fits counts.
_SPOKEN = {"spanish": "es", "es": "es", "french": "fr", "fr": "fr", "haitian_creole": "fr", "english": "en", "en": "en"}
MOST_STEPS = 2
_LASTING_STEPS = ("licence", "document", "schooling", "english")
#: The partner that finds work for anybody: its name tells nothing of a return.
_EMPLOYMENT_SERVICE = "sne"


@dataclass(frozen=True)
class Option:
    """One chosen opening, in the person's words."""

    number: int
    opening_id: str
    title: str
    employer: str
    place: str
    distance: str
    pay: str
    period: str
    week: str
    reasons: tuple[str, ...]
    contact_name: str
    phone: str
    address: str
    bring: tuple[str, ...]
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True)
class HelpLine:
    """A number or a place to turn to."""

    phone: str
    who: str


@dataclass(frozen=True)
class OptionsText:
    """All that the sheet and the phone page say."""

    language: str
    office: str
    date: str
    name: str
    preferred: str
    options: tuple[Option, ...]
    steps: tuple[str, ...]
    minimum_wage: str
    help_lines: tuple[HelpLine, ...]
    may_be_called: bool
    home: tuple[float, float, str] | None

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)


def choose_language(person: Person) -> str:
    """Return the language of the person's sheet: Spanish unless they speak none of it."""
    spoken = [_SPOKEN[code] for code in person.languages if code in _SPOKEN]
    return "es" if not spoken or "es" in spoken else spoken[0]


def describe_option(number: int, opening: Opening, entry: ShortlistEntry, facts: ProfileFacts) -> Option:
    """Return one opening in the words of the active language."""
    titles = name_past_jobs(facts)
    seat = find_seat(opening.municipality_id) if opening.municipality_id else (None, None)
    employer = opening.employer
    return Option(
        number=number,
        opening_id=str(opening.pk),
        title=opening.title,
        employer=employer.name if employer else "",
        place=say_place(opening),
        distance=_("%(distance)s from your home") % {"distance": kilometres(entry.kilometres)}
        if entry.kilometres is not None and entry.kilometres >= 1
        else "",
        pay=say_pay(opening),
        period=say_period(opening),
        week=say_week(opening, Voice.PERSON),
        reasons=tuple(say_reason(code, parameters, titles, Voice.PERSON) for code, parameters in entry.reasons),
        contact_name=employer.contact_name if employer else "",
        phone=employer.phone if employer else "",
        address=employer.address if employer else "",
        bring=tuple(find_label("documents", code) for code in opening.documents)
        + tuple(find_label("licences", code) for code in opening.licences),
        latitude=seat[0],
        longitude=seat[1],
    )


def name_past_jobs(facts: ProfileFacts) -> dict[int, str]:
    """Return what the person calls each past job, by the engine's index of its occupation."""
    return {occupation_positions()[job.occupation]: job.words for job in facts.jobs if job.occupation}


def write_options(
    actor: Actor,
    *,
    opened: OpenedPerson,
    office: Office,
    choice: Choice,
    facts: ProfileFacts,
    language: str,
    today: date,
) -> OptionsText:
    """Write the chosen openings down in a language.

    Args:
        opened: the person, opened by the caller.
        choice: with at least one opening.
        facts: of the profile that the shortlist of the choice was made from.
    """
    entries = {
        entry.opening_id: entry
        for entry in ShortlistEntry.objects.filter(shortlist_id=choice.shortlist_id).order_by("-part")
    }
    openings = get_openings(actor, choice.openings)
    name = opened.identity.name
    with translation.override(language):
        return OptionsText(
            language=language,
            office=office.label,
            date=date_format(today, "DATE_FORMAT"),
            name=display_name(name),
            preferred=name.preferred or name.given,
            options=tuple(
                describe_option(number, openings[opening_id], entries[opening_id], facts)
                for number, opening_id in enumerate(choice.openings, start=1)
            ),
            steps=_write_steps(choice.shortlist),
            minimum_wage=_write_minimum_wage(facts, today),
            help_lines=_find_help(office, facts),
            may_be_called=contact_rule(opened.identity).contact == Contact.MAY_CALL
            and opened.person.sensitivity < Sensitivity.FLAG,
            home=_find_home(facts),
        )


def _write_steps(shortlist: Shortlist) -> tuple[str, ...]:
    """Return what one paper, licence or level more would open; concessions on the week are no step to take home."""
    steps = [step for step in shortlist.one_more if step[0] in _LASTING_STEPS]
    return tuple(say_step(rule, detail, more) + "." for rule, detail, more, _best, _rank in steps[:MOST_STEPS])


def _write_minimum_wage(facts: ProfileFacts, today: date) -> str:
    home = Municipality.objects.filter(pk=facts.home_municipality).first()
    wage = find_minimum_wage(home, today)
    if wage is None:
        return ""
    return _("%(daily)s a day (since %(date)s)") % {
        "daily": money(wage.daily), "date": date_format(wage.valid_from, "DATE_FORMAT")
    }  # fmt: skip


def _find_help(office: Office, facts: ProfileFacts) -> tuple[HelpLine, ...]:
    """Return who helps to find work at home and here, from the directory."""
    states = [code[:2] for code in (facts.home_municipality, office.municipality_id) if code]
    services = Service.objects.filter(kinds="job_search", partner=_EMPLOYMENT_SERVICE).select_related(
        "municipality__state"
    )
    found = {service.municipality.state_id: service for service in services.filter(municipality__state__in=states)}
    return tuple(
        HelpLine(found[state].phone, f"{found[state].label}") for state in dict.fromkeys(states) if state in found
    )


def _find_home(facts: ProfileFacts) -> tuple[float, float, str] | None:
    if facts.home_municipality is None:
        return None
    home = Municipality.objects.select_related("state").get(pk=facts.home_municipality)
    return (home.latitude, home.longitude, home.name)
