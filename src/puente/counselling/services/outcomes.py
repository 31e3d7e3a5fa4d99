"""The calendar of follow-ups, and what was learnt in them."""

from calendar import monthrange
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.counselling.models import FollowUp, Outcome
from puente.counselling.policies import RECORD_OUTCOME, choose_office, find_person
from puente.counselling.sealed import seal_outcome_note
from puente.people.services import open_key_of
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose

#: Months after the choice, or after being hired (domain E; an office may agree on others).
CALENDAR = (1, 3, 6, 12)

OUTCOME_RECORDED = register_verb("outcome.recorded", gettext_noop("asked the person how they are"))


def plan_follow_ups(*, actor: Actor, person_id: UUID, office_id: UUID, counted_from: date, now: datetime) -> None:
    """Put the follow-ups of a person into the calendar; those still open of an earlier one are closed.

    Part of a choice or of being hired, whose service has checked the right and records the event.
    """
    FollowUp.objects.filter(person_id=person_id, closed_at__isnull=True).update(closed_at=now)
    FollowUp.objects.bulk_create(
        FollowUp(
            person_id=person_id, office_id=office_id, month=month, counted_from=counted_from,
            due_on=add_months(counted_from, month),
        )
        for month in CALENDAR
    )  # fmt: skip


def add_months(day: date, months: int) -> date:
    """Return the same day some months on, or the last day of that month where it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


@transaction.atomic
def record_outcome(
    *,
    actor: Actor,
    follow_up_id: UUID,
    work: str,
    wage: int | None,
    through_introduction: bool | None,
    note: str,
    now: datetime,
) -> Outcome:
    """Take down how a person is. Somebody who could not be reached stays due.

    Args:
        work: one of `Outcome.Work`.
        wage: pesos a month; kept only for somebody who works.
        note: what they told, sealed.

    Raises:
        NotAllowed: also where there is no such follow-up.
    """
    follow_up = (
        FollowUp.objects.visible_to(actor, RECORD_OUTCOME)
        .select_for_update(of=("self",))
        .filter(pk=follow_up_id)
        .first()
    )
    if follow_up is None:
        raise NotAllowed(RECORD_OUTCOME.name)
    person = find_person(actor, RECORD_OUTCOME, follow_up.person_id, Purpose.FOLLOW_UP, now)
    outcome_id, works = make_id(), work in Outcome.WORKING
    outcome = Outcome.objects.create(
        id=outcome_id,
        follow_up=follow_up,
        person=person,
        office_id=choose_office(actor, RECORD_OUTCOME),
        month=follow_up.month,
        work=Outcome.Work(work),
        wage=wage if works else None,
        through_introduction=through_introduction if works else None,
        sealed=seal_outcome_note(open_key_of(person), outcome_id, note),
        at=now,
        by=actor.id,
    )
    if work != Outcome.Work.NOT_REACHED:
        follow_up.closed_at = now
        follow_up.save(update_fields=["closed_at"])
    record_event(
        actor=actor, verb=OUTCOME_RECORDED, record_type="outcome", record_id=outcome.id, person_id=person.pk,
        office_id=outcome.office_id, purpose=Purpose.FOLLOW_UP, at=now, detail={"month": outcome.month, "work": work},
    )  # fmt: skip
    return outcome
