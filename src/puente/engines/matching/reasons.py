"""What may be said about a shortlisted opening: why it stands there, and what is still to be asked.

Reasons are codes with numbers; the words are the screen's. A reason is given only where the data support it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from puente.engines.matching.profile import PastJob
from puente.engines.matching.value import Term

DECIDING = 2


class ReasonCode(StrEnum):
    """Why an opening stands where it stands; the parameters are named in docs/subsystems/matching.md."""

    DID_THIS_WORK = "did_this_work"
    SIMILAR_WORK = "similar_work"
    PAYS_ABOVE_FLOOR = "pays_above_floor"
    PAYS_ABOVE_MEDIAN = "pays_above_median"
    LIVES_NEAR = "lives_near"
    WORKS_FROM_HOME = "works_from_home"
    PREFERRED_PLACE = "preferred_place"
    REGULAR_WEEK = "regular_week"
    HOUSING_INCLUDED = "housing_included"


class QuestionCode(StrEnum):
    """What is still to be asked: of the person, or (employer_...) of the employer."""

    LICENCE = "licence"
    DOCUMENT = "document"
    SCHOOLING = "schooling"
    ENGLISH = "english"
    LANGUAGE = "language"
    PHYSICAL = "physical"
    SCHEDULE = "schedule"
    AGE = "age"
    HOUSEHOLD = "household"
    HOURS = "hours"
    WAGE = "wage"
    PLACES = "places"
    JOBS = "jobs"
    JOB_CODE = "job_code"
    EMPLOYER_WAGE = "employer_wage"
    EMPLOYER_HOURS = "employer_hours"
    EMPLOYER_PLACE = "employer_place"
    EMPLOYER_HOUSEHOLD_PLACES = "employer_household_places"
    EMPLOYER_OCCUPATION = "employer_occupation"


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for the place of an opening in the list, with its numbers."""

    code: ReasonCode
    parameters: dict[str, float | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A question that is still open for one opening; detail says which licence, level, job code and so on."""

    code: QuestionCode
    detail: int = 0


class Support(NamedTuple):
    """What the data can support in words, for one opening and one person."""

    past_job: PastJob | None
    same_work: bool
    similarity: float
    similar_enough: float
    pesos_above: float  # NaN where the wage is not known
    floor_known: bool
    remote: bool
    kilometres: float  # NaN where the distance is not known
    near_km: float
    place_rank: int
    regular_week: bool
    household_places: int | None


def find_reasons(terms: Sequence[int], means: Sequence[int], support: Support) -> tuple[Reason, ...]:
    """Return up to two reasons that decide.

    A term decides by how far it lies above its mean over all openings that are open to the person: what every
    opening offers alike sets none apart. Ties go to the larger term, then to the order of `Term`. A term of 0
    or less never speaks for an opening. All numbers are millionths.
    """
    order = sorted(Term, key=lambda term: (means[term] - terms[term], -terms[term]))
    reasons: list[Reason] = []
    for term in order:
        reason = _support_term(term, support) if terms[term] > 0 else None
        if reason is not None and reason not in reasons:
            reasons.append(reason)
        if len(reasons) == DECIDING:
            break
    return tuple(reasons)


def _support_term(term: Term, support: Support) -> Reason | None:
    """Return what can be said of a term, or None where the data do not carry it."""
    job = support.past_job
    match term:
        case Term.OCCUPATION if job is not None and support.same_work:
            return Reason(ReasonCode.DID_THIS_WORK, {"sinco": job.sinco, "years": job.years})
        case Term.OCCUPATION if job is not None and support.similarity >= support.similar_enough:
            return Reason(ReasonCode.SIMILAR_WORK, {"sinco": job.sinco, "similarity": round(support.similarity, 2)})
        case Term.WAGE if support.pesos_above >= 1:
            code = ReasonCode.PAYS_ABOVE_FLOOR if support.floor_known else ReasonCode.PAYS_ABOVE_MEDIAN
            return Reason(code, {"pesos": math.floor(support.pesos_above)})
        case Term.NEARNESS | Term.PREFERENCE if support.remote:
            return Reason(ReasonCode.WORKS_FROM_HOME)
        case Term.NEARNESS if support.kilometres <= support.near_km:
            return Reason(ReasonCode.LIVES_NEAR, {"km": round(support.kilometres)})
        case Term.PREFERENCE if support.place_rank > 0:
            return Reason(ReasonCode.PREFERRED_PLACE, {"rank": support.place_rank})
        case Term.SCHEDULE if support.regular_week:
            return Reason(ReasonCode.REGULAR_WEEK)
        case Term.HOUSING:
            return Reason(ReasonCode.HOUSING_INCLUDED, {"places": support.household_places})
        case _:
            return None
