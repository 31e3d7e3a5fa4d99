"""The rule per dimension, what dimensions mean together, and what is still open."""

import csv
from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.screening import (
    Answer,
    Basis,
    Clause,
    Dimension,
    Indicator,
    IndicatorSet,
    Outcome,
    Status,
    Strength,
    Text,
    Turn,
    apply_rule,
    read_answers,
    read_dimension,
    read_indicators,
    weigh_dimensions,
)
from puente.platform.paths import CONTENT

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
DR, CR, RV, EX, CD, VD = Dimension
WORDS = Text("a", "b", "c")


def make(name, strength):
    return Indicator(
        name, Dimension(name[:2]), IndicatorSet.ADULT_LABOUR, Strength(strength), WORDS, WORDS, Status.VERIFIED, "x"
    )


def make_dimension(dimension, strengths):
    return [make(f"{dimension}{number:02}", strength) for number, strength in enumerate(strengths, start=1)]


#: Two strong, three medium and two weak indicators in each dimension.
ALL = [indicator for dimension in Dimension for indicator in make_dimension(dimension, "SSMMMWW")]


def positive(*dimensions):
    return {f"{dimension}{number:02}": YES for dimension in dimensions for number in (1, 2)}


with (CONTENT / "protection" / "indicators_2026.1.csv").open() as file:
    SHIPPED = read_indicators(csv.DictReader(file))


@pytest.mark.parametrize(
    ("strengths", "is_positive"),
    [("S", False), ("SW", True), ("SS", True), ("MM", False), ("MMW", True), ("MWW", False), ("WWW", False),
     ("MMM", True), ("", False), ("W", False), ("M", False), ("SM", True), ("MMMM", True), ("WWWWWWW", False)],
)  # fmt: skip
def test_a_dimension_follows_the_rule_of_the_ilo(strengths, is_positive):
    indicators = make_dimension(EX, strengths)
    reading = read_dimension(EX, indicators, dict.fromkeys((each.id for each in indicators), YES))
    assert reading.is_positive is is_positive
    assert reading.is_flagged is (bool(strengths) and not is_positive)


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_the_clauses_are_the_rule_as_it_is_printed(strong, medium, weak):
    printed = (
        strong >= 2 or (strong >= 1 and medium + weak >= 1) or medium >= 3 or (medium >= 2 and weak >= 1)
    )  # fmt: skip
    assert (apply_rule(strong, medium, weak) is not None) is printed


@pytest.mark.parametrize(
    ("counts", "clause"),
    [((2, 0, 0), Clause.TWO_STRONG), ((3, 3, 1), Clause.TWO_STRONG), ((1, 1, 0), Clause.STRONG_AND_OTHER),
     ((1, 0, 1), Clause.STRONG_AND_OTHER), ((1, 4, 0), Clause.STRONG_AND_OTHER), ((0, 3, 0), Clause.THREE_MEDIUM),
     ((0, 3, 2), Clause.THREE_MEDIUM), ((0, 2, 1), Clause.TWO_MEDIUM_AND_WEAK), ((0, 2, 0), None),
     ((0, 1, 5), None), ((0, 0, 9), None), ((1, 0, 0), None), ((0, 0, 0), None)],
)  # fmt: skip
def test_the_first_clause_that_holds_is_the_reason(counts, clause):
    assert apply_rule(*counts) is clause


@pytest.mark.parametrize(
    ("found", "decided_by"),
    [("EX01 EX02", "EX01 EX02"), ("EX01 EX02 EX03 EX06", "EX01 EX02"), ("EX01 EX03", "EX01 EX03"),
     ("EX01 EX03 EX06", "EX01 EX03 EX06"), ("EX03 EX04 EX05 EX06", "EX03 EX04 EX05"),
     ("EX03 EX04 EX07", "EX03 EX04 EX07"), ("EX03 EX04", "")],
)  # fmt: skip
def test_the_reasons_are_the_indicators_that_the_clause_counts(found, decided_by):
    reading = read_dimension(EX, ALL, dict.fromkeys(found.split(), YES))
    assert reading.decided_by == tuple(decided_by.split())
    assert reading.found == tuple(found.split())


