"""Search keys: a damaged question still shares a key with the person, and a stranger hardly ever does."""

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.synthetic_people import ask_with_damage, load_frequencies, make_people
from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.keys import KINDS, query_keys, search_keys
from puente.engines.identity.names import PersonName

MARTIN = PersonName("José Martín", "Ávalos", "Cruz")
STORED = set(search_keys(MARTIN, PartialDate.from_iso("1992-03-14"), "16"))
BROAD = {"s", "si"}


def shared(
    given_name: str = "", first: str = "", second: str = "", birth: str = "", state: str = "", is_typing: bool = False
) -> set[str]:
    """The kinds of key that a question shares with Martín."""
    name = PersonName(given_name, first, second)
    day = PartialDate.from_iso(birth) if birth else None
    query = PersonQuery(name, day, state or None, is_typing=is_typing)
    return {key.partition("|")[0] for key in STORED & set(query_keys(query))}


@pytest.mark.parametrize(
    "question",
    [
        {"given_name": "Martin", "first": "Avalos", "second": "Crus"},
        {"given_name": "Jose Martin", "first": "Cruz", "second": "Avalos"},
        {"given_name": "Martín José", "first": "Ábalos"},
        {"given_name": "Pepe", "first": "Ávalos", "second": "Cruz"},
        {"given_name": "Joe", "first": "Avalos", "birth": "1992"},
        {"given_name": "Martin", "first": "Avalos", "second": "Lopez", "birth": "1992"},
        {"given_name": "Martin", "first": "Cruz", "birth": "1991"},
        {"given_name": "Raúl", "first": "Ávalos", "second": "Cruz", "birth": "1992"},
        {"given_name": "Raúl", "first": "Ávalos", "second": "Cruz", "state": "16"},
        {"given_name": "Martin", "first": "Lopez", "second": "Ruiz", "birth": "1992-03-14"},
        {"given_name": "Raúl", "first": "Cruz", "second": "Ruiz", "birth": "1992-03-14"},
        {"given_name": "Marten", "first": "Avalos", "birth": "1992"},
        {"given_name": "Marten", "first": "Avalos", "state": "16"},
        {"given_name": "Martin", "first": "de la Cruz", "birth": "1992"},
        {"given_name": "Martin", "first": "Delacruz", "birth": "1992"},
    ],
)
def test_a_damaged_question_shares_a_narrow_key(question):
    assert shared(**question) - BROAD


def test_a_question_with_day_and_month_swapped_shares_the_dated_keys():
    query = PersonQuery(PersonName("Ana", "Lara", "Ek"), PartialDate.from_iso("1992-11-03"))
    stored = search_keys(query.name, PartialDate.from_iso("1992-03-11"), None)
    assert {"sd", "gd"} <= {key.partition("|")[0] for key in set(stored) & set(query_keys(query))}


def test_an_estimated_year_is_looked_for_two_years_around():
    birth = PartialDate.from_iso("1990", estimated=True)
    query = PersonQuery(PersonName("Martín", "Ávalos", "Cruz"), birth)
    assert any(key.startswith("gsy|") for key in STORED & set(query_keys(query)))


@pytest.mark.parametrize("typed", ["m", "ma", "mar", "marti", "martin"])
def test_a_given_name_finds_the_person_at_each_letter_typed(typed):
    assert "si" in shared(typed, "Avalos", is_typing=True)
    assert "siy" in shared(typed, "Avalos", birth="1992", is_typing=True)
    assert "sit" in shared(typed, "Avalos", state="16", is_typing=True)


@pytest.mark.parametrize("typed", ["c", "cr", "cru", "cruz"])
def test_a_second_surname_finds_the_person_at_each_letter_typed(typed):
    assert "si" in shared("", "Avalos", typed, is_typing=True)


def test_a_finished_surname_pair_counts_while_typing():
    assert "py" in shared("", "Avalos", "Cruz", birth="1992", is_typing=True)


def test_a_stranger_shares_nothing():
    assert shared("Elvira", "Tzintzun", "Güémez", birth="1971-08-02", state="07") == set()


def test_nothing_known_gives_no_key():
    assert search_keys(PersonName(), None, None) == []
    assert query_keys(PersonQuery(PersonName())) == []


def test_the_most_selective_kinds_are_asked_first():
    keys = query_keys(PersonQuery(MARTIN, PartialDate.from_iso("1992-03-14"), "16"))
    order = [KINDS.index(key.partition("|")[0]) for key in keys]
    assert order == sorted(order)
    assert len(keys) == len(set(keys))


WORDS = st.text("abcdefghijklmnñopqrstuvwxyzáéíóúü' -", max_size=12)
NAMES = st.builds(PersonName, WORDS, WORDS, WORDS)
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(PartialDate.from_date)
BIRTHS = st.none() | DAYS | st.just(PartialDate.from_iso("1992"))


@given(NAMES, BIRTHS, st.sampled_from([None, "16"]))
def test_a_person_has_at_most_16_keys_and_is_found_by_all_of_them_when_said_alike(name, birth, state):
    keys = search_keys(name, birth, state)
    assert len(keys) == len(set(keys)) <= 16
    asked = set(query_keys(PersonQuery(name, birth, state)))
    assert {key for key in keys if not key.startswith("si|")} <= asked


def test_nearly_every_damaged_question_shares_a_narrow_key_with_its_person():
    frequencies = load_frequencies()
    random = Random(7)
    people = make_people(600, seed=7, frequencies=frequencies)
    missed = 0
    for person in people:
        query = ask_with_damage(person, random, frequencies, with_day=True, with_state=False)
        keys = set(search_keys(person.name, person.birth, person.birth_state)) & set(query_keys(query))
        missed += not {key.partition("|")[0] for key in keys} - BROAD
    assert missed <= 6
