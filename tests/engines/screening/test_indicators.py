"""The indicators as they are shipped, and what the loader refuses."""

import csv
from collections import Counter

import pytest

from puente.engines.screening import (
    Dimension,
    IndicatorSet,
    InvalidContent,
    Status,
    Strength,
    Text,
    pick_set,
    read_indicators,
)
from puente.platform.paths import CONTENT

FILE = CONTENT / "protection" / "indicators_2026.1.csv"
AL, CL, AS, CS = IndicatorSet
ROW = {
    "indicator_id": "EX01", "dimension": "EX", "set": "AL", "strength": "S", "label_es": " uno ", "label_en": "one",
    "label_fr": "un", "question_es": "¿uno?", "question_en": "one?", "question_fr": "un ?", "status": "verified",
    "source": " ILO ",
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped():
    with FILE.open() as file:
        return read_indicators(csv.DictReader(file))


def count(indicators):
    return [sum(each.dimension is dimension for each in indicators) for dimension in Dimension]


def test_the_sets_have_the_published_sizes(shipped):
    assert count(shipped[AL]) == [10, 10, 16, 9, 15, 7]
    assert len(shipped[AL]) == 67
    assert count(shipped[CL]) == [10, 10, 15, 8, 15, 7]
    assert len(shipped[CL]) == 65
    assert set(shipped) == set(IndicatorSet)


def test_the_strengths_are_the_published_ones(shipped):
    weights = {
        asked: {strength: {each.id for each in shipped[asked] if each.strength is strength} for strength in Strength}
        for asked in (AL, CL)
    }
    assert weights[AL][Strength.STRONG] == {"DR01", "CR01", "EX01", "CD01", "CD02", "CD03", "CD04"}
    assert weights[AL][Strength.WEAK] == {"DR10", "RV15", "RV16", "EX09", "CD15", "VD06", "VD07"}
    assert weights[CL][Strength.STRONG] == {
        "DR01", "DR10", "CR01", "CR02", "CR03", "CR04", "EX01", "CD01", "CD02", "CD03", "CD04", "CD05", "CD06",
        "CD07", "CD08",
    }  # fmt: skip
    assert weights[CL][Strength.WEAK] == set()
    assert {each.id for each in shipped[AL]} - {each.id for each in shipped[CL]} == {"RV08", "EX08"}


def test_the_labour_sets_are_verified_and_of_the_sexual_sets_what_was_compared(shipped):
    assert all(each.status is Status.VERIFIED for asked in (AL, CL) for each in shipped[asked])
    verified = {asked: {each.id for each in shipped[asked] if each.status is Status.VERIFIED} for asked in (AS, CS)}
    assert verified == {AS: {"CD07"}, CS: {"CD07", "EX06"}}
    strengths = {asked: {each.id: each.strength for each in shipped[asked]} for asked in (AS, CS)}
    assert strengths[AS]["CD07"] is strengths[CS]["CD07"] is strengths[CS]["EX06"] is Strength.STRONG
    assert not any(each.strength is Strength.STRONG for each in shipped[AS] if each.dimension is Dimension.EXPLOITATION)


def test_an_indicator_has_the_same_dimension_in_every_set(shipped):
    dimensions = Counter({(each.id, each.dimension) for indicators in shipped.values() for each in indicators})
    assert len({name for name, _dimension in dimensions}) == len(dimensions)


def test_children_are_asked_in_their_own_words(shipped):
    adult = {each.id: each.question.es for each in shipped[AL]}
    assert sum(adult[each.id] == each.question.es for each in shipped[CL]) == 0


def test_a_row_becomes_an_indicator():
    (indicator,) = read_indicators([ROW])[AL]
    assert (indicator.id, indicator.dimension, indicator.set) == ("EX01", Dimension.EXPLOITATION, AL)
    assert (indicator.strength, indicator.status, indicator.source) == (Strength.STRONG, Status.VERIFIED, "ILO")
    assert indicator.label == Text("uno", "one", "un")
    assert indicator.question == Text("¿uno?", "one?", "un ?")


def test_words_are_said_in_the_readers_language_and_in_spanish_otherwise():
    words = Text("uno", "one", "un")
    assert [words.say(language) for language in ("es", "en", "en-us", "fr", "fr-ca", "es-mx", "de")] == [
        "uno", "one", "one", "un", "un", "uno", "uno",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dimension": "XX", "indicator_id": "XX01"}, "dimension is “XX”, it must be one of DR, CR, RV, EX, CD, VD"),
        ({"set": "ZZ"}, "set is “ZZ”, it must be one of AL, CL, AS, CS"),
        ({"strength": "s"}, "strength is “s”, it must be one of S, M, W"),
        ({"status": "seen"}, "status is “seen”, it must be one of verified, unverified"),
        ({"indicator_id": "CD01"}, "“CD01” must be its dimension and a number"),
        ({"indicator_id": "EXa1"}, "“EXa1” must be its dimension and a number"),
        ({"indicator_id": "EX"}, "“EX” must be its dimension and a number"),
        ({"label_es": "  "}, "label_es is empty"),
        ({"label_en": ""}, "label_en is empty"),
        ({"label_fr": ""}, "label_fr is empty"),
        ({"question_es": ""}, "question_es is empty"),
        ({"question_en": ""}, "question_en is empty"),
        ({"question_fr": " "}, "question_fr is empty"),
        ({"source": " "}, "source is empty"),
    ],
)
def test_a_wrong_row_is_refused_with_its_line(change, said):
    with pytest.raises(InvalidContent) as refused:
        read_indicators([ROW, ROW | change, ROW | change])
    assert refused.value.problems == [f"line 3: {said}", f"line 4: {said}"]


def test_every_problem_is_told_at_once():
    with pytest.raises(InvalidContent) as refused:
        read_indicators([ROW | {"label_es": "", "strength": "X"}, ROW, ROW, ROW | {"set": "CL", "dimension": "CD", "indicator_id": "CD01"}])  # fmt: skip  # noqa: E501
    assert refused.value.problems == [
        "line 2: strength is “X”, it must be one of S, M, W",
        "line 2: label_es is empty",
        "set AL: EX01 stands there 2 times",
        "set CL: no indicator of exploitation (EX)",
    ]
    assert str(refused.value).splitlines() == refused.value.problems


def test_an_empty_file_is_refused():
    with pytest.raises(InvalidContent, match=r"^there is no indicator$"):
        read_indicators([])


@pytest.mark.parametrize(
    ("is_child", "is_sexual", "asked"), [(False, False, AL), (True, False, CL), (False, True, AS), (True, True, CS)]
)
def test_the_set_follows_from_the_age_and_the_subject(is_child, is_sexual, asked):
    assert pick_set(is_child=is_child, is_sexual=is_sexual) is asked
    assert asked.is_for_children is is_child
    assert asked.is_sexual is is_sexual
