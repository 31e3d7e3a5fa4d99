"""Reading requests for reserved files, their answers, and openings in an emergency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from puente.accounts.models import User
from puente.people.pseudonyms import reference_of
from puente.platform.policy import Actor, NotAllowed
from puente.protection.models import AccessRequest, AccessState
from puente.protection.models.access import REQUEST_VALIDITY, REVIEW_WITHIN
from puente.protection.policies import APPROVE_ACCESS, REVIEW_ACCESS
from puente.protection.reasons import read_note, read_reason

#: The latest first; ids break ties.
ORDER = ("-at", "-id")
MOST_OWN = 20


@dataclass(frozen=True)
class ShownRequest:
    """A request as a list or page shows it: the reference of the file, never a name; whoever is named is staff."""

    row: AccessRequest
    reference: str
    who: str
    state: AccessState
    is_late: bool
    answered_by: str = ""

    @property
    def review_due(self) -> datetime:
        """By when an opening in an emergency is to be reviewed."""
        return self.row.at + REVIEW_WITHIN

    @property
    def lapses_at(self) -> datetime:
        """When a request that nobody answers ends."""
        return self.row.at + REQUEST_VALIDITY


@dataclass(frozen=True)
class OpenedRequest:
    """One request with its sealed words, for whoever decides or reviews it."""

    shown: ShownRequest
    reason: str
    note: str
    reviewed_by: str


def list_to_decide(actor: Actor, now: datetime) -> list[ShownRequest]:
    """Return the requests of others that wait for an answer which the actor may give, the oldest first."""
    waiting = (
        _visible(actor)
        .filter(kind=AccessRequest.Kind.ASKED, decision__isnull=True, at__gt=now - REQUEST_VALIDITY)
        .exclude(user_id=actor.id)
        .order_by("at", "id")
    )
    return show(list(waiting), now)


def list_own_requests(actor: Actor, now: datetime) -> list[ShownRequest]:
    """Return what the actor asked for or opened last."""
    return show(list(_visible(actor).filter(user_id=actor.id).order_by(*ORDER)[:MOST_OWN]), now)


def list_emergencies(actor: Actor, *, reviewed: bool) -> QuerySet[AccessRequest]:
    """Return the openings in an emergency that the actor reviews or reviewed, paged by `ORDER`.

    Raises:
        NotAllowed: where no role of the actor reviews them.
    """
    if not actor.may(REVIEW_ACCESS):
        raise NotAllowed(REVIEW_ACCESS.name)
    found = _visible(actor).filter(kind=AccessRequest.Kind.EMERGENCY).exclude(user_id=actor.id)
    return found.filter(review__isnull=not reviewed)


def open_request(actor: Actor, request_id: UUID, kind: str, now: datetime) -> OpenedRequest:
    """Return one request with why it was made.

    Raises:
        NotAllowed: also where there is no such request.
    """
    row = _visible(actor).filter(pk=request_id, kind=kind).first()
    if row is None:
        raise NotAllowed(APPROVE_ACCESS.name)
    review = getattr(row, "review", None)
    reviewer = User.objects.filter(pk=review.by).values_list("name", flat=True).first() if review else None
    note = read_note(row, review) if review else ""
    return OpenedRequest(show([row], now)[0], read_reason(row), note, reviewer or "")


def show(rows: Iterable[AccessRequest], now: datetime) -> list[ShownRequest]:
    """Return what a list shows of requests, with one query for all names of staff."""
    rows = list(rows)
    answered = {row.pk: row.decision.by for row in rows if hasattr(row, "decision")}
    ids = {row.user_id for row in rows} | set(answered.values())
    staff = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        ShownRequest(
            row, reference_of(row.person_id), staff.get(row.user_id, ""), row.state(now), row.is_review_late(now),
            staff.get(answered[row.pk], "") if row.pk in answered else "",
        )
        for row in rows
    ]  # fmt: skip


def _visible(actor: Actor) -> QuerySet[AccessRequest]:
    return AccessRequest.objects.visible_to(actor, APPROVE_ACCESS, REVIEW_ACCESS).select_related("decision", "review")
