import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.instruments import (
    DECLINED,
    PASSED,
    Flaw,
    InvalidReply,
    Reply,
    State,
    check_reply,
    parse_definition,
    read_reply,
)
from tests.engines.instruments.forms import answers_to, ask, form, forms

ALL = parse_definition(
    form(
        [
            ask("one"),
            ask("several", "select_multiple", choices=[
                {"name": "a", "label": {"es": "a", "en": "a", "fr": "a"}},
                {"name": "b", "label": {"es": "b", "en": "b", "fr": "b"}},
                {"name": "none", "label": {"es": "n", "en": "n", "fr": "n"}, "exclusive": True},
            ]),
            ask("text", "text"),
            ask("number", "integer", minimum=0, maximum=30),
            ask("day", "date"),
            ask("must", required=True),
        ]
    )
)  # fmt: skip


def question(name):
    return ALL.find_question(name)


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()) | st.binary()
    | st.lists(st.integers()) | st.sampled_from(["a", "one", "2026-11-23", "12", ["a", "b"], ["none", "a"]])
)  # fmt: skip


@given(st.sampled_from(ALL.questions), ANYTHING)
def test_whatever_a_form_holds_becomes_a_reply_the_question_allows_or_is_refused_by_name(asked, said):
    reply, refused = None, None
    try:
        reply = read_reply(asked, said)
    except InvalidReply as problem:
        refused = problem
    if refused is not None:
        assert (refused.question, refused.flaw in Flaw) == (asked.name, True)
    elif reply != PASSED:
        check_reply(asked, reply)


@given(forms(), st.data())
def test_a_reply_comes_back_whole_from_json(content, data):
    for asked in parse_definition(content).questions:
        reply = data.draw(answers_to(asked))
        assert Reply.from_json(reply.to_json()) == reply
        check_reply(asked, reply)


@pytest.mark.parametrize(
    ("name", "said", "flaw"),
    [
        ("one", "four", Flaw.UNKNOWN_CHOICE),
        ("several", ["a", "z"], Flaw.UNKNOWN_CHOICE),
        ("several", ["a", "none"], Flaw.EXCLUSIVE),
        ("text", "x" * 2_001, Flaw.TOO_LONG),
        ("number", "two", Flaw.NOT_A_NUMBER),
        ("number", "1e3", Flaw.NOT_A_NUMBER),
        ("number", "9" * 40, Flaw.NOT_A_NUMBER),
        ("number", "-1", Flaw.TOO_SMALL),
        ("number", "31", Flaw.TOO_LARGE),
        ("day", "2026-02-30", Flaw.NOT_A_DATE),
        ("day", "0026-02-03", Flaw.NOT_A_DATE),
        ("day", "tomorrow", Flaw.NOT_A_DATE),
    ],
)
def test_a_flaw_is_named(name, said, flaw):
    with pytest.raises(InvalidReply) as caught:
        read_reply(question(name), said)
    assert caught.value.flaw is flaw


def test_choices_stand_in_the_order_of_the_definition():
    assert read_reply(question("several"), ["b", "a", "b"]).value == ("a", "b")


def test_nothing_said_is_passed_which_a_required_question_does_not_allow():
    for nothing in (None, "", "  ", [], ()):
        assert read_reply(question("must"), nothing) == PASSED
    with pytest.raises(InvalidReply) as caught:
        check_reply(question("must"), PASSED)
    assert caught.value.flaw is Flaw.REQUIRED
    check_reply(question("must"), DECLINED)
    check_reply(question("one"), PASSED)


@pytest.mark.parametrize("value", [None, 3, "b", ("a", "a"), ()])
def test_a_value_of_the_wrong_shape_is_no_answer(value):
    with pytest.raises(InvalidReply):
        check_reply(question("several"), Reply(State.ANSWERED, value))
