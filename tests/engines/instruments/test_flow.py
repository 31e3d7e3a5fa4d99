from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from puente.engines.instruments import (
    DECLINED,
    PASSED,
    collect,
    find_current,
    find_missing,
    find_next,
    find_previous,
    keep_relevant,
    list_relevant,
    locate,
    parse_definition,
    read_reply,
)
from tests.engines.instruments.forms import answers_to, ask, filled_forms, form, forms, words


def oracle_holds(node: dict[str, Any] | None, replies: dict[str, Any], known: dict[str, dict[str, Any]]) -> bool:
    """The rule of relevance written apart, on the raw JSON: a question that does not matter equals nothing."""
    if node is None:
        return True
    if "all" in node:
        return all(oracle_holds(each, replies, known) for each in node["all"])
    if "any" in node:
        return any(oracle_holds(each, replies, known) for each in node["any"])
    if "not" in node:
        return not oracle_holds(node["not"], replies, known)
    name = node["question"]
    reply = replies.get(name)
    if reply is None or reply.value is None or not oracle_holds(known[name].get("relevant"), replies, known):
        return False
    if "includes" in node:
        said = reply.value if isinstance(reply.value, tuple) else (reply.value,)
        return bool(set(said) & set(node["includes"]))
    return node.get("at_least", -99) <= reply.value <= node.get("at_most", 99)


def questions_of(content):
    return {question["name"]: question for step in content["steps"] for question in step["questions"]}


@given(filled_forms())
def test_relevance_agrees_with_a_naive_reading_of_the_form(case):
    content, definition, replies = case
    known = questions_of(content)
    expected = [name for name, each in known.items() if oracle_holds(each.get("relevant"), replies, known)]
    assert [question.name for question in list_relevant(definition, replies)] == expected
    assert list(keep_relevant(definition, replies)) == [name for name in expected if name in replies]


@given(filled_forms())
def test_what_is_kept_is_kept_again(case):
    _content, definition, replies = case
    kept = keep_relevant(definition, replies)
    assert keep_relevant(definition, kept) == kept
    assert list_relevant(definition, kept) == list_relevant(definition, replies)


@given(forms(), st.data())
def test_asking_the_next_question_until_there_is_none_ends_with_a_complete_form(content, data):
    definition = parse_definition(content)
    replies: dict[str, Any] = {}
    for _turn in range(len(definition.questions) + 1):
        question = find_next(definition, replies)
        if question is None:
            break
        replies[question.name] = data.draw(answers_to(question))
    assert find_next(definition, replies) is None
    assert find_missing(definition, replies) == []
    assert keep_relevant(definition, replies) == replies


@given(filled_forms())
def test_missing_are_the_required_questions_that_matter_and_have_no_reply(case):
    content, definition, replies = case
    known = questions_of(content)
    expected = [
        name
        for name, each in known.items()
        if each["required"] and name not in replies and oracle_holds(each.get("relevant"), replies, known)
    ]
    assert [question.name for question in find_missing(definition, replies)] == expected


@given(filled_forms())
def test_going_back_from_the_last_question_passes_every_question_that_matters(case):
    _content, definition, replies = case
    relevant = list_relevant(definition, replies)
    walked = []
    question = relevant[-1] if relevant else None
    while question is not None:
        walked.append(question)
        question = find_previous(definition, replies, question)
    assert walked[::-1] == relevant


@given(filled_forms())
def test_a_position_counts_only_what_matters(case):
    _content, definition, replies = case
    for question in list_relevant(definition, replies):
        place = locate(definition, replies, question)
        assert 1 <= place.number <= place.total
        assert 1 <= place.step_number <= place.step_total
        assert list_relevant(definition, replies, place.step)[place.number - 1] == question


@given(filled_forms())
def test_what_choices_carry_is_collected_from_answers_that_matter_alone(case):
    content, definition, replies = case
    known = questions_of(content)
    expected = []
    for name, question in known.items():
        reply = replies.get(name)
        if reply is None or reply.value is None or not oracle_holds(question.get("relevant"), replies, known):
            continue
        said = reply.value if isinstance(reply.value, tuple) else (reply.value,)
        for choice in question.get("choices", []):
            if choice["name"] in said:
                expected += choice["raises"]
    assert collect(definition, replies, "raises") == list(dict.fromkeys(expected))


def test_an_answer_that_rested_on_another_counts_as_never_given_when_that_one_changes():
    definition = parse_definition(
        form(
            [
                ask("first"),
                ask("second", relevant={"question": "first", "includes": ["one"]}),
                ask("third", relevant={"question": "second", "includes": ["two"]}),
            ]
        )
    )
    first, second, third = definition.questions
    said = [(first, "one"), (second, "two"), (third, "one")]
    replies = {question.name: read_reply(question, choice) for question, choice in said}
    assert len(keep_relevant(definition, replies)) == 3
    replies["first"] = read_reply(first, "three")
    assert list(keep_relevant(definition, replies)) == ["first"]


def test_a_required_question_may_be_declined_but_not_passed():
    definition = parse_definition(form([ask("first", required=True)]))
    assert find_missing(definition, {"first": DECLINED}) == []
    assert [each.name for each in find_missing(definition, {"first": PASSED})] == ["first"]


def test_the_current_question_is_the_first_open_one_and_the_first_of_all_when_none_is_open():
    definition = parse_definition(form([ask("first"), ask("second")], [ask("third")]))
    step = definition.steps[0]
    assert find_current(definition, {}, step) == definition.questions[0]
    assert find_current(definition, {"first": PASSED}, step) == definition.questions[1]
    assert find_current(definition, {"first": PASSED, "second": DECLINED}, step) == definition.questions[0]


def test_the_next_question_after_one_skips_what_stands_before_it():
    definition = parse_definition(form([ask("first"), ask("second"), ask("third")]))
    assert find_next(definition, {}, after=definition.questions[1]) == definition.questions[2]


def test_words_are_said_in_the_readers_language_and_in_spanish_where_it_is_none_of_ours():
    label = {"es": "Uno", "en": "One", "fr": "Un"}
    definition = parse_definition(form([ask("first", label=label)]) | {"title": words("x")})
    text = definition.questions[0].label
    assert [text.say(language) for language in ("es-mx", "en", "fr", "nah")] == ["Uno", "One", "Un", "Uno"]
