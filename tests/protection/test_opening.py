"""A case is open for one purpose, for a few minutes, on the ticket of its own event."""

from datetime import timedelta

import pytest
from django.utils import timezone

from puente.audit.models import Event
from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.protection.models import HandoverAcknowledgement
from puente.protection.sealed import Compartment
from puente.protection.services.cases import (
    OPENING_VALIDITY,
    CaseExists,
    CaseNotOpen,
    continue_case,
    leave_case,
    take_on,
)
from puente.protection.services.inbox import Reason, Service, send_handover
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db


def test_it_stays_open_for_the_purpose_that_was_given(officer, case):
    now = timezone.now()
    with acting_as(officer):
        with pytest.raises(CaseNotOpen):
            continue_case(actor=officer, case_id=case.pk, now=now)
        open_for(officer, case, Purpose.FOLLOW_UP, now)
        opened = continue_case(actor=officer, case_id=case.pk, now=now + timedelta(minutes=4))
        assert opened.purpose is Purpose.FOLLOW_UP
        assert set(opened.keys) == {Compartment.PLAN, Compartment.CONTACT}
        assert opened.until == now + OPENING_VALIDITY
        assert Event.objects.filter(verb="case.opened").count() == 1


def test_after_its_time_the_purpose_is_asked_again(officer, case):
    now = timezone.now()
    with acting_as(officer):
        open_for(officer, case, now=now - OPENING_VALIDITY)
        with pytest.raises(CaseNotOpen):
            continue_case(actor=officer, case_id=case.pk, now=now)


def test_who_closes_the_pages_is_asked_again(officer, case):
    now = timezone.now()
    with acting_as(officer):
        open_for(officer, case, now=now)
        leave_case(actor=officer, case_id=case.pk, now=now + timedelta(seconds=1))
        with pytest.raises(CaseNotOpen):
            continue_case(actor=officer, case_id=case.pk, now=now + timedelta(seconds=2))
        open_for(officer, case, now=now + timedelta(seconds=3))
        assert continue_case(actor=officer, case_id=case.pk, now=now + timedelta(seconds=4))


def test_the_opening_of_one_officer_opens_nothing_for_another(officer, colleague, case):
    now = timezone.now()
    with acting_as(officer):
        open_for(officer, case, now=now)
    with acting_as(colleague), pytest.raises(CaseNotOpen):
        continue_case(actor=colleague, case_id=case.pk, now=now)


def test_an_officer_who_is_no_longer_in_charge_keeps_nothing_open(officer, supervisor, colleague, case):
    from puente.protection.services.assignments import assign_case

    now = timezone.now()
    with acting_as(officer):
        open_for(officer, case, now=now)
    with acting_as(supervisor):
        assign_case(actor=supervisor, case_id=case.pk, user_id=colleague.id, ending=officer.id, now=now)
    with acting_as(officer), pytest.raises(NotAllowed):
        continue_case(actor=officer, case_id=case.pk, now=now)


class TestTakingOn:
    @pytest.fixture
    def handover(self, cast, person):
        from puente.protection.models import Handover

        with acting_as(cast.reception):
            send_handover(
                actor=cast.reception, person_id=person.pk, office_id=cast.bridge.pk, service=Service.PROTECTION,
                reasons=[Reason.IN_DANGER], now=timezone.now(),
            )  # fmt: skip
        with acting_as(cast.protection):
            return Handover.objects.get()

    def test_a_hand_over_becomes_a_case_of_who_takes_it_on(self, officer, person, handover):
        with acting_as(officer):
            case = take_on(actor=officer, handover_id=handover.pk, now=timezone.now())
            assert case.person_id == person.pk
            assert HandoverAcknowledgement.objects.filter(handover=handover).exists()
            assert open_for(officer, case)

    def test_a_second_officer_is_told_that_there_is_a_case(self, officer, colleague, handover):
        with acting_as(officer):
            take_on(actor=officer, handover_id=handover.pk, now=timezone.now())
        with acting_as(colleague), pytest.raises(CaseExists):
            take_on(actor=colleague, handover_id=handover.pk, now=timezone.now())

    def test_without_a_step_up_nothing_happens(self, cast, handover):
        with acting_as(cast.protection), pytest.raises(NotAllowed):
            take_on(actor=cast.protection, handover_id=handover.pk, now=timezone.now())

    @pytest.mark.parametrize("role", ["reception", "counsellor", "coordinator", "supervisor"])
    def test_nobody_else_takes_on(self, cast, handover, role):
        from tests.protection.conftest import step_up

        with acting_as(step_up(cast.actors[role])), pytest.raises(NotAllowed):
            take_on(actor=step_up(cast.actors[role]), handover_id=handover.pk, now=timezone.now())
