"""When a question matters: conditions on the answers given before it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from puente.engines.instruments.replies import Reply, State


@dataclass(frozen=True)
class Includes:
    """The answer to a choice question has at least one of these choices."""

    question: str
    choices: frozenset[str]


@dataclass(frozen=True)
class Between:
    """The answer to a number question lies within the bounds, both included; None is open."""

    question: str
    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True)
class Every:
    """All of these hold."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """At least one of these holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Not:
    """This does not hold."""

    condition: "Condition"


Condition = Includes | Between | Every | Some | Not


def holds(condition: Condition | None, replies: Mapping[str, Reply]) -> bool:
    """Tell whether a condition holds; None always does.

    Args:
        replies: question name → reply, of the questions that matter. A question without an answer,
            declined or passed fulfils neither Includes nor Between (XLSForm: a blank equals nothing).
    """
    match condition:
        case None:
            return True
        case Includes(question, choices):
            return not choices.isdisjoint(_chosen(replies.get(question)))
        case Between(question, at_least, at_most):
            value = _number(replies.get(question))
            if value is None:
                return False
            return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
        case Every(conditions):
            return all(holds(each, replies) for each in conditions)
        case Some(conditions):
            return any(holds(each, replies) for each in conditions)
        case Not(inner):
            return not holds(inner, replies)


def find_leaves(condition: Condition | None) -> Iterator[Includes | Between]:
    """Yield the conditions on single questions that a condition is made of."""
    match condition:
        case Includes() | Between():
            yield condition
        case Every(conditions) | Some(conditions):
            for each in conditions:
                yield from find_leaves(each)
        case Not(inner):
            yield from find_leaves(inner)


def _chosen(reply: Reply | None) -> tuple[str, ...]:
    if reply is None or reply.state is not State.ANSWERED:
        return ()
    if isinstance(reply.value, tuple):
        return reply.value
    return (reply.value,) if isinstance(reply.value, str) else ()


def _number(reply: Reply | None) -> int | None:
    if reply is None or reply.state is not State.ANSWERED or not isinstance(reply.value, int):
        return None
    return reply.value
