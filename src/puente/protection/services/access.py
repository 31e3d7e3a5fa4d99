"""Reserved files in other hands: asking for one, answering, opening one in an emergency, and reviewing that."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from puente.accounts.selectors import list_members_who_may
from puente.accounts.services import grant_access
from puente.audit.models import Alert, Event
from puente.audit.selectors import list_own_events
from puente.audit.services import raise_alert, record_event
from puente.audit.verbs import register_verb
from puente.people.pseudonyms import read_reference
from puente.people.purposes import usual_purpose
from puente.people.selectors.references import find_reserved
from puente.platform.ids import make_id
from puente.platform.policy import Action, Actor, NotAllowed, Purpose, Sensitivity, StepUpNeeded
from puente.protection.models import AccessDecision, AccessNotice, AccessRequest, AccessReview, AccessState
from puente.protection.policies import APPROVE_ACCESS, BREAK_GLASS, REQUEST_ACCESS, REVIEW_ACCESS
from puente.protection.reasons import seal_note, seal_reason

REQUESTED = register_verb(
    "access.requested", gettext_noop("asked to open a reserved file"), sensitivity=Sensitivity.FLAG
)
ALLOWED = register_verb(
    "access.allowed", gettext_noop("let somebody open a reserved file"), sensitivity=Sensitivity.FLAG
)
DENIED = register_verb(
    "access.denied", gettext_noop("did not let somebody open a reserved file"), sensitivity=Sensitivity.FLAG
)
EMERGENCY = register_verb(
    "access.emergency", gettext_noop("opened a reserved file in an emergency"), sensitivity=Sensitivity.FLAG
)
REVIEWED = register_verb(
    "access.reviewed", gettext_noop("reviewed an opening in an emergency"), sensitivity=Sensitivity.FLAG
)
WRONG_REFERENCE = register_verb("access.wrong_reference", gettext_noop("gave a reference that opens nothing"))

#: How long an answer opens a file, and how long an emergency does.
OPEN_FOR = timedelta(minutes=15)
EMERGENCY_OPEN_FOR = timedelta(minutes=60)
#: How many people are told of an emergency at least, and the shortest reason.
FEWEST_TOLD = 2
SHORTEST_REASON = 20
EMERGENCIES_WITHIN = timedelta(days=30)
WRONG_WITHIN = timedelta(hours=1)
MOST_WRONG = 10


class UnknownReference(Exception):
    """No reserved file has the reference, or the file is not reserved: nobody can tell which."""


class TooManyReferences(Exception):
    """The actor gave too many references that open nothing."""


class AlreadyOpen(Exception):
    """The actor is in charge of the file, or holds a grant: there is nothing to ask. Args: the person's id."""


class TooManyEmergencies(Exception):
    """The actor opened as many files in an emergency as the office allows in thirty days."""


class NobodyToTell(Exception):
    """There are fewer than two others who could be told of an emergency."""


def request_access(*, actor: Actor, reference: str, purpose: Purpose, reason: str, now: datetime) -> AccessRequest:
    """Ask to open a reserved file that somebody else is in charge of; another person answers within a day.

    Raises:
        NotAllowed, UnknownReference, TooManyReferences, AlreadyOpen.
    """
    office_id = _require(actor, REQUEST_ACCESS, purpose, now)
    person_id = _find_file(actor, reference, purpose, now)
    with transaction.atomic():
        return _ask(actor, AccessRequest.Kind.ASKED, person_id, office_id, purpose, reason, now)


@transaction.atomic
def decide_request(*, actor: Actor, request_id: UUID, is_approved: bool, now: datetime) -> AccessDecision:
    """Answer a request; yes opens the file to whoever asked for 15 minutes. A second answer changes nothing.

    The grant is bound to file, person, purpose, request and end by a keyed digest (`accounts.grants`).

    Raises:
        NotAllowed: for the own request, for one that lapsed, and where there is no such request; also for
        whoever neither supervises the office nor is in charge of the file.
    """
    _require_step_up(actor, now)
    asked = (
        AccessRequest.objects.visible_to(actor, APPROVE_ACCESS, REVIEW_ACCESS)
        .filter(pk=request_id, kind=AccessRequest.Kind.ASKED)
        .exclude(user_id=actor.id)
        .select_related("decision")
        .first()
    )
    if asked is None:
        raise NotAllowed(APPROVE_ACCESS.name)
    state = asked.state(now)
    if state is not AccessState.WAITING:
        if state is AccessState.LAPSED:
            raise NotAllowed(APPROVE_ACCESS.name)
        return asked.decision
    decision = AccessDecision(request=asked, at=now, by=actor.id, open_until=now + OPEN_FOR if is_approved else None)
    decision.save(force_insert=True)
    if is_approved:
        _grant(actor, asked, now + OPEN_FOR)
    _record(actor, ALLOWED if is_approved else DENIED, asked, Purpose.PROTECTION, now)
    return decision


