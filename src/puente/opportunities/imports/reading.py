"""The uploaded file: CSV, CSV packed with gzip, or XLSX."""

import zlib

from django.utils.translation import gettext_lazy as _

from puente.platform.uploads import Table, UnreadableFile, UploadLimits, read_table

GZIP = b"\x1f\x8b"
LIMITS = UploadLimits()


def read_openings_file(content: bytes) -> Table:
    """Return the table of a file; raises UnreadableFile, with a message for its sender."""
    if content.startswith(GZIP):
        content = _unzip(content)
    return read_table(content, LIMITS)


def pack(content: bytes) -> bytes:
    """Return a file as it is kept until it has been loaded."""
    return zlib.compress(content, 1)


def unpack(packed: bytes) -> bytes:
    """Return the file that `pack` was given."""
    return zlib.decompress(packed)


def _unzip(content: bytes) -> bytes:
    # Never further than the limit: a few kilobytes can unpack into gigabytes.
    reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        unpacked = reader.decompress(content, LIMITS.file_bytes + 1)
    except zlib.error:
        raise UnreadableFile(_("The file is packed but damaged. Pack it again, or send it unpacked.")) from None
    if len(unpacked) > LIMITS.file_bytes:
        raise UnreadableFile(_("The file is too large. Divide it into smaller files."))
    if not reader.eof:
        raise UnreadableFile(_("The file is packed but damaged. Pack it again, or send it unpacked."))
    return unpacked
