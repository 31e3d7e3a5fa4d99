"""Search keys: short strings that a person and a damaged question about the person have in common.

Each key joins two or more facts (the sound of a name, a surname pair, a birth year …), so that a lookup of a
few equal keys in a B-tree finds the person among millions whichever single fact is wrong. The caller turns
the strings into keyed hashes (HMAC) before they are stored or sent anywhere; nothing here knows of storage.

Kinds, for surnames S, the unordered surname pair P, given names G, unordered day and month DM:

=====  ===========================  =======================================================================
kind   made of                      finds in spite of
=====  ===========================  =======================================================================
gp     G, P (each given name)       any date and state; swapped surnames; a given name dropped or reordered
gg     both G, first S              second surname missing or wrong
sd     S, year, DM (each surname)   given names and the other surname wrong; day and month swapped
gd     G, year, DM (each given)     both surnames wrong
py     P, year                      given name unknown to us, day wrong
pt     P, birth state               given name and date wrong
gsy    G, S, year (three pairs)     the other surname, the day and the state wrong
siy    S, initial of G, year        a slip in the given name, or one still being typed
sit    S, initial of G, state       the same, with the year wrong or not known
si     S, initial of G or of the other surname       the word after the surname still being typed
s      first S                      all but the first surname
=====  ===========================  =======================================================================

Typing: keys are exact, so a word that is still being typed counts by its first sound alone. `si`, `siy` and
`sit` hold surname × first sound of what people say next, which holds after one letter and until the last;
the ranking then compares the letters typed so far. Longer prefixes would need one more key per length and
person. `si` and `s` are long lists for a common surname (the caller must cap what it takes per key, so there
they only help to fill the first page), while `siy` is about a hundred rows at ten million people.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from puente.engines.identity.birth import PartialDate, Precision
from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.hypocoristics import canonical, full_names
from puente.engines.identity.names import NORMAL_FORM_VERSION, PersonName, core_words
from puente.engines.identity.phonetics import PHONETICS_VERSION, skeleton

#: Stored beside every set of keys; when it changes, keys are made anew.
KEYS_VERSION = NORMAL_FORM_VERSION * 1000 + PHONETICS_VERSION * 10 + 1

#: From the kind that points at the fewest people to the broadest; `query_keys` keeps this order.
KINDS = ("sd", "gp", "gsy", "py", "pt", "gd", "siy", "gg", "sit", "si", "s")

MAXIMUM_GIVEN_FORMS = 8


def search_keys(name: PersonName, birth: PartialDate | None, birth_state: str | None) -> list[str]:
    """The keys to store for one person: distinct strings "kind|…", at most 16.

    Call it once for each alias too, and store the union. Nothing known gives no key.
    """
    surnames = _surname_skeletons(name)
    given = [skeleton(word) or word for word in _told_names(name.given)]
    return list(dict.fromkeys(_stored_keys(surnames, given, birth, birth_state)))


def query_keys(query: PersonQuery) -> list[str]:
    """The keys to look up, distinct, the most selective kinds first.

    Besides the person's own keys they try each surname as the first, every full name of a short form
    ("Beto"), the years beside the one said, and the first sound of a word being typed.
    """
    surnames = _surname_skeletons(query.name)
    given_words = list(core_words(query.name.given)[:3])
    forms = [_given_forms(word) for word in given_words]
    keys: dict[str, None] = {}
    for birth in _birth_readings(query.birth):
        keys |= dict.fromkeys(_asked_keys(surnames, forms, birth, query.birth_state))
        if query.is_typing and len(surnames) > 1 and not forms:
            # The second word may be the beginning of a surname or of a given name.
            year = str(birth.year) if birth else ""
            keys |= dict.fromkeys(_initial_keys(surnames[0], surnames[1][:1], year, query.birth_state))
    return sorted(keys, key=lambda key: KINDS.index(key.partition("|")[0]))


def _stored_keys(surnames: list[str], given: list[str], birth: PartialDate | None, state: str | None) -> Iterator[str]:
    year = str(birth.year) if birth else ""
    day = _unordered_day(birth)
    first_given = given[:1]
    yield from _pair_keys(surnames, given, year, state)
    for surname in surnames:
        if day:
            yield f"sd|{surname}|{year}|{day}"
        for name in first_given:
            if year:
                yield f"gsy|{name}|{surname}|{year}"
    for surname in surnames[:1]:
        yield f"s|{surname}"
        for name in first_given:
            yield from _initial_keys(surname, name[:1], year, state)
        for name in given[1:2]:
            yield f"gg|{'|'.join(sorted(given))}|{surname}"
            if year:
                yield f"gsy|{name}|{surname}|{year}"
        for other in surnames[1:2]:
            yield f"si|{surname}|{other[:1]}"
    if day:
        for name in first_given:
            yield f"gd|{name}|{year}|{day}"


def _asked_keys(
    surnames: list[str], forms: list[list[str]], birth: PartialDate | None, state: str | None
) -> Iterator[str]:
    year = str(birth.year) if birth else ""
    day = _unordered_day(birth)
    given = list(dict.fromkeys(form for one in forms for form in one))
    yield from _pair_keys(surnames, given, year, state)
    for surname in surnames:
        yield f"s|{surname}"
        if day:
            yield f"sd|{surname}|{year}|{day}"
        for name in given:
            yield from _initial_keys(surname, name[:1], year, state)
            if year:
                yield f"gsy|{name}|{surname}|{year}"
        for one, other in combinations(forms, 2):
            for pair in ((a, b) for a in one for b in other):
                yield f"gg|{'|'.join(sorted(pair))}|{surname}"
    if day:
        for name in given:
            yield f"gd|{name}|{year}|{day}"


def _pair_keys(surnames: list[str], given: list[str], year: str, state: str | None) -> Iterator[str]:
    """What hangs on both surnames, or on the only one of a person who has one."""
    if not surnames:
        return
    pair = "+".join(sorted(surnames[:2]))
    for name in given:
        yield f"gp|{name}|{pair}"
    if len(surnames) > 1:
        if year:
            yield f"py|{pair}|{year}"
        if state:
            yield f"pt|{pair}|{state}"


def _initial_keys(surname: str, initial: str, year: str, state: str | None) -> Iterator[str]:
    yield f"si|{surname}|{initial}"
    if year:
        yield f"siy|{surname}|{initial}|{year}"
    if state:
        yield f"sit|{surname}|{initial}|{state}"


def _surname_skeletons(name: PersonName) -> list[str]:
    """One skeleton per surname: its main word, so that "de la Cruz" and "Cruz" meet."""
    words = [core_words(surname)[:1] for surname in (name.first_surname, name.second_surname)]
    return [skeleton(word) or word for found in words for word in found]


def _told_names(given: str) -> list[str]:
    """The first two given names as full names, the one that people go by first: José and María, which half
    the country has beside another name, come last."""
    words = [canonical(word) for word in core_words(given)]
    if len(words) > 1 and words[0] in ("JOSE", "MARIA"):
        words[:2] = [words[1], words[0]]
    return words[:2]


def _given_forms(word: str) -> list[str]:
    """Skeletons of the word and of the full names it may stand for."""
    names: Iterable[str] = (canonical(word), word, *full_names(word)[:MAXIMUM_GIVEN_FORMS])
    return list(dict.fromkeys(skeleton(name) or name for name in names))


def _birth_readings(birth: PartialDate | None) -> list[PartialDate | None]:
    """The birth as said, then the years beside it: people and lists are a year off, an estimate two."""
    if birth is None:
        return [None]
    steps = (-1, 1, -2, 2) if birth.precision is Precision.ESTIMATED else (-1, 1)
    return [birth, *(PartialDate.from_parts(birth.year + step) for step in steps)]


def _unordered_day(birth: PartialDate | None) -> str:
    """Day and month, the smaller first, so that 3/11 and 11/3 meet; empty unless both are known."""
    if birth is None or birth.day is None or birth.month is None:
        return ""
    return "{:02d}{:02d}".format(*sorted((birth.day, birth.month)))
