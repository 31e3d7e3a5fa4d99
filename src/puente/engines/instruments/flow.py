"""Which question comes next, which matter, and what is left to ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from puente.engines.instruments.conditions import holds
from puente.engines.instruments.definition import Definition, Question, Step
from puente.engines.instruments.replies import Reply, State

Replies = Mapping[str, Reply]


@dataclass(frozen=True)
class Position:
    """Where somebody is: the step and the question, each with its number from 1 and how many there are."""

    step: Step
    step_number: int
    step_total: int
    question: Question
    number: int
    total: int


def keep_relevant(definition: Definition, replies: Replies) -> dict[str, Reply]:
    """Return the replies to questions that matter, in the order of the definition.

    A reply to a question that no longer matters, since an earlier answer changed, counts as never given;
    so do the replies that rested on it.
    """
    kept: dict[str, Reply] = {}
    for question in definition.questions:
        if question.name in replies and holds(question.relevant, kept):
            kept[question.name] = replies[question.name]
    return kept


def list_relevant(definition: Definition, replies: Replies, step: Step | None = None) -> list[Question]:
    """Return the questions that matter given the replies so far, of one step or of all."""
    kept = keep_relevant(definition, replies)
    questions = definition.questions if step is None else step.questions
    return [question for question in questions if holds(question.relevant, kept)]


def find_next(definition: Definition, replies: Replies, after: Question | None = None) -> Question | None:
    """Return the first question that matters and has no reply yet, after a question or from the beginning."""
    questions = list_relevant(definition, replies)
    if after is not None:
        order = definition.questions
        questions = [each for each in questions if order.index(each) > order.index(after)]
    return next((question for question in questions if question.name not in replies), None)


def find_current(definition: Definition, replies: Replies, step: Step) -> Question | None:
    """Return the question of a step to be asked now: the first without a reply, else its first, if any."""
    questions = list_relevant(definition, replies, step)
    return next((each for each in questions if each.name not in replies), questions[0] if questions else None)


def find_previous(definition: Definition, replies: Replies, question: Question) -> Question | None:
    """Return the question that was asked before one, None at the first."""
    questions = list_relevant(definition, replies)
    place = questions.index(question)
    return questions[place - 1] if place else None


def find_missing(definition: Definition, replies: Replies) -> list[Question]:
    """Return the required questions that matter and were neither answered nor declined; empty when complete."""
    return [
        question
        for question in list_relevant(definition, replies)
        if question.is_required and (question.name not in replies or replies[question.name].state is State.PASSED)
    ]


def locate(definition: Definition, replies: Replies, question: Question) -> Position:
    """Return where a question that matters stands: "step 2 of 11, question 3 of 5".

    Steps without a question that matters are not counted.
    """
    step = definition.step_of(question)
    steps = [each for each in definition.steps if list_relevant(definition, replies, each)]
    questions = list_relevant(definition, replies, step)
    return Position(step, steps.index(step) + 1, len(steps), question, questions.index(question) + 1, len(questions))


def find_carried(question: Question, reply: Reply, attribute: str) -> list[Any]:
    """Return what the chosen choices of one question carry under an attribute, in the order of the choices.

    A list counts as its entries; False, None and empty values are left out.
    """
    if reply.state is not State.ANSWERED:
        return []
    chosen = reply.value if isinstance(reply.value, tuple) else (reply.value,)
    found: list[Any] = []
    for choice in question.choices:
        if choice.name in chosen and (carried := choice.attributes.get(attribute)):
            found += carried if isinstance(carried, list) else [carried]
    return found


def collect(definition: Definition, replies: Replies, attribute: str) -> list[Any]:
    """Return what the choices of all answers that matter carry under an attribute, each value once, in order."""
    kept = keep_relevant(definition, replies)
    return list(
        dict.fromkeys(
            value
            for question in definition.questions
            if question.name in kept
            for value in find_carried(question, kept[question.name], attribute)
        )
    )
