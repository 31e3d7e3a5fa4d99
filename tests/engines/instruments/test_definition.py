import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.instruments import DefinitionError, find_digest, parse_definition
from puente.platform.paths import CONTENT
from tests.engines.instruments.forms import ask, form, forms


@given(forms(), st.randoms())
def test_the_digest_is_of_what_is_said_whatever_the_order_of_keys(content, random):
    keys = list(content)
    random.shuffle(keys)
    assert find_digest({key: content[key] for key in keys}) == find_digest(content)
    changed = copy.deepcopy(content)
    changed["steps"][0]["questions"][0]["label"]["fr"] += "."
    assert find_digest(changed) != find_digest(content)


@given(forms())
def test_a_form_keeps_all_its_questions_in_order(content):
    definition = parse_definition(content)
    names = [question["name"] for step in content["steps"] for question in step["questions"]]
    assert [question.name for question in definition.questions] == names
    for question in definition.questions:
        assert question in definition.step_of(question).questions
        assert definition.find_question(question.name) is question


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda form: form.update(code="Form 1"), "code must be a name"),
        (lambda form: form["title"].pop("fr"), "title has no text in fr"),
        (lambda form: form.update(steps=[]), "steps must be a list"),
        (lambda form: form["steps"].append(form["steps"][0]), "two steps of this code"),
        (lambda form: form["steps"][0]["questions"][0].update(type="geopoint"), "type must be one of"),
        (lambda form: form["steps"][0]["questions"][0].pop("choices"), "choices must be a list"),
        (lambda form: form["steps"][0]["questions"][2].update(choices=[]), "has no choices"),
        (lambda form: form["steps"][0]["questions"][0]["choices"].append({"name": "one"}), "two choices named one"),
        (lambda form: form["steps"][0]["questions"][3].update(minimum="two"), "must be a whole number"),
        (lambda form: form["steps"][0]["questions"][1].update(name="first"), "two questions of this name"),
        (lambda form: relevant(form, {"question": "nowhere", "includes": ["one"]}), "needs an earlier"),
        (lambda form: relevant(form, {"question": "number", "at_least": 1}), "needs an earlier"),
        (lambda form: relevant(form, {"question": "first", "includes": ["nine"]}), "has no choice nine"),
        (lambda form: relevant(form, {"all": []}), "cannot be read"),
        (lambda form: relevant(form, {"question": "first"}), "cannot be read"),
        (lambda form: relevant(form, "first = 'one'"), "cannot be read"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_definition_is_said_with_its_place(change, says):
    content = form([ask("first"), ask("second"), ask("text", "text"), ask("number", "integer")])
    parse_definition(content)
    change(content)
    with pytest.raises(DefinitionError) as caught:
        parse_definition(content)
    assert says in str(caught.value)


def relevant(content, condition):
    content["steps"][0]["questions"][1]["relevant"] = condition


def test_all_problems_are_said_at_once():
    content = form([ask("first", type="x"), ask("first")])
    del content["title"]
    with pytest.raises(DefinitionError) as caught:
        parse_definition(content)
    assert len(caught.value.problems) >= 5


def test_the_needs_assessment_of_the_product_is_a_valid_form():
    content = json.loads((CONTENT / "needs" / "assessment.json").read_text(encoding="utf-8"))
    definition = parse_definition(content)
    assert definition.area == "needs"
    assert {"papers_missing", "travel_plan"} <= definition.deciding
