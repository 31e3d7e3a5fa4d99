"""An XLSX file is an archive: examine it, and pack anew just what a table is made of.

The reader of sheets then never meets the sender's archive: what was examined is what is read, byte for byte.
"""

import io
import re
import zipfile
import zlib

from problem import Problem

#: The parts of a workbook that hold its cells; pictures, macros and links to other files are left behind.
NEEDED = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml|xl/styles\.xml"
    r"|xl/sharedStrings\.xml|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
LARGEST_RATIO = 100
#: Below this size a part may pack as well as it likes: an empty style sheet does.
RATIO_COUNTS_FROM = 2**20
CHUNK = 2**18
SYMBOLIC_LINK = 0xA000
DECLARATIONS = re.compile(rb"<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def repack(content: bytes, limits: dict[str, int]) -> io.BytesIO:
    """Return a new archive with the cells of a workbook alone.

    Args:
        content: the sender's archive.
        limits: `unpacked_bytes`, the most that it may hold in all, and `entries`, the most files in it.

    Raises:
        Problem: for an archive that is damaged or protected, that unpacks into too much, that names files outside of
            itself, twice or as links, that declares entities, or whose cells are formulas.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _examine(entries, limits)
            target = io.BytesIO()
            with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as anew:
                for entry in entries:
                    if NEEDED.fullmatch(entry.filename):
                        anew.writestr(entry.filename, _read(archive, entry))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Problem("damaged") from None
    target.seek(0)
    return target


def _examine(entries: list[zipfile.ZipInfo], limits: dict[str, int]) -> None:
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" not in names:
        raise Problem("not_a_table")
    if len(names) > limits["entries"]:
        raise Problem("too_many_entries")
    if any(map(_leads_outside, entries)) or len({name.lower() for name in names}) < len(names):
        raise Problem("unsafe_names")
    if any(entry.flag_bits & 1 for entry in entries):
        raise Problem("damaged")
    if sum(entry.file_size for entry in entries) > limits["unpacked_bytes"]:
        raise Problem("unpacks_too_large")
    for entry in entries:
        if entry.file_size > RATIO_COUNTS_FROM and entry.file_size > LARGEST_RATIO * max(entry.compress_size, 1):
            raise Problem("unpacks_too_large")


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    # `orig_filename`, because zipfile cuts a name at a zero byte and turns the separators of other systems.
    name = entry.orig_filename.replace("\\", "/")
    is_link = (entry.external_attr >> 16) & 0xF000 == SYMBOLIC_LINK
    return is_link or "\0" in name or name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    # zipfile gives at most what the entry declares; what really is there is longer or shorter only in a forged one.
    content = archive.read(entry)
    if len(content) != entry.file_size:
        raise Problem("damaged")
    # In another encoding the declarations below would not be seen.
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:CHUNK]:
        raise Problem("damaged")
    if DECLARATIONS.search(content):
        raise Problem("entities")
    if entry.filename.lower().startswith("xl/worksheets/") and FORMULA.search(content):
        raise Problem("formulas")
    return content
