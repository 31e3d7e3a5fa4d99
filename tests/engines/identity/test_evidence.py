"""Evidence: what each field says, the word for the whole, and an order that never changes."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic_people import ask_with_damage, load_frequencies, make_people
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.evidence import Field, Likelihood, compare, mask_phone, rank
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.fields import Note, Sign
from puente.engines.identity.names import PersonName


def born(text: str) -> PartialDate:
    return PartialDate.from_iso(text)


QUERY = PersonQuery(PersonName("Martin", "Avalos", "Crus"), born("1992"), "16", phone="915 555 0140")
MARTIN = Candidate(
    "1",
    PersonName("Martín", "Ávalos", "Cruz"),
    born("1992-03-14"),
    "16",
    phones=("+52 715 555 0118",),
    mother="Cruz Solís, Elvira",
)


def row(query: PersonQuery, candidate: Candidate, field: Field):
    return next(found for found in compare(query, candidate).rows if found.field is field)


def test_the_desk_sees_what_agrees_what_differs_and_what_to_ask():
    rows = {found.field: found for found in compare(QUERY, MARTIN).rows}
    assert list(rows) == [Field.SURNAMES, Field.GIVEN, Field.BIRTH, Field.STATE, Field.PHONE, Field.MOTHER]
    surnames = rows[Field.SURNAMES]
    assert (surnames.sign, surnames.said, surnames.registered) == (Sign.SIMILAR, "Avalos Crus", "Ávalos Cruz")
    assert (surnames.said_spans, surnames.registered_spans) == (((10, 11),), ((10, 11),))
    assert surnames.notes == (Note.SOUNDS_ALIKE,)
    assert rows[Field.GIVEN].sign is Sign.EQUAL
    assert (rows[Field.BIRTH].sign, rows[Field.BIRTH].notes) == (Sign.EQUAL, (Note.ASK_THE_DAY,))
    assert rows[Field.STATE].sign is Sign.EQUAL
    assert (rows[Field.PHONE].said, rows[Field.PHONE].registered) == ("915 ••• ••40", "715 ••• ••18")
    assert rows[Field.PHONE].notes == (Note.MAY_HAVE_CHANGED,)
    assert (rows[Field.MOTHER].sign, rows[Field.MOTHER].notes) == (Sign.MISSING, (Note.ASK_TO_CONFIRM,))


def test_the_word_for_the_whole_needs_more_than_a_likeness():
    def word(given_name: str, first: str, second: str, birth: str) -> Likelihood:
        candidate = Candidate("x", PersonName(given_name, first, second), born(birth), "16")
        return compare(QUERY, candidate).likelihood

    assert word("Martín", "Ávalos", "Cruz", "1992-03-14") is Likelihood.VERY_LIKELY
    assert word("Martín", "Ávalos", "de la Cruz", "1992") is Likelihood.POSSIBLE
    assert word("José Martín", "Ábalos", "Cruz", "1992-11-03") is Likelihood.POSSIBLE
    assert word("Marcos", "Ávalos", "Cruz", "1992-03-14") is Likelihood.DOUBTFUL
    assert word("Martín", "Dávalos", "Cruz", "1982-08-09") is Likelihood.DOUBTFUL


def test_a_twin_is_never_very_likely():
    twin = Candidate("t", PersonName("Marcos", "Tzintzun", "Güémez"), born("1992-03-14"), "16", "H")
    asked = PersonQuery(PersonName("Martín", "Tzintzun", "Güémez"), born("1992-03-14"), "16", "H")
    assert compare(asked, twin).likelihood is Likelihood.POSSIBLE


def test_a_father_with_the_same_name_is_never_very_likely():
    father = Candidate("f", PersonName("Martín", "Tzintzun", "Güémez"), born("1965-03-20"), "16", "H")
    asked = PersonQuery(PersonName("Martín", "Tzintzun", "Güémez"), born("1992-03-14"), "16", "H")
    assert compare(asked, father).likelihood is not Likelihood.VERY_LIKELY


def test_the_first_of_january_is_weak_evidence():
    def total(day: str) -> float:
        person = Candidate("x", MARTIN.name, born(day))
        return compare(PersonQuery(MARTIN.name, born(day)), person).total

    assert total("1992-01-01") < total("1992-03-14") - 5
    weak = Candidate("x", PersonName("Juan", "García", "López"), born("1992-01-01"))
    assert compare(PersonQuery(weak.name, weak.birth), weak).likelihood is not Likelihood.VERY_LIKELY


@pytest.mark.parametrize(
    ("said", "registered", "field", "sign", "note"),
    [
        (PersonName("Martín", "Cruz", "Ávalos"), MARTIN.name, Field.SURNAMES, Sign.SIMILAR, Note.SWAPPED_SURNAMES),
        (PersonName("Martín", "Cruz"), MARTIN.name, Field.SURNAMES, Sign.SIMILAR, Note.SWAPPED_SURNAMES),
        (PersonName("Martín", "Ávalos"), MARTIN.name, Field.SURNAMES, Sign.SIMILAR, Note.ONE_SURNAME_MISSING),
        (PersonName("Martín", "", "Ávalos"), MARTIN.name, Field.SURNAMES, Sign.SIMILAR, Note.ONE_SURNAME_MISSING),
        (PersonName("Martín", "Ávalos", "Ruiz"), MARTIN.name, Field.SURNAMES, Sign.DIFFERENT, Note.ONE_SURNAME_DIFFERS),
        (PersonName("Martín", "Avaos", "Cruz"), MARTIN.name, Field.SURNAMES, Sign.SIMILAR, Note.SPELLING),
        (
            PersonName("Ana", "Lara", "de la Cruz"),
            PersonName("Ana", "Lara", "Cruz"),
            Field.SURNAMES,
            Sign.SIMILAR,
            Note.PARTICLES_DIFFER,
        ),
        (PersonName("Chuy"), PersonName("Jesús"), Field.GIVEN, Sign.SIMILAR, Note.HYPOCORISTIC),
        (PersonName("Mike"), PersonName("Miguel"), Field.GIVEN, Sign.SIMILAR, Note.HYPOCORISTIC),
        (PersonName("Luis"), PersonName("José Luis"), Field.GIVEN, Sign.SIMILAR, Note.GIVEN_NAME_MISSING),
        (PersonName("Luis José"), PersonName("José Luis"), Field.GIVEN, Sign.SIMILAR, Note.OTHER_ORDER),
        (PersonName("Güero"), PersonName("Jesús", preferred="Güero"), Field.GIVEN, Sign.SIMILAR, Note.ALIAS),
    ],
)
def test_names_are_compared_as_people_use_them(said, registered, field, sign, note):
    found = row(PersonQuery(said), Candidate("x", registered), field)
    assert found.sign is sign
    assert note in found.notes


@pytest.mark.parametrize(
    ("said", "registered", "sign", "notes"),
    [
        ("1992-03-11", "1992-03-11", Sign.EQUAL, ()),
        ("1992-01-01", "1992-01-01", Sign.EQUAL, (Note.FIRST_OF_JANUARY,)),
        ("1992-03-11", "1992-11-03", Sign.SIMILAR, (Note.DAY_MONTH_SWAPPED,)),
        ("1992-03-11", "1993-03-11", Sign.SIMILAR, (Note.YEAR_ONE_OFF,)),
        ("1992-03-11", "1982-03-11", Sign.SIMILAR, (Note.OTHER_YEAR,)),
        ("1992-03-11", "1967-03-11", Sign.DIFFERENT, (Note.OTHER_YEAR,)),
        ("1992-03-11", "1992-03-21", Sign.SIMILAR, (Note.OTHER_DAY,)),
        ("1992-03-11", "1992-01-01", Sign.SIMILAR, (Note.FIRST_OF_JANUARY,)),
        ("1992-03-11", "1967-05-29", Sign.DIFFERENT, (Note.OTHER_YEAR,)),
        ("1992-03-11", "1992", Sign.EQUAL, (Note.NO_DAY_REGISTERED,)),
        ("1992", "1993", Sign.SIMILAR, (Note.YEAR_ONE_OFF, Note.ASK_THE_DAY)),
        ("1992", "1999", Sign.DIFFERENT, (Note.ASK_THE_DAY,)),
        ("1992-03", "1992-04", Sign.DIFFERENT, (Note.OTHER_DAY, Note.ASK_THE_DAY)),
    ],
)
def test_birth_dates_say_how_they_differ(said, registered, sign, notes):
    found = row(PersonQuery(PersonName(), born(said)), Candidate("x", PersonName(), born(registered)), Field.BIRTH)
    assert (found.sign, found.notes) == (sign, notes)


def test_an_estimated_year_agrees_within_two():
    guess = PersonQuery(PersonName(), PartialDate.from_parts(1990, estimated=True))
    assert row(guess, Candidate("x", PersonName(), born("1992-03-11")), Field.BIRTH).sign is Sign.SIMILAR
    assert row(guess, Candidate("x", PersonName(), born("1993-03-11")), Field.BIRTH).sign is Sign.DIFFERENT


def test_a_curp_decides_and_one_wrong_character_is_a_slip():
    asked = PersonQuery(PersonName("Gloria", "Hernández"), curp="HEGG560427MVZRRL04")
    assert compare(asked, Candidate("1", asked.name, curp="HEGG560427MVZRRL04")).likelihood is Likelihood.VERY_LIKELY
    slip = row(asked, Candidate("1", asked.name, curp="HEGG560427MVZRRL14"), Field.CURP)
    assert (slip.sign, slip.said_spans) == (Sign.SIMILAR, ((16, 17),))
    other = Candidate("1", asked.name, born("1956-04-27"), curp="AAAA560427MVZRRL04")
    assert compare(asked, other).likelihood is not Likelihood.VERY_LIKELY


def test_the_mothers_name_agrees_in_any_order():
    asked = PersonQuery(PersonName("Ana"), mother="Elvira Cruz")
    assert row(asked, Candidate("1", PersonName("Ana"), mother="Cruz Solís, Elvira"), Field.MOTHER).sign is Sign.SIMILAR
    assert row(asked, Candidate("1", PersonName("Ana"), mother="Rosa Ek"), Field.MOTHER).sign is Sign.DIFFERENT


def test_the_alias_that_fits_stands_for_the_name():
    person = Candidate("1", PersonName("Juan", "Pech", "Uc"), aliases=(PersonName("Martín", "Ávalos", "Cruz"),))
    found = row(QUERY, person, Field.SURNAMES)
    assert found.registered == "Ávalos Cruz"
    assert Note.ALIAS in found.notes


def test_phones_are_masked_whatever_their_length():
    assert mask_phone("+52 (715) 555-0118") == "715 ••• ••18"
    assert mask_phone("5550118") == "••18"
    assert mask_phone("none") == ""


def test_letters_typed_so_far_count_for_whom_they_begin():
    asked = PersonQuery(PersonName("mar", "Avalos", "Cruz"), is_typing=True)
    marcos = Candidate("2", PersonName("Luis", "Ávalos", "Cruz"))
    assert [found.candidate_id for found in rank(asked, [marcos, MARTIN])] == ["1", "2"]
    assert Note.STILL_TYPING in row(asked, MARTIN, Field.GIVEN).notes


@pytest.mark.parametrize("unfinished", [PersonName("cr", "Avalos"), PersonName("", "Avalos", "cr")])
def test_an_unfinished_word_may_become_a_surname_or_a_given_name(unfinished):
    people = [
        Candidate("1", PersonName("Martín", "Ávalos", "Ruiz")),
        Candidate("2", PersonName("Martín", "Ávalos", "Cruz")),
        Candidate("3", PersonName("Cristina", "Ávalos", "Ruiz")),
    ]
    found = [best.candidate_id for best in rank(PersonQuery(unfinished, is_typing=True), people)]
    assert set(found[:2]) == {"2", "3"}


def test_the_order_is_by_evidence_then_by_id_whatever_the_order_given():
    people = [Candidate(str(i), MARTIN.name, born("1992-03-14"), "16") for i in range(6)]
    people.append(Candidate("9", PersonName("Elvira", "Uc", "Ek"), born("1971-01-02"), "07"))
    expected = ["0", "1", "2", "3"]
    for seed in range(5):
        shuffled = Random(seed).sample(people, len(people))
        assert [found.candidate_id for found in rank(QUERY, shuffled, limit=4)] == expected


def test_nobody_to_compare_gives_nobody():
    assert rank(QUERY, []) == []


WORDS = st.text("abcdefñáé' -", max_size=10)
NAMES = st.builds(PersonName, WORDS, WORDS, WORDS, WORDS)
GUESSED = PartialDate.from_parts(1990, estimated=True)
BIRTHS = st.sampled_from([None, born("1992"), born("1992-03"), born("1992-03-14"), GUESSED])


@given(NAMES, NAMES, BIRTHS, BIRTHS, st.booleans())
def test_spans_stay_inside_their_texts(said, registered, said_birth, registered_birth, is_typing):
    query = PersonQuery(said, said_birth, "16", is_typing=is_typing)
    for found in compare(query, Candidate("x", registered, registered_birth)).rows:
        for text, spans in ((found.said, found.said_spans), (found.registered, found.registered_spans)):
            assert all(0 <= start < end <= len(text) for start, end in spans)


@given(NAMES, BIRTHS)
def test_a_person_never_differs_from_themselves(name, birth):
    found = compare(PersonQuery(name, birth, "16", "X"), Candidate("1", name, birth, "16", "X"))
    assert Sign.DIFFERENT not in {row.sign for row in found.rows}


def test_damaged_people_are_ranked_among_the_first_five():
    frequencies = load_frequencies()
    random = Random(3)
    people = make_people(400, seed=3, frequencies=frequencies)
    found = 0
    for person in people[:150]:
        query = ask_with_damage(person, random, frequencies, with_day=True, with_state=True)
        found += any(best.candidate_id == person.id for best in rank(query, people))
    assert found >= 147
