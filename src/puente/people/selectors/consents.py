"""Reading consents."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from puente.accounts.models import User
from puente.people.models import ConsentDecision, ConsentText
from puente.people.opening import OpenedPerson
from puente.people.policies import OPEN_PERSON
from puente.people.sealed import unseal_note
from puente.people.services.consents import WITNESS
from puente.platform.policy import Actor

#: The consent on which counting in figures rests.
STATISTICS = "statistics"
#: SQL: that the last word of a person (a column of the statement) on being counted is not no.
LETS_COUNT = """coalesce((
    SELECT said.decision FROM people_consentdecision AS said
    WHERE said.person_id = {person} AND said.purpose = 'statistics'
    ORDER BY said.decided_at DESC, said.id DESC LIMIT 1
), 'given') = 'given'"""


def leave_out_uncounted(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return the rows about people whose last word on being counted is not no; the twin of `LETS_COUNT`."""
    said = ConsentDecision.objects.filter(person_id=OuterRef("person_id"), purpose=STATISTICS)
    latest = said.order_by("-decided_at", "-id").values("decision")[:1]
    lets_count = Q(on_counting=None) | Q(on_counting=ConsentDecision.Decision.GIVEN)
    counted: QuerySet[Any] = rows.annotate(on_counting=Subquery(latest)).filter(lets_count)
    return counted


def list_consents(actor: Actor, person_id: UUID) -> dict[str, ConsentDecision]:
    """Return the latest decision of a person for each purpose."""
    decisions = (
        ConsentDecision.objects.visible_to(actor, OPEN_PERSON)
        .filter(person_id=person_id)
        .order_by("purpose", "-decided_at", "-id")
        .distinct("purpose")
    )
    return {decision.purpose: decision for decision in decisions}


def has_consent(actor: Actor, person_id: UUID, purpose: str) -> bool:
    """Tell whether a person's latest word on a purpose is yes."""
    decision = list_consents(actor, person_id).get(purpose)
    return decision is not None and decision.decision == ConsentDecision.Decision.GIVEN


def list_consent_texts() -> list[ConsentText]:
    """Return the newest text of each consent purpose, in the order in which they are asked."""
    newest = ConsentText.objects.order_by("purpose", "-valid_from", "-version").distinct("purpose")
    return sorted(newest, key=lambda text: text.pk)


@dataclass(frozen=True)
class ToldDecision:
    """One decision with who recorded it and, where it was by word of mouth, who heard it."""

    decision: ConsentDecision
    recorded_by: str
    witness: str


def list_decisions(actor: Actor, opened: OpenedPerson) -> list[ToldDecision]:
    """Return every decision of an opened person, the latest first."""
    rows = list(
        ConsentDecision.objects.visible_to(actor, OPEN_PERSON)
        .filter(person_id=opened.person.pk)
        .order_by("-decided_at", "-id")
    )
    staff = dict(User.objects.filter(pk__in={row.recorded_by for row in rows}).values_list("pk", "name"))
    return [
        ToldDecision(
            row,
            staff.get(row.recorded_by, ""),
            unseal_note(opened.data_key, WITNESS, row.pk, bytes(row.sealed_witness)) if row.sealed_witness else "",
        )
        for row in rows
    ]
