"""What the one search line of the desk says: surnames, given name, year and state, in any order people speak."""

import re
from dataclasses import dataclass
from datetime import date

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.names import PersonName, split_name
from puente.engines.identity.vocabulary import COMMON_SURNAMES, GIVEN_NAMES, fold
from puente.offices.selectors import load_place_index
from puente.reception.lists import read_birth

OLDEST = 110
LEAST_PREFIX = 3


@dataclass(frozen=True)
class SearchText:
    """A search line, understood: the name, the birth date as far as it was said, and the state's code."""

    name: PersonName
    birth: PartialDate | None
    state: str
    is_typing: bool

    def as_query(self) -> PersonQuery:
        """Return the question to the registry."""
        return PersonQuery(
            name=self.name, birth=self.birth, birth_state=self.state or None, is_typing=self.is_typing
        )


def read_search(text: str, states: dict[str, str], today: date) -> SearchText:
    """Take a search line apart: "avalos crus martin 92 mich", "Güémez, Noemí 14/03/1990".

    A state counts after a number or a comma, or as a last word that is no known name, so that the
    surnames Guerrero, Morelos and Durango stay surnames.

    Args:
        states: state code → name.
    """
    is_typing = bool(text) and not text[-1].isspace()
    words = text.split()
    birth, birth_at = _find_birth(words, today)
    if birth_at is not None:
        before, after = words[:birth_at], words[birth_at + 1 :]
        state = _find_state(" ".join(after), states)
        name_words = before if state or not after else before + after
    else:
        name_words, state = _split_last_state(words, states)
    name_words = [word for word in name_words if any(map(str.isalpha, word))]
    name = split_name(" ".join(name_words)).name if name_words else PersonName()
    is_last = birth_at is None and not state
    return SearchText(name, birth, state, is_typing and is_last)


def _find_birth(words: list[str], today: date) -> tuple[PartialDate | None, int | None]:
    for at, word in enumerate(words):
        if not word[0].isdigit():
            continue
        if re.fullmatch(r"\d\d", word) and at > 0:
            year = 2000 + int(word)
            return PartialDate.from_parts(year if year <= today.year else year - 100), at
        try:
            birth = read_birth(word)
        except ValueError:
            continue
        if birth and today.year - OLDEST <= birth.year <= today.year:
            return birth, at
    return None, None


def _find_state(text: str, states: dict[str, str]) -> str:
    text = text.strip(" .,")
    if not text:
        return ""
    found = load_place_index().resolve_state(text)
    if found.code:
        return found.code
    return _find_by_prefix(text, states)


def _find_by_prefix(text: str, states: dict[str, str]) -> str:
    folded = fold(text)
    if len(folded) < LEAST_PREFIX:
        return ""
    fitting = [code for code, name in states.items() if fold(name).startswith(folded)]
    return fitting[0] if len(fitting) == 1 else ""


def _split_last_state(words: list[str], states: dict[str, str]) -> tuple[list[str], str]:
    line = " ".join(words)
    if line.count(",") == 2 or (line.count(",") == 1 and len(words) > 3):
        head, _, tail = line.rpartition(",")
        if state := _find_state(tail, states):
            return head.split(), state
    if len(words) >= 4:
        last = fold(words[-1].strip(".,"))
        is_name = last in COMMON_SURNAMES or last in GIVEN_NAMES
        if not is_name and len(last) >= LEAST_PREFIX and (state := _find_state(words[-1], states)):
            return words[:-1], state
    return words, ""
