"""What agreement in one field is worth, and how to say it.

Weights are in bits, log2 of how much likelier the agreement is for one person than for two (Fellegi and
Sunter's model). They were set by hand from name frequencies of the Census Bureau's Hispanic lists and from
the rates of damage that `benchmarks/synthetic_people.py` writes down, and are to be fitted on reviewed pairs.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from puente.engines.identity.birth import PartialDate, Precision
from puente.engines.identity.names import PersonName, core_words, normal_form
from puente.engines.identity.similarity import Level, is_beginning, word_level
from puente.engines.identity.vocabulary import ACCENTED, FEMALE_NAMES, MALE_NAMES, SURNAMES, fold


class Sign(StrEnum):
    """How a field agrees."""

    EQUAL = "equal"
    SIMILAR = "similar"
    DIFFERENT = "different"
    MISSING = "missing"


class Note(StrEnum):
    """Stable codes that the user interface turns into a short remark."""

    SOUNDS_ALIKE = "sounds_alike"
    SPELLING = "spelling"
    PARTICLES_DIFFER = "particles_differ"
    SWAPPED_SURNAMES = "swapped_surnames"
    ONE_SURNAME_MISSING = "one_surname_missing"
    ONE_SURNAME_DIFFERS = "one_surname_differs"
    HYPOCORISTIC = "hypocoristic"
    GIVEN_NAME_MISSING = "given_name_missing"
    OTHER_ORDER = "other_order"
    STILL_TYPING = "still_typing"
    DAY_MONTH_SWAPPED = "day_month_swapped"
    FIRST_OF_JANUARY = "first_of_january"
    OTHER_DAY = "other_day"
    OTHER_YEAR = "other_year"
    YEAR_ONE_OFF = "year_one_off"
    ESTIMATED_YEAR = "estimated_year"
    ASK_THE_DAY = "ask_the_day"
    NO_DAY_REGISTERED = "no_day_registered"
    ONE_CHARACTER = "one_character"
    MAY_HAVE_CHANGED = "may_have_changed"
    ASK_TO_CONFIRM = "ask_to_confirm"
    ALIAS = "alias"


class Agreement(NamedTuple):
    """The weight of one field in bits, its sign, and remarks."""

    weight: float
    sign: Sign
    notes: tuple[Note, ...] = ()


_MISSING = Agreement(0.0, Sign.MISSING)
_NOTHING = Agreement(0.0, Sign.EQUAL)
_ONE_MISSING = Agreement(-0.5, Sign.SIMILAR, (Note.ONE_SURNAME_MISSING,))
_LEVEL_COST = {Level.EQUAL: 0.0, Level.SOUND: 0.7, Level.FORM: 1.2, Level.NEAR: 1.8}
_LEVEL_NOTE = {Level.SOUND: Note.SOUNDS_ALIKE, Level.FORM: Note.HYPOCORISTIC, Level.NEAR: Note.SPELLING}
_DIFFERENT_SURNAME = -4.0
_DIFFERENT_GIVEN = -5.0
_COMMONEST = frozenset(fold(word) for word in (*SURNAMES[:20], *MALE_NAMES[:20], *FEMALE_NAMES[:12]))


def compare_surnames(said: PersonName, registered: PersonName, is_typing: bool) -> Agreement:
    """Both surnames as one field: straight or crossed, whichever agrees better."""
    ours, theirs = _surnames(said), _surnames(registered)
    if not ours[0] or not theirs[0]:
        return _MISSING
    typed_place = -1 if not is_typing or said.given.strip() else int(bool(ours[1]))
    straight = _weigh_pair(ours, theirs, typed_place)
    if straight.sign is not Sign.DIFFERENT or not (ours[1] or theirs[1]):
        return straight
    crossed = _weigh_pair(ours, theirs[::-1], typed_place)
    if crossed.weight - 1.0 <= straight.weight:
        return straight
    sign = Sign.SIMILAR if crossed.sign is Sign.EQUAL else crossed.sign
    return Agreement(crossed.weight - 1.0, sign, (Note.SWAPPED_SURNAMES, *crossed.notes))


def compare_given(said: PersonName, registered: PersonName, is_typing: bool) -> Agreement:
    """Given names in any order; one that is missing on either side costs little, a strange one much."""
    agreement = _weigh_given(core_words(said.given), core_words(registered.given), is_typing)
    if agreement.sign is Sign.DIFFERENT and (said.preferred or registered.preferred):
        return _compare_preferred(said, registered) or agreement
    return agreement


def compare_birth(said: PartialDate | None, registered: PartialDate | None) -> Agreement:
    """Birth dates as far as both are known; 1 January, "unknown" in many lists, counts less."""
    if said is None or registered is None:
        return _MISSING
    if Precision.ESTIMATED in (said.precision, registered.precision):
        return _compare_estimated(said, registered)
    if said.day is None or registered.day is None:
        return _compare_without_day(said, registered)
    return _compare_days(said, registered)


def compare_state(said: str | None, registered: str | None) -> Agreement:
    """The state of birth; people name the state they grew up in, so a difference weighs little."""
    if not said or not registered:
        return _MISSING
    return Agreement(3.5, Sign.EQUAL) if said == registered else Agreement(-2.0, Sign.DIFFERENT)


def compare_sex(said: str | None, registered: str | None) -> Agreement:
    """Sex; X on either side contradicts nothing."""
    if not said or not registered:
        return _MISSING
    if said == registered:
        return Agreement(0.6, Sign.EQUAL)
    return Agreement(-0.5 if "X" in (said, registered) else -4.0, Sign.DIFFERENT)


def compare_curp(said: str, registered: str) -> Agreement:
    """CURPs: one wrong character is a slip of the pen, more is another person."""
    ours, theirs = said.strip().upper(), registered.strip().upper()
    if not ours or not theirs:
        return _MISSING
    if ours == theirs:
        return Agreement(16.0, Sign.EQUAL)
    if len(ours) == len(theirs) and sum(a != b for a, b in zip(ours, theirs, strict=True)) == 1:
        return Agreement(8.0, Sign.SIMILAR, (Note.ONE_CHARACTER,))
    return Agreement(-6.0, Sign.DIFFERENT)


def compare_phone(said: str, registered: tuple[str, ...]) -> Agreement:
    """The phone against each one known, by its last ten digits; another number says nothing against."""
    ours = phone_digits(said)
    if not ours or not registered:
        return _MISSING
    if any(phone_digits(number) == ours for number in registered):
        return Agreement(7.0, Sign.EQUAL)
    return Agreement(-0.3, Sign.DIFFERENT, (Note.MAY_HAVE_CHANGED,))


def compare_mother(said: str, registered: str) -> Agreement:
    """The mother's name, its words in any order; unsaid but registered, it is a good question to ask."""
    ours, theirs = core_words(said), core_words(registered)
    if not ours or not theirs:
        return Agreement(0.0, Sign.MISSING, (Note.ASK_TO_CONFIRM,) if theirs else ())
    matches = _match_words(ours[:5], theirs[:5])
    if len(matches) < min(2, len(ours), len(theirs)):
        return Agreement(-3.0, Sign.DIFFERENT)
    worst = max(level for _, _, level in matches)
    if len(matches) == len(ours) == len(theirs) and worst is Level.EQUAL:
        return Agreement(7.0, Sign.EQUAL)
    return Agreement(2.0 * len(matches) - _LEVEL_COST[worst], Sign.SIMILAR, _notes(worst))


