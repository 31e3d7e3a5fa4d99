"""Short summaries on a person's page: the work profile, introductions, outcomes."""

from dataclasses import dataclass
from uuid import UUID

from puente.audit.policies import VIEW_EVENTS
from puente.counselling.models import Introduction, Outcome
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.counselling.selectors.profiles import read_profile
from puente.offices.models import Municipality, State
from puente.people.selectors import is_in_charge
from puente.people.services import OpenedPerson
from puente.platform.policy import Actor


@dataclass(frozen=True)
class ProfileSummary:
    """The work profile in a few lines; empty where there is none yet."""

    jobs: list[str]
    places: list[str]
    wage_floor: int | None
    max_hours: int | None
    version: int


def summarise_profile(actor: Actor, opened: OpenedPerson) -> ProfileSummary:
    """Return what a person has done and asks for; never where they must not be sent."""
    read = read_profile(actor, opened.person.pk, opened.data_key)
    facts = read.facts
    names = dict(State.objects.filter(pk__in=facts.places).values_list("pk", "name"))
    names |= {town.pk: str(town) for town in Municipality.objects.select_related("state").filter(pk__in=facts.places)}
    return ProfileSummary(
        jobs=[
            f"{job.words} ({read.occupations[job.occupation]})" if job.occupation in read.occupations else job.words
            for job in facts.jobs
        ],
        places=[names[code] for code in facts.places if code in names],
        wage_floor=facts.wage_floor,
        max_hours=facts.max_hours,
        version=read.version,
    )


def list_introductions_of(actor: Actor, person_id: UUID) -> list[Introduction]:
    """Return a person's introductions, the latest first."""
    found = Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS).filter(person_id=person_id)
    return list(found.select_related("opening__municipality__state", "employer").order_by("-made_at"))


def list_outcomes_of(actor: Actor, person_id: UUID) -> list[Outcome]:
    """Return how a person was in the follow-ups, the latest first."""
    return list(Outcome.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id).order_by("-at"))


def sees_openings(actor: Actor, person_id: UUID) -> bool:
    """Tell whether somebody oversees a person's file or is in charge of it, and so is told who opened it."""
    return actor.may(VIEW_EVENTS) or is_in_charge(actor, person_id)
