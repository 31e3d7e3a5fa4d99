"""The definition of a form: its shape, how it is read from JSON, and its digest."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from puente.engines.instruments.conditions import (
    Between,
    Condition,
    Every,
    Includes,
    Not,
    Some,
    find_leaves,
)
from puente.engines.instruments.replies import QUESTION_TYPES

LANGUAGES = ("es", "en", "fr")
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
#: What a choice says of itself; anything else is kept for the room that asked (`Choice.attributes`).
CHOICE_KEYS = frozenset({"name", "label", "exclusive"})


class DefinitionError(Exception):
    """A definition cannot be used; `problems` says where and what to change."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Text:
    """The same words in the product's languages."""

    es: str
    en: str
    fr: str

    def say(self, language: str) -> str:
        """Return the words in a language such as `fr` or `es-mx`; Spanish where it is none of ours."""
        code = language[:2]
        return str(getattr(self, code)) if code in LANGUAGES else self.es


@dataclass(frozen=True)
class Choice:
    """One answer of a choice question. An exclusive one ("none of these") stands alone.

    `attributes`: what the room that asks attaches to it, such as the needs it raises.
    """

    name: str
    label: Text
    is_exclusive: bool = False
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """One question. `minimum` and `maximum` bound an integer."""

    name: str
    type: str
    label: Text
    hint: Text | None = None
    choices: tuple[Choice, ...] = ()
    is_required: bool = False
    relevant: Condition | None = None
    minimum: int | None = None
    maximum: int | None = None

    def find_choice(self, name: str) -> Choice | None:
        """Return a choice by name."""
        return next((choice for choice in self.choices if choice.name == name), None)


