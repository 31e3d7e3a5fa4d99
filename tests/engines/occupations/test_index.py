import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.occupations import LexiconEntry, OccupationIndex, RankRule, RankWord, UnitGroup

GROUPS = [
    UnitGroup("7122", "Techadores"),
    UnitGroup("7134", "Plomeros"),
    UnitGroup("9221", "Trabajadores de apoyo en la construcción"),
    UnitGroup("9222", "Trabajadores de apoyo en plomería"),
    UnitGroup("5241", "Jardineros en establecimientos"),
    UnitGroup("5242", "Jardineros en casas particulares"),
]


@pytest.fixture
def small() -> OccupationIndex:
    return OccupationIndex.build(
        GROUPS,
        [
            LexiconEntry("roofer", ("7122",)),
            LexiconEntry("plomero", ("7134",)),
            LexiconEntry("yarda", ("5241", "5242")),
        ],
        [RankWord("chalán", "helper")],
        [RankRule("helper", "71", "9221"), RankRule("helper", "7134", "9222")],
    )


def first(index: OccupationIndex, title: str) -> str:
    candidates = index.suggest(title).candidates
    return candidates[0].code if candidates else ""


def test_a_phrase_of_the_lexicon_is_found_exactly(small: OccupationIndex) -> None:
    candidate = small.suggest("Roofer").candidates[0]
    assert (candidate.code, candidate.score, candidate.source, candidate.matched) == (
        "7122",
        1.0,
        "exact_lexicon",
        "roofer",
    )


def test_other_forms_of_a_phrase_are_found_by_words(small: OccupationIndex) -> None:
    assert small.suggest("plomeras").candidates[0].source == "lexicon"
    assert first(small, "plomeras") == "7134"


def test_spelling_nobody_foresaw_is_found_by_letters(small: OccupationIndex) -> None:
    candidate = small.suggest("superplomero").candidates[0]
    assert (candidate.code, candidate.source) == ("7134", "ngram")


def test_a_helper_takes_the_code_of_helpers_and_the_longest_prefix_decides(small: OccupationIndex) -> None:
    assert first(small, "chalán de plomero") == "9222"
    assert first(small, "chalán de roofer") == "9221"


def test_two_close_codes_become_a_question(small: OccupationIndex) -> None:
    assert small.suggest("la yarda").question == ("5241", "5242")
    assert small.suggest("roofer").question is None


@pytest.mark.parametrize("title", ["", "   ", "¿?", "xqzt wkpf", "12345"])
def test_the_index_abstains_when_nothing_is_near(small: OccupationIndex, title: str) -> None:
    suggestion = small.suggest(title)
    assert suggestion.candidates == ()
    assert suggestion.question is None


def test_an_empty_index_abstains() -> None:
    assert OccupationIndex.build([], []).suggest("roofer").candidates == ()


def test_the_limit_holds(index: OccupationIndex) -> None:
    assert len(index.suggest("mantenimiento de jardines en hotel", limit=2).candidates) == 2


def test_many_titles_are_answered_in_their_order_as_one_by_one(index: OccupationIndex) -> None:
    titles = ["roofer", "Roofer", "tablaroca", "", "roofer"]
    assert index.suggest_many(titles) == [index.suggest(title) for title in titles]


def test_a_phrase_with_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="'roofer' names codes that are no unit group: \\['0001'\\]"):
        OccupationIndex.build(GROUPS, [LexiconEntry("roofer", ("0001",))])


def test_a_rule_with_an_unknown_code_is_refused() -> None:
    with pytest.raises(ValueError, match="helper 71 names a code that is no unit group: 0001"):
        OccupationIndex.build(GROUPS, [], [], [RankRule("helper", "71", "0001")])


def test_a_phrase_without_letters_is_refused() -> None:
    with pytest.raises(ValueError, match="has no letter or digit"):
        OccupationIndex.build(GROUPS, [LexiconEntry("¿?", ("7122",))])


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("roofer", "7122"),
        ("trabajaba en los techos", "7122"),
        ("tablaroca", "7131"),
        ("dishwasher", "9623"),
        ("piscador", "9111"),
        ("forklift", "8352"),
        ("hojalatero", "7213"),
        ("encargado de tienda", "4201"),
        ("alvañil", "7121"),
        ("ayudante de albañil", "9221"),
        ("ayudante de plomero", "9222"),
        ("ayudante de cocina", "9411"),
        ("housekeeping", "9622"),
        ("soldadora", "7212"),
    ],
)
def test_jobs_of_returned_people_are_known(index: OccupationIndex, title: str, code: str) -> None:
    assert first(index, title) == code


def test_landscaping_is_asked_about(index: OccupationIndex) -> None:
    assert index.suggest("landscaping").question == ("5241", "5242")


@given(st.text(max_size=60))
def test_suggestions_are_ranked_distinct_and_within_bounds(index: OccupationIndex, title: str) -> None:
    candidates = index.suggest(title).candidates
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({candidate.code for candidate in candidates}) == len(candidates) <= 5
