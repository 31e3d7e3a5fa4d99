"""Making a shortlist, choosing from it, and "this is not so"."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.facts import ANSWERS
from puente.counselling.matching import COURSES, build_person, find_seat, rank
from puente.counselling.models import Choice, Correction, Shortlist, ShortlistEntry, WorkProfile
from puente.counselling.policies import MAKE_SHORTLIST, choose_office, find_person
from puente.counselling.selectors.profiles import ReadProfile, read_profile
from puente.counselling.services.outcomes import plan_follow_ups
from puente.counselling.services.profiles import save_profile
from puente.engines.matching import Entry
from puente.engines.places import measure_distance
from puente.opportunities.models import Opening
from puente.opportunities.selectors.market import get_market
from puente.people.services import OpenedPerson, birth_of, read_person
from puente.platform.policy import Actor, NotAllowed, Purpose
from puente.reception.ages import find_age_range
from puente.reception.models import QueuePlace, Stage
from puente.reception.policies import MOVE_IN_QUEUE
from puente.reception.services.queue import advance_person

#: What fits on two pages that a person reads.
MOST_CHOSEN = 3

SHORTLISTED = register_verb("shortlist.made", gettext_noop("looked for openings for the person"))
CHOSEN = register_verb("choice.made", gettext_noop("chose openings together with the person"))
REFUSED_ALL = register_verb("choice.none", gettext_noop("noted that the person wants none of the openings"))
CORRECTED = register_verb("shortlist.corrected", gettext_noop("corrected an answer behind the list of openings"))


class ProfileMissing(Exception):
    """There is no work profile to rank by."""


class NotInShortlist(Exception):
    """An opening that is not on the list was chosen."""


class TooManyChosen(Exception):
    """More openings were chosen than the sheet that the person takes home can hold."""


@transaction.atomic
def make_shortlist(*, actor: Actor, person_id: UUID, now: datetime) -> Shortlist:
    """Rank the open places for a person by the newest version of their profile, and keep the answer.

    Raises:
        NotAllowed: also where there is no such person.
        ProfileMissing: where nothing has been asked yet.
    """
    opened = read_person(find_person(actor, MAKE_SHORTLIST, person_id, Purpose.COUNSELLING, now))
    profile = read_profile(actor, person_id, opened.data_key, with_never_send=True)
    if profile.row is None:
        raise ProfileMissing
    market, today = get_market(actor, now), now.date()
    person = build_person(profile.facts, find_age(opened, today))
    found = rank(person, market, now=today, key=opened.data_key)
    courses = rank(person, market, now=today, kinds=COURSES, key=opened.data_key)
    shortlist = Shortlist.objects.create(
        person_id=person_id,
        office_id=choose_office(actor, MAKE_SHORTLIST),
        profile=profile.row,
        day=today,
        openings_stamp=market.stamp,
        inputs_digest=found.inputs_digest,
        weights_version=found.weights_version,
        engine_version=found.engine_version,
        open_count=found.open_count,
        hidden=[[hidden.rule, hidden.detail, hidden.first, hidden.alone] for hidden in found.hidden],
        one_more=[[step.rule, step.detail, step.more, str(step.best), step.rank] for step in found.one_more],
        made_at=now,
        made_by=actor.id,
    )
    _keep_entries(shortlist, ShortlistEntry.Part.ALL, found.entries, profile)
    _keep_entries(shortlist, ShortlistEntry.Part.COURSES, courses.entries, profile)
    record_event(
        actor=actor,
        verb=SHORTLISTED,
        record_type="shortlist",
        record_id=shortlist.id,
        person_id=person_id,
        office_id=shortlist.office_id,
        purpose=Purpose.COUNSELLING,
        at=now,
        detail={"open": found.open_count, "listed": len(found.entries), "profile_version": profile.version},
    )
    return shortlist


def find_age(opened: OpenedPerson, today: date) -> int | None:
    """Return the age of a person where the birth date leaves no doubt about it, else None."""
    birth = birth_of(opened.person, opened.identity)
    if birth is None:
        return None
    youngest, oldest = find_age_range(birth, today)
    return youngest if youngest == oldest else None


def _keep_entries(shortlist: Shortlist, part: str, entries: Sequence[Entry], profile: ReadProfile) -> None:
    openings = Opening.objects.in_bulk([UUID(entry.id) for entry in entries])
    ShortlistEntry.objects.bulk_create(
        ShortlistEntry(
            shortlist=shortlist,
            person_id=shortlist.person_id,
            office_id=shortlist.office_id,
            part=part,
            rank=number,
            opening_id=UUID(entry.id),
            value=entry.value,
            terms=entry.terms,
            reasons=[[reason.code, reason.parameters] for reason in entry.reasons],
            to_confirm=[[question.code, question.detail] for question in entry.to_confirm],
            kilometres=_measure(profile, openings[UUID(entry.id)]),
            more_like_this=entry.more_like_this,
        )
        for number, entry in enumerate(entries, start=1)
    )


def _measure(profile: ReadProfile, opening: Opening) -> float | None:
    home = profile.facts.home_municipality
    if home is None or opening.municipality_id is None or opening.is_remote:
        return None
    return float(measure_distance(*find_seat(home), *find_seat(opening.municipality_id)))


@transaction.atomic
def choose_openings(*, actor: Actor, shortlist_id: UUID, openings: Sequence[UUID], now: datetime) -> Choice:
    """Keep what person and counsellor chose together, in the person's order.

    Raises:
        NotAllowed; TooManyChosen; NotInShortlist for an opening that is not on the list; ValueError for none.
    """
    if not openings:
        raise ValueError("a choice names at least one opening")
    if len(set(openings)) > MOST_CHOSEN:
        raise TooManyChosen
    shortlist = _find_shortlist(actor, shortlist_id, now)
    listed = set(shortlist.entries.values_list("opening_id", flat=True))
    if not set(openings) <= listed:
        raise NotInShortlist
    return _keep_choice(actor, shortlist, now, openings=list(dict.fromkeys(openings)))


@transaction.atomic
def refuse_all(*, actor: Actor, shortlist_id: UUID, why: str, now: datetime) -> Choice:
    """Keep that the person wants none of the openings, with a reason or without; raises NotAllowed."""
    return _keep_choice(actor, _find_shortlist(actor, shortlist_id, now), now, why_none=Choice.WhyNone(why))


def _keep_choice(actor: Actor, shortlist: Shortlist, now: datetime, **answer: Any) -> Choice:
    office_id = choose_office(actor, MAKE_SHORTLIST)
    choice = Choice.objects.create(
        person_id=shortlist.person_id, office_id=office_id, shortlist=shortlist, made_at=now, made_by=actor.id, **answer
    )
    plan_follow_ups(actor=actor, person_id=shortlist.person_id, office_id=office_id, counted_from=now.date(), now=now)
    _advance(actor, shortlist.person_id, now)
    record_event(
        actor=actor,
        verb=CHOSEN if choice.openings else REFUSED_ALL,
        record_type="choice",
        record_id=choice.id,
        person_id=shortlist.person_id,
        office_id=office_id,
        purpose=Purpose.COUNSELLING,
        at=now,
        detail={"openings": [str(opening) for opening in choice.openings]}
        if choice.openings
        else {"why": choice.why_none},
    )
    return choice


def _advance(actor: Actor, person_id: UUID, now: datetime) -> None:
    """Let the person pass on to the journey, where they stand in the queue of counselling."""
    waiting = QueuePlace.objects.visible_to(actor, MOVE_IN_QUEUE).filter(
        person_id=person_id, stage=Stage.COUNSELLING, has_left=False
    )
    for place in waiting:
        advance_person(actor=actor, arrival_id=place.arrival_id, stage=Stage.JOURNEY, now=now)


@transaction.atomic
def correct_answer(
    *,
    actor: Actor,
    shortlist_id: UUID,
    answer: str,
    changes: Mapping[str, Any],
    after_version: int,
    opening_id: UUID | None = None,
    now: datetime,
) -> Shortlist:
    """Take "this is not so" down: change the answer behind it and rank again.

    Args:
        answer: one of `ANSWERS`.
        changes: new values of the fields of that answer.
        after_version: the version of the profile that was corrected.
        opening_id: where on the list it was seen, if on an opening.

    Raises:
        NotAllowed, ProfileChanged; ValueError where a field does not belong to the answer.
    """
    if not set(changes) <= set(ANSWERS[answer]):
        raise ValueError(f"{answer} does not hold {sorted(set(changes) - set(ANSWERS[answer]))}")
    before = _find_shortlist(actor, shortlist_id, now)
    profile = save_profile(
        actor=actor,
        person_id=before.person_id,
        changes=changes,
        after_version=after_version,
        now=now,
        reason=WorkProfile.Reason.NOT_SO,
    )
    correction = Correction.objects.create(
        person_id=before.person_id,
        office_id=profile.office_id,
        shortlist=before,
        opening_id=opening_id,
        answer=answer,
        profile_before_id=before.profile_id,
        profile_after=profile,
        made_at=now,
        made_by=actor.id,
    )
    record_event(
        actor=actor,
        verb=CORRECTED,
        record_type="correction",
        record_id=correction.id,
        person_id=before.person_id,
        office_id=profile.office_id,
        purpose=Purpose.COUNSELLING,
        detail={"answer": answer},
        at=now,
    )
    return make_shortlist(actor=actor, person_id=before.person_id, now=now)


def _find_shortlist(actor: Actor, shortlist_id: UUID, now: datetime) -> Shortlist:
    shortlist = Shortlist.objects.visible_to(actor, MAKE_SHORTLIST).filter(pk=shortlist_id).first()
    if shortlist is None:
        raise NotAllowed(MAKE_SHORTLIST.name)
    find_person(actor, MAKE_SHORTLIST, shortlist.person_id, Purpose.COUNSELLING, now)
    return shortlist  # type: ignore[no-any-return]
