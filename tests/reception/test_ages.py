from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.birth import PartialDate
from puente.reception.ages import find_age_range, is_surely_minor, may_be_minor

DAY = date(2026, 11, 23)
BIRTHS = st.dates(date(1930, 1, 1), DAY)


def true_age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def test_a_person_turns_eighteen_on_the_day():
    assert find_age_range(PartialDate.from_date(date(2008, 11, 23)), DAY) == (18, 18)
    assert find_age_range(PartialDate.from_date(date(2008, 11, 24)), DAY) == (17, 17)


def test_who_may_be_seventeen_is_treated_as_a_child_and_not_called_one_for_sure():
    birth = PartialDate.from_parts(2008)
    assert find_age_range(birth, DAY) == (17, 18)
    assert may_be_minor(birth, DAY)
    assert not is_surely_minor(birth, DAY)


def test_an_unknown_birth_date_says_nothing():
    assert not may_be_minor(None, DAY)
    assert not is_surely_minor(None, DAY)


@given(BIRTHS, st.booleans(), st.booleans())
def test_the_range_holds_the_true_age_whatever_part_of_the_date_is_known(born, knows_month, knows_day):
    month = born.month if knows_month else None
    birth = PartialDate.from_parts(born.year, month, born.day if knows_month and knows_day else None)
    youngest, oldest = find_age_range(birth, DAY)
    assert youngest <= true_age(born, DAY) <= oldest
    assert oldest - youngest <= 1


@given(BIRTHS, st.integers(-2, 2))
def test_a_year_estimated_two_years_off_still_holds_the_true_age(born, error):
    birth = PartialDate.from_parts(born.year + error, estimated=True)
    youngest, oldest = find_age_range(birth, DAY)
    assert youngest <= true_age(born, DAY) <= oldest
