"""Introducing a person to an employer, and what became of it."""

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from django.db import transaction
from django.utils.translation import gettext_noop
from numpy.typing import NDArray

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.facts import JobFacts, ProfileFacts
from puente.counselling.matching import get_similarity
from puente.counselling.models import Introduction, IntroductionEvent
from puente.counselling.policies import (
    RECORD_OUTCOME,
    SEND_INTRODUCTION,
    VIEW_INTRODUCTIONS,
    choose_office,
    find_person,
)
from puente.counselling.sealed import seal_introduction
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.services.outcomes import plan_follow_ups
from puente.engines.identity.names import display_name
from puente.opportunities.models import Employer, Occupation, Opening
from puente.opportunities.selectors.market import occupation_positions
from puente.opportunities.selectors.openings import get_opening
from puente.opportunities.services.openings import fill_places
from puente.people.models import ConsentDecision
from puente.people.selectors import Contact, contact_rule, list_consents
from puente.people.services import OpenedPerson, read_person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity
from puente.protection.services import Channel, Wording, may_contact

#: The consent that an introduction rests on.
CONSENT = "work_search"

INTRODUCED = register_verb("introduction.sent", gettext_noop("introduced the person to an employer"))
MOVED = register_verb("introduction.moved", gettext_noop("noted what became of an introduction"))

#: What may follow on each state; hired, not taken and did not go are ends.
NEXT_STATES: dict[str, tuple[str, ...]] = {
    Introduction.State.SENT: ("answered", "interview", "hired", "refused", "no_show"),
    Introduction.State.ANSWERED: ("interview", "hired", "refused", "no_show"),
    Introduction.State.INTERVIEW: ("hired", "refused", "no_show"),
    Introduction.State.HIRED: (),
    Introduction.State.REFUSED: (),
    Introduction.State.NO_SHOW: (),
}


class ConsentMissing(Exception):
    """The person has not said, or no longer says, that they may be shown to employers."""


class EmployerAvoided(Exception):
    """The office sends nobody to this employer."""


class ContactUnsafe(Exception):
    """The safe-contact instructions of the person let nothing go to an employer."""


class IntroductionChanged(Exception):
    """What would be sent is no longer what was shown: show it again."""


class IntroducedAlready(Exception):
    """There is an introduction of this person for this opening that has not ended."""


class StateImpossible(Exception):
    """The introduction cannot pass from its state to that one."""


def write_introduction(opened: OpenedPerson, facts: ProfileFacts, opening: Opening) -> dict[str, Any]:
    """Return exactly what an employer would be told: name, trade and how to reach the person, no more.

    The phone is told only where the person said that calling is safe, and of a reserved person never: then the office
    stands between.
    """
    rule = contact_rule(opened.identity)
    may_tell_phone = rule.contact == Contact.MAY_CALL and opened.person.sensitivity < Sensitivity.FLAG
    job = _find_nearest_job(facts, opening)
    title = _find_title(job)
    return {
        "name": display_name(opened.identity.name),
        "trade": " · ".join(part for part in (job.words if job else "", title) if part),
        "years": job.years if job else None,
        "phone": rule.phones[0].number if may_tell_phone else "",
        "opening": opening.title,
        "employer": opening.employer.name if opening.employer else "",
    }


def _find_title(job: JobFacts | None) -> str:
    """Return the official title of a job whose occupation the person confirmed: words may be in another language."""
    if job is None or not job.is_confirmed:
        return ""
    return Occupation.objects.filter(pk=job.occupation).values_list("title", flat=True).first() or ""


