from datetime import date

import pytest

from puente.reception.search_text import read_search

STATES = {"08": "Chihuahua", "12": "Guerrero", "16": "Michoacán", "17": "Morelos", "20": "Oaxaca"}
TODAY = date(2026, 11, 23)


def understood(text):
    said = read_search(text, STATES, TODAY)
    name = said.name
    return name.first_surname, name.second_surname, name.given, said.birth and said.birth.isoformat(), said.state


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("avalos crus martin 92 mich", ("Avalos", "Crus", "Martin", "1992", "16")),
        ("Güémez Ortiz, Noemí 14/03/1990 Oaxaca", ("Güémez", "Ortiz", "Noemí", "1990-03-14", "20")),
        ("guerrero luna maria", ("Guerrero", "Luna", "Maria", None, "")),
        ("avalos cruz martin mich", ("Avalos", "Cruz", "Martin", None, "16")),
        ("lopez antonia 2001", ("Lopez", "", "Antonia", "2001", "")),
        ("lopez antonia 05", ("Lopez", "", "Antonia", "2005", "")),
        ("", ("", "", "", None, "")),
        ("92", ("", "", "", None, "")),
    ],
)
def test_the_line_is_understood_as_people_speak(text, parts):
    assert understood(text) == parts


def test_the_last_word_counts_as_still_being_typed_until_a_space_or_a_year():
    assert read_search("avalos cruz mar", STATES, TODAY).is_typing
    assert not read_search("avalos cruz mar ", STATES, TODAY).is_typing
    assert not read_search("avalos cruz mar 92", STATES, TODAY).is_typing
