import io
import socket
import threading
import zipfile

import pytest
from django.utils import translation

from puente.opportunities.imports.reading import read_openings_file
from puente.platform import confined
from puente.platform.uploads import UnreadableFile, UploadLimits, read_table
from tests import hostile_files as hostile
from tests.hostile_files import make_workbook


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


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
    table = read_table(make_workbook([["nombre", "año", "peso"], ["Ana", 1992, 61.5]]))
    assert table.rows[0].cells == ("Ana", "1992", "61.5")


def test_a_sheet_with_pictures_macros_and_links_is_read_without_them():
    plain = make_workbook([["nombre", "año"], ["Ana", 1992]])
    content = io.BytesIO(plain)
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.png", bytes(500))
        archive.writestr("xl/vbaProject.bin", b"macro")
        archive.writestr("xl/externalLinks/externalLink1.xml", b"<x/>")
    assert read_table(content.getvalue(), name="Lista.XLSX").rows == read_table(plain).rows


def test_a_reader_that_runs_out_of_memory_takes_only_itself_down():
    with pytest.raises(UnreadableFile, match="memory"):
        read_table(b"a,b\n" + b"1,2\n" * 400_000, UploadLimits(memory_bytes=60 * 2**20, rows=10**6))


def test_a_reader_that_takes_too_long_is_ended():
    slow = make_workbook([["a", "b"], *([str(n), "x" * 30] for n in range(60_000))])
    with pytest.raises(UnreadableFile, match="time"):
        read_table(slow, UploadLimits(cpu_seconds=0))


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


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (hostile.bomb_of_spaces, "unpacks into"),
        (lambda: hostile.bomb_of_spaces(40), "unpacks into"),
        (hostile.bomb_of_overlaps, "unpacks into|damaged"),
        (hostile.bomb_of_strings, "unpacks into"),
        (hostile.bomb_that_lies, "damaged"),
        (hostile.bomb_of_rows, "more rows"),
        (hostile.bomb_of_parts, "too many parts"),
        (hostile.entity_bomb, "entities"),
        (lambda: hostile.entity_bomb("sharedStrings"), "entities"),
        (lambda: hostile.entity_bomb("workbook"), "entities"),
        (hostile.quadratic_bomb, "entities"),
        (lambda: hostile.external_entity("file:///etc/passwd"), "entities"),
        (hostile.zip_slip, "outside"),
        (lambda: hostile.zip_slip("/etc/cron.d/x"), "outside"),
        (lambda: hostile.zip_slip("..\\..\\x.xml"), "outside"),
        (lambda: hostile.zip_slip("C:/x.xml"), "outside"),
        (hostile.symbolic_link, "outside"),
        (hostile.repeated_name, "outside"),
        (hostile.formula_sheet, "formulas"),
        (hostile.formula_csv, "Row 2 holds a formula"),
        (lambda: hostile.formula_csv("＝1+1"), "Row 2 holds a formula"),
        (lambda: hostile.formula_csv("@SUM(1+1)"), "Row 2 holds a formula"),
        (lambda: hostile.formula_csv("+cmd|' /C calc'!A0"), "Row 2 holds a formula"),
        (lambda: hostile.photo(), "neither|no rows"),
    ],
)
def test_a_hostile_file_is_refused_with_words_for_its_kind(make, words):
    with pytest.raises(UnreadableFile, match=words):
        read_table(make(), UploadLimits(rows=2_000))


def test_utf_16_hides_no_entity():
    sheet = ("<!DOCTYPE x [<!ENTITY a 'b'>]>" + hostile.SHEET.format("")).encode("utf-16")
    with pytest.raises(UnreadableFile, match="damaged"):
        read_table(hostile.pack(hostile.make_parts(sheet)))


@pytest.mark.parametrize("cell", ["+52 656 123 4567", "+52 (656) 123", "-3", "- sin dato -", "@ana", "a=b", "1-2"])
def test_phones_negative_numbers_and_dashes_are_no_formulas(cell):
    assert read_table(hostile.formula_csv(cell)).rows[0].cells[1] == cell


def test_an_external_entity_makes_no_connection():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.3)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        with pytest.raises(UnreadableFile):
            read_table(hostile.external_entity(address))
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("lista.xlsx", b"nombre,apellido\nAna,Luna\n", "says one kind"),
        ("lista.csv", make_workbook([["a", "b"], ["1", "2"]]), "says one kind"),
        ("lista.exe", b"nombre,apellido\nAna,Luna\n", "neither"),
        ("lista", b"nombre,apellido\nAna,Luna\n", "neither"),
        ("lista.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "neither"),
        ("lista.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "old Excel"),
    ],
)
def test_a_name_that_does_not_fit_the_content_is_refused(name, content, words):
    with pytest.raises(UnreadableFile, match=words):
        read_table(content, name=name)


def test_a_name_of_any_case_that_fits_is_read():
    assert read_table(b"a,b\n1,2\n", name="LISTA 23.CSV").header == ("a", "b")


def test_more_files_than_may_wait_are_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(confined, "WAITING", 1)
    monkeypatch.setattr(confined, "SLOTS", 1)
    entered, leave = threading.Event(), threading.Event()

    def occupy():
        with confined._place_to_run():
            entered.set()
            leave.wait(10)

    threads = [threading.Thread(target=occupy) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait(10)
    try:
        while (free := confined._take_one(confined.find_home() / "reading", "wait", 2)) is not None:
            free.close()
        with pytest.raises(UnreadableFile, match="again in a minute"):
            read_table(b"a,b\n1,2\n")
    finally:
        leave.set()
        for thread in threads:
            thread.join()
    assert read_table(b"a,b\n1,2\n").header == ("a", "b")


@pytest.mark.realdata
def test_the_real_board_is_read_as_csv_and_as_a_sheet(realdata):
    packed = (realdata / "labour" / "portal_del_empleo_201808.csv.gz").read_bytes()
    table = read_openings_file(packed, "portal.csv.gz")
    assert len(table.rows) == 36_795
    again = read_openings_file(make_workbook([table.header, *(row.cells for row in table.rows)]), "portal.xlsx")
    assert [row.cells for row in again.rows[:50]] == [row.cells for row in table.rows[:50]]
    assert len(again.rows) == 36_795
