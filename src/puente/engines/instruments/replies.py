"""What may be said to a question: an answer, "prefers not to answer", or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from puente.engines.instruments.definition import Question

LONGEST_TEXT = 2_000
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
LARGEST_NUMBER = 10**9

Value = str | int | tuple[str, ...]


class State(StrEnum):
    """ANSWERED has a value; DECLINED: prefers not to answer; PASSED: asked, and nothing was said."""

    ANSWERED = "answered"
    DECLINED = "declined"
    PASSED = "passed"


class Flaw(StrEnum):
    """What is wrong with a reply; the page says it in the reader's language."""

    REQUIRED = "required"
    UNKNOWN_CHOICE = "unknown_choice"
    EXCLUSIVE = "exclusive"
    TOO_LONG = "too_long"
    NOT_A_NUMBER = "not_a_number"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_DATE = "not_a_date"


class InvalidReply(Exception):
    """A reply that the question does not allow."""

    def __init__(self, question: str, flaw: Flaw, limit: int | None = None, choice: str = "") -> None:
        super().__init__(f"{question}: {flaw}")
        self.question = question
        self.flaw = flaw
        self.limit = limit
        self.choice = choice


@dataclass(frozen=True)
class Reply:
    """What was said to one question.

    `value` by type of question: select_one, text and date (ISO 8601) a str; select_multiple a tuple of
    choice names in the order of the definition; integer an int; None unless answered.
    """

    state: State
    value: Value | None = None

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"state": self.state.value, "value": value}

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Reply:
        """Return the reply of what `to_json` made."""
        value = content["value"]
        return cls(State(content["state"]), tuple(value) if isinstance(value, list) else value)


DECLINED = Reply(State.DECLINED)
PASSED = Reply(State.PASSED)


def read_reply(question: Question, said: Any) -> Reply:
    """Return the reply of what a form holds: str, int, a list of choice names, or nothing.

    Nothing (None, blanks, no choice) is PASSED, also where the question is required: whether that may be left
    open is for `check_reply` and for who asks.

    Raises:
        InvalidReply: where it is something that the question does not allow.
    """
    if isinstance(said, str):
        said = said.strip()
    if said is None or said == "" or said == [] or said == ():
        return PASSED
    reply = Reply(State.ANSWERED, _read_value(question, said))
    check_reply(question, reply)
    return reply


def check_reply(question: Question, reply: Reply) -> None:
    """Raise InvalidReply unless a question allows a reply. Every question may be declined."""
    if reply.state is State.DECLINED:
        return
    if reply.state is State.PASSED:
        if question.is_required:
            raise InvalidReply(question.name, Flaw.REQUIRED)
        return
    _CHECKS[question.type](question, reply.value)


def _read_value(question: Question, said: Any) -> Value:
    if question.type == "select_multiple":
        names = {str(name) for name in said} if isinstance(said, (list, tuple)) else {str(said)}
        known = [choice.name for choice in question.choices if choice.name in names]
        return (*known, *sorted(names.difference(known)))
    if question.type == "integer":
        text = str(said).strip()
        # At most ten figures: int() of a longer text costs time, and no count of anything is longer.
        if not re.fullmatch(r"[+-]?[0-9]{1,10}", text):
            raise InvalidReply(question.name, Flaw.NOT_A_NUMBER)
        return int(text)
    return str(said)


def _check_one(question: Question, value: Value | None) -> None:
    if not isinstance(value, str) or question.find_choice(value) is None:
        raise InvalidReply(question.name, Flaw.UNKNOWN_CHOICE)


def _check_several(question: Question, value: Value | None) -> None:
    if not isinstance(value, tuple) or not value or len(set(value)) != len(value):
        raise InvalidReply(question.name, Flaw.UNKNOWN_CHOICE)
    for name in value:
        choice = question.find_choice(name)
        if choice is None:
            raise InvalidReply(question.name, Flaw.UNKNOWN_CHOICE)
        if choice.is_exclusive and len(value) > 1:
            raise InvalidReply(question.name, Flaw.EXCLUSIVE, choice=name)


def _check_text(question: Question, value: Value | None) -> None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise InvalidReply(question.name, Flaw.TOO_LONG, limit=LONGEST_TEXT)


def _check_number(question: Question, value: Value | None) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidReply(question.name, Flaw.NOT_A_NUMBER)
    smallest = -LARGEST_NUMBER if question.minimum is None else question.minimum
    largest = LARGEST_NUMBER if question.maximum is None else question.maximum
    if value < smallest:
        raise InvalidReply(question.name, Flaw.TOO_SMALL, limit=smallest)
    if value > largest:
        raise InvalidReply(question.name, Flaw.TOO_LARGE, limit=largest)


def _check_date(question: Question, value: Value | None) -> None:
    try:
        year = date.fromisoformat(value).year if isinstance(value, str) and len(value) == 10 else 0
    except ValueError:
        year = 0
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise InvalidReply(question.name, Flaw.NOT_A_DATE)


_CHECKS = {
    "select_one": _check_one,
    "select_multiple": _check_several,
    "text": _check_text,
    "integer": _check_number,
    "date": _check_date,
}
QUESTION_TYPES = frozenset(_CHECKS)