def test_indicators_of_other_dimensions_do_not_count():
    assert not read_dimension(CD, ALL, positive(EX)).found


def test_a_no_is_closed_and_what_is_unknown_or_not_asked_is_open():
    reading = read_dimension(EX, ALL, {"EX01": NO, "EX02": UNKNOWN, "EX03": YES})
    assert reading.open == ("EX02", "EX04", "EX05", "EX06", "EX07")
    assert reading.found == ("EX03",)
    # One medium stands: only a strong one beside it reaches the rule by itself.
    assert reading.turned_by == ("EX02",)


def test_a_positive_dimension_is_turned_by_nothing_more():
    reading = read_dimension(EX, ALL, positive(EX))
    assert reading.turned_by == ()
    assert reading.open


ILLUSTRATION = [
    ((), Outcome.NO_INDICATOR),
    ((EX,), Outcome.EXPLOITED),
    ((DR, EX), Outcome.DECEIVED_AND_EXPLOITED),
    ((DR, EX, CD), Outcome.PRESUMED_VICTIM),
    ((CR, EX, CD), Outcome.PRESUMED_VICTIM),
    ((DR, CR, EX, CD), Outcome.PRESUMED_VICTIM),
]
COMPLETED = [
    ((RV, EX), Outcome.ABUSED_AND_EXPLOITED, Basis.VULNERABILITY_STANDS_IN),
    ((VD, EX), Outcome.ABUSED_AND_EXPLOITED, Basis.VULNERABILITY_STANDS_IN),
    ((RV, VD, EX), Outcome.ABUSED_AND_EXPLOITED, Basis.VULNERABILITY_STANDS_IN),
    ((DR, RV, EX), Outcome.DECEIVED_AND_EXPLOITED, Basis.ILLUSTRATION),
    ((DR, VD, EX), Outcome.PRESUMED_VICTIM, Basis.VULNERABILITY_STANDS_IN),
    ((CR, VD, EX), Outcome.PRESUMED_VICTIM, Basis.VULNERABILITY_STANDS_IN),
    ((RV, CD, EX), Outcome.PRESUMED_VICTIM, Basis.VULNERABILITY_STANDS_IN),
    ((RV, CD, VD, EX), Outcome.PRESUMED_VICTIM, Basis.VULNERABILITY_STANDS_IN),
    ((CR, EX), Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END),
    ((CR, RV, EX), Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END),
    ((CD, EX), Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END),
    ((CD, VD, EX), Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END),
    ((DR, CR, EX), Outcome.PRESUMED_VICTIM, Basis.COERCION_AT_ONE_END),
]


@pytest.mark.parametrize(("dimensions", "outcome"), ILLUSTRATION)
def test_adults_are_read_as_the_ilo_illustrates(dimensions, outcome):
    reading = read_answers(ALL, positive(*dimensions), is_child=False)
    assert (reading.outcome, reading.basis) == (outcome, Basis.ILLUSTRATION)
    assert reading.positive == set(dimensions)


@pytest.mark.parametrize(("dimensions", "outcome", "basis"), COMPLETED)
def test_what_the_illustration_leaves_open_is_completed(dimensions, outcome, basis):
    reading = read_answers(ALL, positive(*dimensions), is_child=False)
    assert (reading.outcome, reading.basis) == (outcome, basis)


def powerset(items):
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


@pytest.mark.parametrize("dimensions", list(powerset([DR, CR, RV, CD, VD])))
@pytest.mark.parametrize("is_child", [False, True])
def test_without_exploitation_there_is_a_flag_at_most(dimensions, is_child):
    reading = read_answers(ALL, positive(*dimensions), is_child=is_child, act=YES)
    assert reading.outcome is (Outcome.FLAG if dimensions else Outcome.NO_INDICATOR)
    assert reading.basis is Basis.ILLUSTRATION


