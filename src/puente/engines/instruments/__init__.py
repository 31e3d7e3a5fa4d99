"""Forms as data: what is asked, when a question matters, what an answer may be, and what is left to ask.

The shape is that of an XLSForm (steps, questions, choices, relevance) written as JSON. Pure: nothing here
knows a database, a person or a page.
"""

from puente.engines.instruments.conditions import Between, Condition, Every, Includes, Not, Some, holds
from puente.engines.instruments.definition import (
    LANGUAGES,
    Choice,
    Definition,
    DefinitionError,
    Question,
    Step,
    Text,
    find_digest,
    parse_definition,
)
from puente.engines.instruments.flow import (
    Position,
    collect,
    find_carried,
    find_current,
    find_missing,
    find_next,
    find_previous,
    keep_relevant,
    list_relevant,
    locate,
)
from puente.engines.instruments.replies import (
    DECLINED,
    PASSED,
    Flaw,
    InvalidReply,
    Reply,
    State,
    check_reply,
    read_reply,
)

__all__ = [
    "DECLINED",
    "LANGUAGES",
    "PASSED",
    "Between",
    "Choice",
    "Condition",
    "Definition",
    "DefinitionError",
    "Every",
    "Flaw",
    "Includes",
    "InvalidReply",
    "Not",
    "Position",
    "Question",
    "Reply",
    "Some",
    "State",
    "Step",
    "Text",
    "check_reply",
    "collect",
    "find_carried",
    "find_current",
    "find_digest",
    "find_missing",
    "find_next",
    "find_previous",
    "holds",
    "keep_relevant",
    "list_relevant",
    "locate",
    "parse_definition",
    "read_reply",
]
