from datetime import timedelta

import pytest
from django.utils import timezone

from puente.audit.models import Event
from puente.engines.instruments import read_reply
from puente.instruments.models import Response
from puente.instruments.services import IncompleteResponse, ResponseClosed
from puente.needs.models import Need, NeedEvent
from puente.needs.selectors import list_needs_of
from puente.needs.services import (
    InvalidNeed,
    add_need,
    correct_answer,
    finish_assessment,
    open_assessment,
    start_assessment,
    update_need,
)
from puente.platform.policy import NotAllowed
from puente.protection.models import Handover
from puente.reception.models import OtherService, QueuePlace, Stage
from tests.needs.conftest import say
from tests.needs.people import receive, register


def test_what_a_person_says_becomes_needs_with_urgency_service_and_day(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"], health_now=["pain_now", "pregnant"], work_wants="yes_home")
    with acting(cast.counsellor):
        needs = {need.kind_id: need for need in list_needs_of(cast.counsellor, arrived.person_id)}
    assert not outcome.continues_elsewhere
    assert set(needs) == {"doctor_today", "pregnancy_care", "job_search"}
    assert (needs["doctor_today"].urgency, needs["doctor_today"].service_id) == ("today", "health")
    assert needs["pregnancy_care"].due_on - needs["doctor_today"].due_on == timedelta(days=3)
    assert {need.arrival_id for need in needs.values()} == {arrived.arrival_id}


def test_the_day_to_act_is_counted_by_the_clock_of_the_office(cast):
    from datetime import UTC, datetime

    from puente.needs.models import NeedKind
    from puente.needs.services.tracking import propose_plan

    late_evening = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
    plan = propose_plan(NeedKind.objects.get(code="food_now"), cast.bridge, late_evening)
    assert plan.due_on.isoformat() == "2026-11-23"


def test_the_person_passes_to_needs_when_it_begins_and_to_counselling_when_it_is_finished(
    cast, acting, arrived, assess
):
    with acting(cast.counsellor):
        start_assessment(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
        )
        assert QueuePlace.objects.get(pk=arrived.arrival_id).stage == Stage.NEEDS
    assess(safety_now=["no"])
    with acting(cast.counsellor):
        assert QueuePlace.objects.get(pk=arrived.arrival_id).stage == Stage.COUNSELLING


def test_beginning_again_goes_on_with_the_draft(cast, acting, arrived):
    with acting(cast.counsellor):
        first, again = (
            start_assessment(
                actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
            )
            for _time in range(2)
        )
        assert first.pk == again.pk
        assert Response.objects.count() == 1


def test_an_assessment_is_not_finished_while_a_required_question_is_open(cast, acting, arrived):
    with acting(cast.counsellor):
        response = start_assessment(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
        )
        with pytest.raises(IncompleteResponse):
            finish_assessment(actor=cast.counsellor, response_id=response.pk, now=timezone.now())
        assert Need.objects.count() == 0


def test_danger_goes_to_protection_at_once_and_leaves_no_need_and_no_word_of_it(cast, acting, arrived, assess):
    with acting(cast.counsellor):
        response = start_assessment(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now()
        )
        assert say(cast.counsellor, response.pk, safety_now=["in_danger_here"]).continues_elsewhere
        assert Handover.objects.count() == 0, "who sends it reads nothing back"
        assert OtherService.objects.filter(arrival_id=arrived.arrival_id).count() == 1
    with acting(cast.protection):
        assert Handover.objects.filter(person_id=arrived.person_id).count() == 1
    outcome = assess()
    assert outcome.continues_elsewhere
    with acting(cast.protection):
        assert Handover.objects.count() == 1, "finishing does not send it again"
    with acting(cast.coordinator):
        events = Event.objects.filter(person_id=arrived.person_id)
        assert "danger" not in str(list(events.values_list("verb", "detail")))
        assert Need.objects.count() == 0


def test_no_danger_and_no_answer_send_nothing(cast, acting, arrived, assess):
    assess(safety_now=["no"])
    with acting(cast.protection):
        assert Handover.objects.count() == 0


def test_danger_without_an_arrival_is_handed_over_as_well(cast, acting):
    with acting(cast.reception):
        person = register(cast.reception, cast.bridge)
    with acting(cast.counsellor):
        response = start_assessment(
            actor=cast.counsellor, person_id=person.pk, office_id=cast.bridge.pk, now=timezone.now()
        )
        assert say(cast.counsellor, response.pk, safety_now=["threatened"]).continues_elsewhere
    with acting(cast.protection):
        assert Handover.objects.get().person_id == person.pk


def test_a_minor_who_is_alone_continues_with_another_service_after_the_assessment(cast, acting, assess, arrived):
    with acting(cast.reception):
        arrived.person_id, arrived.arrival_id = receive(
            cast.reception, cast.bridge, accompaniment="minor_alone", birth_year=timezone.now().year - 13
        )
    assert assess(safety_now=["no"], shelter_tonight="no").continues_elsewhere
    with acting(cast.protection):
        assert Handover.objects.filter(person_id=arrived.person_id).exists()


def test_a_need_that_is_pending_already_is_confirmed_and_not_doubled(cast, acting, arrived, assess):
    with acting(cast.counsellor):
        add_need(
            actor=cast.counsellor, person_id=arrived.person_id, office_id=cast.bridge.pk, kind="medicine",
            now=timezone.now(),
        )  # fmt: skip
    assess(safety_now=["no"], health_now=["medicine"])
    with acting(cast.counsellor):
        need = Need.objects.get()
        assert list(need.events.order_by("at", "id").values_list("kind", flat=True)) == ["added", "confirmed"]


def correct(cast, outcome, question, value, reason="Entendí mal"):
    reply = read_reply(outcome.opened.definition.find_question(question), value)
    return correct_answer(
        actor=cast.counsellor, response_id=outcome.opened.response.pk, question=question, reply=reply,
        reason=reason, now=timezone.now(),
    )  # fmt: skip


def test_a_correction_adds_what_follows_and_withdraws_what_nobody_has_begun(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"], health_now=["medicine", "teeth_eyes"])
    with acting(cast.counsellor):
        teeth = Need.objects.get(kind_id="dental_eyes")
        update_need(actor=cast.counsellor, need_id=teeth.pk, status="referred", now=timezone.now())
        correct(cast, outcome, "health_now", ["chronic"])
        statuses = dict(Need.objects.values_list("kind_id", "status"))
        assert statuses == {"medicine": "withdrawn", "dental_eyes": "referred", "chronic_care": "open"}
        opened = open_assessment(actor=cast.counsellor, response_id=outcome.opened.response.pk)
        assert [answer.reply.value for answer in opened.answers["health_now"]] == [
            ("medicine", "teeth_eyes"), ("chronic",),
        ]  # fmt: skip
        assert opened.answers["health_now"][-1].reason == "Entendí mal"
        event = NeedEvent.objects.get(kind="withdrawn")
        assert event.reason
        assert b"Entend" not in bytes(event.reason)


def test_a_need_that_was_met_does_not_come_back_with_another_correction(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"], health_now=["medicine"])
    with acting(cast.counsellor):
        update_need(actor=cast.counsellor, need_id=Need.objects.get().pk, status="met", now=timezone.now())
        correct(cast, outcome, "health_now", ["medicine", "chronic"])
        assert dict(Need.objects.values_list("kind_id", "status")) == {"medicine": "met", "chronic_care": "open"}


def test_a_correction_needs_a_reason(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"])
    with acting(cast.counsellor), pytest.raises(InvalidNeed) as caught:
        correct(cast, outcome, "shelter_tonight", "no", reason="  ")
    assert caught.value.part == "reason"


def test_danger_in_a_correction_is_handed_over_too(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"])
    with acting(cast.counsellor):
        assert correct(cast, outcome, "safety_now", ["forced"]).continues_elsewhere
    with acting(cast.protection):
        assert Handover.objects.count() == 1


def test_a_finished_assessment_takes_no_more_answers(cast, acting, arrived, assess):
    outcome = assess(safety_now=["no"])
    with acting(cast.counsellor), pytest.raises(ResponseClosed):
        say(cast.counsellor, outcome.opened.response.pk, shelter_tonight="no")


def test_only_who_assesses_needs_begins_an_assessment_and_only_of_people_the_office_serves(cast, acting, arrived):
    for role in ("reception", "coordinator", "protection", "far_counsellor", "liaison"):
        actor = cast.actors[role]
        with acting(actor), pytest.raises(NotAllowed):
            start_assessment(actor=actor, person_id=arrived.person_id, office_id=cast.bridge.pk, now=timezone.now())
    with acting(cast.far_counsellor), pytest.raises(NotAllowed):
        start_assessment(
            actor=cast.far_counsellor, person_id=arrived.person_id, office_id=cast.tapachula.pk, now=timezone.now()
        )
