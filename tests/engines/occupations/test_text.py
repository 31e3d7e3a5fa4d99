from hypothesis import given
from hypothesis import strategies as st

from puente.engines.occupations.text import fold, make_keys


def test_gender_number_and_accents_do_not_matter() -> None:
    assert make_keys("Albañiles") == make_keys("albañil") == make_keys("ALBANIL")
    assert make_keys("cocinera") == make_keys("cocineros")
    assert make_keys("vendedoras") == make_keys("vendedor")


def test_letters_that_sound_alike_do_not_matter() -> None:
    assert make_keys("alvañil") == make_keys("albañil")
    assert make_keys("almasenista") == make_keys("almacenista")
    assert make_keys("pizcador") == make_keys("piscador")


def test_verb_forms_of_one_task_share_a_key() -> None:
    assert make_keys("ordeñando") == make_keys("ordeñaba")


def test_words_that_never_tell_an_occupation_are_dropped() -> None:
    assert make_keys("trabajaba en los techos") == make_keys("techos")
    assert make_keys("se solicita chofer 3.5 con experiencia") == make_keys("chofer")


def test_words_that_change_the_code_are_kept() -> None:
    assert make_keys("ayudante de cocina") != make_keys("cocina")
    assert make_keys("operador de producción") != make_keys("producción")


def test_a_title_of_stop_words_alone_keeps_them() -> None:
    assert make_keys("trabajo") != ()


def test_abbreviations_are_written_out() -> None:
    assert make_keys("aux. administrativo") == make_keys("auxiliar administrativo")


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_case_and_surrounding_space_do_not_change_the_keys(text: str) -> None:
    assert make_keys(f"  {fold(text).upper()}\n") == make_keys(text)