@pytest.mark.parametrize("act", [None, YES, UNKNOWN])
def test_for_a_child_exploitation_and_the_act_are_enough(act):
    reading = read_answers(ALL, positive(EX), is_child=True, **({} if act is None else {"act": act}))
    assert (reading.outcome, reading.basis) == (Outcome.PRESUMED_VICTIM, Basis.CHILD)


def test_a_child_whom_nobody_recruited_or_received_was_exploited():
    reading = read_answers(ALL, positive(EX), is_child=True, act=NO)
    assert (reading.outcome, reading.basis) == (Outcome.EXPLOITED, Basis.ILLUSTRATION)


@pytest.mark.parametrize("dimension", [DR, CR, RV, CD, VD])
def test_a_child_with_any_means_is_a_presumed_victim_whatever_is_said_of_the_act(dimension):
    reading = read_answers(ALL, positive(EX, dimension), is_child=True, act=NO)
    assert (reading.outcome, reading.basis) == (Outcome.PRESUMED_VICTIM, Basis.CHILD)


def test_the_act_changes_nothing_for_an_adult():
    for act in Answer:
        assert read_answers(ALL, positive(EX), is_child=False, act=act).outcome is Outcome.EXPLOITED
        assert weigh_dimensions(frozenset({EX}), has_indicator=True, is_child=False, act=act)[0] is Outcome.EXPLOITED


@pytest.mark.parametrize("name", [indicator.id for indicator in ALL])
def test_one_indicator_alone_is_a_flag(name):
    for is_child in (False, True):
        assert read_answers(ALL, {name: YES}, is_child=is_child).outcome is Outcome.FLAG


def test_no_indicator_at_all_proves_nothing_while_questions_are_open():
    nothing_asked = read_answers(ALL, {}, is_child=False)
    assert nothing_asked.outcome is Outcome.NO_INDICATOR
    assert nothing_asked.at_most is Outcome.PRESUMED_VICTIM
    assert nothing_asked.may_change
    assert nothing_asked.not_asked == tuple(indicator.id for indicator in ALL)
    all_no = read_answers(ALL, {indicator.id: NO for indicator in ALL}, is_child=False)
    assert all_no.outcome is all_no.at_most is Outcome.NO_INDICATOR
    assert not all_no.may_change
    assert not all_no.turns


def test_unknown_and_not_asked_are_told_apart():
    reading = read_answers(ALL, {"EX01": UNKNOWN, "CD01": NO, "CD02": UNKNOWN}, is_child=False)
    assert reading.unknown == ("EX01", "CD02")
    assert "EX01" not in reading.not_asked
    assert "CD01" not in reading.not_asked
    assert len(reading.not_asked) == len(ALL) - 3


def test_each_open_indicator_that_would_change_the_outcome_is_named_with_what_it_would_be():
    answers = (
        {indicator.id: NO for indicator in ALL} | positive(DR, EX) | {"CD01": YES, "CD02": UNKNOWN, "VD01": UNKNOWN}
    )
    reading = read_answers(ALL, answers, is_child=False)
    assert reading.outcome is Outcome.DECEIVED_AND_EXPLOITED
    assert reading.turns == (Turn("CD02", Outcome.PRESUMED_VICTIM),)
    assert reading.at_most is Outcome.PRESUMED_VICTIM


def test_a_single_open_indicator_turns_nothing_into_a_flag():
    answers = {indicator.id: NO for indicator in ALL} | {"RV06": UNKNOWN}
    assert read_answers(ALL, answers, is_child=False).turns == (Turn("RV06", Outcome.FLAG),)


def test_several_open_indicators_may_change_what_none_changes_alone():
    answers = {indicator.id: NO for indicator in ALL} | {"RV01": YES, "EX01": UNKNOWN, "EX02": UNKNOWN}
    reading = read_answers(ALL, answers, is_child=False)
    assert reading.turns == ()
    assert reading.may_change
    assert reading.at_most is Outcome.EXPLOITED


