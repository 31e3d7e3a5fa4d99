"""Names of people with one or two surnames: kept as said, compared in a normal form.

The normal form is what search keys, comparisons and duplicate checks are made of. It never reaches a screen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from puente.engines.identity.hypocoristics import full_names
from puente.engines.identity.vocabulary import COMMON_SURNAMES, GIVEN_NAMES, fold

NORMAL_FORM_VERSION = 1

_PARTICLE_WORDS = "DA DAS DE DEL DER DI DIE DO DOS DU EL LA LAS LE LES LOS MAC MC VAN VON Y E I"
PARTICLES = frozenset(_PARTICLE_WORDS.split())
ABBREVIATIONS = {
    # given names
    "MA": "MARIA", "MRIA": "MARIA", "GPE": "GUADALUPE", "GUAD": "GUADALUPE", "FCO": "FRANCISCO",
    "FCA": "FRANCISCA", "FRCO": "FRANCISCO", "ANTO": "ANTONIO", "ALEJ": "ALEJANDRO", "CONC": "CONCEPCION",
    "MGTA": "MARGARITA", "GMO": "GUILLERMO", "IGN": "IGNACIO", "SALV": "SALVADOR", "FDO": "FERNANDO",
    "ROBTO": "ROBERTO", "ALBTO": "ALBERTO", "REF": "REFUGIO", "ROS": "ROSARIO", "STGO": "SANTIAGO",
    "XTINA": "CRISTINA", "XTOBAL": "CRISTOBAL",
    # surnames
    "HDZ": "HERNANDEZ", "HDEZ": "HERNANDEZ", "HNDZ": "HERNANDEZ", "HERNDZ": "HERNANDEZ", "GZZ": "GONZALEZ",
    "GLZ": "GONZALEZ", "GLEZ": "GONZALEZ", "GONZ": "GONZALEZ", "RDZ": "RODRIGUEZ", "RGZ": "RODRIGUEZ",
    "RGUEZ": "RODRIGUEZ", "RDGZ": "RODRIGUEZ", "RODZ": "RODRIGUEZ", "MTZ": "MARTINEZ", "MTNZ": "MARTINEZ",
    "MTNEZ": "MARTINEZ", "MARTZ": "MARTINEZ", "LPZ": "LOPEZ", "PRZ": "PEREZ", "SCHZ": "SANCHEZ",
    "SNCHZ": "SANCHEZ", "SNZ": "SANCHEZ", "RMZ": "RAMIREZ", "RMRZ": "RAMIREZ", "RAMZ": "RAMIREZ",
    "FDZ": "FERNANDEZ", "FDEZ": "FERNANDEZ", "FERNDZ": "FERNANDEZ", "GTZ": "GUTIERREZ", "GTRZ": "GUTIERREZ",
    "GTREZ": "GUTIERREZ", "GUTZ": "GUTIERREZ", "JMZ": "JIMENEZ", "JMNZ": "JIMENEZ", "VZQZ": "VAZQUEZ",
    "VZQ": "VAZQUEZ", "VAZQ": "VAZQUEZ", "VLZQZ": "VELAZQUEZ", "DGZ": "DOMINGUEZ", "DMGZ": "DOMINGUEZ",
    "MDZ": "MENDEZ", "MDZA": "MENDOZA", "CHVZ": "CHAVEZ", "ALVZ": "ALVAREZ", "GRA": "GARCIA", "ORTZ": "ORTIZ",
}  # fmt: skip
# What US lists write as one word; only known endings, since DELGADO is no "del Gado".
_JOINED = re.compile(
    r"(?:(DE)(LA|LAS|LOS)(CRUZ|ROSA|ROSAS|TORRE|TORRES|GARZA|VEGA|FUENTE|FUENTES|PAZ|PENA|MORA|LUZ|O|MADRID|"
    r"CERDA|PUENTE|PORTILLA|BARRERA|HOYA|RIVA|SERNA|ROCHA|CONCHA|HUERTA|SANTOS|REYES|RIOS|ANGELES|MONTEROS|"
    r"SANCHA|LLAVE|PARRA|TEJA|MAZA|COLINA|VARA|SIERRA|HERRAN|MATA|PIEDRA|TRINIDAD|CASAS|GARZAS)"
    r"|(DE)(L)(RIO|VALLE|TORO|ANGEL|CASTILLO|REAL|CAMPO|BOSQUE|MORAL|PILAR|CARMEN|ROSARIO|OLMO|CID|PINO|MAR|"
    r"MONTE|SOL|PRADO|POZO|ARCO|VILLAR|PUERTO|HOYO|RAZO|FIERRO)"
    r"|(DE)()(LEON|JESUS|LUNA|LIRA|HARO|ANDA|SANTIAGO|SANTOS|HOYOS|AVILA|ALBA|DIOS|GANTE|LOERA|OCA|PAZ))"
)
_SEPARATORS = re.compile(r"[\s\-‐‑–—/,.;:_]+")
_DROPPED = re.compile(r"[^A-Z0-9 ]")


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name as the person says it, with its accents; every part may be empty but for an unknown person."""

    given: str = ""
    first_surname: str = ""
    second_surname: str = ""
    preferred: str = ""

    @property
    def is_empty(self) -> bool:
        """True when neither a given name nor a surname is known: identity not established."""
        return not (self.given.strip() or self.first_surname.strip() or self.second_surname.strip())


