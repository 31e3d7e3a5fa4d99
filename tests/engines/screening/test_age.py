from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.birth import PartialDate
from puente.engines.screening import AgeBasis, judge_age

ADULT, CHILD, IN_DOUBT = AgeBasis


@pytest.mark.parametrize(
    ("born", "today", "basis"),
    [
        ("2008-11-23", "2026-11-22", CHILD), ("2008-11-23", "2026-11-23", ADULT),
        ("2008-08-31", "2026-08-30", CHILD), ("2008-08-31", "2026-08-31", ADULT),
        ("2008-02-29", "2026-02-27", CHILD), ("2008-02-29", "2026-02-28", ADULT),
        ("2008-11", "2026-10-31", CHILD), ("2008-11", "2026-11-01", IN_DOUBT), ("2008-11", "2026-11-29", IN_DOUBT),
        ("2008-11", "2026-11-30", ADULT), ("2008", "2025-12-31", CHILD), ("2008", "2026-01-01", IN_DOUBT),
        ("2008", "2026-12-30", IN_DOUBT), ("2008", "2026-12-31", ADULT), ("1990", "2026-11-23", ADULT),
    ],
)  # fmt: skip
def test_the_known_parts_of_a_birth_date_settle_the_age_or_leave_it_in_doubt(born, today, basis):
    assert judge_age(PartialDate.from_iso(born), date.fromisoformat(today)) is basis


@pytest.mark.parametrize(
    ("today", "basis"),
    [("2023-12-31", CHILD), ("2024-01-01", IN_DOUBT), ("2028-12-30", IN_DOUBT), ("2028-12-31", ADULT)],
)
def test_a_year_that_somebody_guessed_may_be_two_off(today, basis):
    assert judge_age(PartialDate.from_parts(2008, estimated=True), date.fromisoformat(today)) is basis


def test_who_has_no_birth_date_is_asked_as_a_child():
    assert judge_age(None, date(2026, 11, 23)) is IN_DOUBT
    assert (IN_DOUBT.is_child, CHILD.is_child, ADULT.is_child) == (True, True, False)


@given(st.dates(date(1950, 1, 1), date(2030, 1, 1)), st.integers(0, 40_000))
def test_knowing_less_never_makes_a_child_an_adult(born, days):
    today = born + timedelta(days=days)
    exact = judge_age(PartialDate.from_date(born), today)
    assert exact in (ADULT, CHILD)
    for known in (
        PartialDate.from_parts(born.year, born.month),
        PartialDate.from_parts(born.year),
        PartialDate.from_parts(born.year, estimated=True),
    ):
        assert judge_age(known, today) in (exact, IN_DOUBT)
