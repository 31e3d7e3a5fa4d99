"""The supervisor passes a case on without seeing what is in it, and never to themselves."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from puente.people.models import Assignment
from puente.platform.policy import NotAllowed
from puente.platform.row_security import acting_as
from puente.protection.models import CaseEntry
from puente.protection.services.assignments import assign_case
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db


def assign(actor, case, user_id, ending=None):
    with acting_as(actor):
        assign_case(actor=actor, case_id=case.pk, user_id=user_id, ending=ending, now=timezone.now())


def can_open(actor, case):
    with acting_as(actor):
        try:
            open_for(actor, case)
        except NotAllowed:
            return False
        return True


def test_the_case_passes_to_another_officer_and_away_from_the_first(supervisor, officer, colleague, case):
    assert can_open(officer, case)
    assert not can_open(colleague, case)
    assign(supervisor, case, colleague.id, ending=officer.id)
    assert can_open(colleague, case)
    assert not can_open(officer, case)
    assert not can_open(supervisor, case)


def test_both_go_on_where_nobody_is_taken_off(supervisor, officer, colleague, case):
    assign(supervisor, case, colleague.id)
    assert can_open(officer, case)
    assert can_open(colleague, case)


def test_the_supervisor_does_not_assign_themselves(supervisor, case):
    with pytest.raises(NotAllowed):
        assign(supervisor, case, supervisor.id)
    with acting_as(supervisor), pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.create(
            person_id=case.person_id, office_id=case.office_id, user_id=supervisor.id, assigned_at=timezone.now(),
            assigned_by=supervisor.id,
        )  # fmt: skip


def test_only_protection_officers_of_the_office_are_put_in_charge(cast, supervisor, case):
    for role in ("reception", "counsellor", "coordinator", "far_reception"):
        with pytest.raises(NotAllowed):
            assign(supervisor, case, cast.users[role].pk)


def test_nobody_else_passes_a_case_on(cast, colleague, officer, case):
    for actor in (cast.reception, cast.coordinator, cast.administrator, colleague, cast.supervisor):
        with pytest.raises(NotAllowed):
            assign(actor, case, colleague.id, ending=officer.id)


def test_another_officer_cannot_put_themselves_in_charge_past_the_service(colleague, case):
    with acting_as(colleague), pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.create(
            person_id=case.person_id, office_id=case.office_id, user_id=colleague.id, assigned_at=timezone.now(),
            assigned_by=colleague.id,
        )  # fmt: skip
    with acting_as(colleague):
        assert not CaseEntry.objects.exists()
