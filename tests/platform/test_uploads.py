import io
import zipfile

import pytest
import xlsxwriter
from django.utils import translation

from puente.platform.uploads import UnreadableFile, UploadLimits, read_table


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def workbook(rows, **options):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, **options})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def test_a_csv_of_windows_excel_keeps_its_accents_and_its_row_numbers():
    table = read_table("Lista del 23\nApellidos;Nombre;Año\n\nGüémez Ortiz;Noemí;1990\n".encode("cp1252"))
    assert table.header == ("Apellidos", "Nombre", "Año")
    assert [(row.number, row.cells) for row in table.rows] == [(4, ("Güémez Ortiz", "Noemí", "1990"))]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_is_read_in_any_usual_encoding(encoding):
    table = read_table(io.BytesIO("nombre,año\nÑico,1980\n".encode(encoding)))
    assert table.header == ("nombre", "año")
    assert table.rows[0].cells == ("Ñico", "1980")


def test_a_sheet_gives_whole_numbers_and_dates_as_people_write_them():
    table = read_table(workbook([["nombre", "año", "peso"], ["Ana", 1992, 61.5]]))
    assert table.rows[0].cells == ("Ana", "1992", "61.5")


def test_a_file_that_asks_for_too_much_memory_is_refused():
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 2**22)
    with pytest.raises(UnreadableFile, match="memory"):
        read_table(bomb.getvalue(), UploadLimits(memory_bytes=2**22))


def test_a_reader_that_runs_out_of_memory_takes_only_itself_down():
    with pytest.raises(UnreadableFile, match="memory"):
        read_table(b"a,b\n" + b"1,2\n" * 400_000, UploadLimits(memory_bytes=60 * 2**20, rows=10**6))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no rows"),
        (b"nombre,apellido\n", "no rows"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b"a\x00b\nc\n", "neither"),
        (b"a,b\n1,2\n1,2\n", "more rows"),
        (b"a,b,c,d\n1,2,3,4\n", "too many columns"),
        (b"a,b\n" + b"x" * 300 + b",1\n", "too much text"),
        (b"a\n" * 4000, "too large"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_change(content, words):
    limits = UploadLimits(rows=2, columns=3, cell_characters=200, file_bytes=4000)
    with pytest.raises(UnreadableFile, match=words):
        read_table(content, limits)
