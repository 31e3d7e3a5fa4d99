"""One roofer on his way home to a small market, and what is said to him; and what the engine refuses."""

from dataclasses import fields, replace
from datetime import date

import numpy as np
import pytest

from puente.engines.matching import (
    Answers,
    Document,
    Kind,
    Municipalities,
    OccupationSimilarity,
    OpeningIndex,
    OpeningTable,
    PastJob,
    PersonProfile,
    PlaceChoice,
    Question,
    QuestionCode,
    Reason,
    ReasonCode,
    Rule,
    Schedule,
    Shortlist,
    Weights,
    compile_ahead,
    index_openings,
    shortlist,
)
from puente.engines.matching.distance import measure_great_circle
from puente.engines.matching.scan import scan_openings

NOW = date(2026, 11, 23)
ROOFER, COOK, DRIVER = 0, 1, 2
HOME, NEXT_TOWN, FAR_TOWN = 0, 1, 2
TYPE_B = 3
MUNICIPALITIES = Municipalities(
    state=np.array([0, 0, 1], np.int16),
    latitude=np.array([22.77, 22.80, 31.69]),
    longitude=np.array([-102.57, -102.53, -106.42]),
)
SIMILARITY = OccupationSimilarity(np.array([[1, 0.1, 0.2], [0.1, 1, 0.2], [0.6, 0.2, 1]], np.float32))
ORDINARY = {
    "kind": Kind.VACANCY,
    "employer": 1,
    "sinco": ROOFER,
    "wage": 9000.0,
    "state": 0,
    "municipality": HOME,
    "licences": 0,
    "documents": 0,
    "schooling": 0,
    "english": 0,
    "languages": 0,
    "minimum_age": -1,
    "maximum_age": -1,
    "schedule": 0,
    "hours": 48.0,
    "physical": 0,
    "housing": False,
    "household_places": -1,
    "remote": False,
    "places_left": 1,
    "valid_until": np.datetime64("2026-12-31"),
}
ROOFER_GOING_HOME = PersonProfile(
    jobs=(PastJob(ROOFER, years=6.0),),
    licences=Answers(no=1 << TYPE_B),
    documents=Answers(no=1 << Document.FIXED_ADDRESS),
    schedule=Answers(no=1 << Schedule.NIGHTS),
    schooling=3,
    english=1,
    age=34,
    household_size=4,
    max_hours=48.0,
    wage_floor=8000.0,
    places=(PlaceChoice(state=0),),
    home=(22.77, -102.57),
)


def make_table(*openings: dict[str, object]) -> OpeningTable:
    rows = [{"id": f"v{number}", **ORDINARY, **opening} for number, opening in enumerate(openings)]
    return OpeningTable(
        **{column.name: np.array([row[column.name] for row in rows]) for column in fields(OpeningTable)}
    )


def make_index(*openings: dict[str, object]) -> OpeningIndex:
    return index_openings(make_table(*openings), MUNICIPALITIES, occupations=3)


def rank(*openings: dict[str, object], profile: PersonProfile = ROOFER_GOING_HOME, limit: int = 10) -> Shortlist:
    return shortlist(profile, make_index(*openings), SIMILARITY, now=NOW, limit=limit)


def ids(result: Shortlist) -> list[object]:
    return [entry.id for entry in result.entries]


def test_the_work_somebody_did_comes_first_and_is_said_with_its_years() -> None:
    result = rank({"sinco": COOK}, {"sinco": ROOFER}, {"sinco": DRIVER})
    assert ids(result) == ["v1", "v2", "v0"]
    assert result.entries[0].reasons[0] == Reason(ReasonCode.DID_THIS_WORK, {"sinco": ROOFER, "years": 6.0})


def test_a_better_wage_is_said_in_pesos_above_the_floor() -> None:
    result = rank({"wage": 8000.0}, {"wage": 9900.5})
    assert ids(result) == ["v1", "v0"]
    assert result.entries[0].reasons[0] == Reason(ReasonCode.PAYS_ABOVE_FLOOR, {"pesos": 1900})


