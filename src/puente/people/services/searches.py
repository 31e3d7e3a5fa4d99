"""Looking for people: counted, limited per hour, and logged without a word of what was asked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_noop

from puente.audit.models import Alert
from puente.audit.selectors import list_own_events
from puente.audit.services import raise_alert, record_event
from puente.audit.verbs import register_verb
from puente.engines.identity.facts import PersonQuery
from puente.people.models import SearchSession
from puente.people.policies import FIND_PERSON
from puente.people.selectors.search import MOST_SHOWN, FoundPerson, find_people
from puente.platform.policy import Actor, NotAllowed, Purpose

SEARCHED = register_verb("person.searched", gettext_noop("searched for people"))
LIMITED = register_verb("person.search_limited", gettext_noop("reached the limit of searches per hour"))
#: Questions with no longer pause than this belong to one session, which lasts no longer than LONGEST_SESSION.
PAUSE = timedelta(minutes=5)
LONGEST_SESSION = timedelta(minutes=15)
WINDOW = timedelta(hours=1)


class TooManySearches(Exception):
    """The actor asked more often in an hour than the office allows."""


def search_people(
    *, actor: Actor, query: PersonQuery, purpose: Purpose, now: datetime, limit: int = MOST_SHOWN
) -> list[FoundPerson]:
    """Look for people of all offices, as an officer does who types: each question is counted.

    A session of questions leaves one event, whose record is the row with its counts.

    Raises:
        NotAllowed: where no role of the actor finds people.
        TooManySearches: after `settings.SEARCHES_PER_HOUR` questions in an hour.
    """
    if not actor.may(FIND_PERSON) or purpose not in FIND_PERSON.purposes:
        raise NotAllowed(FIND_PERSON.name)
    asked = SearchSession.objects.filter(actor_id=actor.id, started_at__gt=now - WINDOW).aggregate(
        number=Sum("questions", default=0)
    )["number"]
    if asked >= settings.SEARCHES_PER_HOUR:
        _log_limit_once(actor, purpose, now, asked)
        raise TooManySearches
    found = find_people(actor, query, limit)
    with transaction.atomic():
        session = _continue_session(actor, purpose, now)
        elsewhere = sum(not candidate.is_served_here for candidate in found)
        SearchSession.objects.filter(pk=session.pk).update(
            last_at=now,
            questions=F("questions") + 1,
            shown=F("shown") + len(found),
            shown_of_other_offices=F("shown_of_other_offices") + elsewhere,
        )
    return found


def _continue_session(actor: Actor, purpose: Purpose, now: datetime) -> SearchSession:
    session = SearchSession.objects.filter(
        actor_id=actor.id, started_at__gt=now - LONGEST_SESSION, last_at__gt=now - PAUSE, purpose=purpose
    ).first()
    if session is not None:
        return session
    session = SearchSession.objects.create(
        actor_id=actor.id, office_id=actor.home_office_id, purpose=purpose, started_at=now, last_at=now
    )
    record_event(
        actor=actor, verb=SEARCHED, record_type="search", record_id=session.pk, purpose=purpose, at=now,
        office_id=actor.home_office_id,
    )  # fmt: skip
    return session


def _log_limit_once(actor: Actor, purpose: Purpose, now: datetime, asked: int) -> None:
    """Leave one event per hour that ran into the limit."""
    if not list_own_events(actor, LIMITED).filter(at__gt=now - WINDOW).exists():
        event = record_event(
            actor=actor, verb=LIMITED, record_type="search", record_id=None, purpose=purpose, at=now,
            detail={"questions": asked},
        )  # fmt: skip
        raise_alert(actor=actor, kind=Alert.Kind.SEARCH_BUDGET, event=event, detail={"questions": asked}, at=now)
