"""From the name of a place, as somebody wrote it, to its official code: resolved, ambiguous or unknown.

Homonyms are told apart by the state and, where that is not enough, handed back as candidates. Nothing is
ever picked because it is larger or more likely.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

from rapidfuzz import fuzz, process

from puente.engines.places.spelling import drop_title, loose_key, spelling_key
from puente.engines.places.tables import Alias, Municipality, State, Town

CATALOGUE = "INEGI, Catálogo Único de Claves de Áreas Geoestadísticas"
SUGGESTION_SCORE = 84
SUGGESTIONS = 5

Kind = Literal["resolved", "ambiguous", "unknown"]
Reason = Literal["", "empty", "state_unknown", "state_contradicted", "homonyms", "name_unknown"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a name.

    `code` is set when `kind` is resolved. `candidates` are the codes to ask about: every bearer of the name
    when ambiguous, names spelled alike when unknown. `alias_used` is the row that bridged a name other than
    the official one. `reason` says why nothing was resolved.
    """

    kind: Kind
    code: str | None = None
    candidates: tuple[str, ...] = ()
    alias_used: Alias | None = None
    reason: Reason = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    alias: Alias | None


class _Names:
    """Codes under keys; the first way in to a code is kept, so official names are added before aliases."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], dict[str, _Entry]] = defaultdict(dict)

    def add(self, scope: str, key: str, code: str, alias: Alias | None) -> None:
        self._entries[scope, key].setdefault(code, _Entry(code, alias))

    def find(self, scope: str, keys: Iterable[str]) -> list[_Entry]:
        found: dict[str, _Entry] = {}
        for key in keys:
            found = self._entries.get((scope, key), {}) | found
        return list(found.values())


class PlaceIndex:
    """Names of states and municipalities, ready to be looked up."""

    def __init__(self) -> None:
        self._states = _Names()
        # Three rings around a name, searched in turn inside a state: as written in a catalogue or in the
        # alias table; seats and looser spellings; other towns. "" is the scope of the whole country.
        self._written = _Names()
        self._loose = _Names()
        self._towns = _Names()
        self._countrywide = _Names()
        self._spellings: dict[str, dict[str, str]] = defaultdict(dict)

    @classmethod
    def build(
        cls,
        states: Iterable[State],
        municipalities: Iterable[Municipality],
        aliases: Iterable[Alias] = (),
        towns: Iterable[Town] = (),
    ) -> Self:
        """Build the index. Raises `ValueError` when an alias or a town names a code that is not there."""
        index = cls()
        for state in states:
            index._add_state(state)
        codes = set()
        for municipality in municipalities:
            codes.add(municipality.code)
            index._add_municipality(municipality)
        for alias in aliases:
            if len(alias.code) == 2:
                index._states.add("", spelling_key(alias.alias), alias.code, alias)
            elif alias.code in codes and alias.state in ("", alias.code[:2]):
                index._add_alias(alias)
            else:
                raise ValueError(f"The alias {alias.alias!r} names the unknown municipality {alias.code!r}.")
        for town in towns:
            if town.municipality not in codes:
                raise ValueError(f"The town {town.name!r} names the unknown municipality {town.municipality!r}.")
            index._add_town(town)
        return index

    def resolve_state(self, text: str) -> Resolution:
        """Find a state by name, abbreviation, or INEGI, CURP, ISO 3166-2 or p-code."""
        key = spelling_key(text)
        if not key:
            return Resolution("unknown", reason="empty")
        keys = (key, key.removeprefix("estado de "))
        return _conclude(self._states.find("", keys)) or Resolution("unknown", reason="name_unknown")

    def resolve_municipality(self, text: str, state: str | None = None) -> Resolution:
        """Find a municipality by its name, an alias, its seat or one of its towns.

        `state` is a name or code of the state; "Juárez, Chih." carries its own. Without a state only a name
        that has one bearer in the whole country is resolved.
        """
        name, text_state = self._split_state(text)
        state_code = ""
        if state and state.strip():
            found = self.resolve_state(state)
            if found.code is None:
                return Resolution("unknown", reason="state_unknown")
            state_code = found.code
        if text_state and state_code and text_state != state_code:
            return Resolution("unknown", reason="state_contradicted")
        key = spelling_key(name)
        if not key:
            return Resolution("unknown", reason="empty")
        scope = state_code or text_state
        loose = loose_key(key)
        keys = (key, loose, drop_title(loose))
        resolution = self._find_in_state(scope, keys) if scope else self._find_in_country(keys)
        return resolution or Resolution("unknown", candidates=self._suggest(scope, loose), reason="name_unknown")

    def _find_in_state(self, state: str, keys: tuple[str, str, str]) -> Resolution | None:
        rings = (
            self._written.find(state, keys[:1]),
            self._loose.find(state, keys),
            self._towns.find(state, keys[:2]),
        )
        return next(filter(None, map(_conclude, rings)), None)

    def _find_in_country(self, keys: tuple[str, str, str]) -> Resolution | None:
        if agreed := _conclude(self._countrywide.find("", keys[:1])):
            return agreed
        rings = self._written.find("", keys[:1]) + self._loose.find("", keys) + self._towns.find("", keys[:2])
        return _conclude(list({entry.code: entry for entry in reversed(rings)}.values()))

    def _suggest(self, state: str, key: str) -> tuple[str, ...]:
        matches = process.extract(
            key, self._spellings[state], scorer=fuzz.ratio, score_cutoff=SUGGESTION_SCORE, limit=SUGGESTIONS
        )
        return tuple(code for _, _, code in matches)

    def _split_state(self, text: str) -> tuple[str, str]:
        """'Juárez, Chih.' and 'Juárez (Chihuahua)' into name and state code; others come back whole."""
        match = re.fullmatch(r"(.+?)\s*[,(]\s*([^,()]+?)\s*\)?\s*", text)
        # A number in brackets is a district of Oaxaca, not the code of a state.
        if match and not match[2].isdigit() and (state := self.resolve_state(match[2]).code):
            return match[1], state
        return text, ""

    def _add_state(self, state: State) -> None:
        written = (state.official_name, state.label, state.abbreviation, state.code, state.curp)
        for text in (*written, state.pcode, state.iso, state.iso.removeprefix("MX-")):
            if text:
                self._states.add("", spelling_key(text), state.code, None)

    def _add_municipality(self, municipality: Municipality) -> None:
        code, state = municipality.code, municipality.state
        seat = Alias(municipality.seat, state, code, "seat", CATALOGUE)
        spelled = Alias(municipality.name, state, code, "spelling", CATALOGUE)
        key, seat_key = spelling_key(municipality.name), spelling_key(municipality.seat)
        for scope in (state, ""):
            self._written.add(scope, key, code, None)
            for variant in _loosen(key):
                self._loose.add(scope, variant, code, spelled)
            for variant in (seat_key, *_loosen(seat_key)):
                self._loose.add(scope, variant, code, seat)
            self._spellings[scope][code] = loose_key(key)

    def _add_alias(self, alias: Alias) -> None:
        key = spelling_key(alias.alias)
        if not alias.state:
            self._countrywide.add("", key, alias.code, alias)
        for scope in (alias.code[:2], ""):
            self._written.add(scope, key, alias.code, alias)
            for variant in _loosen(key):
                self._loose.add(scope, variant, alias.code, alias)

    def _add_town(self, town: Town) -> None:
        state = town.municipality[:2]
        alias = Alias(town.name, state, town.municipality, "town", CATALOGUE)
        key = spelling_key(town.name)
        for scope in (state, ""):
            for variant in (key, loose_key(key)):
                self._towns.add(scope, variant, town.municipality, alias)


def _loosen(key: str) -> tuple[str, str]:
    loose = loose_key(key)
    return loose, drop_title(loose, official=True)


def _conclude(entries: list[_Entry]) -> Resolution | None:
    if not entries:
        return None
    if len(entries) == 1:
        return Resolution("resolved", code=entries[0].code, alias_used=entries[0].alias)
    return Resolution("ambiguous", candidates=tuple(sorted(entry.code for entry in entries)), reason="homonyms")
