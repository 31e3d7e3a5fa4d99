"""The definition of the needs assessment: complete, well formed, every reference resolves."""

import json
from pathlib import Path

import pytest

import puente

CONTENT = Path(puente.__file__).parent / "content"
GROUPS = {
    "health", "psychosocial", "papers", "shelter", "family_contact", "legal", "education", "money", "work",
    "onward_travel", "safety",
}  # fmt: skip
QUESTION_TYPES = {"select_one", "select_multiple", "text", "date"}


@pytest.fixture(scope="module")
def definition():
    return json.loads((CONTENT / "needs" / "assessment.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def questions(definition):
    return [question for step in definition["steps"] for question in step["questions"]]


def find_texts(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("title", "label", "hint", "introduction"):
                yield value
            else:
                yield from find_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from find_texts(value)


def test_every_group_has_its_step_and_its_needs(definition):
    assert {step["code"] for step in definition["steps"]} == GROUPS
    assert {need["group"] for need in definition["needs"]} == GROUPS
    assert all(step["questions"] for step in definition["steps"])
    assert definition["version"]


def test_every_text_is_there_in_three_languages(definition):
    texts = list(find_texts(definition))
    assert len(texts) > 200
    for text in texts:
        assert set(text) == {"es", "en", "fr"}
        assert all(value and value == value.strip() for value in text.values()), text


def test_questions_are_read_aloud_and_address_the_person_as_usted(questions):
    for question in questions:
        spanish = question["label"]["es"]
        assert (spanish[0], spanish[-1]) == ("«", "»"), spanish
        assert not set(spanish.lower().strip("«»¿?").split()) & {"tú", "te", "tu", "tus", "tienes", "quieres"}


def test_names_are_unique_and_types_known(questions):
    names = [question["name"] for question in questions]
    assert len(set(names)) == len(names)
    for question in questions:
        assert question["type"] in QUESTION_TYPES
        assert ("choices" in question) == question["type"].startswith("select")
        choices = [choice["name"] for choice in question.get("choices", [])]
        assert len(set(choices)) == len(choices)


def test_relevance_refers_to_an_earlier_question_and_its_choices(questions):
    seen = {}
    for question in questions:
        if relevant := question.get("relevant"):
            assert set(relevant) == {"question", "includes"}
            assert set(relevant["includes"]) <= seen[relevant["question"]], question["name"]
        seen[question["name"]] = {choice["name"] for choice in question.get("choices", [])}


def test_exclusive_choices_bring_no_need_and_stand_in_multiple_choice(questions):
    for question in questions:
        for choice in question.get("choices", []):
            if choice.get("exclusive"):
                assert question["type"] == "select_multiple"
                assert not choice.get("needs")
                assert not choice.get("alert")


def test_choices_and_needs_refer_to_each_other_without_a_gap(definition, questions):
    needs = {need["code"]: need for need in definition["needs"]}
    assert len(needs) == len(definition["needs"])
    raised = {need for q in questions for choice in q.get("choices", []) for need in choice.get("needs", [])}
    assert raised == set(needs)


def test_a_choice_raises_needs_of_its_own_step(definition):
    group = {need["code"]: need["group"] for need in definition["needs"]}
    for step in definition["steps"]:
        for question in step["questions"]:
            for choice in question.get("choices", []):
                assert {group[need] for need in choice.get("needs", [])} <= {step["code"]}, choice


def test_every_need_says_how_soon_and_who(definition, read_content):
    urgencies = [urgency["code"] for urgency in definition["urgencies"]]
    assert urgencies == ["now", "today", "this_week", "later"]
    longest = {"now": 0, "today": 1, "this_week": 7, "later": 90}
    kinds = {row["code"] for row in read_content("offices/service_kinds.csv")}
    for need in definition["needs"]:
        assert 0 <= need["days_to_act"] <= longest[need["urgency"]], need
        assert need["service"] in kinds, need


def test_danger_is_asked_first_and_raises_an_alert(definition, questions):
    assert definition["steps"][0]["code"] == "safety"
    alerts = {choice["name"] for q in questions for choice in q.get("choices", []) if choice.get("alert")}
    assert {"in_danger_here", "in_danger_destination", "threatened", "forced"} <= alerts


def test_an_alert_leaves_no_need_that_would_tell_of_it(questions):
    for question in questions:
        for choice in question.get("choices", []):
            assert not (choice.get("alert") and choice.get("needs")), choice
