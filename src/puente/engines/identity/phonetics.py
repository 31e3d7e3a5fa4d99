"""How a word sounds in Mexican Spanish, so that *Cruz* finds *Crus* and *Ybarra* finds *Ibarra*.

Both functions take one word in normal form (A–Z) and are pure; change `PHONETICS_VERSION` with any rule, for
stored search keys depend on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

PHONETICS_VERSION = 1

# In order: a later rule sees what an earlier one wrote. Lower case marks a sound already decided
# (c = ch), so that no later rule reads it as a letter.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"PH", "F"),
        (r"CH", "c"),
        (r"SH", "c"),
        (r"^X(?=[AEIOUY])|(?<=[AEIOU])X(?=[AEIOU])|G(?=[EIY])", "J"),
        (r"X", "S"),
        (r"GU(?=[EI])", "G"),
        (r"QU(?=[EI])|Q|CK|C(?![EIY])", "K"),
        (r"C|Z", "S"),
        (r"^HU(?=[AEIO])|W", "U"),
        (r"H", ""),
        (r"LL", "Y"),
        (r"Y(?![AEIOU])", "I"),
        (r"V", "B"),
        (r"(.)\1+", r"\1"),
    )
)
_INNER_VOWELS = re.compile(r"(?<=.)[AEIOU]")


@lru_cache(maxsize=1 << 16)
def phonetic_code(word: str) -> str:
    """The word as it sounds, vowels kept: B=V, S=Z=C before E and I, K=QU=C, LL=Y, J=G before E and I=X,
    silent H, W=U, Y as a vowel=I, doubled letters once. "VASQUEZ" and "BAZQUES" both give "BASKES".
    """
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=1 << 16)
def skeleton(word: str) -> str:
    """First sound and consonants of the phonetic code, with M=N: what a slip in a vowel leaves intact.

    "HERNANDEZ" and "ERNANDES" give "ERNNDS", "RAMIREZ" and "RAMIRES" give "RNRS".
    """
    return _INNER_VOWELS.sub("", phonetic_code(word)).replace("M", "N")
