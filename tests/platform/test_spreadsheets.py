import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest
from defusedxml import ElementTree
from hypothesis import example, given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from puente.platform.spreadsheets import create_workbook, neutralise, write_cell, write_csv

STARTS = "=+-@＝＋－＠\t\r"
#: Text as an attacker writes it: starts of formulas, separators and quotes are frequent.
hostile_text = st.text(st.sampled_from("=+-@＝＋－＠\t\r\n,;|\" '\u00a0\0abcé1(!"), max_size=14) | st.text(max_size=20)
cells = hostile_text | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.none() | st.decimals(
    allow_nan=False, allow_infinity=False
)  # fmt: skip


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def acts(cell: str) -> bool:
    """Whether a spreadsheet would run a cell; said here anew, so that the two can disagree."""
    stripped = cell.lstrip('\0" ').lstrip()
    # Cut at another character, a number of ours may have a quoted text, or the next line, behind it.
    return bool(stripped) and stripped[0] in STARTS and not is_number(re.split('[,;|\t\r\n]"?', stripped)[0])


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
@example([[None, ";"], [-0.0], [None]])
def test_no_cell_of_a_csv_is_a_formula_whatever_cuts_its_lines(rows):
    text = "".join(write_csv(rows)).removeprefix("\ufeff")
    for delimiter in ",;\t|":
        for line in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter):
            assert not [cell for cell in line if acts(cell)]


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
def test_every_row_and_cell_is_kept_and_numbers_stay_numbers(rows):
    read = list(csv.reader(io.StringIO("".join(write_csv(rows)).removeprefix("\ufeff"), newline="")))
    assert [len(line) for line in read] == [len(row) for row in rows]
    for line, row in zip(read, rows, strict=True):
        for written, cell in zip(line, row, strict=True):
            if isinstance(cell, int | float | Decimal):
                assert written == str(cell)
            elif cell is None:
                assert written == ""
            else:
                assert written.replace("'", "") == cell.replace("'", "")


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("Güémez Ortiz", "Güémez Ortiz"),
        ("=1+1", "'=1+1"),
        (" =1+1", "' =1+1"),
        ("＝1+1", "'＝1+1"),
        ("+52 656 123", "'+52 656 123"),
        ("\tx", "'\tx"),
        ("a;=cmd|' /C calc'!A0", "a;'=cmd|' /C calc'!A0"),
        ('a,"@SUM(1)', "a,'\"@SUM(1)"),
        ("5-3", "5-3"),
        (-3, -3),
        (Decimal("-3.50"), Decimal("-3.50")),
        (None, ""),
        (True, "True"),
    ],
)
def test_text_that_begins_a_formula_gets_an_apostrophe(said, written):
    assert neutralise(said) == written


@given(st.lists(st.lists(cells, min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_workbook_opened_again_holds_no_formula_and_its_numbers(rows):
    target = io.BytesIO()
    with create_workbook(target) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                write_cell(sheet, number, column, cell if not isinstance(cell, int) else cell % 10**9)
    target.seek(0)
    with zipfile.ZipFile(target) as archive:
        tree = ElementTree.fromstring(archive.read("xl/worksheets/sheet1.xml"))
        assert not [element for element in tree.iter() if element.tag.endswith(("}f", "}hyperlink"))]
        assert not [name for name in archive.namelist() if "externalLink" in name]
    target.seek(0)
    read = CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).to_python(skip_empty_area=False)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, int | float | Decimal) and number < len(read) and column < len(read[number]):
                assert isinstance(read[number][column], float)
