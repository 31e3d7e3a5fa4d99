"""How near two words are for a Spanish ear and a hurried hand, and which letters differ."""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from puente.engines.identity.hypocoristics import are_forms_of_one_name
from puente.engines.identity.phonetics import phonetic_code
from puente.engines.identity.vocabulary import fold

Spans = tuple[tuple[int, int], ...]

SHORTEST_WORD_WITH_A_SLIP = 4
SHORTEST_WORD_WITH_TWO_SLIPS = 8


class Level(IntEnum):
    """How two words agree, best first."""

    EQUAL = 0
    SOUND = 1
    FORM = 2
    NEAR = 3
    DIFFERENT = 4


@lru_cache(maxsize=1 << 16)
def word_level(one: str, other: str) -> Level:
    """How two words in normal form agree: equal, same sound, forms of one given name, one slip of the hand
    (two in a word of eight letters), or different."""
    if one == other:
        return Level.EQUAL
    one_code, other_code = phonetic_code(one), phonetic_code(other)
    if one_code == other_code:
        return Level.SOUND
    if are_forms_of_one_name(one, other):
        return Level.FORM
    shortest = min(len(one), len(other))
    if shortest < SHORTEST_WORD_WITH_A_SLIP:
        return Level.DIFFERENT
    allowed = 2 if shortest >= SHORTEST_WORD_WITH_TWO_SLIPS else 1
    distance = min(
        OSA.distance(one, other, score_cutoff=allowed),
        OSA.distance(one_code, other_code, score_cutoff=allowed),
    )
    return Level.NEAR if distance <= allowed else Level.DIFFERENT


def is_beginning(typed: str, word: str) -> bool:
    """True when the typed letters, or their sound, begin the word ("xim" begins JIMENA)."""
    return word.startswith(typed) or phonetic_code(word).startswith(phonetic_code(typed))


def find_differing_letters(said: str, registered: str) -> tuple[Spans, Spans]:
    """Where two texts differ, as (start, end) pairs in each; accents and case do not count.

    "Avalos Crus" and "Ávalos Cruz" give ((10, 11),) and ((10, 11),).
    """
    said_spans: list[tuple[int, int]] = []
    registered_spans: list[tuple[int, int]] = []
    for step in Levenshtein.opcodes(_fold_letters(said), _fold_letters(registered)):
        if step.tag != "equal":
            if step.src_end > step.src_start:
                said_spans.append((step.src_start, step.src_end))
            if step.dest_end > step.dest_start:
                registered_spans.append((step.dest_start, step.dest_end))
    return tuple(said_spans), tuple(registered_spans)


def _fold_letters(text: str) -> list[str]:
    """One folded letter per character, so that positions stay those of the text."""
    return [fold(character)[:1] or character for character in text]
