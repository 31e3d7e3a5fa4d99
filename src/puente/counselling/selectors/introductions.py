"""Reading introductions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from puente.accounts.models import User
from puente.counselling.models import Introduction, IntroductionEvent
from puente.counselling.policies import VIEW_INTRODUCTIONS
from puente.counselling.sealed import unseal_introduction
from puente.platform.policy import Actor, NotAllowed

ORDER = ("-state_at", "-id")


@dataclass(frozen=True)
class ToldEvent:
    """One state of an introduction, and who noted it."""

    row: IntroductionEvent
    who: str


def list_introductions(actor: Actor, state: str = "") -> QuerySet[Introduction]:
    """Return the introductions of the actor's offices, of one state if named; paged by `ORDER`."""
    rows = Introduction.objects.filter(office_id__in=actor.offices_for(VIEW_INTRODUCTIONS)).select_related(
        "opening__municipality__state", "employer"
    )
    return rows.filter(state=state) if state else rows


def count_states(actor: Actor) -> dict[str, int]:
    """Return how many introductions of the actor's offices stand in each state."""
    rows = Introduction.objects.filter(office_id__in=actor.offices_for(VIEW_INTRODUCTIONS))
    return dict(rows.values_list("state").annotate(number=Count("pk")).order_by())


def get_introduction(actor: Actor, introduction_id: UUID) -> Introduction:
    """Return one introduction; raises NotAllowed, also where there is none."""
    row = (
        Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS)
        .select_related("opening__municipality__state", "opening__state", "employer", "office__municipality")
        .filter(pk=introduction_id)
        .first()
    )
    if row is None:
        raise NotAllowed(VIEW_INTRODUCTIONS.name)
    return row  # type: ignore[no-any-return]


def list_events(introduction: Introduction) -> Sequence[ToldEvent]:
    """Return what happened to an introduction, in order."""
    rows = list(introduction.events.order_by("at", "id"))
    staff = dict(User.objects.filter(pk__in={row.by for row in rows}).values_list("pk", "name"))
    return [ToldEvent(row, staff.get(row.by, "")) for row in rows]


def read_sent(introduction: Introduction, data_key: bytes) -> dict[str, Any]:
    """Return exactly what was sent; raises SealBroken."""
    return unseal_introduction(data_key, introduction.pk, introduction.sealed)