def break_glass(*, actor: Actor, reference: str, reason: str, now: datetime) -> AccessRequest:
    """Open a reserved file at once for an hour, for the purpose of the actor's everyday work; others are told.

    Raises:
        NotAllowed, UnknownReference, TooManyReferences, AlreadyOpen, TooManyEmergencies, NobodyToTell.
    """
    if len(reason.strip()) < SHORTEST_REASON:
        raise ValueError("The reason is too short to be reviewed.")
    purpose = usual_purpose(actor)
    office_id = _require(actor, BREAK_GLASS, purpose, now)
    since = now - EMERGENCIES_WITHIN
    opened = AccessRequest.objects.filter(user_id=actor.id, kind=AccessRequest.Kind.EMERGENCY, at__gt=since)
    if opened.count() >= settings.EMERGENCIES_IN_30_DAYS:
        raise TooManyEmergencies
    told = _list_reviewers(actor, office_id)
    person_id = _find_file(actor, reference, purpose, now)
    with transaction.atomic():
        asked = _ask(actor, AccessRequest.Kind.EMERGENCY, person_id, office_id, purpose, reason, now, told=len(told))
        AccessNotice.objects.bulk_create(
            AccessNotice(request=asked, user_id=user_id, at=now, by=actor.id) for user_id in told
        )
        until = now + EMERGENCY_OPEN_FOR
        AccessDecision(request=asked, at=now, by=actor.id, open_until=until).save(force_insert=True)
        _grant(actor, asked, until)
    return asked


@transaction.atomic
def review_opening(*, actor: Actor, request_id: UUID, verdict: str, note: str, now: datetime) -> None:
    """Say what an opening in an emergency was. A second review changes nothing.

    Raises:
        NotAllowed: for the own opening, and where there is none that the actor may review.
    """
    _require_step_up(actor, now)
    asked = (
        AccessRequest.objects.visible_to(actor, APPROVE_ACCESS, REVIEW_ACCESS)
        .filter(pk=request_id, kind=AccessRequest.Kind.EMERGENCY)
        .exclude(user_id=actor.id)
        .select_related("review")
        .first()
    )
    if asked is None or not actor.may(REVIEW_ACCESS):
        raise NotAllowed(REVIEW_ACCESS.name)
    if hasattr(asked, "review"):
        return
    AccessReview(
        request=asked, verdict=AccessReview.Verdict(verdict), sealed_note=seal_note(asked, note), at=now, by=actor.id
    ).save(force_insert=True)
    _record(actor, REVIEWED, asked, Purpose.ADMINISTRATION, now, {"verdict": verdict})


def _require(actor: Actor, action: Action, purpose: Purpose, now: datetime) -> UUID:
    """Return the office for which the actor asks; its supervision answers."""
    offices = actor.offices_for(action)
    if not offices or purpose not in action.purposes:
        raise NotAllowed(action.name)
    _require_step_up(actor, now)
    return actor.home_office_id if actor.home_office_id in offices else min(offices)


def _require_step_up(actor: Actor, now: datetime) -> None:
    if not actor.has_stepped_up(now):
        raise StepUpNeeded("access")


def _find_file(actor: Actor, reference: str, purpose: Purpose, now: datetime) -> UUID:
    """Return whose file a reference is; each that opens nothing is counted, and that is kept after the refusal."""
    wrong = list_own_events(actor, WRONG_REFERENCE).filter(at__gt=now - WRONG_WITHIN).count()
    if wrong >= MOST_WRONG:
        raise TooManyReferences
    written = read_reference(reference)
    found = find_reserved(actor, written or "")
    if found is None:
        record_event(
            actor=actor, verb=WRONG_REFERENCE, record_type="access_request", record_id=None, purpose=purpose, at=now
        )
        raise UnknownReference
    if found.is_open:
        raise AlreadyOpen(found.person_id)
    return found.person_id


def _list_reviewers(actor: Actor, office_id: UUID) -> list[UUID]:
    """Return who is told: those who review in the office; of all offices where these are fewer than two."""
    for wanted in (office_id, None):
        reviewers = list_members_who_may(REVIEW_ACCESS, wanted).exclude(pk=actor.id).values_list("pk", flat=True)
        if len(reviewers) >= FEWEST_TOLD:
            return list(reviewers)
    raise NobodyToTell


def _ask(
    actor: Actor, kind: str, person_id: UUID, office_id: UUID, purpose: Purpose, reason: str, now: datetime,
    told: int = 0,
) -> AccessRequest:  # fmt: skip
    asked = AccessRequest(
        id=make_id(), kind=kind, person_id=person_id, office_id=office_id, user_id=actor.id, purpose=purpose, at=now
    )
    seal_reason(asked, reason)
    asked.save(force_insert=True)
    if kind == AccessRequest.Kind.ASKED:
        _record(actor, REQUESTED, asked, purpose, now)
    else:
        event = _record(actor, EMERGENCY, asked, purpose, now, {"told": told})
        raise_alert(actor=actor, kind=Alert.Kind.BREAK_GLASS, event=event, at=now)
    return asked


def _grant(actor: Actor, asked: AccessRequest, until: datetime) -> None:
    grant_access(
        actor=actor, user_id=asked.user_id, person_id=asked.person_id, purpose=Purpose(asked.purpose),
        nonce=asked.pk, clearance=Sensitivity.SEALED, expires_at=until,
    )  # fmt: skip


def _record(
    actor: Actor,
    verb: str,
    asked: AccessRequest,
    purpose: Purpose,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> Event:
    return record_event(
        actor=actor, verb=verb, record_type="access_request", record_id=asked.pk, person_id=asked.person_id,
        office_id=asked.office_id, purpose=purpose, detail=detail, at=now,
    )  # fmt: skip
