"""Requests: taking down, terms, decisions, and what carrying out does to the flows that it stops."""

from datetime import date, timedelta

import pytest

from puente.audit.models import Event
from puente.counselling.selectors.followups import list_due
from puente.counselling.services.introductions import ConsentMissing
from puente.desk.selectors.figures import read_figures
from puente.people.models import Identity, Person
from puente.people.selectors import has_consent
from puente.people.services import PersonFacts, correct_person, read_person
from puente.platform.policy import NotAllowed, Purpose
from puente.protection.services import create_case
from puente.rights.models import RightsRequest
from puente.rights.selectors.requests import list_closed, list_running
from puente.rights.services.requests import (
    RequestImpossible,
    approve_erasure,
    carry_out_request,
    decide_request,
    extend_request,
    open_request,
    withdraw_request,
)
from tests.counselling.conftest import NOW
from tests.protection.conftest import step_up
from tests.rights.conftest import accept, ask, introduce

MONDAY = date(2026, 11, 23)


def test_the_answer_is_due_after_twenty_working_days_and_christmas_does_not_count(cast, martin):
    assert ask(cast, martin.pk, "access", received_on=date(2026, 11, 20)).due_on == date(2026, 12, 18)
    assert ask(cast, martin.pk, "erasure", received_on=date(2026, 11, 23)).due_on == date(2026, 12, 21)


def test_a_term_is_extended_once_by_ten_working_days(cast, martin, acting):
    request = ask(cast, martin.pk, "access", received_on=MONDAY)
    with acting(cast.counsellor):
        extended = extend_request(actor=cast.counsellor, request_id=request.pk, reason="Falta un papel", now=NOW)
        # Christmas and New Year's Day lie between.
        assert extended.due_on == date(2027, 1, 6)
        with pytest.raises(RequestImpossible, match="extended_already"):
            extend_request(actor=cast.counsellor, request_id=request.pk, reason="Otra vez", now=NOW)


def test_what_was_accepted_is_carried_out_within_fifteen_working_days(cast, martin):
    request = accept(cast, ask(cast, martin.pk, "access"))
    assert (request.state, request.due_on) == ("accepted", date(2026, 12, 14))


def test_a_refusal_names_its_ground_and_closes_the_request(cast, martin, acting):
    request = ask(cast, martin.pk, "erasure")
    with acting(cast.counsellor):
        refused = decide_request(
            actor=cast.counsellor, request_id=request.pk, ground="proceedings", reason="Hay un juicio", now=NOW
        )
        assert (refused.state, refused.ground, refused.closed_at) == ("refused", "proceedings", NOW)
        assert list(list_closed(cast.counsellor, cast.bridge.pk)) == [refused]
        opened = open_request(actor=cast.counsellor, request_id=request.pk, now=NOW)
        assert "Hay un juicio" in opened.reasons.values()
        assert opened.said.words == "Quiere su expediente"


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("access", {"received_on": (NOW + timedelta(days=2)).date()}, "not_yet"),
        ("objection", {}, "no_use"),
        ("access", {"uses": ["contact_later"]}, "no_use"),
    ],
)
def test_what_cannot_be_taken_down_is_refused_with_its_reason(cast, martin, kind, changes, code):
    with pytest.raises(RequestImpossible, match=code):
        ask(cast, martin.pk, kind, **changes)


def test_a_second_request_of_a_kind_waits_for_the_first(cast, martin, acting):
    request = ask(cast, martin.pk, "access")
    with pytest.raises(RequestImpossible, match="running_already"):
        ask(cast, martin.pk, "access")
    with acting(cast.counsellor):
        withdraw_request(actor=cast.counsellor, request_id=request.pk, reason="Ya no quiere", now=NOW)
    assert ask(cast, martin.pk, "access").state == "received"


@pytest.mark.parametrize("role", ["reception", "counsellor", "protection", "coordinator"])
def test_whoever_serves_people_takes_requests_down(cast, martin, role):
    assert ask(cast, martin.pk, "access", actor=cast.actors[role]).made_by == cast.actors[role].id


@pytest.mark.parametrize("role", ["liaison", "analyst", "administrator", "communication", "far_counsellor"])
def test_nobody_else_does(cast, martin, role):
    with pytest.raises(NotAllowed):
        ask(cast, martin.pk, "access", actor=cast.actors[role])


def test_reception_takes_down_and_does_not_decide(cast, martin):
    request = ask(cast, martin.pk, "access", actor=cast.reception)
    with pytest.raises(NotAllowed):
        accept(cast, request, actor=cast.reception)


def test_every_step_leaves_an_event_without_a_word_of_what_was_said(cast, martin, acting):
    request = accept(cast, ask(cast, martin.pk, "erasure", words="Zitlali quiere que se borre"))
    with acting(cast.counsellor):
        withdraw_request(actor=cast.counsellor, request_id=request.pk, reason="Zitlali lo pensó", now=NOW)
        events = Event.objects.filter(verb__startswith="rights.", record_id=request.pk).order_by("at", "id")
        assert [event.verb for event in events] == ["rights.received", "rights.decided", "rights.withdrawn"]
        assert "Zitlali" not in str([event.detail for event in events])


def test_opening_a_request_is_opening_the_file(cast, martin, acting):
    request = ask(cast, martin.pk, "access")
    with acting(cast.counsellor):
        open_request(actor=cast.counsellor, request_id=request.pk, now=NOW)
        assert Event.objects.filter(verb="person.opened", person_id=martin.pk, purpose="rights").exists()


def test_late_ones_come_first(cast, martin, acting):
    soon = ask(cast, martin.pk, "access", received_on=date(2026, 11, 20))
    late = ask(cast, martin.pk, "erasure", received_on=date(2026, 9, 1))
    with acting(cast.coordinator):
        assert list(list_running(cast.coordinator, cast.bridge.pk).order_by("due_on", "id")) == [late, soon]