class Certainty(StrEnum):
    """How sure the parts of a one-line name are."""

    STATED = "stated"  # the line itself says which word is what
    LIKELY = "likely"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class SplitName:
    """A one-line name in parts, how sure that is, and the other readings worth offering (best first)."""

    name: PersonName
    certainty: Certainty
    others: tuple[PersonName, ...] = ()


@lru_cache(maxsize=1 << 16)
def normal_form(text: str) -> str:
    """Upper case A–Z words in the order given: accents and Ñ folded, hyphens opened, apostrophes closed,
    abbreviations written out (MA., HDZ, GPE, FCO, and J. before another name) and joined particles split
    (DELACRUZ gives DE LA CRUZ). Particles stay; `core_words` leaves them out. Idempotent.
    """
    words: list[str] = []
    for word in _DROPPED.sub("", _SEPARATORS.sub(" ", fold(text))).split():
        joined = _JOINED.fullmatch(word)
        if joined:
            # "DE", "LA", "CRUZ"; "DE" + "L" is written DEL
            start, middle, rest = (part for part in joined.groups() if part is not None)
            words += ["DEL", rest] if middle == "L" else [part for part in (start, middle, rest) if part]
        else:
            words.append(ABBREVIATIONS.get(word, word))
    if len(words) > 1 and words[0] == "J":
        words[0] = "JOSE"
    return " ".join(words)


@lru_cache(maxsize=1 << 16)
def core_words(text: str) -> tuple[str, ...]:
    """The words of the normal form without particles; all of them when there is nothing else."""
    words = normal_form(text).split()
    return tuple(word for word in words if word not in PARTICLES) or tuple(words)


def display_name(name: PersonName) -> str:
    """ "Martín Ávalos Cruz": as said, given name first. Empty when the identity is not established."""
    return _join(name.given, name.first_surname, name.second_surname)


def list_name(name: PersonName) -> str:
    """ "Ávalos Cruz, Martín", for lists; one surname stays one, and a missing part leaves no comma."""
    surnames = _join(name.first_surname, name.second_surname)
    return ", ".join(part for part in (surnames, _join(name.given)) if part)


def readable_case(text: str) -> str:
    """A line written in capitals (or without any) in readable case: "DE LA CRUZ" gives "de la Cruz".

    Text in mixed case is left as it is, and no accent is invented.
    """
    if not (text.isupper() or text.islower()):
        return text
    words = [word if fold(word) in PARTICLES else _capitalise(word) for word in text.lower().split()]
    return " ".join(words)


def split_name(line: str, *, surnames_first: bool = True) -> SplitName:
    """Take a one-line name apart: "AVALOS-CRUZ MARTIN", "Cruz Solís, Elvira", "MARTIN AVALOS CRUZ".

    A comma states where the surnames end, and a hyphen which two words are surnames. Without them the words
    are held against common given names and surnames; `surnames_first` is the order that the sender uses where
    that decides nothing. Readings that fit nearly as well come back in `others`.
    """
    if "," in line:
        surnames, _, given = line.partition(",")
        name = _build_name(_group(surnames.replace("-", " ")), _group(given))
        return SplitName(name, Certainty.STATED if name.given and name.first_surname else Certainty.UNSURE)
    units = _group(line)
    if not units:
        return SplitName(PersonName(), Certainty.UNSURE)
    if any(_is_double(unit) for unit in units):
        return _split_around_hyphen(units)
    return _split_by_vocabulary(units, surnames_first)


