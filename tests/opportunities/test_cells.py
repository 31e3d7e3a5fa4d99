from contextlib import suppress
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.opportunities.imports import cells


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("8000", 8000), ("$12,400.50", 12400.5), ("12 400 pesos", 12400), ("12.400,50", 12400.5), ("9,800", 9800),
        ("9,5", 9.5), ("1,234,567", 1234567), ("4500.00 MXN", 4500), ("-3", -3),
    ],
)  # fmt: skip
def test_a_number_is_read_however_it_is_written(cell, number):
    assert cells.read_number(cell) == number


@pytest.mark.parametrize("cell", ["", "según aptitudes", "$", "--", "1-2", "8000 a 9000", "1e400", "8000-9000"])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(ValueError):
        cells.read_number(cell)


@given(st.integers(0, 9_999_999))
def test_a_wage_with_thousands_separators_is_the_same_wage(pesos):
    assert cells.read_number(f"${pesos:,}") == pesos


@pytest.mark.parametrize("cell", ["2018-08-01 00:00:13.297670", "01/08/2018", "1-8-2018", "2018-08-01"])
def test_a_day_is_read_with_the_day_first(cell):
    assert cells.read_day(cell) == date(2018, 8, 1)


@pytest.mark.parametrize("cell", ["31/02/2018", "agosto", "2018-13-01", "12345678901234567890"])
def test_a_day_that_is_not_in_the_calendar_is_refused(cell):
    with pytest.raises(ValueError):
        cells.read_day(cell)


@pytest.mark.parametrize(
    ("cell", "hour"),
    [
        ("800", time(8)),
        ("1730", time(17, 30)),
        ("8:30", time(8, 30)),
        ("2400", time(0)),
        ("8", time(8)),
        ("24", time(0)),
    ],
)
def test_an_hour_is_read_in_figures_or_with_a_colon(cell, hour):
    assert cells.read_hour(cell) == hour


@pytest.mark.parametrize("cell", ["2561", "25:00", "ocho", "-1"])
def test_an_hour_that_no_clock_shows_is_refused(cell):
    with pytest.raises(ValueError):
        cells.read_hour(cell)


@given(st.text(max_size=30))
def test_no_cell_breaks_a_reader_in_another_way_than_by_refusing_it(cell):
    for reader in (cells.read_number, cells.read_whole, cells.read_day, cells.read_hour, cells.read_answer):
        with suppress(ValueError, OverflowError):
            reader(cell)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "is_night"),
    [
        (time(8), time(17), False), (time(22), time(6), True), (time(14), time(23), False),
        (time(14), time(23, 30), True), (time(0), time(8), True), (time(4), time(12), False), (time(18), time(2), True),
    ],
)  # fmt: skip
def test_three_and_a_half_hours_of_night_make_a_night_shift(starts_at, ends_at, is_night):
    assert cells.is_night_shift(starts_at, ends_at) is is_night
