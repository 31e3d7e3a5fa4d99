from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.rights.deadlines import add_working_days, count_working_days, is_working_day
from puente.rights.models import Deadline, Holiday
from puente.rights.selectors.calendar import find_due_date

DAYS = st.dates(date(2026, 1, 1), date(2030, 12, 31))
HOLIDAYS = st.frozensets(st.dates(date(2026, 1, 1), date(2031, 6, 30)), max_size=40)


def test_twenty_working_days_from_a_monday_without_holidays_end_four_weeks_later():
    assert add_working_days(date(2026, 11, 23), 20, ()) == date(2026, 12, 21)


def test_the_day_on_which_it_was_asked_does_not_count():
    assert add_working_days(date(2026, 11, 23), 1, ()) == date(2026, 11, 24)
    assert add_working_days(date(2026, 11, 27), 1, ()) == date(2026, 11, 30)


def test_christmas_moves_the_term_by_a_day(db):
    assert Holiday.objects.filter(day=date(2026, 12, 25)).exists()
    without = add_working_days(date(2026, 12, 14), 20, ())
    assert find_due_date(Deadline.Code.ANSWER, date(2026, 12, 14)) > without


def test_the_content_knows_the_mondays_to_which_the_law_moves_its_feasts(db):
    days = set(Holiday.objects.filter(day__year=2027).values_list("day", flat=True))
    assert {date(2027, 2, 1), date(2027, 3, 15), date(2027, 11, 15)} <= days


def test_terms_from_content_are_marked_to_be_checked(db):
    terms = {deadline.code: deadline for deadline in Deadline.objects.all()}
    assert {code: term.working_days for code, term in terms.items()} == {"answer": 20, "extension": 10, "carry_out": 15}
    assert not any(term.is_checked for term in terms.values())
    assert all(term.source for term in terms.values())


@given(start=DAYS, days=st.integers(1, 60), holidays=HOLIDAYS)
def test_a_term_ends_on_a_working_day_and_holds_exactly_its_days(start, days, holidays):
    end = add_working_days(start, days, holidays)
    assert is_working_day(end, holidays)
    after = [start + timedelta(number) for number in range(1, (end - start).days + 1)]
    assert sum(is_working_day(day, holidays) for day in after) == days
    assert count_working_days(start, end, holidays) == days
    assert count_working_days(end, start, holidays) == -days


@given(start=DAYS, days=st.integers(1, 60), holidays=HOLIDAYS, more=DAYS)
def test_one_more_holiday_never_shortens_a_term(start, days, holidays, more):
    assert add_working_days(start, days, {*holidays, more}) >= add_working_days(start, days, holidays)


def test_a_term_of_no_days_is_refused():
    with pytest.raises(ValueError):
        add_working_days(date(2026, 11, 23), 0, ())