def phone_digits(number: str) -> str:
    """The last ten digits: national numbers in Mexico and the US without country code or prefix."""
    return re.sub(r"\D", "", number)[-10:]


def _notes(level: Level) -> tuple[Note, ...]:
    return (_LEVEL_NOTE[level],) if level in _LEVEL_NOTE else ()


@lru_cache(maxsize=1 << 16)
def _normal_surnames(first: str, second: str) -> tuple[str, str]:
    one, other = normal_form(first), normal_form(second)
    return (one, other) if one else (other, "")


def _surnames(name: PersonName) -> tuple[str, str]:
    """The surnames with their particles, in normal form; the only one comes first."""
    return _normal_surnames(name.first_surname, name.second_surname)


def _rarity(word: str, known: float, common: float, rare: float) -> float:
    if word in _COMMONEST:
        return common
    return known if word in ACCENTED else rare


def _weigh_pair(ours: tuple[str, str], theirs: tuple[str, str], typed_place: int) -> Agreement:
    """The sum over the two places; an empty surname is one that is not known."""
    first = _weigh_surname(ours[0], theirs[0], typed_place == 0)
    second = _weigh_surname(ours[1], theirs[1], typed_place == 1)
    notes = first.notes if first.notes == second.notes else first.notes + second.notes
    signs = (first.sign, second.sign)
    if Sign.DIFFERENT not in signs:
        sign = Sign.SIMILAR if Sign.SIMILAR in signs else Sign.EQUAL
    else:
        sign = Sign.DIFFERENT
        if ours[1] and theirs[1] and first.sign is not second.sign:
            notes += (Note.ONE_SURNAME_DIFFERS,)
    return Agreement(first.weight + second.weight, sign, notes)


