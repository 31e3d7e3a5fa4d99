"""The CURP, Mexico's population key: its first 16 characters from facts, its check digit, its review.

Rules from RENAPO's "Instructivo normativo para la asignación de la CURP" (DOF, 18 October 2021). Positions
17 and 18 are given by RENAPO alone, so nothing here makes them up; a person without a CURP, or with one that
looks wrong, is a normal case, so `review` reports and never refuses.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from puente.engines.identity.birth import PartialDate

LENGTH = 18
_STATE_CODES = "AS BC BS CC CL CM CS CH DF DG GT GR HG JC MC MN MS NT NL OC PL QT QR SP SL SR TC TS TL VZ YN ZS NE"
_PARTICLE_WORDS = "DA DAS DE DEL DER DI DIE DD EL LA LOS LAS LE LES MAC MC VAN VON Y"
_INCONVENIENT = """
    BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA CULO FALO FETO
    GETA GUEI GUEY JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA KULO LILO LOCA
    LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO PENE PIPI PITO
    POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY
"""
STATES = frozenset(_STATE_CODES.split())
SEXES = frozenset("HMX")
PARTICLES = frozenset(_PARTICLE_WORDS.split())
PASSED_OVER_GIVEN_NAMES = frozenset({"MARIA", "MA", "MA.", "JOSE", "J", "J."})
INCONVENIENT_WORDS = frozenset(_INCONVENIENT.split())
CHECK_ALPHABET = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_VOWELS = "AEIOU"
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"
_SPECIAL = "/-.'"


class CurpState(StrEnum):
    """What is known of a person's CURP; VERIFIED comes from RENAPO's answer and never from `review`."""

    NOT_SHOWN = "not_shown"
    DECLARED = "declared"
    WELL_FORMED = "well_formed"
    VERIFIED = "verified"


class ProblemCode(StrEnum):
    """Stable codes that the user interface turns into sentences."""

    WRONG_LENGTH = "wrong_length"
    BAD_CHARACTER = "bad_character"
    INCONVENIENT_WORD = "inconvenient_word"
    IMPOSSIBLE_DATE = "impossible_date"
    FUTURE_DATE = "future_date"
    UNKNOWN_SEX = "unknown_sex"
    UNKNOWN_STATE = "unknown_state"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    DIFFERS_FROM_FIRST_SURNAME = "differs_from_first_surname"
    DIFFERS_FROM_SECOND_SURNAME = "differs_from_second_surname"
    DIFFERS_FROM_GIVEN_NAME = "differs_from_given_name"
    DIFFERS_FROM_BIRTH_DATE = "differs_from_birth_date"
    DIFFERS_FROM_SEX = "differs_from_sex"
    DIFFERS_FROM_BIRTH_STATE = "differs_from_birth_state"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to look at in a CURP: what, and at which positions (1 to 18; empty for the whole)."""

    code: ProblemCode
    positions: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CurpParts:
    """What a well-formed CURP says. `birth_state` is the CURP code ("MN", "NE" for abroad)."""

    root: str
    birth_date: date
    sex: str
    birth_state: str
    differentiator: str
    check_digit: str


@dataclass(frozen=True, slots=True)
class DeclaredPerson:
    """What the person said, to be held against the CURP; what was not said is empty or None."""

    given: str = ""
    first_surname: str = ""
    second_surname: str = ""
    birth: PartialDate | None = None
    sex: str | None = None
    birth_state: str | None = None


@dataclass(frozen=True, slots=True)
class CurpReview:
    """The outcome of looking at a CURP: its cleaned text, its state, and what to look at."""

    curp: str
    state: CurpState
    problems: tuple[Problem, ...]