def test_the_act_and_the_age_count_in_what_may_still_change():
    answers = {indicator.id: NO for indicator in ALL} | {"EX01": YES, "EX02": UNKNOWN}
    turn = {
        (is_child, act): read_answers(ALL, answers, is_child=is_child, act=act).turns[0].outcome
        for is_child in (False, True)
        for act in (YES, NO)
    }
    assert turn == {
        (False, YES): Outcome.EXPLOITED, (False, NO): Outcome.EXPLOITED,
        (True, YES): Outcome.PRESUMED_VICTIM, (True, NO): Outcome.EXPLOITED,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("dimensions", "reinforced_by"),
    [((DR, EX, CD, RV, VD), (RV, VD)), ((DR, EX, CD), ()), ((DR, EX, RV), (RV,)), ((CD, EX, VD), (VD,)),
     ((EX, RV), ()), ((EX, CD, RV), ()), ((RV, VD), ()), ((EX, RV, VD), ())],
)  # fmt: skip
def test_abuse_of_vulnerability_beside_means_reinforces_them(dimensions, reinforced_by):
    assert read_answers(ALL, positive(*dimensions), is_child=False).reinforced_by == reinforced_by


def test_for_a_child_any_abuse_of_vulnerability_reinforces():
    assert read_answers(ALL, positive(EX, RV), is_child=True).reinforced_by == (RV,)


def test_an_answer_to_an_indicator_of_another_set_is_refused():
    with pytest.raises(ValueError, match="EX99, ZZ01"):
        read_answers(ALL, {"EX01": YES, "ZZ01": YES, "EX99": NO}, is_child=False)


def test_outcomes_are_ordered_by_gravity():
    assert [outcome.rank for outcome in Outcome] == [0, 1, 2, 3, 4, 5]
    assert Outcome.PRESUMED_VICTIM.rank == 5


SETS = st.sampled_from(sorted(SHIPPED))
ANSWERS = st.sampled_from([*Answer, None])


@st.composite
def screenings(draw):
    indicators = SHIPPED[draw(SETS)]
    drawn = {each.id: draw(ANSWERS) for each in indicators}
    return indicators, {name: answer for name, answer in drawn.items() if answer}


@given(screenings(), st.booleans(), st.sampled_from(Answer), st.randoms())
def test_one_more_yes_never_makes_a_reading_lighter(screening, is_child, act, dice):
    indicators, answers = screening
    before = read_answers(indicators, answers, is_child=is_child, act=act)
    name = dice.choice([indicator.id for indicator in indicators])
    after = read_answers(indicators, answers | {name: YES}, is_child=is_child, act=act)
    assert after.outcome.rank >= before.outcome.rank
    assert before.at_most.rank >= before.outcome.rank
    if answers.get(name) in (None, UNKNOWN):
        assert (name in {turn.indicator for turn in before.turns}) is (after.outcome is not before.outcome)
        assert after.outcome.rank <= before.at_most.rank


@given(screenings(), st.sampled_from(Answer))
def test_a_child_is_never_read_lighter_than_an_adult_unless_no_act_is_found(screening, act):
    indicators, answers = screening
    adult = read_answers(indicators, answers, is_child=False, act=act)
    child = read_answers(indicators, answers, is_child=True, act=act)
    assert child.outcome.rank >= adult.outcome.rank
    assert child.dimensions == adult.dimensions


@given(screenings())
def test_every_indicator_is_found_denied_unknown_or_not_asked(screening):
    indicators, answers = screening
    reading = read_answers(indicators, answers, is_child=False)
    found = [name for each in reading.dimensions for name in each.found]
    denied = [name for name, answer in answers.items() if answer is NO]
    together = [*found, *denied, *reading.unknown, *reading.not_asked]
    assert sorted(together) == sorted(indicator.id for indicator in indicators)
    assert sorted(name for each in reading.dimensions for name in each.open) == sorted(
        [*reading.unknown, *reading.not_asked]
    )
    assert [each.dimension for each in reading.dimensions] == list(Dimension)
