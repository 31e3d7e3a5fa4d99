"""Read what an officer types in one box, "avalos crus martin 92 mich", as a question about a person.

What was understood goes back to the screen, so that a wrong reading is seen and mended; nothing is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from puente.engines.identity.birth import EARLIEST_YEAR, PartialDate
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import Certainty, PersonName, normal_form, split_name
from puente.engines.identity.vocabulary import COMMON_SURNAMES, GIVEN_NAMES

_DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_CURP = re.compile(r"[A-ZÑ]{4}\d{6}[A-Z]{6}[A-Z0-9]\d", re.IGNORECASE)
LONGEST_STATE_NAME = 4
PHONE_DIGITS = 10


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A typed line as a question: how sure the split of the name is, other readings of it, and the words
    (numbers that are no birth date, say) that were not understood."""

    query: PersonQuery
    certainty: Certainty
    others: tuple[PersonName, ...] = ()
    not_understood: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    name_words: list[str] = field(default_factory=list)
    birth: PartialDate | None = None
    state: str | None = None
    curp: str = ""
    phone: str = ""
    not_understood: list[str] = field(default_factory=list)


def read_search_line(text: str, *, states: Mapping[str, str], this_year: int) -> SearchLine:
    """Take the line apart, in any order: names, a birth date or year, a state, a CURP, a phone of ten digits.

    `states` maps names and short names of states in normal form ("MICH", "CIUDAD DE MEXICO") to codes. A word
    that is also a surname or given name (Guerrero, Hidalgo) is a state only after a birth date or year. Two
    digits are a year of the last hundred before `this_year`; day comes before month. The last word counts as
    still being typed until a space follows it.
    """
    words = text.split()
    reading = _Reading()
    at = 0
    while at < len(words):
        length, code = _find_state(words[at:], states, is_after_birth=reading.birth is not None)
        if code and reading.name_words and reading.state is None:
            reading.state = code
            at += length
            continue
        _read_word(words[at], reading, this_year)
        at += 1
    split = split_name(" ".join(reading.name_words))
    is_typing = bool(reading.name_words) and words[-1] == reading.name_words[-1] and not text[-1].isspace()
    query = PersonQuery(
        split.name,
        reading.birth,
        reading.state,
        curp=reading.curp,
        phone=reading.phone,
        is_typing=is_typing,
    )
    return SearchLine(query, split.certainty, split.others, tuple(reading.not_understood))


def _read_word(word: str, reading: _Reading, this_year: int) -> None:
    digits = re.sub(r"\D", "", word)
    if not digits:
        reading.name_words.append(word)
    elif _CURP.fullmatch(word):
        reading.curp = word.upper()
    elif birth := _read_birth(word, this_year):
        reading.birth = birth
    elif len(digits) >= PHONE_DIGITS:
        reading.phone = word
    else:
        reading.not_understood.append(word)


def _read_birth(word: str, this_year: int) -> PartialDate | None:
    try:
        if match := _YEAR_FIRST.fullmatch(word):
            birth = PartialDate.from_parts(int(match[1]), int(match[2]), int(match[3]))
        elif match := _DAY_FIRST.fullmatch(word):
            birth = PartialDate.from_parts(_read_year(match[3], this_year), int(match[2]), int(match[1]))
        elif word.isascii() and word.isdigit() and len(word) in (2, 4):
            birth = PartialDate.from_parts(_read_year(word, this_year))
        else:
            return None
    except ValueError:
        return None
    return birth if EARLIEST_YEAR <= birth.year <= this_year else None


def _read_year(digits: str, this_year: int) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    century = this_year - this_year % 100
    return century + year if century + year <= this_year else century - 100 + year


def _find_state(words: list[str], states: Mapping[str, str], *, is_after_birth: bool) -> tuple[int, str | None]:
    """How many words name a state, the longest name first, and its code."""
    for length in range(min(LONGEST_STATE_NAME, len(words)), 0, -1):
        name = normal_form(" ".join(words[:length]))
        is_a_name = length == 1 and (name in COMMON_SURNAMES or name in GIVEN_NAMES or name in _STATE_SURNAMES)
        if name in states and (is_after_birth or not is_a_name):
            return length, states[name]
    return 0, None


#: States that are surnames too, and that the vocabulary of common ones does not hold.
_STATE_SURNAMES = frozenset({"HIDALGO", "MORELOS", "COLIMA", "MEXICO", "DURANGO"})
