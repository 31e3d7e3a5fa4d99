"""Tables that leave the product as CSV or XLSX: no cell of them is a formula to the program that opens them.

A name or a note may come from anybody. Written as it is, `=HYPERLINK(…)` in a name would run on the desk that opens the
export (OWASP, CSV injection). Every export is written here; a test keeps other modules from writing their own.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

#: What begins a formula, in the full width of Asian keyboards too: spreadsheets fold it.
FORMULA_STARTS = frozenset("=+-@＝＋－＠")
#: A spreadsheet of another country cuts a line at another character: what follows one begins a cell there.
_CUTS = re.compile(r"([,;|\t\r\n\v\f\x00])")
_LEADING = re.compile(r'[\s"\x00]*')
BYTE_ORDER_MARK = "\ufeff"

Cell = str | int | float | Decimal


def neutralise(value: Any) -> Cell:
    """Return a cell that no spreadsheet takes for a formula: numbers stay numbers, nothing is empty text.

    An apostrophe, which tells a spreadsheet that text follows, goes in front of each part of a text that would
    begin a formula: at its beginning, or where a program with another separator would cut it.
    """
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value
    text = str(value)
    safe = "".join(f"'{part}" if _begins_a_formula(part) else part for part in _CUTS.split(text))
    return f"'{safe}" if _CUTS.match(text) else safe


def write_csv(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180) with its byte order mark, by which Excel knows UTF-8.

    Args:
        rows: the header and the rows; cells of any type, see `neutralise`.
    """
    # Quoted, what stands behind a number stays a text where another separator joins the two.
    writer = csv.writer(_Line(), quoting=csv.QUOTE_NONNUMERIC)
    yield BYTE_ORDER_MARK
    for row in rows:
        yield writer.writerow([neutralise(cell) for cell in row])


def create_workbook(target: BinaryIO) -> xlsxwriter.Workbook:
    """Return a workbook that turns no text into a formula, a link or a number; used as a context manager."""
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(target, options)


def write_cell(sheet: Worksheet, row: int, column: int, value: Any, cell_format: Any = None) -> None:
    """Write one cell of a workbook: a number as a number, everything else as neutralised text."""
    cell = neutralise(value)
    if isinstance(cell, str):
        sheet.write_string(row, column, cell, cell_format)
    else:
        sheet.write_number(row, column, cell, cell_format)


class _Line:
    """A file of one line: what csv.writer writes is handed on."""

    def write(self, line: str) -> str:
        return line


def _begins_a_formula(part: str) -> bool:
    leading = _LEADING.match(part)
    start = leading.end() if leading else 0
    return part[start : start + 1] in FORMULA_STARTS if start < len(part) else False
