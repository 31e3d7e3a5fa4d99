"""One box, any order: what an officer types becomes a question, and what was not understood is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.names import PersonName
from puente.engines.identity.search_line import SearchLine, read_search_line

STATES = {
    "MICH": "16",
    "MICHOACAN": "16",
    "GUERRERO": "12",
    "GRO": "12",
    "CIUDAD DE MEXICO": "09",
    "SAN LUIS POTOSI": "24",
}


def read(text: str) -> SearchLine:
    return read_search_line(text, states=STATES, this_year=2026)


def test_names_year_and_state_are_told_apart():
    line = read("avalos crus martin 92 mich")
    assert line.query.name == PersonName("Martin", "Avalos", "Crus")
    assert line.query.birth.isoformat() == "1992"
    assert line.query.birth_state == "16"
    assert not line.query.is_typing


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("lara ana 92", "1992"),
        ("lara ana 05", "2005"),
        ("lara ana 1992", "1992"),
        ("lara ana 14/3/1992", "1992-03-14"),
        ("lara ana 14-03-92", "1992-03-14"),
        ("1992-03-14 lara ana", "1992-03-14"),
    ],
)
def test_a_birth_is_read_as_people_write_it(text, born):
    assert read(text).query.birth.isoformat() == born


@pytest.mark.parametrize("text", ["lara ana 14/13/1992", "lara ana 30-02-1992", "lara ana 2091", "lara ana 123"])
def test_a_number_that_is_no_birth_is_said_to_be_not_understood(text):
    line = read(text)
    assert line.query.birth is None
    assert line.not_understood == (text.split()[-1],)


def test_a_state_that_is_a_surname_too_is_one_only_after_the_year():
    assert read("guerrero lara ana").query.birth_state is None
    assert read("lara guerrero ana").query.name.second_surname == "Guerrero"
    assert read("lara ana 92 guerrero").query.birth_state == "12"
    assert read("lara ana gro").query.birth_state == "12"


def test_a_state_of_several_words_is_one_state():
    assert read("lara ek ana ciudad de méxico").query.birth_state == "09"
    assert read("lara ek ana San Luis Potosí 88").query.birth_state == "24"


def test_a_curp_and_a_phone_are_taken_as_such():
    line = read("hernandez gloria hegg560427mvzrrl04 915-555-0140")
    assert (line.query.curp, line.query.phone) == ("HEGG560427MVZRRL04", "915-555-0140")
    assert line.query.name == PersonName("Gloria", "Hernandez")


def test_the_last_word_is_being_typed_until_a_space_follows():
    assert read("avalos mar").query.is_typing
    assert not read("avalos mar ").query.is_typing
    assert not read("avalos mar 92").query.is_typing


def test_an_empty_line_asks_nothing():
    assert read("  ").query.name.is_empty


@given(st.text(max_size=60))
def test_any_line_can_be_read(text):
    read(text)