# Correction


def test_a_correction_is_done_when_a_version_says_that_the_person_asked_for_it(cast, martin, acting):
    request = accept(cast, ask(cast, martin.pk, "correction"))
    with acting(cast.counsellor):
        with pytest.raises(RequestImpossible, match="no_correction"):
            carry_out_request(actor=cast.counsellor, request_id=request.pk, now=NOW)
        opened = read_person(Person.objects.get(pk=martin.pk))
        correct_person(
            actor=cast.counsellor, person_id=martin.pk, identity=opened.identity, purpose=Purpose.RIGHTS,
            facts=PersonFacts.of(opened.person), now=NOW, reason=Identity.Reason.RIGHTS,
        )  # fmt: skip
        done = carry_out_request(actor=cast.counsellor, request_id=request.pk, now=NOW)
        assert done.state == "carried_out"


# Objection


def object_to(cast, acting, martin, *uses):
    request = accept(cast, ask(cast, martin.pk, "objection", uses=uses))
    with acting(cast.counsellor):
        return carry_out_request(actor=cast.counsellor, request_id=request.pk, now=NOW)


def test_an_objection_is_recorded_as_permission_taken_back(cast, martin, acting):
    object_to(cast, acting, martin, "work_search", "contact_later")
    with acting(cast.counsellor):
        assert not has_consent(cast.counsellor, martin.pk, "work_search")
        assert not has_consent(cast.counsellor, martin.pk, "contact_later")
        assert has_consent(cast.counsellor, martin.pk, "care")


def test_after_an_objection_no_employer_is_told_of_the_person(cast, martin, acting, board):
    object_to(cast, acting, martin, "work_search")
    with acting(cast.counsellor), pytest.raises(ConsentMissing):
        introduce(cast, martin.pk, board.openings["welding"])


def test_after_an_objection_nobody_is_told_to_call_the_person(cast, martin, acting):
    day = date(2027, 3, 1)
    with acting(cast.counsellor):
        assert martin.pk in {row.person_id for row in list_due(cast.counsellor, day)}
    object_to(cast, acting, martin, "contact_later")
    with acting(cast.counsellor):
        assert martin.pk not in {row.person_id for row in list_due(cast.counsellor, day)}


def test_after_an_objection_the_figures_count_the_person_no_more(cast, martin, acting):
    from puente.desk.selectors.figures import Period

    month = Period("2026-11", date(2026, 11, 1), date(2026, 11, 30), cast.bridge.time_zone)
    with acting(cast.analyst):
        before = read_figures(cast.analyst, cast.bridge, month, NOW).arrivals
    object_to(cast, acting, martin, "statistics")
    with acting(cast.analyst):
        after = read_figures(cast.analyst, cast.bridge, month, NOW).arrivals
    assert before.by_sex_and_age["M", "18+"] - after.by_sex_and_age.get(("M", "18+"), 0) == 1
    assert before.total - after.total == 1


# Erasure


def test_an_erasure_takes_two_people(cast, martin, acting):
    request = accept(cast, ask(cast, martin.pk, "erasure"), actor=cast.coordinator)
    with acting(cast.coordinator), pytest.raises(RequestImpossible, match="second_person"):
        approve_erasure(actor=cast.coordinator, request_id=request.pk, now=NOW)
    with acting(cast.counsellor), pytest.raises(NotAllowed):
        approve_erasure(actor=cast.counsellor, request_id=request.pk, now=NOW)
    with acting(cast.counsellor):
        assert Person.objects.get(pk=martin.pk).erased_at is None


def test_the_second_person_erases_and_the_request_stays_with_its_codes(cast, martin, acting):
    other = ask(cast, martin.pk, "access")
    request = accept(cast, ask(cast, martin.pk, "erasure"))
    with acting(cast.counsellor), pytest.raises(RequestImpossible, match="second_person"):
        carry_out_request(actor=cast.counsellor, request_id=request.pk, now=NOW)
    with acting(cast.coordinator):
        approve_erasure(actor=cast.coordinator, request_id=request.pk, now=NOW)
        assert Person.objects.get(pk=martin.pk).erased_at is not None
        opened = open_request(actor=cast.coordinator, request_id=request.pk, now=NOW)
        assert (opened.request.state, opened.said, opened.reasons) == ("carried_out", None, {})
        assert RightsRequest.objects.get(pk=other.pk).state == "withdrawn"


def test_an_erasure_that_was_not_accepted_is_not_carried_out(cast, martin, acting):
    request = ask(cast, martin.pk, "erasure")
    with acting(cast.coordinator), pytest.raises(RequestImpossible, match="not_accepted"):
        approve_erasure(actor=cast.coordinator, request_id=request.pk, now=NOW)


# Reserved files


def test_that_a_reserved_person_asked_for_something_is_reserved_as_well(cast, martin, acting):
    request = ask(cast, martin.pk, "access")
    officer = step_up(cast.protection)
    with acting(officer):
        create_case(actor=officer, person_id=martin.pk, office_id=cast.bridge.pk, now=officer.step_up_at)
    for role in ("counsellor", "coordinator", "reception"):
        with acting(cast.actors[role]):
            assert not RightsRequest.objects.exists()
            assert not list_running(cast.actors[role], cast.bridge.pk).exists()
            with pytest.raises(NotAllowed):
                open_request(actor=cast.actors[role], request_id=request.pk, now=NOW)
    with acting(officer):
        opened = open_request(actor=officer, request_id=request.pk, now=officer.step_up_at)
        assert opened.said.words == "Quiere su expediente"
