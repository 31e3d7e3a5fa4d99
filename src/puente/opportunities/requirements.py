"""What an opening may ask for: the codes that are stored, their labels, and the bits the matching engine reads.

Codes are stored and bits are worked out, so that a new row in a content file moves no meaning.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from puente.engines.matching import Document, PhysicalDemand
from puente.platform.paths import CONTENT

#: Languages that an opening may ask for beside English: those of Mexico with most speakers, and those of its visitors.
LANGUAGES = (
    "spanish", "french", "portuguese", "haitian_creole", "mandarin", "mexican_sign", "nahuatl", "maya", "tseltal",
    "tsotsil", "mixteco", "zapoteco", "otomi", "totonaco", "chol", "mazahua", "mazateco", "huasteco", "tarahumara",
    "tarasco", "tlapaneco", "mam", "kiche", "qeqchi",
)  # fmt: skip

#: Codes of content/labour/schooling_levels.csv with the level of `OpeningTable.schooling` that they reach.
SCHOOLING_LEVELS: Mapping[str, int] = {
    "none": 0, "primary_incomplete": 1, "primary": 2, "secondary_incomplete": 3, "secondary": 4,
    "high_school_incomplete": 5, "high_school": 6, "technical": 7, "university_incomplete": 7, "university": 8,
    "postgraduate": 8,
}  # fmt: skip
ENGLISH_LEVELS = ("", "A1", "A2", "B1", "B2", "C1", "C2")

DOCUMENT_LABELS: dict[str, str | Promise] = {
    "birth_certificate": _("Birth certificate"),
    "curp": _("CURP"),
    "voter_card": _("Voter card (INE)"),
    "tax_number": _("Tax number (RFC)"),
    "social_security_number": _("Social security number (NSS)"),
    "fixed_address": _("Proof of address"),
    "school_certificate": _("School certificate"),
    "no_criminal_record_letter": _("Letter of no criminal record"),
    "passport": _("Passport"),
    "work_permit": _("Work permit"),
    "reference_letter": _("Letters of recommendation"),
}
PHYSICAL_LABELS: dict[str, str | Promise] = {
    "lifting_over_20_kg": _("Lifting more than 20 kg"),
    "standing": _("Standing for long"),
    "heights": _("Working at height"),
    "bending": _("Bending and kneeling"),
    "heat": _("Strong heat or sun"),
    "fine_hand_work": _("Fine work with the hands"),
    "good_eyesight": _("Good eyesight"),
    "good_hearing": _("Good hearing"),
    "driving": _("Driving"),
    "walking": _("Walking for long"),
}
SCHOOLING_LABELS: dict[int, str | Promise] = {
    0: _("No schooling asked"),
    1: _("Reading and writing"),
    2: _("Primary"),
    3: _("Lower secondary, begun"),
    4: _("Lower secondary"),
    5: _("High school, begun"),
    6: _("High school"),
    7: _("Technical degree"),
    8: _("University degree"),
}
ENGLISH_LABELS: dict[int, str | Promise] = {
    0: pgettext_lazy("English", "Not asked"),
    1: _("A1: single words"),
    2: _("A2: simple phrases"),
    3: _("B1: everyday talk"),
    4: _("B2: talks with ease"),
    5: _("C1: almost everything"),
    6: _("C2: like the own language"),
}


@lru_cache
def list_licences() -> tuple[str, ...]:
    """Return the codes of the licences, in the order of their bits."""
    return tuple(row["code"] for row in _read("labour/licence_types.csv"))


def list_documents() -> tuple[str, ...]:
    """Return the codes of the papers, in the order of their bits."""
    return tuple(document.name.lower() for document in Document)


def list_physical_demands() -> tuple[str, ...]:
    """Return the codes of what the work asks of the body, in the order of their bits."""
    return tuple(demand.name.lower() for demand in PhysicalDemand)


def list_choices(kind: str) -> list[tuple[str, str | Promise]]:
    """Return (code, label) of all licences, languages, documents or physical demands, for a form."""
    if kind == "documents":
        return [(code, DOCUMENT_LABELS[code]) for code in list_documents()]
    if kind == "physical":
        return [(code, PHYSICAL_LABELS[code]) for code in list_physical_demands()]
    codes = list_licences() if kind == "licences" else LANGUAGES
    return [(code, find_label(kind, code)) for code in codes]


def find_label(kind: str, code: str) -> str:
    """Return what a licence, language, document or physical demand is called in the reader's language."""
    if kind == "documents":
        return str(DOCUMENT_LABELS[code])
    if kind == "physical":
        return str(PHYSICAL_LABELS[code])
    language = (translation.get_language() or "es")[:2]
    labels = _labels("labour/licence_types.csv" if kind == "licences" else "people/languages.csv")[code]
    return labels.get(language, labels["es"])


def codes_of(kind: str) -> Sequence[str]:
    """Return the codes of a kind of requirement in the order of their bits."""
    if kind == "languages":
        return LANGUAGES
    if kind == "licences":
        return list_licences()
    return list_documents() if kind == "documents" else list_physical_demands()


def mask_of(kind: str, codes: Iterable[str]) -> int:
    """Return the bits of some codes; raises ValueError for a code that is not one of the kind's."""
    order = codes_of(kind)
    return sum(1 << order.index(code) for code in set(codes))


def find_codes(kind: str, text: str) -> tuple[list[str], list[str]]:
    """Read a cell such as "licencia de chofer; montacargas" into codes, and what is none of them."""
    found: list[str] = []
    unknown: list[str] = []
    names = _names(kind)
    parts = [part.strip() for part in text.replace("|", ";").split(";")]
    # A comma parts names too, but some names have one.
    parts = [piece.strip() for part in parts for piece in ([part] if part.casefold() in names else part.split(","))]
    for part in filter(None, parts):
        code = names.get(part.casefold())
        if code is None:
            unknown.append(part)
        elif code not in found:
            found.append(code)
    return found, unknown


def find_schooling(text: str) -> int | None:
    """Read a level of schooling, by its code, its name in any of the languages, or its number; None if it is none."""
    word = text.strip().casefold()
    if word.isdigit() and int(word) in SCHOOLING_LABELS:
        return int(word)
    labels = _labels("labour/schooling_levels.csv")
    for code, level in SCHOOLING_LEVELS.items():
        if word in (code, *(label.casefold() for label in labels[code].values())):
            return level
    return None


def find_english(text: str) -> int | None:
    """Read a level of English: A1 to C2, or 0 to 6; None if it is neither."""
    word = text.strip().upper()
    if word in ENGLISH_LEVELS:
        return ENGLISH_LEVELS.index(word)
    return int(word) if word in {"0", "1", "2", "3", "4", "5", "6"} else None


@lru_cache
def _names(kind: str) -> dict[str, str]:
    names = {code.casefold(): code for code in codes_of(kind)}
    for code in codes_of(kind):
        for language in ("en", "es", "fr"):
            with translation.override(language):
                names.setdefault(find_label(kind, code).casefold(), code)
    return names


@lru_cache
def _labels(file: str) -> dict[str, dict[str, str]]:
    return {row["code"]: {name: row[f"label_{name}"] for name in ("es", "en", "fr")} for row in _read(file)}


def _read(file: str) -> list[dict[str, str]]:
    with (CONTENT / file).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
