"""The process that reads one uploaded table: bytes on stdin, JSON on stdout. Started by `uploads.read_table`.

It imports nothing of ours, so that it starts fast and can do nothing but read.
"""

import csv
import datetime
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

HEADER_LINES = 20
DELIMITERS = ",;\t|"


class Problem(Exception):
    """A file that cannot be read, with the code of the message for its sender."""


def read(content: bytes, limits: dict[str, int]) -> dict[str, Any]:
    """Return {header, rows: [(number, cells)]}; raises Problem."""
    if not content.strip():
        raise Problem("empty")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise Problem("old_excel")
    lines = read_xlsx(content, limits) if content.startswith(b"PK") else read_csv(content)
    return shape(check(lines, limits))


def read_csv(content: bytes) -> Iterator[list[str]]:
    """Yield the rows of a CSV file in UTF-8, UTF-16 or Windows-1252, whatever separates its columns."""
    text = decode(content)
    if "\0" in text:
        raise Problem("not_a_table")
    beginning = "\n".join(text.splitlines()[:HEADER_LINES])
    delimiter = max(DELIMITERS, key=beginning.count)
    csv.field_size_limit(2**24)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error:
        raise Problem("not_a_table") from None


def decode(content: bytes) -> str:
    """Return text; Windows-1252 is what a Spanish Excel writes when it does not write UTF-8."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read_xlsx(content: bytes, limits: dict[str, int]) -> Iterator[list[str]]:
    """Yield the rows of the first sheet of an XLSX file."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise Problem("damaged") from None
    if "xl/workbook.xml" not in names:
        raise Problem("not_a_table")
    if unpacked > limits["memory_bytes"] // 2:
        raise Problem("too_costly")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        yield from ([as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False))
    except CalamineError:
        raise Problem("damaged") from None


def as_text(cell: Any) -> str:
    """Return a cell of a sheet as a person reads it: 12 and not 12.0, dates as 2026-11-23."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def check(lines: Iterable[list[str]], limits: dict[str, int]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, numbered as in the file; raises Problem past a limit."""
    for number, cells in enumerate(lines, start=1):
        trimmed = [cell.strip() for cell in cells]
        while trimmed and not trimmed[-1]:
            trimmed.pop()
        if number > limits["rows"]:
            raise Problem("too_many_rows")
        if len(trimmed) > limits["columns"]:
            raise Problem("too_many_columns")
        if any(len(cell) > limits["cell_characters"] for cell in trimmed):
            raise Problem("cell_too_long")
        if trimmed:
            yield number, trimmed


def shape(lines: Iterable[tuple[int, list[str]]]) -> dict[str, Any]:
    """Find the header among the first lines (titles stand above it in many lists) and square the rows."""
    filled = list(lines)
    if not filled:
        raise Problem("empty")
    widest = max(sum(map(bool, cells)) for _number, cells in filled[:HEADER_LINES])
    at = next(i for i, (_n, cells) in enumerate(filled) if sum(map(bool, cells)) * 2 >= widest)
    header, body = filled[at][1], filled[at + 1 :]
    if not body:
        raise Problem("empty")
    width = max(len(cells) for _number, cells in [filled[at], *body])
    return {
        "header": header + [""] * (width - len(header)),
        "rows": [(number, cells + [""] * (width - len(cells))) for number, cells in body],
    }


def main() -> None:
    """Set the limits on this process, then read."""
    limits = json.loads(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"],) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"],) * 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer = read(sys.stdin.buffer.read(), limits)
    except Problem as problem:
        answer = {"problem": str(problem)}
    except MemoryError:
        answer = {"problem": "too_costly"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
