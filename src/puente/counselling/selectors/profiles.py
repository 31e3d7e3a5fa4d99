"""Reading the work profile."""

from dataclasses import dataclass
from uuid import UUID

from puente.counselling.facts import JobFacts, ProfileFacts
from puente.counselling.models import PastJob, WorkProfile
from puente.counselling.policies import VIEW_PROFILE
from puente.counselling.sealed import unseal_employer, unseal_never_send, unseal_skills, unseal_words
from puente.opportunities.models import Occupation
from puente.people.models import Person
from puente.platform.policy import Actor


@dataclass(frozen=True)
class ReadProfile:
    """The newest version of a person's profile: its row, its answers, and the occupations that its jobs name."""

    row: WorkProfile | None
    facts: ProfileFacts
    occupations: dict[str, Occupation]

    @property
    def version(self) -> int:
        """0 where there is no profile yet."""
        return self.row.version if self.row else 0


def read_profile(actor: Actor, person_id: UUID, data_key: bytes, *, with_never_send: bool = False) -> ReadProfile:
    """Return the newest profile of a person whose file the caller opened (`data_key`).

    Where there is none yet it says the home that the desk wrote down, and nothing else.

    with_never_send: also where the person must never be sent. For the engine and for the page that edits it, alone.
    """
    row = (
        WorkProfile.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=person_id)
        .select_related("home_municipality__state")
        .order_by("-version")
        .first()
    )
    if row is None:
        home = Person.objects.filter(pk=person_id).values_list("home_municipality", flat=True).first()
        return ReadProfile(None, ProfileFacts(home_municipality=home), {})
    return _read(actor, row, data_key, with_never_send)


def read_profiles(actor: Actor, person_id: UUID, data_key: bytes) -> list[ReadProfile]:
    """Return every version of the profile of a person whose file the caller opened, the first one first."""
    rows = WorkProfile.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id)
    return [
        _read(actor, row, data_key, False)
        for row in rows.select_related("home_municipality__state").order_by("version")
    ]


def _read(actor: Actor, row: WorkProfile, data_key: bytes, with_never_send: bool) -> ReadProfile:
    jobs = list(PastJob.objects.visible_to(actor, VIEW_PROFILE).filter(profile=row).order_by("position"))
    codes = {code for job in jobs for code in (job.occupation_id, *job.suggested, *job.close_pair) if code}
    return ReadProfile(row, _build_facts(row, jobs, data_key, with_never_send), Occupation.objects.in_bulk(codes))


def _build_facts(row: WorkProfile, jobs: list[PastJob], key: bytes, with_never_send: bool) -> ProfileFacts:
    return ProfileFacts(
        jobs=tuple(
            JobFacts(
                words=unseal_words(key, job.pk, job.sealed_words),
                suggested=tuple(job.suggested),
                close_pair=tuple(job.close_pair),
                occupation=job.occupation_id,
                is_confirmed=job.is_confirmed,
                years=None if job.years is None else float(job.years),
                country=job.country,
                employer=unseal_employer(key, job.pk, job.sealed_employer),
            )
            for job in jobs
        ),
        home_municipality=row.home_municipality_id,
        places=tuple(row.places),
        wage_floor=row.wage_floor,
        wage_give=row.wage_give,
        max_hours=row.max_hours,
        refused_schedule=_as_tuple(row.refused_schedule),
        household_size=row.household_size,
        schooling=row.schooling,
        english=row.english,
        licences=_as_tuple(row.licences),
        documents=_as_tuple(row.documents),
        languages=_as_tuple(row.languages),
        body_limits=_as_tuple(row.body_limits),
        skills=unseal_skills(key, row.pk, row.sealed_skills),
        never_send=unseal_never_send(key, row.pk, row.sealed_never_send) if with_never_send else (),
    )


def _as_tuple(codes: list[str] | None) -> tuple[str, ...] | None:
    return None if codes is None else tuple(codes)
