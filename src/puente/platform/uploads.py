"""Tables that people upload (CSV, XLSX): read by a process of its own, under limits of memory, time and size.

A crafted file can make a reader take gigabytes; here it costs that process alone.
"""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

READER = Path(__file__).with_name("table_reader.py")


@dataclass(frozen=True)
class UploadLimits:
    """What one file may cost."""

    file_bytes: int = 40 * 2**20
    memory_bytes: int = 768 * 2**20
    cpu_seconds: int = 40
    rows: int = 200_000
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
    """The file cannot be read as a table; `message` tells the reader what to change."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


_PROBLEMS: dict[str, str | Promise] = {
    "empty": _("The file has no rows. Save it again with its rows and its column names."),
    "old_excel": _("This is an old Excel file (XLS). Open it and save it as XLSX or CSV."),
    "not_a_table": _("This is neither a CSV nor an XLSX file. Save the list in one of these two forms."),
    "damaged": _("The XLSX file is damaged or protected by a password. Open it, and save it again without one."),
    "too_many_rows": _("The file has more rows than can be loaded at once. Divide it into smaller files."),
    "too_many_columns": _("The file has too many columns. Leave only those of the list."),
    "cell_too_long": _("A cell holds far too much text. Shorten it."),
    "too_large": _("The file is too large. Divide it into smaller files."),
    "too_costly": _("Reading the file took too much memory or time. Save it as CSV, or divide it."),
}


def read_table(file: bytes | IO[bytes], limits: UploadLimits | None = None) -> Table:
    """Read an uploaded CSV or XLSX file, the first sheet of it, as text.

    Args:
        file: its content, or an open binary file such as Django's UploadedFile.
        limits: what it may cost.

    Returns:
        The table; its header is the first line that names at least half of the columns.

    Raises:
        UnreadableFile: with a message for the person who uploaded it.
    """
    limits = limits or UploadLimits()
    content = file if isinstance(file, bytes) else file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise UnreadableFile(_PROBLEMS["too_large"])
    options = {name: getattr(limits, name) for name in limits.__dataclass_fields__}
    try:
        reader = subprocess.run(
            # -I: neither the environment nor the folder of the caller decides what is imported.
            [sys.executable, "-I", str(READER), json.dumps(options)],
            input=content, capture_output=True, timeout=limits.cpu_seconds * 3, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UnreadableFile(_PROBLEMS["too_costly"]) from None
    if reader.returncode != 0:
        raise UnreadableFile(_PROBLEMS["too_costly"])
    answer = json.loads(reader.stdout)
    if "problem" in answer:
        raise UnreadableFile(_PROBLEMS[answer["problem"]])
    return Table(tuple(answer["header"]), tuple(TableRow(number, tuple(cells)) for number, cells in answer["rows"]))
