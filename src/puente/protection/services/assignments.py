"""Putting another officer in charge of a case, by somebody who does not see what is in it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from puente.people.services import transfer_person
from puente.platform.policy import Actor, NotAllowed
from puente.protection.models import Case
from puente.protection.policies import ASSIGN_CASE
from puente.protection.selectors.officers import list_officers


@transaction.atomic
def assign_case(*, actor: Actor, case_id: UUID, user_id: UUID, ending: UUID | None = None, now: datetime) -> None:
    """Put an officer of the case's office in charge, and end another one's charge where it passes on.

    Args:
        user_id: who is in charge from now on; never the actor.
        ending: whose charge ends, None where both go on.

    Raises:
        NotAllowed: also where there is no such case, for the actor themselves, for somebody who is no protection
            officer of that office, and without a step-up.
    """
    case = Case.objects.listed_for(actor, ASSIGN_CASE).filter(pk=case_id).first()
    if case is None or user_id not in {officer.pk for officer in list_officers(case.office_id)}:
        raise NotAllowed(ASSIGN_CASE.name)
    transfer_person(
        actor=actor, person_id=case.person_id, office_id=case.office_id, user_id=user_id, ending=ending, now=now
    )
