"""Every code of the engine has words, at the desk and for the person, in all three languages."""

from datetime import time
from types import SimpleNamespace

import pytest
from django.utils import translation

from puente.counselling.forms.answers import ANSWER_FORMS
from puente.counselling.wording import (
    ANSWER_OF_REASON,
    ANSWER_OF_RULE,
    Voice,
    say_hidden,
    say_question,
    say_reason,
    say_step,
    say_week,
    say_years,
)
from puente.engines.matching import QuestionCode, ReasonCode, Rule
from puente.engines.matching.constraints import RULE_AT, Schedule
from puente.opportunities.requirements import codes_of

PARAMETERS = {
    "did_this_work": {"sinco": 1, "years": 6.0},
    "similar_work": {"sinco": 1, "similarity": 0.7},
    "pays_above_floor": {"pesos": 1400},
    "pays_above_median": {"pesos": 900},
    "lives_near": {"km": 4},
    "preferred_place": {"rank": 2},
    "housing_included": {"places": 3},
}
KNOWN = {"licence": "licences", "document": "documents", "language": "languages", "physical": "physical"}


def details_that_exist():
    """Return the rules and details for which openings can be stored."""
    for rule, detail in RULE_AT.values():
        limit = len(codes_of(KNOWN[rule])) if rule in KNOWN else None
        if limit is None or detail < limit:
            yield rule, detail


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("voice", Voice)
@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_words(language, voice, code):
    with translation.override(language):
        words = say_reason(code, PARAMETERS.get(code, {}), {1: "roofer"}, voice)
    assert words
    assert "%(" not in words


@pytest.mark.parametrize("language", ["en", "es", "fr"])
def test_every_rule_and_step_has_words(language):
    with translation.override(language):
        for rule, detail in details_that_exist():
            assert "%(" not in say_hidden(rule, detail)
            if rule in (Rule.LICENCE, Rule.DOCUMENT, Rule.SCHOOLING, Rule.ENGLISH, Rule.SCHEDULE, Rule.HOURS):
                assert "%(" not in say_step(rule, detail, 9)


@pytest.mark.parametrize("language", ["en", "es", "fr"])
@pytest.mark.parametrize("code", QuestionCode)
def test_every_open_question_has_words(language, code):
    with translation.override(language):
        for detail in range(len(Schedule)):
            assert say_question(code, detail)


def test_every_reason_and_every_rule_that_can_be_wrong_leads_to_an_answer():
    answers = {*ANSWER_FORMS, "jobs"}
    assert set(ANSWER_OF_REASON) == set(ReasonCode)
    assert set(ANSWER_OF_REASON.values()) | set(ANSWER_OF_RULE.values()) <= answers
    # How old somebody is stands in their identity, which is corrected elsewhere.
    assert set(Rule) - set(ANSWER_OF_RULE) == {Rule.TOO_YOUNG, Rule.TOO_OLD}


@pytest.mark.parametrize(
    ("years", "words"),
    [(None, ""), (6.0, "6 años"), (1.0, "1 año"), (0.5, "6 meses"), (13 / 12, "13 meses"), (2.5, "2.5 años")],
)
def test_experience_is_told_as_people_tell_it(years, words):
    with translation.override("es"):
        assert say_years(years) == words


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0b11111, "lunes a viernes"),
        (0b1111111, "todos los días"),
        (0b1000001, "lunes, domingo"),
        (0b11, "lunes, martes"),
        (0, ""),
    ],
)
def test_days_are_told_as_runs(days, words):
    opening = SimpleNamespace(weekdays=days, starts_at=None, ends_at=None)
    with translation.override("es"):
        assert say_week(opening, Voice.DESK) == words


def test_a_person_hears_hours_as_they_are_spoken():
    opening = SimpleNamespace(weekdays=0b11111, starts_at=time(8), ends_at=time(17, 30))
    with translation.override("es"):
        assert say_week(opening, Voice.PERSON) == "lunes a viernes, de 8 de la mañana a 5:30 de la tarde"
        assert say_week(opening, Voice.DESK) == "lunes a viernes, de 08:00 a 17:30"
