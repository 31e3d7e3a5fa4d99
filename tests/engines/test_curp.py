"""The CURP engine: known keys, RENAPO's own examples of exceptions, and properties on random people."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines import curp
from puente.engines.curp import CurpState, DeclaredPerson, ProblemCode, check_digit, compute_root, parse, review
from puente.engines.identity.birth import PartialDate

KNOWN = ("SABC560626MDFLRN01", "HEGG560427MVZRRL04", "MAAR790213HMNRLF03", "XEXX010101HNEXXXA4")
BORN = date(1992, 3, 14)


def root(given_name: str, first: str, second: str = "", born: date = BORN, sex: str = "H", state: str = "MN") -> str:
    return compute_root(
        given=given_name, first_surname=first, second_surname=second, birth_date=born, sex=sex, birth_state=state
    )


def codes(text: str, **facts: object) -> set[str]:
    return {problem.code for problem in review(text, declared=DeclaredPerson(**facts)).problems}  # type: ignore[arg-type]


@pytest.mark.parametrize("key", KNOWN)
def test_a_known_curp_is_well_formed_and_its_check_digit_is_computed(key):
    assert check_digit(key[:17]) == key[17]
    assert review(key) == curp.CurpReview(key, CurpState.WELL_FORMED, ())


def test_a_root_is_computed_from_the_facts_and_stops_before_the_positions_of_renapo():
    key = root("Gloria", "Hernández", "García", date(1956, 4, 27), "M", "VZ")
    assert key == "HEGG560427MVZRRL"
    assert root("Concepción", "Salgado", "Briseño", date(1956, 6, 26), "M", "DF") == "SABC560626MDFLRN"


@pytest.mark.parametrize(
    ("given_name", "first", "second", "letters"),
    [
        ("Alberto", "Ñando", "Rodríguez", "XARA"),
        ("María Luisa", "Pérez", "Hernández", "PEHL"),
        ("Luis Enrique", "Romero", "Palazuelos", "ROPL"),
        ("Juan José", "D/Amico", "Álvarez", "DXAJ"),
        ("Juan José", "D'Amico", "Álvarez", "DXAJ"),
        ("Juan José", "D’Amico", "Álvarez", "DXAJ"),
        ("Rocío", "Riva Palacio", "Cruz", "RICR"),
        ("Carlos", "Mc Gregor", "López", "GELC"),
        ("Juan", "Argüello", "Ruiz", "AURJ"),
        ("José", "Cruz", "", "CUXJ"),
        ("Ma. de los Ángeles", "de la Cruz", "Solís", "CUSA"),
        ("J. Guadalupe", "Tzul", "Ek", "TUEG"),
        ("María José", "Lara", "Ek", "LAEJ"),
        ("Ofelia", "Pedrero", "Domínguez", "PXDO"),
        ("Ana", "Ng", "Xool", "NXXA"),
    ],
)
def test_the_first_four_letters_follow_the_exceptions_of_the_norm(given_name, first, second, letters):
    assert root(given_name, first, second)[:4] == letters


def test_inner_consonants_turn_an_ene_and_a_missing_one_into_x():
    assert root("Ana", "Muñoz", "Peña")[13:] == "XXN"
    assert root("Eva", "Uc", "")[13:] == "CXV"


def test_there_are_81_inconvenient_words_and_each_loses_its_vowel():
    assert len(curp.INCONVENIENT_WORDS) == 81
    for word in curp.INCONVENIENT_WORDS:
        first = word[0] + word[1] + "T" if word[1] in "AEIOU" else word[0] + "T"
        if word[1] in "AEIOU":
            assert root(word[3] + "TA", first, word[2] + "ATA")[:4] == word[0] + "X" + word[2:]


def test_sex_x_and_birth_abroad_are_accepted():
    assert root("Alex", "Lara", "Ruiz", sex="X", state="NE")[10:13] == "XNE"


@pytest.mark.parametrize("facts", [{"sex": "F"}, {"state": "CX"}])
def test_a_root_of_an_unknown_sex_or_state_is_an_error(facts):
    with pytest.raises(ValueError, match=r"sex|state"):
        root("Ana", "Lara", **facts)


def test_a_root_without_a_first_surname_is_an_error():
    with pytest.raises(ValueError, match="surname"):
        root("Ana", "  ")


def test_position_17_gives_the_century():
    assert parse("HEGG560427MVZRRL04").birth_date == date(1956, 4, 27)
    assert parse("XEXX010101HNEXXXA4").birth_date == date(2001, 1, 1)


def test_a_curp_is_cleaned_of_spaces_hyphens_and_lower_case():
    assert parse(" hegg 560427-mvzrrl 04 ").root == "HEGG560427MVZRRL"


def test_no_text_is_not_shown_and_no_review_ever_says_verified():
    assert review(None).state is CurpState.NOT_SHOWN
    assert review("  ").state is CurpState.NOT_SHOWN


@pytest.mark.parametrize(
    ("text", "code", "positions"),
    [
        ("HEGG560427MVZRRL0", ProblemCode.WRONG_LENGTH, ()),
        ("HEGG56O427MVZRRL04", ProblemCode.BAD_CHARACTER, (7,)),
        ("HBGG560427MVZRRL04", ProblemCode.BAD_CHARACTER, (2,)),
        ("HEGG560427MVZARL04", ProblemCode.BAD_CHARACTER, (14,)),
        ("HEGG561927MVZRRL04", ProblemCode.IMPOSSIBLE_DATE, (5, 6, 7, 8, 9, 10)),
        ("HEGG560427FVZRRL04", ProblemCode.UNKNOWN_SEX, (11,)),
        ("HEGG560427MZZRRL04", ProblemCode.UNKNOWN_STATE, (12, 13)),
        ("HEGG560427MVZRRL05", ProblemCode.WRONG_CHECK_DIGIT, (18,)),
        ("PEDO560427MVZRRL04", ProblemCode.INCONVENIENT_WORD, (2,)),
    ],
)
def test_each_error_of_form_has_its_code_and_positions_and_leaves_the_curp_declared(text, code, positions):
    found = review(text)
    assert found.state is CurpState.DECLARED
    assert curp.Problem(code, positions) in found.problems


def test_a_birth_to_come_is_a_problem_when_the_day_is_known():
    key = "HEGG560427MVZRRLA"
    key += check_digit(key)
    assert review(key).problems == ()
    assert [problem.code for problem in review(key, today=date(2026, 11, 23)).problems] == ["future_date"]


def test_an_unreadable_curp_raises_its_problems_and_not_itself():
    with pytest.raises(curp.InvalidCurp) as caught:
        parse("HEGG561927MVZRRL04")
    assert "HEGG" not in str(caught.value)
    assert caught.value.problems


def test_what_the_person_says_is_held_against_the_curp_without_changing_its_state():
    key = "HEGG560427MVZRRL04"
    same = {
        "given": "Gloria",
        "first_surname": "Hernández",
        "second_surname": "García",
        "birth": PartialDate.from_iso("1956"),
        "sex": "M",
        "birth_state": "VZ",
    }
    assert codes(key, **same) == set()
    assert codes(key, **same | {"given": "Rosa"}) == {"differs_from_given_name"}
    assert codes(key, **same | {"first_surname": "Fernández"}) == {"differs_from_first_surname"}
    assert codes(key, **same | {"second_surname": ""}) == {"differs_from_second_surname"}
    assert codes(key, **same | {"birth": PartialDate.from_iso("1956-04-28")}) == {"differs_from_birth_date"}
    assert codes(key, **same | {"sex": "H", "birth_state": "AS"}) == {"differs_from_sex", "differs_from_birth_state"}
    assert review(key, declared=DeclaredPerson(given="Rosa")).state is CurpState.WELL_FORMED


def test_a_difference_names_its_positions():
    found = review("HEGG560427MVZRRL04", declared=DeclaredPerson(birth=PartialDate.from_iso("2056-05-27")))
    assert found.problems == (curp.Problem(ProblemCode.DIFFERS_FROM_BIRTH_DATE, (7, 8, 17)),)


GIVEN_NAMES = "Martín,José Luis,María,Ma. del Carmen,Óscar,Ñuño,Xóchitl,Eva,Güicho,Ángel,D'Arcy"
FAMILY_NAMES = "Ávalos,Cruz,de la Cruz,Muñoz,Tzintzun,Güémez,Uc,Ek,Xool,O'Farrill,Mc Gregor,Ñandú,Ng"
SURNAMES = st.sampled_from(FAMILY_NAMES.split(","))
PEOPLE = st.fixed_dictionaries(
    {
        "given": st.sampled_from(GIVEN_NAMES.split(",")),
        "first_surname": SURNAMES,
        "second_surname": SURNAMES | st.just(""),
        "birth_date": st.dates(date(1930, 1, 1), date(2026, 1, 1)),
        "sex": st.sampled_from("HMX"),
        "birth_state": st.sampled_from(sorted(curp.STATES)),
    }
)


def complete(person: dict[str, object]) -> str:
    """A CURP as RENAPO might give it, for tests alone: the engine never invents the last two characters."""
    first16 = compute_root(**person)  # type: ignore[arg-type]
    first17 = first16 + ("0" if person["birth_date"].year < 2000 else "A")  # type: ignore[attr-defined]
    return first17 + check_digit(first17)


@given(PEOPLE)
def test_a_root_reads_back_as_the_facts_that_made_it(person):
    parts = parse(complete(person))
    assert (parts.birth_date, parts.sex, parts.birth_state) == (
        person["birth_date"],
        person["sex"],
        person["birth_state"],
    )
    facts = {key: value for key, value in person.items() if key != "birth_date"}
    declared = DeclaredPerson(**facts, birth=PartialDate.from_date(person["birth_date"]))
    assert review(complete(person), declared=declared).problems == ()


@given(PEOPLE, st.integers(0, 16), st.sampled_from(string.digits + string.ascii_uppercase))
def test_one_changed_character_is_caught_unless_it_weighs_the_same_modulo_ten(person, position, character):
    key = complete(person)
    changed = key[:position] + character + key[position + 1 :]
    values = curp.CHECK_ALPHABET
    shift = (values.index(character) - values.index(key[position])) * (18 - position)
    if shift % 10:
        assert review(changed).state is CurpState.DECLARED
    assert (check_digit(changed[:17]) == key[17]) == (shift % 10 == 0)


@given(st.text(max_size=24))
def test_any_text_gets_a_review_and_never_an_error(text):
    found = review(text, declared=DeclaredPerson("Ana", "Lara", "Ek", PartialDate.from_iso("1990"), "M", "AS"))
    assert found.state in (CurpState.NOT_SHOWN, CurpState.DECLARED, CurpState.WELL_FORMED)
