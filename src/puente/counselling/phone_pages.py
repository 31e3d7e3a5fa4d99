"""How the phone page is sealed: under a random code on the paper and the birth date in the person's head.

The code (112 bits) is not in the database, only its digest; the key of what the page says is made of the code and the
birth date. So neither a copy of the database nor the paper alone opens it.
"""

import base64
import hashlib
import hmac
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from puente.counselling.models import PhonePage
from puente.engines.identity.birth import PartialDate, Precision
from puente.platform.keys import load_keyring
from puente.platform.sealing import SealBroken, seal_document, unseal_document

CODE_BYTES = 14
_BOUND = "phone page"
#: Opened for codes that do not exist, so that the work done is the same.
_NO_PAGE = seal_document(secrets.token_bytes(32), {"nothing": "x" * 6000}, _BOUND)


def make_code() -> str:
    """Return a new code: 23 letters and digits in lower case, as they stand in the link."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().rstrip("=").lower()


def digest_code(code: str) -> bytes:
    """Return what of a code is kept."""
    return hashlib.sha256(b"phone page|" + code.encode()).digest()


def digest_address(address: str) -> bytes:
    """Return a keyed digest of where an attempt came from: an address is a person's too."""
    return hmac.digest(load_keyring().index_key, b"phone page|" + address.encode(), hashlib.sha256)[:16]


def find_asked_birth(birth: PartialDate | None) -> str | None:
    """Return how much of a birth date can be asked, None where not even the year is known for certain."""
    if birth is None or birth.precision is Precision.ESTIMATED:
        return None
    if birth.month is None:
        return PhonePage.AskedBirth.YEAR
    return PhonePage.AskedBirth.DAY if birth.day is not None else PhonePage.AskedBirth.MONTH


def seal_page(code: str, asked: str, birth: PartialDate, content: dict[str, Any]) -> bytes:
    """Seal what a page says."""
    return seal_document(_derive_key(code, asked, birth), content, _BOUND)


def open_page(page: PhonePage | None, code: str, birth: PartialDate) -> dict[str, Any] | None:
    """Return what a page says, None where code or birth date do not fit; takes as long without a page."""
    asked = page.asked_birth if page else PhonePage.AskedBirth.DAY
    try:
        content = unseal_document(_derive_key(code, asked, birth), bytes(page.sealed) if page else _NO_PAGE, _BOUND)
    except SealBroken:
        return None
    return dict(content)


def _derive_key(code: str, asked: str, birth: PartialDate) -> bytes:
    parts = [birth.year]
    if asked != PhonePage.AskedBirth.YEAR:
        parts.append(birth.month or 0)
    if asked == PhonePage.AskedBirth.DAY:
        parts.append(birth.day or 0)
    return HKDF(SHA256(), 32, salt=None, info=b"puente phone page").derive(json.dumps([code, parts]).encode())
