"""Who is to be asked how they are, and what they answered."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from puente.counselling.models import FollowUp, Outcome
from puente.counselling.policies import RECORD_OUTCOME
from puente.counselling.sealed import unseal_outcome_note
from puente.people.models import ConsentDecision
from puente.platform.policy import Actor, NotAllowed

#: The consent on which a follow-up rests.
CONSENT = "contact_later"
ORDER = ("due_on", "id")
AHEAD = timedelta(days=7)


@dataclass(frozen=True)
class ReadOutcome:
    """An outcome with its note unsealed."""

    row: Outcome
    note: str


def list_due(actor: Actor, today: date) -> QuerySet[FollowUp]:
    """Return the follow-ups of the actor's offices due within a week, of people who let these call them."""
    decisions = ConsentDecision.objects.filter(person_id=OuterRef("person_id"), purpose=CONSENT)
    latest = decisions.order_by("-decided_at", "-id").values("decision")[:1]
    due: QuerySet[FollowUp] = (
        FollowUp.objects.filter(
            office_id__in=actor.offices_for(RECORD_OUTCOME), closed_at__isnull=True, due_on__lte=today + AHEAD
        )
        .annotate(consent=Subquery(latest))
        .filter(consent=ConsentDecision.Decision.GIVEN)
        .select_related("person__home_municipality__state")
    )
    return due


def list_outcomes(actor: Actor, person_id: UUID, data_key: bytes) -> list[ReadOutcome]:
    """Return what a person answered, the newest first."""
    rows = Outcome.objects.visible_to(actor, RECORD_OUTCOME).filter(person_id=person_id).order_by("-at", "-id")
    return [ReadOutcome(row, unseal_outcome_note(data_key, row.pk, row.sealed)) for row in rows]


def get_follow_up(actor: Actor, follow_up_id: UUID) -> FollowUp:
    """Return one follow-up; raises NotAllowed, also where there is none."""
    row = FollowUp.objects.visible_to(actor, RECORD_OUTCOME).filter(pk=follow_up_id).first()
    if row is None:
        raise NotAllowed(RECORD_OUTCOME.name)
    return row  # type: ignore[no-any-return]
