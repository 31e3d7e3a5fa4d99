"""Writing the work profile: each save is a new version."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.facts import MOST_JOBS, MOST_NEVER_SEND, MOST_PLACES, MOST_SKILLS, JobFacts, ProfileFacts
from puente.counselling.models import PastJob, WorkProfile
from puente.counselling.models.profiles import MOST_WORDS
from puente.counselling.policies import EDIT_PROFILE, choose_office, find_person
from puente.counselling.sealed import seal_employer, seal_never_send, seal_skills, seal_words
from puente.counselling.selectors.profiles import read_profile
from puente.people.models import Person
from puente.people.services import open_key_of
from puente.platform.ids import make_id
from puente.platform.policy import Actor, Purpose

PROFILE_SAVED = register_verb("profile.saved", gettext_noop("wrote down what the person brings and asks for"))


class ProfileChanged(Exception):
    """Somebody else saved a newer version meanwhile."""


@transaction.atomic
def save_profile(
    *,
    actor: Actor,
    person_id: UUID,
    changes: Mapping[str, Any],
    after_version: int,
    now: datetime,
    reason: str = WorkProfile.Reason.SAID,
) -> WorkProfile:
    """Append a version of a person's work profile: the newest answers with some of them changed.

    Args:
        changes: fields of `ProfileFacts` with their new values; the others stay as they were.
        after_version: the version that the changes were made on, 0 for the first.

    Raises:
        NotAllowed: also where there is no such person.
        ProfileChanged: where a newer version exists; nothing is written.
        ValueError: where there are more jobs, places or skills than a profile holds.
    """
    person = find_person(actor, EDIT_PROFILE, person_id, Purpose.COUNSELLING, now)
    # The row of the person is the lock: two counsellors do not write the same version.
    Person.objects.select_for_update(of=("self",)).get(pk=person_id)
    key = open_key_of(person)
    before = read_profile(actor, person_id, key, with_never_send=True)
    if before.version != after_version:
        raise ProfileChanged
    facts = replace(before.facts, **changes)
    _check_size(facts)
    office_id, profile_id = choose_office(actor, EDIT_PROFILE), make_id()
    profile = WorkProfile.objects.create(
        id=profile_id,
        person=person,
        office_id=office_id,
        version=after_version + 1,
        reason=reason,
        home_municipality_id=facts.home_municipality,
        places=list(facts.places),
        wage_floor=facts.wage_floor,
        wage_give=facts.wage_give,
        max_hours=facts.max_hours,
        refused_schedule=_as_list(facts.refused_schedule),
        household_size=facts.household_size,
        schooling=facts.schooling,
        english=facts.english,
        licences=_as_list(facts.licences),
        documents=_as_list(facts.documents),
        languages=_as_list(facts.languages),
        body_limits=_as_list(facts.body_limits),
        sealed_skills=seal_skills(key, profile_id, facts.skills),
        sealed_never_send=seal_never_send(key, profile_id, facts.never_send),
        made_at=now,
        made_by=actor.id,
    )
    PastJob.objects.bulk_create(
        _make_job(profile, key, position, job) for position, job in enumerate(facts.jobs, start=1)
    )
    # The event says neither which answers changed nor what they are: one of them is where never to send somebody.
    record_event(
        actor=actor, verb=PROFILE_SAVED, record_type="work_profile", record_id=profile.id, person_id=person.pk,
        office_id=office_id, purpose=Purpose.COUNSELLING, detail={"version": profile.version, "reason": reason}, at=now,
    )  # fmt: skip
    return profile


def _make_job(profile: WorkProfile, key: bytes, position: int, job: JobFacts) -> PastJob:
    job_id = make_id()
    return PastJob(
        id=job_id,
        profile=profile,
        person_id=profile.person_id,
        office_id=profile.office_id,
        position=position,
        sealed_words=seal_words(key, job_id, job.words[:MOST_WORDS]),
        suggested=list(job.suggested),
        close_pair=list(job.close_pair),
        occupation_id=job.occupation,
        is_confirmed=job.is_confirmed,
        years=job.years,
        country=job.country,
        sealed_employer=seal_employer(key, job_id, job.employer),
    )


def _as_list(codes: tuple[str, ...] | None) -> list[str] | None:
    return None if codes is None else list(codes)


def _check_size(facts: ProfileFacts) -> None:
    for name, most in (
        ("jobs", MOST_JOBS), ("places", MOST_PLACES), ("skills", MOST_SKILLS), ("never_send", MOST_NEVER_SEND)
    ):  # fmt: skip
        if len(getattr(facts, name)) > most:
            raise ValueError(f"a profile holds at most {most} {name}")