def test_similar_work_is_named_only_where_the_similarity_is_high_enough() -> None:
    was_driver = replace(ROOFER_GOING_HOME, jobs=(PastJob(DRIVER, years=2.0),))
    said = rank({"sinco": ROOFER}, {"sinco": COOK}, profile=was_driver).entries
    assert Reason(ReasonCode.SIMILAR_WORK, {"sinco": DRIVER, "similarity": 0.6}) in said[0].reasons
    assert ReasonCode.SIMILAR_WORK not in {reason.code for reason in said[1].reasons}


def test_fourteen_are_hidden_and_one_reads_why() -> None:
    licence, address = {"licences": 1 << TYPE_B}, {"documents": 1 << Document.FIXED_ADDRESS}
    result = rank(*[licence] * 7, *[{**licence, **address}] * 2, *[address] * 5)
    assert not result.entries
    assert {(hidden.rule, hidden.detail): (hidden.first, hidden.alone) for hidden in result.hidden} == {
        (Rule.LICENCE, TYPE_B): (9, 7),
        (Rule.DOCUMENT, Document.FIXED_ADDRESS): (5, 5),
    }
    assert [(step.rule, step.more, step.rank) for step in result.one_more] == [
        (Rule.LICENCE, 7, 1),
        (Rule.DOCUMENT, 5, 1),
    ]


def test_near_identical_openings_stand_twice_and_are_counted_behind_the_second() -> None:
    result = rank(*[{}] * 6, {"wage": 8500.0})
    assert [(entry.id, entry.more_like_this) for entry in result.entries] == [("v0", 0), ("v1", 4), ("v6", 0)]


def test_an_unknown_licence_hides_nothing_and_is_asked() -> None:
    unasked = replace(ROOFER_GOING_HOME, licences=Answers())
    (entry,) = rank({"licences": 1 << TYPE_B}, profile=unasked).entries
    assert Question(QuestionCode.LICENCE, TYPE_B) in entry.to_confirm


def test_a_wage_the_employer_did_not_say_hides_nothing_and_is_asked_of_the_employer() -> None:
    (entry,) = rank({"wage": np.nan}).entries
    assert entry.to_confirm == (Question(QuestionCode.EMPLOYER_WAGE),)


def test_a_course_is_not_measured_by_its_wage() -> None:
    assert ids(rank({"kind": Kind.COURSE, "wage": 100.0})) == ["v0"]


def test_the_person_may_give_way_on_the_wage_as_far_as_they_said() -> None:
    giving = replace(ROOFER_GOING_HOME, wage_give=500.0)
    assert not rank({"wage": 7500.0}).entries
    assert ids(rank({"wage": 7500.0}, {"wage": 7499.0}, profile=giving)) == ["v0"]


def test_housing_too_small_for_the_household_is_hidden() -> None:
    assert ids(rank({"housing": True, "household_places": 3}, {"housing": True, "household_places": 4})) == ["v1"]


def test_other_states_are_left_out_unless_the_work_is_done_from_home() -> None:
    far = {"state": 1, "municipality": FAR_TOWN}
    result = rank(far, {**far, "remote": True})
    assert ids(result) == ["v1"]
    assert Reason(ReasonCode.WORKS_FROM_HOME) in result.entries[0].reasons
    assert not result.hidden


def test_an_opening_somewhere_in_a_state_is_not_sent_when_one_municipality_there_is_forbidden() -> None:
    somewhere = {"municipality": -1}
    forbidden = replace(ROOFER_GOING_HOME, never_send_municipalities=frozenset({NEXT_TOWN}))
    assert ids(rank(somewhere)) == ["v0"]
    assert not rank(somewhere, profile=forbidden).entries
    assert ids(rank({"state": -1, "municipality": -1}, {}, profile=forbidden)) == ["v1"]


