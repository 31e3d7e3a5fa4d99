"""Random forms and replies for the engine's tests."""

from typing import Any

from hypothesis import strategies as st

from puente.engines.instruments import DECLINED, PASSED, Definition, Question, parse_definition, read_reply

CHOICES = ("one", "two", "three")


def words(text: str) -> dict[str, str]:
    return {"es": text, "en": text, "fr": text}


def form(*steps: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "code": "form", "area": "needs", "title": words("Form"), "introduction": words("Hello"),
        "steps": [
            {"code": f"step_{number}", "title": words(f"Step {number}"), "questions": questions}
            for number, questions in enumerate(steps, 1)
        ],
    }  # fmt: skip


def ask(name: str, kind: str = "select_one", **more: Any) -> dict[str, Any]:
    question: dict[str, Any] = {"name": name, "type": kind, "label": words(name), **more}
    if kind.startswith("select"):
        question.setdefault("choices", [{"name": choice, "label": words(choice)} for choice in CHOICES])
    return question


@st.composite
def conditions(draw: st.DrawFn, earlier: list[dict[str, Any]], depth: int = 2) -> dict[str, Any]:
    """A condition on questions asked before."""
    kinds = ["leaf", "leaf", "all", "any", "not"] if depth else ["leaf"]
    kind = draw(st.sampled_from(kinds))
    if kind in ("all", "any"):
        return {kind: draw(st.lists(conditions(earlier, depth - 1), min_size=1, max_size=3))}
    if kind == "not":
        return {"not": draw(conditions(earlier, depth - 1))}
    question = draw(st.sampled_from(earlier))
    if question["type"] == "integer":
        bound = st.integers(-2, 12)
        limits = draw(st.fixed_dictionaries({"at_least": bound}, optional={"at_most": bound}))
        return {"question": question["name"], **limits}
    picked = st.lists(st.sampled_from(CHOICES), min_size=1, max_size=2, unique=True)
    return {"question": question["name"], "includes": draw(picked)}


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """The JSON of a form whose questions rest on earlier ones."""
    deciding: list[dict[str, Any]] = []
    steps: list[list[dict[str, Any]]] = []
    for number in range(draw(st.integers(1, 9))):
        kind = draw(st.sampled_from(["select_one", "select_multiple", "text", "integer", "date"]))
        question = ask(f"q{number}", kind, required=draw(st.booleans()))
        if kind == "select_multiple":
            question["choices"][2]["exclusive"] = True
        for choice in question.get("choices", []):
            choice["raises"] = draw(st.lists(st.sampled_from("abc"), max_size=2))
        if deciding and draw(st.booleans()):
            question["relevant"] = draw(conditions(deciding))
        if kind not in ("text", "date"):
            deciding.append(question)
        if not steps or draw(st.booleans()):
            steps.append([])
        steps[-1].append(question)
    return form(*steps)


def answers_to(question: Question) -> st.SearchStrategy[Any]:
    """Replies that a question allows."""
    match question.type:
        case "select_one":
            said: st.SearchStrategy[Any] = st.sampled_from(CHOICES)
        case "select_multiple":
            said = st.sampled_from([["one"], ["two"], ["one", "two"], ["three"]])
        case "integer":
            said = st.integers(-3, 13)
        case "date":
            said = st.dates().filter(lambda day: 1900 <= day.year <= 2100).map(lambda day: day.isoformat())
        case _:
            said = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
    answered = said.map(lambda each: read_reply(question, each))
    return answered | st.just(DECLINED) | (st.nothing() if question.is_required else st.just(PASSED))


@st.composite
def filled_forms(draw: st.DrawFn) -> tuple[dict[str, Any], Definition, dict[str, Any]]:
    """A form and replies to some of its questions, relevant or not."""
    content = draw(forms())
    definition = parse_definition(content)
    replies = {question.name: draw(answers_to(question)) for question in definition.questions if draw(st.booleans())}
    return content, definition, replies