@lru_cache(maxsize=1 << 16)
def _weigh_surname(one: str, other: str, is_typing: bool) -> Agreement:
    if not one or not other:
        return _ONE_MISSING if one or other else _NOTHING
    our_core, their_core = "".join(core_words(one)), "".join(core_words(other))
    # A misspelt common surname is no rare one.
    worth = min(_rarity(our_core, 5.5, 4.0, 7.0), _rarity(their_core, 5.5, 4.0, 7.0))
    if one == other:
        return Agreement(worth, Sign.EQUAL)
    level = word_level(our_core, their_core)
    if is_typing and level is not Level.EQUAL and is_beginning(our_core, their_core):
        return Agreement(_typed_weight(our_core), Sign.SIMILAR, (Note.STILL_TYPING,))
    # A double surname of which one word was said: "San Martín" and "Martín".
    if level is Level.DIFFERENT and set(core_words(one)) & set(core_words(other)):
        return Agreement(worth - 2.0, Sign.SIMILAR, (Note.SPELLING,))
    if level in (Level.DIFFERENT, Level.FORM):
        return Agreement(_DIFFERENT_SURNAME, Sign.DIFFERENT)
    weight, notes = worth - _LEVEL_COST[level], _notes(level)
    if _particles(one) != _particles(other):
        weight, notes = weight - 1.0, (*notes, Note.PARTICLES_DIFFER)
    return Agreement(weight, Sign.SIMILAR, notes)


def _particles(surname: str) -> list[str]:
    core = core_words(surname)
    return [word for word in surname.split() if word not in core]


def _typed_weight(typed: str) -> float:
    return min(0.8 * len(typed), 3.0)


def _match_words(ours: tuple[str, ...], theirs: tuple[str, ...]) -> list[tuple[int, int, Level]]:
    """Pairs of places that agree, each place once, the best agreements first."""
    pairs = [
        (level, i, j)
        for i, one in enumerate(ours)
        for j, other in enumerate(theirs)
        if (level := word_level(one, other)) is not Level.DIFFERENT
    ]
    pairs.sort()
    matches: list[tuple[int, int, Level]] = []
    for level, i, j in pairs:
        if all(i != a and j != b for a, b, _ in matches):
            matches.append((i, j, level))
    return matches


