"""The copy of a person's file: every room says here what it holds, and how it is read.

A reader returns what the actor may see, oldest first, in the language in force, and leaves out what is about others
(relatives, witnesses, staff). What protection holds is a *reserved* part: its reader decides alone and answers None
where the actor is not in charge, whether or not there is anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from puente.people.opening import OpenedPerson
from puente.platform.policy import Action, Actor
from puente.web.parts import Words


@dataclass(frozen=True)
class FileEntry:
    """One thing that a room holds of a person: `facts` are read (label, text), `data` is for machines (JSON)."""

    title: str = field(repr=False)
    at: datetime | None
    facts: Sequence[tuple[str, str]] = field(repr=False, default=())
    data: dict[str, Any] = field(repr=False, default_factory=dict)


@dataclass(frozen=True)
class FilePart:
    """What one room holds, under its title."""

    name: str
    title: str
    entries: Sequence[FileEntry]


PartReader = Callable[[Actor, OpenedPerson], Sequence[FileEntry]]
ReservedReader = Callable[[Actor, OpenedPerson], Sequence[FileEntry] | None]

_parts: dict[str, tuple[Words, PartReader]] = {}
_reserved: dict[str, tuple[Words, Action, ReservedReader]] = {}


def register_file_part(name: str, title: Words, reader: PartReader) -> None:
    """Add a part to every copy of a file; parts stand in the order in which rooms register them."""
    _require_new(name)
    _parts[name] = title, reader


def register_reserved_part(name: str, title: Words, action: Action, reader: ReservedReader) -> None:
    """Add a part that a copy holds only where its reader allows it; `action`: whose holders may ask for it."""
    _require_new(name)
    _reserved[name] = title, action, reader


def list_part_names() -> list[str]:
    """Return the names of all parts, the reserved ones left out."""
    return list(_parts)


def may_ask_for_reserved(actor: Actor) -> bool:
    """Tell whether any role of the actor may ask for a reserved part; says nothing about any person."""
    return any(actor.may(action) for _title, action, _reader in _reserved.values())


def read_file(actor: Actor, opened: OpenedPerson) -> list[FilePart]:
    """Return every part of an opened person's file but the reserved ones; empty parts say that they are empty."""
    return [FilePart(name, str(title), list(reader(actor, opened))) for name, (title, reader) in _parts.items()]


def read_reserved(actor: Actor, opened: OpenedPerson) -> list[FilePart]:
    """Return the reserved parts that their rooms hand to this actor."""
    found = [(name, title, reader(actor, opened)) for name, (title, _action, reader) in _reserved.items()]
    return [FilePart(name, str(title), list(entries)) for name, title, entries in found if entries is not None]


def _require_new(name: str) -> None:
    if name in _parts or name in _reserved:
        raise ValueError(f"The part {name} is registered twice.")
