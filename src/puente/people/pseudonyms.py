"""The reference of a person: what stands where a name must not.

Everybody has one; it is made from the id with the key of this installation and stored nowhere.
"""

import hashlib
import hmac
from uuid import UUID

from puente.platform.keys import load_keyring

#: Crockford's alphabet: no I, L, O, U, so that it can be read aloud and copied by hand.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What a hand or an eye takes for another letter.
MISREAD = str.maketrans("OIL", "011")


def reference_of(person_id: UUID) -> str:
    """Return the reference of a person, such as `K7F2-Q9ME`: 40 bits, the same everywhere in this installation."""
    digest = hmac.digest(load_keyring().index_key, b"reference|" + person_id.bytes, hashlib.sha256)
    number = int.from_bytes(digest[:5], "big")
    letters = "".join(ALPHABET[number >> shift & 31] for shift in range(35, -1, -5))
    return f"{letters[:4]}-{letters[4:]}"


def read_reference(words: str) -> str | None:
    """Return a reference as it is written from what somebody typed or read aloud; None where it cannot be one."""
    letters = "".join(letter for letter in words.upper() if letter not in " -–").translate(MISREAD)
    if len(letters) != 8 or any(letter not in ALPHABET for letter in letters):
        return None
    return f"{letters[:4]}-{letters[4:]}"
