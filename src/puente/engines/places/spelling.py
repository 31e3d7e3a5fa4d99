"""The keys under which the name of a place is looked up, however it was spelled."""

import re
import unicodedata

_ABBREVIATIONS = {
    "cd": "ciudad",
    "cdad": "ciudad",
    "cnel": "coronel",
    "dist": "distrito",
    "dto": "distrito",
    "dr": "doctor",
    "edo": "estado",
    "fco": "francisco",
    "gpe": "guadalupe",
    "gral": "general",
    "h": "heroica",
    "heroico": "heroica",
    "ing": "ingeniero",
    "lic": "licenciado",
    "ma": "maria",
    "mpio": "municipio",
    "nvo": "nuevo",
    "nva": "nueva",
    "prof": "profesor",
    "pto": "puerto",
    "sn": "san",
    "sta": "santa",
    "sto": "santo",
    "vla": "villa",
    "1o": "primero",
    "1ro": "primero",
}
_PARTICLES = frozenset({"el", "la", "los", "las", "de", "del", "y"})
_PREFIXES = (
    ("alcaldia",),
    ("delegacion",),
    ("municipio",),
    ("heroica", "ciudad"),
    ("heroica", "villa"),
    ("heroica",),
    ("ciudad",),
    ("villa",),
)
_OFFICIAL_PREFIXES = (("heroica", "ciudad"), ("heroica", "villa"), ("heroica",), ("ciudad",))


def spelling_key(text: str) -> str:
    """Return `text` without accents, case and punctuation, abbreviations written out, numbers without zeros.

    >>> spelling_key("H. Cd. de Juchitán")
    'heroica ciudad de juchitan'
    """
    plain = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    words = re.findall(r"[a-z0-9]+", plain)
    return " ".join(_ABBREVIATIONS.get(word, word.lstrip("0") or word) for word in words)


def loose_key(key: str) -> str:
    """Drop articles and prepositions from a spelling key: 'el mante' and 'mante' become one.

    >>> loose_key("san jose de iturbide")
    'san jose iturbide'
    """
    words = key.split()
    kept = [word for word in words if word not in _PARTICLES]
    return " ".join(kept or words)


def drop_title(key: str, *, official: bool = False) -> str:
    """Drop one leading 'heroica ciudad de', 'ciudad', 'villa', 'municipio de' … from a loose key.

    With `official`, as for names in a catalogue, 'villa' stays: 'Villa Guerrero' is not 'Guerrero'.
    """
    words = tuple(key.split())
    for prefix in _OFFICIAL_PREFIXES if official else _PREFIXES:
        if len(words) > len(prefix) and words[: len(prefix)] == prefix:
            return " ".join(words[len(prefix) :])
    return key
