"""Tables that people upload (CSV, XLSX): read by a confined process, under limits of memory, time and size.

A crafted file can make a reader take gigabytes; here it costs that process alone (`platform.confined`).
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from puente.platform.confined import Busy, Overrun, run_confined


@dataclass(frozen=True)
class UploadLimits:
    """What one file may cost. `unpacked_bytes` and `entries` are those of the archive that an XLSX file is."""

    file_bytes: int = 10 * 2**20
    unpacked_bytes: int = 50 * 2**20
    entries: int = 200
    memory_bytes: int = 512 * 2**20
    cpu_seconds: int = 20
    rows: int = 50_000
    columns: int = 200
    cell_characters: int = 20_000


@dataclass(frozen=True)
class TableRow:
    """One row: its number in the file as the sender sees it (the first line is 1), and its cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table with its column names; empty rows are left out, every row is as wide as the header."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...] = field(repr=False)


class UnreadableFile(Exception):
    """The file cannot be read; `message` tells its sender what to change."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


_PROBLEMS: dict[str, str | Promise] = {
    "empty": _("The file has no rows. Save it again with its rows and its column names."),
    "old_excel": _("This is an old Excel file (XLS). Open it and save it as XLSX or CSV."),
    "not_a_table": _("This is neither a CSV nor an XLSX file. Save the list in one of these two forms."),
    "other_name": _("The name of the file says one kind and its content is another. Save it again as CSV or XLSX."),
    "damaged": _("The XLSX file is damaged or protected by a password. Open it, and save it again without one."),
    "too_many_rows": _("The file has more rows than can be loaded at once. Divide it into smaller files."),
    "too_many_columns": _("The file has too many columns. Leave only those of the list."),
    "cell_too_long": _("A cell holds far too much text. Shorten it."),
    "too_large": _("The file is too large. Divide it into smaller files."),
    "too_costly": _("Reading the file took too much memory or time. Save it as CSV, or divide it."),
    "busy": _("Other files are being read just now. Nothing was lost; send this one again in a minute."),
    "unpacks_too_large": _(
        "The XLSX file unpacks into far more than a list needs. Copy its rows into a new file, or save it as CSV."
    ),
    "too_many_entries": _(
        "The XLSX file holds too many parts, such as sheets and pictures. Copy the list into a new file."
    ),
    "unsafe_names": _(
        "The XLSX file names parts outside of itself, as no program for sheets does. It was not read. Ask its sender"
        " for a new one."
    ),
    "entities": _(
        "The XLSX file defines its own entities, as no program for sheets does. It was not read. Ask its sender for a"
        " new one."
    ),
    "formulas": _("The sheet holds formulas. Copy the list, paste it as values into a new file, and send that one."),
    "formula": _("Row %(row)s holds a formula. Write its value instead, or paste the list as values."),
}
_ENDINGS = {".csv": False, ".txt": False, ".tsv": False, ".xlsx": True, ".gz": False}


def read_table(file: bytes | IO[bytes], limits: UploadLimits | None = None, name: str = "") -> Table:
    """Read an uploaded CSV or XLSX file, the first sheet of it, as text.

    Args:
        file: its content, or an open binary file such as Django's UploadedFile.
        limits: what it may cost.
        name: what its sender calls it; only its ending is looked at, and must fit the content.

    Returns:
        The table; its header is the first line that names at least half of the columns.

    Raises:
        UnreadableFile: with a message for the person who uploaded it.
    """
    limits = limits or UploadLimits()
    content = file if isinstance(file, bytes) else file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise _refuse("too_large")
    if name:
        _require_fitting_name(name, content)
    try:
        answer = json.loads(run_confined("table_reader", content, asdict(limits)))
    except Overrun:
        raise _refuse("too_costly") from None
    except Busy:
        raise _refuse("busy") from None
    if "problem" in answer:
        raise _refuse(answer["problem"], row=answer.get("row", 0))
    return Table(tuple(answer["header"]), tuple(TableRow(number, tuple(cells)) for number, cells in answer["rows"]))


def _require_fitting_name(name: str, content: bytes) -> None:
    is_packed = _ENDINGS.get(PurePath(name).suffix.lower())
    if is_packed is None:
        raise _refuse("not_a_table")
    # An old Excel file is told as such by the reader, whatever its name.
    if content.strip() and is_packed != content.startswith(b"PK") and not content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refuse("other_name")


def _refuse(problem: str, **facts: int) -> UnreadableFile:
    message = _PROBLEMS[problem]
    return UnreadableFile(str(message) % facts if facts.get("row") else message)