def _join(*parts: str) -> str:
    return " ".join(" ".join(parts).split())


def _capitalise(word: str) -> str:
    return re.sub(r"((?:^|-)(?:[do]['’])?)(\w)", lambda match: match[0].upper(), word)


def _group(line: str) -> list[str]:
    """Words with the particles that lead them: "DE LA CRUZ SOLIS" gives "DE LA CRUZ", "SOLIS"."""
    units: list[str] = []
    leading: list[str] = []
    for word in line.split():
        leading.append(word)
        if fold(word) not in PARTICLES:
            units.append(" ".join(leading))
            leading = []
    return units + ([" ".join(leading)] if leading else [])


def _is_double(unit: str) -> bool:
    return bool(re.fullmatch(r"[^-]{2,}-[^-]{2,}", unit))


def _build_name(surnames: list[str], given: list[str]) -> PersonName:
    """The first unit is the first surname; all that follows is the second."""
    return PersonName(
        given=readable_case(" ".join(given)),
        first_surname=readable_case(surnames[0]) if surnames else "",
        second_surname=readable_case(" ".join(surnames[1:])),
    )


def _split_around_hyphen(units: list[str]) -> SplitName:
    at = next(i for i, unit in enumerate(units) if _is_double(unit))
    surnames, given = units[at].split("-"), units[:at] + units[at + 1 :]
    is_outside = at in (0, len(units) - 1)
    return SplitName(_build_name(surnames, given), Certainty.LIKELY if given and is_outside else Certainty.UNSURE)


def _split_by_vocabulary(units: list[str], surnames_first: bool) -> SplitName:
    readings = sorted(_read_orders(units, surnames_first), key=lambda reading: -reading[0])
    best = readings[0][0]
    others = tuple(dict.fromkeys(name for fit, name in readings[1:] if fit > best - 0.6))[:3]
    is_clear = best > len(units) * 0.5 and all(fit < best - 0.6 for fit, _ in readings[1:])
    return SplitName(readings[0][1], Certainty.LIKELY if is_clear else Certainty.UNSURE, others)


def _read_orders(units: list[str], surnames_first: bool) -> list[tuple[float, PersonName]]:
    """Every way to read the line (one or two surnames, before or after the given names) and how it fits."""
    likelihoods = [_given_likelihood(unit) for unit in units]
    readings: list[tuple[float, PersonName]] = []
    for count in (2, 1, 0):
        if count > len(units) or (count == 0 and len(units) > 2):
            continue
        for is_first in (surnames_first, not surnames_first):
            at = count if is_first else len(units) - count
            surnames, given = (units[:at], units[at:]) if is_first else (units[at:], units[:at])
            fits = likelihoods[:at] if is_first else likelihoods[at:]
            rest = likelihoods[at:] if is_first else likelihoods[:at]
            fit = sum(1 - 2 * value for value in fits) + sum(2 * value - 1 for value in rest)
            # Preferences only where the words say nothing: the sender's order, a given name, two surnames.
            fit += 0.3 * (is_first == surnames_first) + 0.2 * bool(given) + 0.4 * bool(surnames) + 0.1 * count
            readings.append((fit, _build_name(surnames, given)))
    return readings


def _given_likelihood(unit: str) -> float:
    """1 for a word known as a given name alone, 0 as a surname alone, 0.5 for both or neither."""
    words = core_words(unit)
    if len(normal_form(unit).split()) > len(words) and words[0] not in GIVEN_NAMES:
        return 0.1  # "de la Cruz": given names with a particle follow another name
    scores = [
        0.5 + 0.5 * (word in GIVEN_NAMES or bool(full_names(word))) - 0.5 * (word in COMMON_SURNAMES) for word in words
    ]
    return sum(scores) / len(scores) if scores else 0.5
