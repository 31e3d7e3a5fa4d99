"""Closing takes two people; the one who decides sees the request and not the case."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from puente.platform.policy import NotAllowed, Purpose
from puente.platform.row_security import acting_as
from puente.protection.case_file import Topic
from puente.protection.models import Case, CaseEntry, CaseKey, Closure
from puente.protection.opening import read_entries
from puente.protection.sealed import Compartment
from puente.protection.sealed_requests import CLOSURE, unseal_answer, unseal_request
from puente.protection.selectors.cases import get_closure, list_closures
from puente.protection.services import write_entry
from puente.protection.services.closures import (
    ClosureDecided,
    ClosureReason,
    ClosureWaits,
    ask_closure,
    decide_closure,
    reopen_case,
)
from tests.protection.cases import open_for

pytestmark = pytest.mark.django_db


@pytest.fixture
def closure(officer, case):
    with acting_as(officer):
        return ask(officer, open_for(officer, case))


def ask(officer, opened):
    return ask_closure(
        actor=officer, opened=opened, reason=ClosureReason.GOALS_REACHED, words="Vive con su tía y estudia",
        open_points=[], now=timezone.now(),
    )  # fmt: skip


def decide(actor, closure, *, approve=True):
    with acting_as(actor):
        return decide_closure(
            actor=actor, closure_id=closure.pk, approve=approve, words="De acuerdo", now=timezone.now()
        )


def test_the_supervisor_reads_the_request_and_nothing_of_the_case(supervisor, officer, case, closure):
    with acting_as(supervisor):
        found = get_closure(supervisor, closure.pk)
        assert unseal_request(CLOSURE, found)["words"] == "Vive con su tía y estudia"
        assert not CaseEntry.objects.exists()
        assert not CaseKey.objects.exists()
        with pytest.raises(NotAllowed):
            open_for(supervisor, case)
    assert "tía".encode() not in bytes(closure.sealed)


def test_another_person_closes_it(supervisor, officer, case, closure):
    decide(supervisor, closure)
    with acting_as(officer):
        closed = Case.objects.get(pk=case.pk)
        assert closed.closed_at is not None
        assert unseal_answer(CLOSURE, Closure.objects.get(pk=closure.pk)) == "De acuerdo"
        opened = open_for(officer, closed, Purpose.FOLLOW_UP)
        assert [read.entry.topic for read in read_entries(opened)] == [Topic.CLOSURE]
        with pytest.raises(NotAllowed):
            write_entry(
                actor=officer, opened=opened, compartment=Compartment.PLAN, topic="note", content={},
                now=timezone.now(),
            )  # fmt: skip


def test_another_officer_may_decide_too(colleague, case, closure):
    assert decide(colleague, closure).is_approved


def test_nobody_decides_on_what_they_asked_for(officer, case, closure):
    with acting_as(officer):
        assert list_closures(officer) == []
        with pytest.raises(ClosureDecided):
            decide_closure(actor=officer, closure_id=closure.pk, approve=True, words="", now=timezone.now())
        # Nor past the service: the database says the same.
        assert Closure.objects.update(is_approved=True, decided_by=officer.id, decided_at=timezone.now()) == 0


def test_the_supervisor_cannot_close_a_case_that_nobody_asked_to_close(supervisor, case):
    with acting_as(supervisor):
        assert Case.objects.update(closed_at=timezone.now()) == 0


def test_without_a_step_up_nobody_decides(cast, closure):
    with acting_as(cast.supervisor), pytest.raises(NotAllowed):
        decide_closure(actor=cast.supervisor, closure_id=closure.pk, approve=True, words="", now=timezone.now())
    with acting_as(cast.supervisor):
        assert not Closure.objects.exists()


def test_who_is_neither_officer_nor_supervisor_sees_no_request(cast, closure):
    for role in ("reception", "counsellor", "coordinator", "analyst", "administrator", "far_reception"):
        with acting_as(cast.actors[role]):
            assert not Closure.objects.exists(), role
            with pytest.raises(NotAllowed):
                list_closures(cast.actors[role])


def test_what_is_sent_back_stays_open_and_may_be_asked_again(supervisor, officer, case, closure):
    with acting_as(officer), pytest.raises(ClosureWaits):
        ask(officer, open_for(officer, case))
    decide(supervisor, closure, approve=False)
    with acting_as(supervisor), pytest.raises(ClosureDecided):
        decide_closure(actor=supervisor, closure_id=closure.pk, approve=True, words="", now=timezone.now())
    with acting_as(officer):
        assert Case.objects.get(pk=case.pk).closed_at is None
        assert ask(officer, open_for(officer, case)).pk != closure.pk


def test_a_decided_request_is_read_by_who_decided_and_who_is_in_charge(supervisor, colleague, officer, closure):
    decide(supervisor, closure)
    for actor, sees in ((supervisor, True), (officer, True), (colleague, False)):
        with acting_as(actor):
            assert Closure.objects.filter(pk=closure.pk).exists() is sees


def test_a_closed_case_is_opened_again_with_a_reason(supervisor, officer, case, closure):
    decide(supervisor, closure)
    with acting_as(officer):
        opened = open_for(officer, case)
        reopen_case(actor=officer, opened=opened, words="La volvieron a buscar", now=timezone.now())
        assert Case.objects.get(pk=case.pk).closed_at is None
        assert [read.entry.topic for read in read_entries(opened)] == [Topic.CLOSURE, Topic.REOPENING]
        with pytest.raises(NotAllowed):
            reopen_case(actor=officer, opened=opened, words="otra vez", now=timezone.now())


def test_the_vault_alone_opens_a_request(closure):
    assert closure.key_name.startswith("vault")


def test_a_request_cannot_be_written_in_another_name(officer, supervisor, case, closure):
    with acting_as(officer), pytest.raises(DatabaseError), transaction.atomic():
        Closure.objects.create(
            case=case, person_id=case.person_id, office_id=case.office_id, key_name="x", wrapped_key=b"", sealed=b"",
            asked_at=timezone.now(), asked_by=supervisor.id, decided_at=timezone.now(),
        )  # fmt: skip