@lru_cache(maxsize=1 << 16)
def _weigh_given(ours: tuple[str, ...], theirs: tuple[str, ...], is_typing: bool) -> Agreement:
    if not ours or not theirs:
        return _MISSING
    if is_typing and len(ours) == 1 and is_beginning(ours[0], theirs[0]) and ours[0] != theirs[0]:
        return Agreement(_typed_weight(ours[0]), Sign.SIMILAR, (Note.STILL_TYPING,))
    # Beyond three, given names are said or left out at will.
    ours, theirs = ours[:3], theirs[:3]
    matches = _match_words(ours, theirs)
    if not matches:
        return Agreement(_DIFFERENT_GIVEN, Sign.DIFFERENT)
    weights = sorted((_rarity(theirs[j], 4.5, 3.5, 6.0) - _LEVEL_COST[level] for _, j, level in matches), reverse=True)
    weight = weights[0] + 0.6 * sum(weights[1:])
    worst = max(level for _, _, level in matches)
    notes = list(_notes(worst))
    unmatched = min(len(ours), len(theirs)) - len(matches)
    if unmatched > 0:
        return Agreement(weight - 3.0, Sign.DIFFERENT, tuple(notes))
    if len(ours) != len(theirs):
        weight -= 0.7
        notes.append(Note.GIVEN_NAME_MISSING)
    if any(i != j for i, j, _ in matches):
        weight -= 0.3
        if len(ours) == len(theirs):
            notes.append(Note.OTHER_ORDER)
    return Agreement(weight, Sign.SIMILAR if notes else Sign.EQUAL, tuple(notes))


def _compare_preferred(said: PersonName, registered: PersonName) -> Agreement | None:
    """People give the name they go by: it may stand on either side as the preferred one."""
    for one, other in ((said.given, registered.preferred), (said.preferred, registered.given)):
        if _match_words(core_words(one)[:2], core_words(other)[:2]):
            return Agreement(2.5, Sign.SIMILAR, (Note.ALIAS,))
    return None


def _compare_estimated(said: PartialDate, registered: PartialDate) -> Agreement:
    distance = abs(said.year - registered.year)
    if distance <= 2:
        return Agreement(2.5 - 0.5 * distance, Sign.SIMILAR, (Note.ESTIMATED_YEAR,))
    return Agreement(-1.0 * min(distance - 2, 6), Sign.DIFFERENT, (Note.ESTIMATED_YEAR,))


def _compare_without_day(said: PartialDate, registered: PartialDate) -> Agreement:
    ask = (Note.ASK_THE_DAY,) if said.day is None else (Note.NO_DAY_REGISTERED,)
    if said.year == registered.year:
        if said.month and registered.month:
            return Agreement(7.0, Sign.EQUAL, ask) if said.month == registered.month else _other(1.0, ask)
        return Agreement(4.5, Sign.EQUAL, ask)
    if abs(said.year - registered.year) == 1:
        return Agreement(0.5, Sign.SIMILAR, (Note.YEAR_ONE_OFF, *ask))
    return Agreement(-5.0, Sign.DIFFERENT, ask)


def _other(weight: float, notes: tuple[Note, ...]) -> Agreement:
    return Agreement(weight, Sign.DIFFERENT, (Note.OTHER_DAY, *notes))


def _compare_days(said: PartialDate, registered: PartialDate) -> Agreement:
    years = abs(said.year - registered.year)
    ours, theirs = (said.month, said.day), (registered.month, registered.day)
    if years == 0 and ours == theirs:
        if said.is_first_of_january:
            return Agreement(5.5, Sign.EQUAL, (Note.FIRST_OF_JANUARY,))
        return Agreement(12.0, Sign.EQUAL)
    if years == 0 and ours == theirs[::-1]:
        return Agreement(8.0, Sign.SIMILAR, (Note.DAY_MONTH_SWAPPED,))
    if ours == theirs and not said.is_first_of_january:
        near = years == 1 or _has_one_other_digit(said.year, registered.year)
        notes = (Note.YEAR_ONE_OFF,) if years == 1 else (Note.OTHER_YEAR,)
        return Agreement(6.5 if near else 1.0, Sign.SIMILAR if near else Sign.DIFFERENT, notes)
    if years == 0:
        if said.is_first_of_january or registered.is_first_of_january:
            return Agreement(3.5, Sign.SIMILAR, (Note.FIRST_OF_JANUARY,))
        is_near = ours[0] == theirs[0] or ours[1] == theirs[1]
        return Agreement(4.5 if is_near else 2.0, Sign.SIMILAR, (Note.OTHER_DAY,))
    return Agreement(-6.0, Sign.DIFFERENT, (Note.OTHER_YEAR,))


def _has_one_other_digit(one: int, other: int) -> bool:
    return sum(a != b for a, b in zip(str(one), str(other), strict=True)) == 1
