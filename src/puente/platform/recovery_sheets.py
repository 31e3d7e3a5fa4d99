"""Recovery sheets: the key files, split over several papers, in letters that a person can type and a code can hold."""

import base64
import hashlib
import json
import zlib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puente.platform.documents import draw_qr, render_pdf
from puente.platform.key_files import write_key_file
from puente.platform.keys import KeysUnavailable, Realm, read_key_file
from puente.platform.secret_sharing import Share, SharesWrong, combine_shares, split_secret

TEMPLATE = Path(__file__).with_name("recovery_sheet.typ")
LINE_LETTERS = 40
CHECK_LETTERS = 4
GROUP = 4
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
#: Crockford's alphabet: no I, L, O, U, so that a sheet can be copied by hand.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITE = str.maketrans(_PLAIN, _LETTERS)
_READ = str.maketrans(_LETTERS, _PLAIN)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": None, "-": None, "·": None})


class LineWrong(Exception):
    """A typed line does not agree with its last group."""


def split_keys(files: dict[Realm, Path], *, shares: int, needed: int) -> list[Share]:
    """Split everything that the key files hold.

    Raises:
        KeysUnavailable: where a file is missing.
        ValueError: unless 2 ≤ needed ≤ shares.
    """
    content = {realm.value: read_key_file(file) for realm, file in files.items()}
    packed = zlib.compress(json.dumps(content, separators=(",", ":")).encode(), 9)
    return split_secret(packed, shares=shares, needed=needed)


def recover_keys(shares: Sequence[Share], files: dict[Realm, Path]) -> list[Path]:
    """Rebuild the key files from enough shares, and return those that were written.

    Raises:
        SharesWrong: where the shares do not bring the keys back.
        KeysUnavailable: where a key file stands there already; none is overwritten.
    """
    content: dict[str, dict[str, Any]] = json.loads(zlib.decompress(combine_shares(shares)))
    wanted = {files[Realm(realm)]: keys for realm, keys in content.items()}
    for file in wanted:
        if file.exists():
            raise KeysUnavailable(f"{file} exists. Move it away first: no key file is overwritten.")
    for file, keys in wanted.items():
        write_key_file(file, keys)
    return list(wanted)


def write_letters(share: Share) -> str:
    """Return a share as letters."""
    return base64.b32encode(share.to_bytes()).decode().rstrip("=").translate(_WRITE)


def read_letters(text: str) -> Share:
    """Return the share of typed or scanned letters, groups and small letters allowed; raises SharesWrong."""
    letters = _clean(text).translate(_READ)
    try:
        return Share.from_bytes(base64.b32decode(letters + "=" * (-len(letters) % 8)))
    except ValueError:
        raise SharesWrong("These letters are no sheet of Puente.") from None


def write_lines(share: Share) -> list[str]:
    """Return the lines of a sheet: groups of letters, the last group a check of its line."""
    letters = write_letters(share)
    parts = [letters[at : at + LINE_LETTERS] for at in range(0, len(letters), LINE_LETTERS)]
    return [_group(part + _check(number, part)) for number, part in enumerate(parts, start=1)]


def read_line(number: int, text: str) -> str:
    """Return the letters of one typed line without its check.

    Raises:
        LineWrong: where the line does not agree with its check.
    """
    letters = _clean(text)
    part, check = letters[:-CHECK_LETTERS], letters[-CHECK_LETTERS:]
    if not part or _check(number, part) != check:
        raise LineWrong(f"Line {number} has a mistake. Look at it letter by letter and type it again.")
    return part


def print_sheet(share: Share, *, made_on: date, place: str) -> bytes:
    """Return the PDF of one sheet, in the language in force.

    Args:
        place: of which installation these are the keys.
    """
    shares = len(share.digests)
    return render_pdf(
        TEMPLATE,
        {
            "language": get_language(),
            "office": place,
            "date": date_format(made_on, "SHORT_DATE_FORMAT"),
            "title": _("Recovery sheet %(number)s of %(shares)s") % {"number": share.number, "shares": shares},
            "what": _("Any %(needed)s of these sheets bring the keys of Puente back. Fewer tell nothing.")
            % {"needed": share.needed},
            "keep": _("Keep it in a sealed envelope in a safe place of your institution, alone. Never photograph it."),
            "use": _("To use it: puente keys recover. Scan the code, or type each line. Its last group checks it."),
            "lines": [{"number": f"{number:02d}", "text": line} for number, line in enumerate(write_lines(share), 1)],
            "qr": draw_qr(write_letters(share)),
        },
    )


def _clean(text: str) -> str:
    letters = "".join(text.upper().split()).translate(_MISREAD)
    if set(letters) - set(_LETTERS):
        raise SharesWrong("Only letters and digits stand on a sheet, and never U.")
    return letters


def _check(number: int, part: str) -> str:
    digest = hashlib.sha256(f"{number}|{part}".encode()).digest()
    return base64.b32encode(digest)[:CHECK_LETTERS].decode().translate(_WRITE)


def _group(letters: str) -> str:
    return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))