@dataclass(frozen=True)
class Step:
    """Questions that belong together: one page of a desk."""

    code: str
    title: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Definition:
    """A form. `area` names the room whose rights guard its answers (`needs` → `needs.view`, `needs.assess`)."""

    code: str
    area: str
    title: Text
    introduction: Text
    steps: tuple[Step, ...]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in the order in which they are asked."""
        return tuple(question for step in self.steps for question in step.questions)

    @cached_property
    def deciding(self) -> frozenset[str]:
        """The questions on whose answers the relevance of others rests."""
        return frozenset(leaf.question for question in self.questions for leaf in find_leaves(question.relevant))

    def find_question(self, name: str) -> Question | None:
        """Return a question by name."""
        return next((question for question in self.questions if question.name == name), None)

    def find_step(self, code: str) -> Step | None:
        """Return a step by code."""
        return next((step for step in self.steps if step.code == code), None)

    def step_of(self, question: Question) -> Step:
        """Return the step that a question stands in."""
        return next(step for step in self.steps if question in step.questions)


def find_digest(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a definition's content, the same whatever the order of its keys."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse_definition(content: Mapping[str, Any]) -> Definition:
    """Return the definition that JSON content describes.

    Args:
        content: {code, area, title, introduction, steps: [{code, title, questions: [{name, type, label, hint?,
            required?, relevant?, minimum?, maximum?, choices?: [{name, label, exclusive?, …}]}]}]}. Each text is
            {es, en, fr}. `relevant` is {question, includes: [choice]}, {question, at_least?, at_most?},
            {all: […]}, {any: […]} or {not: …}, on questions asked before. Other keys are left alone.

    Raises:
        DefinitionError: with every problem that was found.
    """
    reader = _Reader()
    definition = Definition(
        code=reader.read_name(content, "code", "definition"),
        area=reader.read_name(content, "area", "definition"),
        title=reader.read_text(content, "title", "definition"),
        introduction=reader.read_text(content, "introduction", "definition"),
        steps=tuple(reader.read_step(each) for each in reader.read_list(content, "steps", "definition")),
    )
    if reader.problems:
        raise DefinitionError(reader.problems)
    return definition


class _Reader:
    """Reads a definition in the order in which it is asked, and notes what is wrong instead of stopping."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.asked: dict[str, Question] = {}
        self.steps: set[str] = set()

    def read_name(self, node: Mapping[str, Any], key: str, where: str) -> str:
        name = node.get(key)
        if not isinstance(name, str) or not NAME.fullmatch(name):
            self.problems.append(f"{where}: {key} must be a name of small letters, figures and _, not {name!r}.")
            return ""
        return name

    def read_text(self, node: Mapping[str, Any], key: str, where: str) -> Text:
        words = node.get(key)
        found = {
            language: str(words.get(language) or "").strip() if isinstance(words, Mapping) else ""
            for language in LANGUAGES
        }
        for language, text in found.items():
            if not text:
                self.problems.append(f"{where}: {key} has no text in {language}.")
        return Text(**found)

    def read_list(self, node: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
        found = node.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(each, Mapping) for each in found):
            self.problems.append(f"{where}: {key} must be a list with at least one entry.")
            return []
        return found

    def read_step(self, node: Mapping[str, Any]) -> Step:
        code = self.read_name(node, "code", "step")
        where = f"step {code}"
        if code in self.steps:
            self.problems.append(f"{where}: there are two steps of this code.")
        self.steps.add(code)
        title = self.read_text(node, "title", where)
        return Step(code, title, tuple(self.read_question(each) for each in self.read_list(node, "questions", where)))

    def read_question(self, node: Mapping[str, Any]) -> Question:
        name = self.read_name(node, "name", "question")
        where = f"question {name}"
        kind = str(node.get("type"))
        if kind not in QUESTION_TYPES:
            self.problems.append(f"{where}: type must be one of {', '.join(sorted(QUESTION_TYPES))}, not {kind!r}.")
        question = Question(
            name=name,
            type=kind,
            label=self.read_text(node, "label", where),
            hint=self.read_text(node, "hint", where) if "hint" in node else None,
            choices=self.read_choices(node, kind, where),
            is_required=bool(node.get("required", False)),
            relevant=self.read_condition(node["relevant"], where) if node.get("relevant") is not None else None,
            minimum=self.read_bound(node, "minimum", where),
            maximum=self.read_bound(node, "maximum", where),
        )
        if name in self.asked:
            self.problems.append(f"{where}: there are two questions of this name.")
        self.asked[name] = question
        return question

    def read_choices(self, node: Mapping[str, Any], kind: str, where: str) -> tuple[Choice, ...]:
        if not kind.startswith("select_"):
            if "choices" in node:
                self.problems.append(f"{where}: a question of type {kind} has no choices; remove them.")
            return ()
        choices = tuple(self.read_choice(each, where) for each in self.read_list(node, "choices", where))
        names = [choice.name for choice in choices]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.problems.append(f"{where}: there are two choices named {name}.")
        return choices

    def read_choice(self, node: Mapping[str, Any], where: str) -> Choice:
        name = self.read_name(node, "name", f"{where}, choice")
        return Choice(
            name=name,
            label=self.read_text(node, "label", f"{where}, choice {name}"),
            is_exclusive=bool(node.get("exclusive", False)),
            attributes={key: value for key, value in node.items() if key not in CHOICE_KEYS},
        )

    def read_bound(self, node: Mapping[str, Any], key: str, where: str) -> int | None:
        bound = node.get(key)
        if bound is not None and (not isinstance(bound, int) or isinstance(bound, bool)):
            self.problems.append(f"{where}: {key} must be a whole number, not {bound!r}.")
            return None
        return bound

    def read_condition(self, node: Any, where: str) -> Condition:
        match node:
            case {"all": list(each), **rest} if each and not rest:
                return Every(tuple(self.read_condition(one, where) for one in each))
            case {"any": list(each), **rest} if each and not rest:
                return Some(tuple(self.read_condition(one, where) for one in each))
            case {"not": inner, **rest} if not rest:
                return Not(self.read_condition(inner, where))
            case {"question": str(name), "includes": list(names), **rest} if names and not rest:
                return self.read_includes(name, names, where)
            case {"question": str(name), **bounds} if bounds and bounds.keys() <= {"at_least", "at_most"}:
                self.expect_asked(name, ("integer",), where)
                at_least, at_most = (self.read_bound(node, key, where) for key in ("at_least", "at_most"))
                return Between(name, at_least, at_most)
        self.problems.append(f"{where}: the condition {node!r} cannot be read.")
        return Every(())

    def read_includes(self, name: str, names: list[Any], where: str) -> Includes:
        question = self.expect_asked(name, ("select_one", "select_multiple"), where)
        for choice in names:
            if question and question.find_choice(str(choice)) is None:
                self.problems.append(f"{where}: the question {name} has no choice {choice}.")
        return Includes(name, frozenset(str(choice) for choice in names))

    def expect_asked(self, name: str, kinds: tuple[str, ...], where: str) -> Question | None:
        question = self.asked.get(name)
        if question is None or question.type not in kinds:
            self.problems.append(f"{where}: its condition needs an earlier {' or '.join(kinds)} question {name}.")
            return None
        return question
