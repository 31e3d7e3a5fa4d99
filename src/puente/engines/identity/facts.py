"""The two sides of "was this person here before?": what is said today, and a registered person."""

from __future__ import annotations

from dataclasses import dataclass

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.names import PersonName


@dataclass(frozen=True, slots=True)
class PersonQuery:
    """What is known today of the person looked for; whatever is not known stays empty.

    `birth_state` is a code of the caller's choice, the same as in the registry; `sex` is H, M or X; `phone`
    any writing of a number. `is_typing` says that the last word (of the given names, else of the surnames)
    may be unfinished.
    """

    name: PersonName
    birth: PartialDate | None = None
    birth_state: str | None = None
    sex: str | None = None
    curp: str = ""
    phone: str = ""
    mother: str = ""
    is_typing: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered person as the comparison needs them. `id` breaks ties, so it must be unique."""

    id: str
    name: PersonName
    birth: PartialDate | None = None
    birth_state: str | None = None
    sex: str | None = None
    curp: str = ""
    phones: tuple[str, ...] = ()
    mother: str = ""
    aliases: tuple[PersonName, ...] = ()
