from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.counselling.models import FollowUp, Outcome
from puente.counselling.selectors.followups import list_due, list_outcomes
from puente.counselling.services.outcomes import add_months, plan_follow_ups, record_outcome
from puente.people.services import read_person
from puente.platform.policy import NotAllowed
from tests.counselling.conftest import NOW, consent


def plan(actor, person, office, counted_from):
    plan_follow_ups(actor=actor, person_id=person.pk, office_id=office.id, counted_from=counted_from, now=NOW)


def record(actor, follow_up, **options):
    usual = {"work": "works", "wage": 9800, "through_introduction": True, "note": "Está contento"}
    return record_outcome(actor=actor, follow_up_id=follow_up.pk, now=NOW, **(usual | options))


@given(st.dates(date(2020, 1, 1), date(2090, 1, 1)), st.integers(0, 24))
def test_months_on_is_the_same_day_or_the_last_of_a_shorter_month(day, months):
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_people_are_due_after_1_3_6_and_12_months(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, date(2026, 11, 30))
    due = list(FollowUp.objects.order_by("month").values_list("month", "due_on"))
    assert due == [(1, date(2026, 12, 30)), (3, date(2027, 2, 28)), (6, date(2027, 5, 30)), (12, date(2027, 11, 30))]


def test_a_new_calendar_closes_what_was_open(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, date(2026, 8, 1))
    plan(counsellor, person, cast.bridge, date(2026, 11, 1))
    assert FollowUp.objects.filter(closed_at__isnull=True).count() == 4
    assert set(FollowUp.objects.filter(closed_at__isnull=True).values_list("counted_from", flat=True)) == {
        date(2026, 11, 1)
    }


def test_only_who_said_yes_to_being_contacted_is_due(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, NOW.date() - timedelta(days=40))
    assert list(list_due(counsellor, NOW.date())) == []
    consent(counsellor, person.pk, cast.bridge.id, "contact_later")
    assert [row.month for row in list_due(counsellor, NOW.date())] == [1]
    consent(counsellor, person.pk, cast.bridge.id, "contact_later", "withdrawn")
    assert list(list_due(counsellor, NOW.date())) == []


def test_an_outcome_closes_its_follow_up_and_seals_the_note(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, NOW.date() - timedelta(days=40))
    outcome = record(counsellor, FollowUp.objects.get(month=1))
    assert FollowUp.objects.get(month=1).closed_at == NOW
    assert b"contento" not in bytes(outcome.sealed)
    told = list_outcomes(counsellor, person.pk, read_person(person).data_key)
    assert [(one.row.wage, one.note) for one in told] == [(9800, "Está contento")]


def test_who_was_not_reached_stays_due(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, NOW.date() - timedelta(days=40))
    record(counsellor, FollowUp.objects.get(month=1), work="not_reached")
    assert FollowUp.objects.get(month=1).closed_at is None


def test_a_wage_is_kept_only_of_who_works(cast, counsellor, person):
    plan(counsellor, person, cast.bridge, NOW.date() - timedelta(days=40))
    outcome = record(counsellor, FollowUp.objects.get(month=1), work="no_work")
    assert (outcome.wage, outcome.through_introduction) == (None, None)


@pytest.mark.parametrize("role", ["reception", "far_counsellor", "analyst"])
def test_who_follows_nobody_up_sees_and_records_nothing(cast, acting, counsellor, person, role):
    plan(counsellor, person, cast.bridge, NOW.date() - timedelta(days=40))
    record(counsellor, FollowUp.objects.get(month=1))
    follow_up = FollowUp.objects.get(month=3)
    with acting(cast.actors[role]):
        assert (FollowUp.objects.count(), Outcome.objects.count()) == (0, 0)
        with pytest.raises(NotAllowed):
            record(cast.actors[role], follow_up)
