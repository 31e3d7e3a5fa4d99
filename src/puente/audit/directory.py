"""Names of staff and offices, and references of people: the rooms that know them register how they are read."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class Directory:
    """How names are read: of staff and of offices by their ids, and the staff of some offices as (id, name)."""

    name_staff: Callable[[Collection[UUID]], Mapping[UUID, str]]
    name_offices: Callable[[Collection[UUID]], Mapping[UUID, str]]
    list_staff: Callable[[Collection[UUID]], list[tuple[UUID, str]]]


_directories: list[Directory] = []
_references: list[Callable[[UUID], str]] = []


def register_directory(directory: Directory) -> None:
    """Set how staff and offices are named."""
    _directories[:] = [directory]


def register_reference(reference_of: Callable[[UUID], str]) -> None:
    """Set what stands for a person where a name must not."""
    _references[:] = [reference_of]


def directory() -> Directory:
    """Return how staff and offices are named."""
    return _directories[0]


def reference_of(person_id: UUID) -> str:
    """Return the reference of a person."""
    return _references[0](person_id)
