"""The hard rules, their order, and where each stands in the two words that describe a pair.

What an opening asks for is packed into two 64-bit words, one bit for each single thing asked: one licence,
one document, one level of schooling. What a person surely lacks is packed the same way, so the rules a pair
breaks are `asked & lacking`. The order of the bits is the stated order of the reasons: an opening that breaks
several rules is counted under the lowest bit.
"""

from enum import IntEnum, StrEnum

WORDS = 2
WORD_BITS = 64


class Rule(StrEnum):
    """A hard rule, in the order in which a broken one is named."""

    TOO_YOUNG = "too_young"
    TOO_OLD = "too_old"
    LICENCE = "licence"
    DOCUMENT = "document"
    SCHOOLING = "schooling"
    ENGLISH = "english"
    LANGUAGE = "language"
    PHYSICAL = "physical"
    HOUSEHOLD = "household"
    SCHEDULE = "schedule"
    HOURS = "hours"
    WAGE = "wage"


class Document(IntEnum):
    """Papers an employer may ask for; the value is the bit."""

    BIRTH_CERTIFICATE = 0
    CURP = 1
    VOTER_CARD = 2
    TAX_NUMBER = 3
    SOCIAL_SECURITY_NUMBER = 4
    FIXED_ADDRESS = 5
    SCHOOL_CERTIFICATE = 6
    NO_CRIMINAL_RECORD_LETTER = 7
    PASSPORT = 8
    WORK_PERMIT = 9
    REFERENCE_LETTER = 10


class PhysicalDemand(IntEnum):
    """What the work asks of the body; the value is the bit."""

    LIFTING_OVER_20_KG = 0
    STANDING = 1
    HEIGHTS = 2
    BENDING = 3
    HEAT = 4
    FINE_HAND_WORK = 5
    GOOD_EYESIGHT = 6
    GOOD_HEARING = 7
    DRIVING = 8
    WALKING = 9


class Schedule(IntEnum):
    """What the week asks; the value is the bit."""

    SUNDAYS = 0
    NIGHTS = 1
    ROTATING = 2


class Hours(IntEnum):
    """The two ways a week can be longer than a person accepts; the value is the detail of the rule."""

    WITHIN_LEGAL_WEEK = 0
    BEYOND_LEGAL_WEEK = 1


# Ley Federal del Trabajo, articles 60-61: a day shift of eight hours on six days.
LEGAL_WEEK_HOURS = 48

LICENCES = 24
DOCUMENTS = 16
LANGUAGES = 24
PHYSICAL_DEMANDS = 16
HIGHEST_SCHOOLING = 8
HIGHEST_ENGLISH = 6  # 1-6 are the levels A1-C2 of the Common European Framework

# Rule and number of details, word by word. A level has a bit of its own, and only the level asked is set.
# The highest bit of a word stays free: words are signed, as numba turns mixed arithmetic into floats.
_LAYOUT: tuple[tuple[tuple[Rule, int], ...], ...] = (
    (
        (Rule.TOO_YOUNG, 1),
        (Rule.TOO_OLD, 1),
        (Rule.LICENCE, LICENCES),
        (Rule.DOCUMENT, DOCUMENTS),
        (Rule.SCHOOLING, HIGHEST_SCHOOLING + 1),
        (Rule.ENGLISH, HIGHEST_ENGLISH + 1),
    ),
    (
        (Rule.LANGUAGE, LANGUAGES),
        (Rule.PHYSICAL, PHYSICAL_DEMANDS),
        (Rule.HOUSEHOLD, 1),
        (Rule.SCHEDULE, len(Schedule)),
        (Rule.HOURS, len(Hours)),
        (Rule.WAGE, 1),
    ),
)

_OFFSET: dict[Rule, int] = {}
RULE_AT: dict[int, tuple[Rule, int]] = {}
for _word, _fields in enumerate(_LAYOUT):
    _next = _word * WORD_BITS
    for _rule, _width in _fields:
        _OFFSET[_rule] = _next
        RULE_AT.update({_next + _detail: (_rule, _detail) for _detail in range(_width)})
        _next += _width


def find_position(rule: Rule, detail: int = 0) -> int:
    """Return where the bit of a rule's detail stands: word times 64 plus bit."""
    return _OFFSET[rule] + detail


def find_bit(rule: Rule, detail: int = 0) -> int:
    """Return the bit of a rule's detail inside its own word, as a mask."""
    return 1 << (find_position(rule, detail) % WORD_BITS)


def find_shift(rule: Rule) -> int:
    """Return by how much a mask of details is shifted to stand at its rule's place in its word."""
    return _OFFSET[rule] % WORD_BITS
