"""What may be taken out of the vault by two people: kinds of export, each with the fields it can tell.

No kind tells a name, a contact, a place or free text. A kind is a function from an opened case to one row of codes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from puente.protection.opening import OpenedCase

Row = dict[str, str]
Words = str | Promise


class ExportReason(StrEnum):
    """What protected data are taken out for."""

    PARTNER = "partner"
    STATISTICS = "statistics"
    REVIEW = "review"


@dataclass(frozen=True)
class ExportKind:
    """A kind of export; `describe` gives the rows of one case, none where it has nothing to tell.

    `labels`: field → words, where its code alone says too little. `is_standard`: the layout is somebody else's, so all
    its columns go, in their order, and none is left out.
    """

    code: str
    label: Words
    about: Words
    fields: tuple[str, ...]
    describe: Callable[[OpenedCase], Sequence[Row]]
    labels: Mapping[str, Words] = field(default_factory=dict)
    is_standard: bool = False

    def name_field(self, code: str) -> str:
        """Return what a field is called for a reader."""
        return str(self.labels.get(code, code))


_kinds: dict[str, ExportKind] = {}


def register_export(kind: ExportKind) -> ExportKind:
    """Declare a kind of export, once."""
    if kind.code in _kinds:
        raise ValueError(f"The export {kind.code} is declared twice.")
    _kinds[kind.code] = kind
    return kind


def list_kinds() -> list[ExportKind]:
    """Return every kind of export in the order in which they were declared."""
    return list(_kinds.values())


def find_kind(code: str) -> ExportKind:
    """Return a kind of export; raises KeyError."""
    return _kinds[code]
