"""Names: normal form, the parts of one line, and how a name is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.names import (
    Certainty,
    PersonName,
    core_words,
    display_name,
    list_name,
    normal_form,
    readable_case,
    split_name,
)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Ávalos Núñez", "AVALOS NUNEZ"),
        ("Ma. del Carmen", "MARIA DEL CARMEN"),
        ("J. Jesús", "JOSE JESUS"),
        ("J", "J"),
        ("Hdz.", "HERNANDEZ"),
        ("FCO", "FRANCISCO"),
        ("Gpe.", "GUADALUPE"),
        ("DELACRUZ", "DE LA CRUZ"),
        ("Delossantos", "DE LOS SANTOS"),
        ("DELRIO", "DEL RIO"),
        ("DELEON", "DE LEON"),
        ("Delgado", "DELGADO"),
        ("AVALOS-CRUZ", "AVALOS CRUZ"),
        ("D’Amico", "DAMICO"),
        ("Xkꞌanul", "XKANUL"),
        ("", ""),
    ],
)
def test_the_normal_form_folds_and_writes_out(text, normal):
    assert normal_form(text) == normal


@given(st.text(max_size=40))
def test_the_normal_form_is_idempotent_and_holds_only_plain_capitals(text):
    once = normal_form(text)
    assert normal_form(once) == once
    assert set(once) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


def test_particles_are_left_out_of_the_core_unless_there_is_nothing_else():
    assert core_words("de la Cruz") == core_words("DELACRUZ") == ("CRUZ",)
    assert core_words("de los") == ("DE", "LOS")


def test_a_name_is_shown_as_said_and_listed_by_its_surnames():
    name = PersonName("Martín", "Ávalos", "Cruz")
    assert display_name(name) == "Martín Ávalos Cruz"
    assert list_name(name) == "Ávalos Cruz, Martín"


def test_one_surname_stays_one_and_a_missing_part_leaves_no_comma():
    assert list_name(PersonName("Ana", "Xool")) == "Xool, Ana"
    assert list_name(PersonName("Ana")) == "Ana"
    assert list_name(PersonName("", "Xool", "Ek")) == "Xool Ek"
    assert display_name(PersonName()) == ""
    assert PersonName(preferred="El Güero").is_empty


def test_capitals_become_readable_and_mixed_case_stays():
    assert readable_case("O'FARRILL-DE LA CRUZ") == "O'Farrill-De la Cruz"
    assert readable_case("DE LA CRUZ") == "de la Cruz"
    assert readable_case("McGregor") == "McGregor"


@pytest.mark.parametrize(
    ("line", "first", "second", "given_name", "certainty"),
    [
        ("AVALOS-CRUZ MARTIN", "Avalos", "Cruz", "Martin", Certainty.LIKELY),
        ("JOSE MARTIN AVALOS-CRUZ", "Avalos", "Cruz", "Jose Martin", Certainty.LIKELY),
        ("AVALOS CRUZ MARTIN", "Avalos", "Cruz", "Martin", Certainty.LIKELY),
        ("MARTIN AVALOS CRUZ", "Avalos", "Cruz", "Martin", Certainty.LIKELY),
        ("Cruz Solís, Elvira", "Cruz", "Solís", "Elvira", Certainty.STATED),
        ("DELACRUZ-PEREZ, MA GPE", "Delacruz", "Perez", "Ma Gpe", Certainty.STATED),
        ("DE LA CRUZ SOLIS JOSE LUIS", "de la Cruz", "Solis", "Jose Luis", Certainty.LIKELY),
        ("MARIA DE LOS ANGELES LOPEZ RUIZ", "Lopez", "Ruiz", "Maria de los Angeles", Certainty.LIKELY),
        ("HERNANDEZ JUAN", "Hernandez", "", "Juan", Certainty.LIKELY),
        ("JUAN HERNANDEZ", "Hernandez", "", "Juan", Certainty.LIKELY),
        ("REYES SANTOS", "Reyes", "", "Santos", Certainty.UNSURE),
        ("GARCIA", "Garcia", "", "", Certainty.UNSURE),
        ("", "", "", "", Certainty.UNSURE),
        (",", "", "", "", Certainty.UNSURE),
    ],
)
def test_a_line_is_taken_apart_and_says_how_sure_it_is(line, first, second, given_name, certainty):
    found = split_name(line)
    assert found.name == PersonName(given_name, first, second)
    assert found.certainty is certainty


def test_an_unsure_reading_offers_the_others():
    found = split_name("REYES SANTOS")
    assert PersonName("", "Reyes", "Santos") in found.others
    assert PersonName("Reyes", "Santos") in found.others


def test_the_senders_order_decides_where_the_words_do_not():
    assert split_name("TZUL XICOL IK").name.first_surname == "Tzul"
    assert split_name("IK TZUL XICOL", surnames_first=False).name == PersonName("Ik", "Tzul", "Xicol")


@given(st.text(max_size=60))
def test_no_word_of_a_line_is_lost(line):
    name = split_name(line).name
    kept = sorted(normal_form(display_name(name)).split())
    assert set(kept) >= {word for word in normal_form(line).split() if len(word) > 1 and "," not in line}
