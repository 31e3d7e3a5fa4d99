"""Birth dates of which only a part is known."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.birth import PartialDate, Precision


@pytest.mark.parametrize(
    ("text", "precision"),
    [("1992-03-14", Precision.DAY), ("1992-03", Precision.MONTH), ("1992", Precision.YEAR)],
)
def test_a_date_is_read_to_the_part_that_is_known(text, precision):
    born = PartialDate.from_iso(text)
    assert born.precision is precision
    assert born.isoformat() == text


def test_a_guessed_year_is_estimated():
    assert PartialDate.from_iso("1992", estimated=True).precision is Precision.ESTIMATED


@pytest.mark.parametrize("text", ["", "92", "1992-13", "1992-02-30", "1992-00-10", "1992-03-14-1", "march"])
def test_a_text_that_is_no_date_is_an_error(text):
    with pytest.raises(ValueError):
        PartialDate.from_iso(text)


@pytest.mark.parametrize(
    "parts",
    [(1992, None, 14, Precision.DAY), (1992, 3, None, Precision.YEAR), (1992, None, None, Precision.MONTH)],
)
def test_parts_that_contradict_the_precision_are_an_error(parts):
    with pytest.raises(ValueError):
        PartialDate(*parts)


def test_unknown_parts_contradict_nothing_and_an_estimate_has_two_years_of_slack():
    day = PartialDate.from_iso("1992-03-14")
    assert day.could_be(PartialDate.from_iso("1992"))
    assert day.could_be(PartialDate.from_iso("1992-03"))
    assert not day.could_be(PartialDate.from_iso("1992-04"))
    assert day.could_be(PartialDate.from_iso("1994", estimated=True))
    assert not day.could_be(PartialDate.from_iso("1995", estimated=True))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_full_date_survives_its_text(day):
    assert PartialDate.from_iso(PartialDate.from_date(day).isoformat()) == PartialDate.from_date(day)
