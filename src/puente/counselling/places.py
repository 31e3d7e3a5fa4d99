"""Places as a person names them: read from what was typed, and written so that they are read again."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from puente.offices.models import Municipality, State
from puente.offices.selectors import load_place_index

MOST_CANDIDATES = 8


@dataclass(frozen=True)
class ReadPlace:
    """What was made of a name: one code, or the codes among which the person must say which is meant."""

    code: str | None
    candidates: tuple[str, ...] = ()


def read_place(text: str, *, states: bool) -> ReadPlace:
    """Find the state or municipality that a text names; several bearers of a name are handed back, never guessed.

    states: whether a whole state is an answer. Then "Puebla" is asked about: the state, or its municipality?
    """
    index = load_place_index()
    found = [index.resolve_municipality(text)]
    if states:
        found.append(index.resolve_state(text))
    codes = list(dict.fromkeys(one.code for one in reversed(found) if one.code))
    ambiguous = [code for one in found if one.kind == "ambiguous" for code in one.candidates]
    if len(codes) == 1 and not ambiguous:
        return ReadPlace(codes[0])
    spelled_alike = [] if codes or ambiguous else [code for one in found for code in one.candidates]
    return ReadPlace(None, tuple(dict.fromkeys([*codes, *ambiguous, *spelled_alike]))[:MOST_CANDIDATES])


def name_places(codes: Iterable[str]) -> dict[str, str]:
    """Return states and municipalities in words: "Zitácuaro, Mich.", "anywhere in Michoacán"."""
    wanted = set(codes)
    names = {
        place.code: str(place)
        for place in Municipality.objects.select_related("state").filter(code__in=[c for c in wanted if len(c) == 5])
    }
    for state in State.objects.filter(code__in=[code for code in wanted if len(code) == 2]):
        names[state.code] = _("anywhere in %(state)s") % {"state": state.name}
    return names
