"""Background work of protection. A job is told ids alone, and there is one for every arrival, whoever arrived."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from puente.offices.models import Office
from puente.platform.row_security import acting_as
from puente.protection.models import ArrivalFact
from puente.protection.policies import REVIEW_CIRCUIT, prompting
from puente.protection.services.circuit import compare_returns
from puente.protection.services.watch import watch_for_return


@app.task(name="protection.compare_arrival", queue="protection")
def compare_arrival(fact_id: str) -> None:
    """Compare an arrival with the earlier ones of the same person, and who arrived with people who are protected."""
    actor, now = prompting(Office.objects.values_list("pk", flat=True)), timezone.now()
    with acting_as(actor):
        fact = ArrivalFact.objects.compared_by(actor, REVIEW_CIRCUIT).get(pk=UUID(fact_id))
        compare_returns(actor=actor, person_ids=[fact.person_id], now=now)
    watch_for_return(person_id=fact.person_id, about=fact.arrival_id, office_id=fact.office_id, turn=fact.turn, now=now)


@app.task(name="protection.compare_person", queue="protection")
def compare_person(person_id: str) -> None:
    """Compare somebody whose name was corrected with people who are protected."""
    watch_for_return(person_id=UUID(person_id), about=UUID(person_id), now=timezone.now())