def digest_introduction(sent: dict[str, Any]) -> str:
    """Return a digest of what was shown, so that nothing else is sent."""
    return hashlib.sha256(json.dumps(sent, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _find_nearest_job(facts: ProfileFacts, opening: Opening) -> JobFacts | None:
    """Return the past job that is nearest to the opening, the first one where nothing is known."""
    coded = [job for job in facts.jobs if job.occupation]
    if not coded or opening.occupation_id is None:
        return facts.jobs[0] if facts.jobs else None
    wanted = occupation_positions()[opening.occupation_id]
    nearness: NDArray[np.float32] = get_similarity().matrix[:, wanted]
    return max(coded, key=lambda job: float(nearness[occupation_positions()[job.occupation or ""]]))


def find_consent(actor: Actor, person_id: UUID) -> ConsentDecision | None:
    """Return the consent an introduction may rest on, None where the person's last word is not yes."""
    decision = list_consents(actor, person_id).get(CONSENT)
    given = decision is not None and decision.decision == ConsentDecision.Decision.GIVEN
    return decision if given else None


def may_show_to_employer(actor: Actor, person_id: UUID, now: datetime) -> bool:
    """Tell whether a letter may go to an employer now; it names neither the office nor a return."""
    return may_contact(actor=actor, person_id=person_id, channel=Channel.EMPLOYER, wording=Wording.NEUTRAL, now=now)


@transaction.atomic
def send_introduction(
    *, actor: Actor, person_id: UUID, opening_id: UUID, channel: str, shown_digest: str, now: datetime
) -> Introduction:
    """Introduce a person to the employer of an opening, and keep sealed exactly what was sent.

    Args:
        channel: one of `Introduction.Channel`.
        shown_digest: of what the counsellor and the person saw (`digest_introduction`).

    Raises:
        NotAllowed, ConsentMissing, ContactUnsafe, EmployerAvoided, IntroductionChanged, IntroducedAlready;
        Opening.DoesNotExist also where the opening has no employer or is no longer open.
    """
    person = find_person(actor, SEND_INTRODUCTION, person_id, Purpose.REFERRAL, now)
    opening = get_opening(actor, opening_id)
    employer = opening.employer
    if employer is None or not opening.is_open_on(now.date()):
        raise Opening.DoesNotExist
    if employer.trust == Employer.Trust.AVOID:
        raise EmployerAvoided
    consent = find_consent(actor, person_id)
    if consent is None:
        raise ConsentMissing
    if not may_show_to_employer(actor, person_id, now):
        raise ContactUnsafe
    opened = read_person(person)
    sent = write_introduction(opened, read_profile(actor, person_id, opened.data_key).facts, opening)
    if digest_introduction(sent) != shown_digest:
        raise IntroductionChanged
    running = Introduction.objects.filter(person=person, opening=opening).exclude(state__in=["refused", "no_show"])
    if running.exists():
        raise IntroducedAlready
    introduction_id, office_id = make_id(), choose_office(actor, SEND_INTRODUCTION)
    introduction = Introduction.objects.create(
        id=introduction_id,
        person=person,
        office_id=office_id,
        opening=opening,
        employer=employer,
        consent=consent,
        channel=Introduction.Channel(channel),
        sealed=seal_introduction(opened.data_key, introduction_id, sent),
        state_at=now,
        made_at=now,
        made_by=actor.id,
    )
    _append(introduction, Introduction.State.SENT, actor, now, wage=None)
    record_event(
        actor=actor,
        verb=INTRODUCED,
        record_type="introduction",
        record_id=introduction.id,
        person_id=person.pk,
        office_id=office_id,
        purpose=Purpose.REFERRAL,
        at=now,
        detail={"opening": str(opening.pk), "consent": str(consent.pk), "channel": channel},
    )
    return introduction


@transaction.atomic
def move_introduction(
    *, actor: Actor, introduction_id: UUID, state: str, wage: int | None = None, now: datetime
) -> Introduction:
    """Note what became of an introduction. Being hired fills a place and begins the calendar of follow-ups anew.

    Args:
        state: one of `Introduction.State` that may follow the present one (`NEXT_STATES`).
        wage: agreed when hired, pesos a month.

    Raises:
        NotAllowed: also where there is no such introduction. StateImpossible.
    """
    introduction = (
        Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS)
        .select_for_update(of=("self",))
        .filter(pk=introduction_id)
        .first()
    )
    may_move = actor.offices_for(SEND_INTRODUCTION) | actor.offices_for(RECORD_OUTCOME)
    if introduction is None or introduction.office_id not in may_move:
        raise NotAllowed(VIEW_INTRODUCTIONS.name)
    if state not in NEXT_STATES[introduction.state]:
        raise StateImpossible
    introduction.state, introduction.state_at = state, now
    introduction.save(update_fields=["state", "state_at"])
    is_hired = state == Introduction.State.HIRED
    _append(introduction, state, actor, now, wage=wage if is_hired else None)
    if is_hired:
        fill_places(actor=actor, opening_id=introduction.opening_id)
        plan_follow_ups(
            actor=actor,
            person_id=introduction.person_id,
            office_id=introduction.office_id,
            counted_from=now.date(),
            now=now,
        )
    record_event(
        actor=actor,
        verb=MOVED,
        record_type="introduction",
        record_id=introduction.id,
        person_id=introduction.person_id,
        office_id=introduction.office_id,
        purpose=Purpose.FOLLOW_UP,
        at=now,
        detail={"state": state},
    )
    return introduction  # type: ignore[no-any-return]


def _append(introduction: Introduction, state: str, actor: Actor, now: datetime, wage: int | None) -> None:
    IntroductionEvent.objects.create(
        introduction=introduction,
        person_id=introduction.person_id,
        office_id=introduction.office_id,
        state=state,
        wage=wage,
        at=now,
        by=actor.id,
    )