class InvalidCurp(ValueError):
    """A CURP that cannot be read; carries the problems and, on purpose, not the CURP itself."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def clean(text: str) -> str:
    """Upper case without spaces and hyphens, as people write a CURP on paper."""
    return re.sub(r"[\s\-‐‑–]", "", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first17: str) -> str:
    """The 18th character for the first 17: (10 − Σ value·(19 − position) mod 10) mod 10.

    Raises ValueError when there are not 17 characters of digits, A–Z and Ñ.
    """
    if len(first17) != LENGTH - 1:
        raise ValueError("the check digit needs 17 characters")
    total = sum(CHECK_ALPHABET.index(character) * (LENGTH - i) for i, character in enumerate(first17))
    return str(-total % 10)


def compute_root(
    *, given: str, first_surname: str, second_surname: str = "", birth_date: date, sex: str, birth_state: str
) -> str:
    """The first 16 characters of a person's CURP; the last two are RENAPO's and are never invented.

    Names as they stand in the birth certificate (any case, accents welcome); `sex` is H, M or X and
    `birth_state` a CURP state code. Raises ValueError for another sex or state, or without a first surname
    and given name.
    """
    if sex not in SEXES:
        raise ValueError("sex must be H, M or X")
    if birth_state not in STATES:
        raise ValueError("unknown CURP state code")
    if not first_surname.strip() or not given.strip():
        raise ValueError("the root needs a first surname and a given name")
    letters, consonants = _name_characters(given, first_surname, second_surname)
    return f"{letters}{birth_date:%y%m%d}{sex}{birth_state}{consonants}"


def parse(curp: str) -> CurpParts:
    """Read a CURP; the century comes from position 17 (a digit for 19xx, a letter for 20xx).

    Raises InvalidCurp, with every problem of form, when it is not well formed.
    """
    text = clean(curp)
    problems = tuple(_find_form_problems(text))
    birth_date = _read_birth_date(text)
    if problems or birth_date is None:
        raise InvalidCurp(problems)
    return CurpParts(text[:16], birth_date, text[10], text[11:13], text[16], text[17])


def review(curp: str | None, *, declared: DeclaredPerson | None = None, today: date | None = None) -> CurpReview:
    """Look at a CURP without ever refusing it.

    The state is NOT_SHOWN without a text, WELL_FORMED when its form holds, DECLARED otherwise. Problems
    list errors of form, then each fact of `declared` that the CURP contradicts; a difference does not
    change the state. With `today`, a birth date to come is a problem too (an O typed for the 0 of
    position 17).
    """
    text = clean(curp or "")
    if not text:
        return CurpReview("", CurpState.NOT_SHOWN, ())
    form_problems = tuple(_find_form_problems(text, today))
    differences = tuple(_find_differences(text, declared)) if declared and len(text) == LENGTH else ()
    state = CurpState.DECLARED if form_problems else CurpState.WELL_FORMED
    return CurpReview(text, state, form_problems + differences)


def _name_characters(given: str, first_surname: str, second_surname: str) -> tuple[str, str]:
    """Positions 1–4 and 14–16."""
    first, second = _deciding_word(first_surname), _deciding_word(second_surname)
    name = _deciding_word(given, passed_over=PASSED_OVER_GIVEN_NAMES)
    letters = _initial(first) + _first_internal(first, _VOWELS) + _initial(second) + _initial(name)
    if letters in INCONVENIENT_WORDS:
        letters = letters[0] + "X" + letters[2:]
    return letters, "".join(_first_internal(word, _CONSONANTS) for word in (first, second, name))


def _deciding_word(text: str, passed_over: frozenset[str] = frozenset()) -> str:
    """The word that counts: the first that is no particle nor, where others follow, María or José."""
    words = _fold(text).split()
    words = [word for word in words if word not in PARTICLES] or words[-1:]
    if len(words) > 1 and words[0] in passed_over:
        words = words[1:]
    return words[0] if words else ""


def _fold(text: str) -> str:
    """Upper case without accents and diaeresis; Ñ counts as X, and the apostrophes are one."""
    composed = unicodedata.normalize("NFC", text).upper().replace("Ñ", "X").replace("’", "'").replace("ꞌ", "'")
    decomposed = unicodedata.normalize("NFD", composed)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _initial(word: str) -> str:
    return word[0] if word and word[0] in _LETTERS else "X"


def _first_internal(word: str, wanted: str) -> str:
    """The first wanted letter after the initial; a special character found before it gives X."""
    for character in word[1:]:
        if character in wanted:
            return character
        if character in _SPECIAL:
            return "X"
    return "X"


def _allowed_characters() -> tuple[str, ...]:
    """What may stand at each of the 18 positions (sex and state have their own problem codes)."""
    return (
        _LETTERS,
        _VOWELS + "X",
        *[_LETTERS] * 2,
        *[_DIGITS] * 6,
        *[_LETTERS] * 3,
        *[_CONSONANTS] * 3,
        _DIGITS + _LETTERS,
        _DIGITS,
    )


_ALLOWED = _allowed_characters()


def _find_form_problems(text: str, today: date | None = None) -> Iterator[Problem]:
    if len(text) != LENGTH:
        yield Problem(ProblemCode.WRONG_LENGTH)
        return
    bad = tuple(i + 1 for i, character in enumerate(text) if character not in _ALLOWED[i])
    if bad:
        yield Problem(ProblemCode.BAD_CHARACTER, bad)
    if text[:4] in INCONVENIENT_WORDS:
        yield Problem(ProblemCode.INCONVENIENT_WORD, (2,))
    birth_date = _read_birth_date(text)
    if birth_date is None and not any(5 <= position <= 10 for position in bad):
        yield Problem(ProblemCode.IMPOSSIBLE_DATE, tuple(range(5, 11)))
    if birth_date is not None and today is not None and birth_date > today:
        yield Problem(ProblemCode.FUTURE_DATE, (5, 6, 7, 8, 9, 10, 17))
    if text[10] not in SEXES and 11 not in bad:
        yield Problem(ProblemCode.UNKNOWN_SEX, (11,))
    if text[11:13] not in STATES and not {12, 13} & set(bad):
        yield Problem(ProblemCode.UNKNOWN_STATE, (12, 13))
    if not bad and check_digit(text[:17]) != text[17]:
        yield Problem(ProblemCode.WRONG_CHECK_DIGIT, (18,))


def _read_birth_date(text: str) -> date | None:
    """The date of positions 5–10 and 17, or None when it is no day of the calendar."""
    if len(text) != LENGTH or not all(character in _DIGITS for character in text[4:10]):
        return None
    century = 1900 if text[16] in _DIGITS else 2000
    try:
        return date(century + int(text[4:6]), int(text[6:8]), int(text[8:10]))
    except ValueError:
        return None


def _find_differences(text: str, declared: DeclaredPerson) -> Iterator[Problem]:
    yield from _find_name_differences(text, declared)
    birth_date = _read_birth_date(text)
    if declared.birth and birth_date and not declared.birth.could_be(PartialDate.from_date(birth_date)):
        positions = tuple(_differing_date_positions(birth_date, declared.birth))
        yield Problem(ProblemCode.DIFFERS_FROM_BIRTH_DATE, positions)
    if declared.sex and text[10] != declared.sex:
        yield Problem(ProblemCode.DIFFERS_FROM_SEX, (11,))
    if declared.birth_state and text[11:13] != declared.birth_state:
        yield Problem(ProblemCode.DIFFERS_FROM_BIRTH_STATE, (12, 13))


def _find_name_differences(text: str, declared: DeclaredPerson) -> Iterator[Problem]:
    letters, consonants = _name_characters(declared.given, declared.first_surname, declared.second_surname)
    expected = dict(zip((1, 2, 3, 4, 14, 15, 16), letters + consonants, strict=True))
    if not (declared.given and declared.first_surname):
        # Without all four letters no inconvenient word can be told, so its X is no difference.
        expected[2] = text[1] if text[1] == "X" else expected[2]
    for code, said, positions in (
        (ProblemCode.DIFFERS_FROM_FIRST_SURNAME, declared.first_surname, (1, 2, 14)),
        # A second surname not said is compared too when the first was: one-surname people have X there.
        (ProblemCode.DIFFERS_FROM_SECOND_SURNAME, declared.first_surname, (3, 15)),
        (ProblemCode.DIFFERS_FROM_GIVEN_NAME, declared.given, (4, 16)),
    ):
        differing = tuple(position for position in positions if text[position - 1] != expected[position])
        if said.strip() and differing:
            yield Problem(code, differing)


def _differing_date_positions(found: date, said: PartialDate) -> Iterator[int]:
    if found.year % 100 != said.year % 100:
        yield from (5, 6)
    if said.month is not None and found.month != said.month:
        yield from (7, 8)
    if said.day is not None and found.day != said.day:
        yield from (9, 10)
    if found.year // 100 != said.year // 100:
        yield 17
