"""Sounds, short forms and slips: what two spellings of one name have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.identity.hypocoristics import FULL_NAMES, are_forms_of_one_name, canonical, full_names
from puente.engines.identity.phonetics import phonetic_code, skeleton
from puente.engines.identity.similarity import Level, find_differing_letters, is_beginning, word_level

WORDS = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("CRUZ", "CRUS"),
        ("VASQUEZ", "BAZQUES"),
        ("YBARRA", "IBARRA"),
        ("HERNANDEZ", "ERNANDES"),
        ("REYES", "RELLEZ"),
        ("XIMENA", "JIMENA"),
        ("MEXIA", "MEJIA"),
        ("CHAVEZ", "CHABES"),
        ("QUIROZ", "KIROS"),
        ("ZAVALA", "SABALA"),
        ("LLANES", "YANEZ"),
        ("MARTHA", "MARTA"),
        ("GEORGINA", "JEORJINA"),
        ("WENCESLAO", "UENCESLAO"),
    ],
)
def test_spellings_that_sound_alike_share_their_code(one, other):
    assert phonetic_code(one) == phonetic_code(other)


@pytest.mark.parametrize(
    ("one", "other"), [("GUERRA", "JERRA"), ("CASA", "CHASA"), ("LOPEZ", "LOBES"), ("RUIZ", "LUIZ")]
)
def test_spellings_that_sound_apart_keep_their_own_code(one, other):
    assert phonetic_code(one) != phonetic_code(other)


def test_a_skeleton_forgives_a_vowel_and_an_m_for_an_n():
    assert skeleton("ESPINOSA") == skeleton("ESPINOZA") == skeleton("ESPENOSA") == "ESPNS"
    assert skeleton("RAMIREZ") == skeleton("RANIRES")


@given(WORDS)
def test_every_word_has_the_same_code_each_time_and_no_vowel_inside_its_skeleton(word):
    assert phonetic_code(word) == phonetic_code(word)
    assert not set(skeleton(word)[1:]) & set("AEIOU")


def test_the_table_of_short_forms_is_large_and_goes_both_ways():
    assert sum(len(names) for names in FULL_NAMES.values()) >= 80
    assert full_names("PEPE") == ("JOSE",)
    assert set(full_names("BETO")) >= {"ALBERTO", "ROBERTO", "HUMBERTO"}
    assert canonical("CHUY") == "JESUS"
    assert canonical("BETO") == "BETO"
    assert are_forms_of_one_name("JOSE", "JOE")
    assert are_forms_of_one_name("PACO", "PANCHO")
    assert not are_forms_of_one_name("PACO", "PEPE")


def test_every_form_in_the_table_is_in_normal_form():
    for form, names in FULL_NAMES.items():
        assert all(word.isascii() and word.isalpha() and word.isupper() for word in (form, *names))


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("CRUZ", "CRUZ", Level.EQUAL),
        ("CRUS", "CRUZ", Level.SOUND),
        ("CHUY", "JESUS", Level.FORM),
        ("MARTIN", "MARTEN", Level.NEAR),
        ("MARTIN", "MARITN", Level.NEAR),
        ("HERNANDEZ", "HERNADES", Level.NEAR),
        ("ANA", "ADA", Level.DIFFERENT),
        ("MARTIN", "MARCOS", Level.DIFFERENT),
    ],
)
def test_two_words_agree_to_a_level(one, other, level):
    assert word_level(one, other) is level


@given(WORDS, WORDS)
def test_the_level_does_not_depend_on_the_order(one, other):
    assert word_level(one, other) is word_level(other, one)


def test_typed_letters_begin_a_word_as_written_or_as_heard():
    assert is_beginning("MAR", "MARTIN")
    assert is_beginning("XIM", "JIMENA")
    assert not is_beginning("LUI", "MARTIN")


def test_differing_letters_ignore_accents_and_keep_the_places_of_the_text():
    assert find_differing_letters("Avalos Crus", "Ávalos Cruz") == (((10, 11),), ((10, 11),))
    assert find_differing_letters("Martin", "Martín") == ((), ())
    assert find_differing_letters("Ana", "Ana María") == ((), ((3, 9),))
