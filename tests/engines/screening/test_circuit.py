"""Circuit children: what repeated returns say together, and that they say no more than "ask"."""

import csv
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.screening import InvalidContent
from puente.engines.screening.circuit import CircuitReading, Return, Sign, Thresholds, read_circuit, read_thresholds
from puente.platform.paths import CONTENT

THRESHOLDS = Thresholds(
    period_days=365, fewest_returns=3, short_stay_days=31, fewest_short_stays=2, fewest_other_signs=1
)
START = date(2026, 1, 1)


def returned(day: int, **facts) -> Return:
    return Return(START + timedelta(days=day), **{"is_child": True} | facts)


returns = st.builds(
    Return,
    on=st.dates(date(2020, 1, 1), date(2026, 12, 31)),
    is_child=st.booleans(),
    lives_at_border=st.sampled_from([None, True, False]),
    longest_stay_days=st.none() | st.integers(0, 4000),
)
histories = st.lists(returns, max_size=12)
thresholds = st.builds(
    Thresholds,
    period_days=st.integers(1, 1500),
    fewest_returns=st.integers(2, 6),
    short_stay_days=st.integers(0, 90),
    fewest_short_stays=st.integers(1, 4),
    fewest_other_signs=st.integers(0, 2),
)


def test_three_returns_in_a_year_of_a_child_from_the_border_make_one_ask():
    reading = read_circuit([returned(day, lives_at_border=True) for day in (0, 100, 200)], THRESHOLDS)
    assert reading.prompts
    assert reading.signs == (Sign.RETURNED_AGAIN, Sign.LIVES_AT_BORDER)
    assert (reading.returns, reading.first, reading.last) == (3, START, START + timedelta(days=200))


def test_repeated_returns_alone_are_not_enough():
    reading = read_circuit([returned(day, lives_at_border=False) for day in (0, 100, 200)], THRESHOLDS)
    assert reading.signs == (Sign.RETURNED_AGAIN,)
    assert not reading.prompts


def test_living_at_the_border_alone_is_not_enough():
    assert not read_circuit([returned(0, lives_at_border=True), returned(9, lives_at_border=True)], THRESHOLDS).prompts


def test_the_time_since_the_return_before_bounds_a_stay_of_which_nobody_knows():
    reading = read_circuit([returned(0), returned(6), returned(20)], THRESHOLDS)
    assert (reading.short_stays, reading.unknown_stays) == (2, 1)
    assert reading.prompts


def test_what_is_said_of_a_stay_counts_where_it_is_shorter_than_the_time_between():
    reading = read_circuit([returned(day, longest_stay_days=10) for day in (0, 100, 200)], THRESHOLDS)
    assert reading.short_stays == 3
    assert reading.prompts


def test_returns_before_the_period_do_not_count_but_bound_the_first_stay_in_it():
    reading = read_circuit([returned(0), returned(370), returned(380), returned(390)], THRESHOLDS)
    assert reading.returns == 3
    assert reading.unknown_stays == 0


def test_returns_as_an_adult_never_count():
    reading = read_circuit([returned(0), returned(5), returned(10, is_child=False)], THRESHOLDS)
    assert (reading.returns, reading.last) == (2, START + timedelta(days=5))
    assert read_circuit([returned(0, is_child=False)], THRESHOLDS) == CircuitReading(
        0, None, None, 0, 0, None, (), prompts=False
    )


def test_the_latest_word_on_where_a_child_lives_holds():
    said = [returned(0, lives_at_border=True), returned(5, lives_at_border=False), returned(9, lives_at_border=None)]
    assert read_circuit(said, THRESHOLDS).lives_at_border is False


@given(histories, thresholds)
def test_the_order_in_which_returns_are_told_changes_nothing(history, limits):
    assert read_circuit(history, limits) == read_circuit(list(reversed(history)), limits)


@given(histories, thresholds)
def test_adult_returns_change_nothing(history, limits):
    children = [one for one in history if one.is_child]
    assert read_circuit(history, limits) == read_circuit(children, limits)


@given(histories, thresholds)
def test_a_prompt_always_has_repeated_returns_and_as_many_other_signs_as_asked_for(history, limits):
    reading = read_circuit(history, limits)
    others = set(reading.signs) - {Sign.RETURNED_AGAIN}
    assert reading.prompts == (Sign.RETURNED_AGAIN in reading.signs and len(others) >= limits.fewest_other_signs)
    assert reading.short_stays + reading.unknown_stays <= reading.returns <= len(history)
    if reading.prompts:
        assert reading.returns >= limits.fewest_returns
        assert (reading.last - reading.first).days < limits.period_days


@given(histories, thresholds, st.integers(0, 2000))
def test_one_more_return_within_the_period_never_takes_a_prompt_back(history, limits, days_before):
    before = read_circuit(history, limits)
    if not before.prompts or days_before >= limits.period_days:
        return
    more = Return(before.last - timedelta(days=days_before), is_child=True)
    assert read_circuit([*history, more], limits).prompts


@given(histories, thresholds)
def test_thresholds_that_are_easier_to_reach_never_take_a_prompt_back(history, limits):
    easier = Thresholds(
        limits.period_days, limits.fewest_returns - 1, limits.short_stay_days + 5, limits.fewest_short_stays,
        limits.fewest_other_signs,
    )  # fmt: skip
    assert read_circuit(history, easier).prompts or not read_circuit(history, limits).prompts


def test_the_thresholds_that_ship_are_read_and_marked_as_defaults_to_check():
    with (CONTENT / "protection" / "circuit.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert read_thresholds(rows).fewest_returns >= 2
    assert {row["status"] for row in rows} == {"unverified"}


@pytest.mark.parametrize(
    ("code", "value", "problem"),
    [
        ("fewest_returns", "1", "2 or more"),
        ("period_days", "a year", "1 or more"),
        ("fewest_other_signs", "3", "only 2 other signs"),
        ("smugglers", "1", "is no threshold"),
    ],
)
def test_a_threshold_that_cannot_be_is_refused_with_what_to_change(code, value, problem):
    rows = [{"code": name, "value": "2"} for name in ("period_days", "fewest_returns", "short_stay_days")]
    rows += [{"code": name, "value": "1"} for name in ("fewest_short_stays", "fewest_other_signs")]
    assert read_thresholds(rows) == Thresholds(2, 2, 2, 1, 1)
    changed = [row for row in rows if row["code"] != code] + [{"code": code, "value": value}]
    with pytest.raises(InvalidContent) as refused:
        read_thresholds(changed)
    assert problem in str(refused.value)


def test_a_threshold_that_is_missing_or_there_twice_is_named():
    with pytest.raises(InvalidContent) as refused:
        read_thresholds([{"code": "period_days", "value": "2"}, {"code": "period_days", "value": "3"}])
    assert "line 3: period_days stands there twice" in str(refused.value)
    assert "fewest_returns is missing" in str(refused.value)