def test_the_last_day_counts_and_the_day_after_does_not() -> None:
    assert ids(rank({"valid_until": np.datetime64("2026-11-23")}, {"valid_until": np.datetime64("2026-11-22")})) == [
        "v0"
    ]


def test_equal_openings_stand_in_the_order_of_their_ids() -> None:
    assert ids(rank({"id": "b", "employer": 2}, {"id": "a", "employer": 3}, {"id": "c", "employer": 4})) == [
        "a",
        "b",
        "c",
    ]


def test_distances_that_can_be_worked_out_by_hand_are_right() -> None:
    around = 2 * np.pi * 6371.0088
    latitudes, longitudes = np.array([0.0, 1.0, 90.0, 0.0, 0.0]), np.array([-106.0, -106.0, 20.0, -16.0, 74.0])
    expected = [0, around / 360, around / 4, around / 4, around / 2]
    assert measure_great_circle(0.0, -106.0, latitudes, longitudes) == pytest.approx(expected)


def test_after_compiling_ahead_nobody_waits_for_the_compiler() -> None:
    compile_ahead()
    before = len(scan_openings.signatures)  # type: ignore[attr-defined]
    rank({}, {"remote": True})
    assert len(scan_openings.signatures) == before  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("wage", -5.0, "wage must be above 0"),
        ("hours", 0.0, "hours must be above 0"),
        ("schooling", 9, "schooling must lie between 0 and 8"),
        ("licences", 1 << 24, "licences must lie between"),
        ("kind", 3, "kind must lie between 0 and 2"),
        ("employer", 1.5, "employer holds values that do not fit"),
        ("valid_until", "tomorrow", "valid_until holds values"),
    ],
)
def test_a_wrong_column_is_refused_by_name(column: str, value: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_table({column: value})


@pytest.mark.parametrize(
    ("opening", "message"),
    [
        ({"sinco": 3}, "sinco holds an index beyond"),
        ({"municipality": 7}, "municipality holds an index beyond"),
        ({"state": 5, "municipality": -1}, "state holds an index beyond"),
        ({"state": 1}, "municipality of another state"),
    ],
)
def test_an_opening_that_names_what_does_not_exist_is_refused(opening: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make_index(opening)


def test_two_openings_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="id must be unique"):
        make_table({"id": "v"}, {"id": "v"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"schooling": 9},
        {"english": -1},
        {"wage_floor": 0.0},
        {"home": (95.0, 0.0)},
        {"licences": Answers(no=1 << 24)},
        {"schedule": Answers(yes=1 << 3)},
    ],
)
def test_a_profile_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        PersonProfile(**wrong)  # type: ignore[arg-type]


def test_an_answer_that_is_both_yes_and_no_is_refused() -> None:
    with pytest.raises(ValueError, match="yes or no"):
        Answers(yes=1, no=1)


def test_a_place_is_a_state_or_a_municipality() -> None:
    with pytest.raises(ValueError, match="give one"):
        PlaceChoice(state=1, municipality=2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": (PlaceChoice(state=2),)},
        {"places": (PlaceChoice(municipality=3),)},
        {"never_send_states": frozenset({2})},
        {"never_send_municipalities": frozenset({3})},
        {"jobs": (PastJob(3),)},
    ],
)
def test_a_profile_that_names_what_does_not_exist_is_refused_without_naming_the_place(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="does not exist") as error:
        rank({}, profile=replace(ROOFER_GOING_HOME, **wrong))
    assert not any(digit in str(error.value) for digit in "23")


def test_similarities_outside_their_range_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        OccupationSimilarity(np.array([[1, 2], [0, 1]], np.float32))
    with pytest.raises(ValueError, match="square"):
        OccupationSimilarity(np.ones((2, 3), np.float32))


def test_a_weight_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="wage must lie"):
        Weights(wage=-0.1)


def test_a_list_of_none_is_refused() -> None:
    with pytest.raises(ValueError, match="limit"):
        rank({}, limit=0)
