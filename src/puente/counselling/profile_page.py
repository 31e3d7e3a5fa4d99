"""The work profile in words, as its page and the side of the shortlist show it."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.counselling.facts import NO_HOURS_LIMIT, JobFacts, ProfileFacts
from puente.counselling.forms.answers import list_schooling
from puente.counselling.forms.jobs import COUNTRIES
from puente.counselling.matching import list_body_limits
from puente.counselling.places import name_places
from puente.counselling.selectors.profiles import ReadProfile
from puente.counselling.wording import say_years
from puente.opportunities.requirements import ENGLISH_LABELS, find_label
from puente.web.templatetags.components import money


@dataclass(frozen=True)
class JobLine:
    """A past job as it is shown: title, the words that were said, how sure the occupation is."""

    words: str
    title: str
    code: str
    is_confirmed: bool
    question: str
    experience: str


@dataclass(frozen=True)
class Fact:
    """An answer in words; "" where it was not asked."""

    name: str
    words: str


def describe_jobs(profile: ReadProfile) -> list[JobLine]:
    """Return the past jobs in words."""
    return [_describe_job(job, profile) for job in profile.facts.jobs]


def _describe_job(job: JobFacts, profile: ReadProfile) -> JobLine:
    occupation = profile.occupations.get(job.occupation or "")
    pair = [str(profile.occupations[code]) for code in job.close_pair if code in profile.occupations]
    country = dict(COUNTRIES).get(job.country, "")
    return JobLine(
        words=job.words,
        title=occupation.title if occupation else "",
        code=job.occupation or "",
        is_confirmed=job.is_confirmed,
        question=_("%(first)s or %(second)s?") % {"first": pair[0], "second": pair[1]} if len(pair) == 2 else "",
        experience=" · ".join(part for part in (say_years(job.years), str(country)) if part),
    )


def describe_wishes(facts: ProfileFacts) -> list[Fact]:
    """Return what the person asks for, in words."""
    names = name_places([*facts.places, *([facts.home_municipality] if facts.home_municipality else [])])
    pay = ""
    if facts.wage_floor is not None:
        pay = _("%(pesos)s a month") % {"pesos": money(facts.wage_floor)}
        if facts.wage_give:
            pay = _("%(pay)s (gives way to %(pesos)s)") % {
                "pay": pay,
                "pesos": money(facts.wage_floor - facts.wage_give),
            }
    return [
        Fact(_("Own home"), names.get(facts.home_municipality or "", "")),
        Fact(_("Where, in order"), " · ".join(names[code] for code in facts.places if code in names)),
        Fact(_("Earns at least"), pay),
        Fact(_("Days and hours"), _describe_week(facts)),
        Fact(
            _("Household"),
            ngettext("%(number)s person", "%(number)s people", facts.household_size) % {"number": facts.household_size}
            if facts.household_size
            else "",
        ),
    ]


def _describe_week(facts: ProfileFacts) -> str:
    parts = []
    if facts.refused_schedule is not None:
        words = {"sundays": _("no Sundays"), "nights": _("no nights"), "rotating": _("no rotating shifts")}
        parts.append(", ".join(words[code] for code in facts.refused_schedule) or _("any days and shifts"))
    if facts.max_hours == NO_HOURS_LIMIT:
        parts.append(_("any number of hours"))
    elif facts.max_hours is not None:
        parts.append(_("%(hours)s hours a week at most") % {"hours": facts.max_hours})
    return "; ".join(parts)


def describe_means(facts: ProfileFacts) -> list[Fact]:
    """Return what the person brings besides work, in words."""
    return [
        Fact(_("Schooling"), dict(list_schooling()).get(facts.schooling, "")),
        Fact(
            _("English"),
            "" if facts.english is None else str(ENGLISH_LABELS[facts.english]) if facts.english else _("none"),
        ),
        Fact(_("Licences"), _describe_list("licences", facts.licences)),
        Fact(_("Papers at hand"), _describe_list("documents", facts.documents)),
        Fact(_("Languages"), _describe_list("languages", facts.languages)),
        Fact(_("Skills"), ", ".join(facts.skills)),
    ]


def describe_body(facts: ProfileFacts) -> str:
    """Return what the body cannot do for now, "" where it was not asked."""
    if facts.body_limits is None:
        return ""
    names = {row["code"]: row for row in list_body_limits()}
    return ", ".join(_label(names[code]) for code in facts.body_limits if code in names) or _("no limit")


def _label(row: dict[str, str]) -> str:
    language = (translation.get_language() or "es")[:2]
    return row.get(f"label_{language}") or row["label_es"]


def _describe_list(kind: str, codes: tuple[str, ...] | None) -> str:
    if codes is None:
        return ""
    return ", ".join(find_label(kind, code) for code in codes) or _("none")
