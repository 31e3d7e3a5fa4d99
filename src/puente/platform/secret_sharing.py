"""Splitting a secret so that some of several sheets of paper bring it back, and fewer tell nothing.

Shamir's scheme (Communications of the ACM 22, 1979) byte by byte over GF(256) with the polynomial of AES (FIPS 197).
Multiplication uses no table, so that what it does depends on no secret. Every share carries the digests of all
shares, so that a wrong one is named instead of spoiling the whole, and a digest of the secret is shared with it.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

MOST_SHARES = 255
DIGEST_BYTES = 10
SET_BYTES = 6
VERSION = 1


class SharesWrong(Exception):
    """The shares do not bring the secret back; the message says which and why."""


@dataclass(frozen=True)
class Share:
    """One of several shares. `set_id` tells the sheets of one splitting from those of another.

    `digests` are of all shares of the set, the first share's first.
    """

    set_id: bytes
    number: int
    needed: int
    body: bytes = field(repr=False)
    digests: tuple[bytes, ...] = field(repr=False)

    def to_bytes(self) -> bytes:
        """Return what a sheet holds."""
        head = bytes([VERSION, self.number, self.needed, len(self.digests)])
        return head + self.set_id + b"".join(self.digests) + self.body

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Return the share of what `to_bytes` made; raises SharesWrong."""
        if len(content) < 4 + SET_BYTES or content[0] != VERSION:
            raise SharesWrong("This is not a sheet of Puente.")
        number, needed, shares = content[1:4]
        at = 4 + SET_BYTES
        end = at + shares * DIGEST_BYTES
        if not (1 <= number <= shares and 2 <= needed <= shares and len(content) > end):
            raise SharesWrong("This is not a sheet of Puente.")
        digests = tuple(content[start : start + DIGEST_BYTES] for start in range(at, end, DIGEST_BYTES))
        return cls(content[4:at], number, needed, content[end:], digests)


def split_secret(secret: bytes, *, shares: int, needed: int) -> list[Share]:
    """Split a secret into shares of which any `needed` bring it back.

    Raises:
        ValueError: unless 2 ≤ needed ≤ shares ≤ 255.
    """
    if not 2 <= needed <= shares <= MOST_SHARES:
        raise ValueError("2 ≤ needed ≤ shares ≤ 255")
    content = hashlib.sha256(secret).digest() + secret
    # One random polynomial for each byte; the byte itself is its constant term.
    higher = [secrets.token_bytes(len(content)) for _degree in range(needed - 1)]
    bodies = [_evaluate([content, *higher], x) for x in range(1, shares + 1)]
    set_id = secrets.token_bytes(SET_BYTES)
    digests = tuple(_digest(set_id, number, body) for number, body in enumerate(bodies, start=1))
    return [Share(set_id, number, needed, body, digests) for number, body in enumerate(bodies, start=1)]


def combine_shares(shares: Sequence[Share]) -> bytes:
    """Return the secret of enough right shares.

    Raises:
        SharesWrong: where there are too few, they are of several sets, or one was changed; that one is named.
    """
    given = {share.number: share for share in shares}
    if not given:
        raise SharesWrong("There is no sheet yet.")
    if len({(share.set_id, share.needed) for share in shares}) > 1:
        raise SharesWrong("These sheets come from different splittings. Use sheets of one date.")
    needed = shares[0].needed
    # Who changed a sheet can have changed its list of digests too: what most sheets say counts.
    said, _times = Counter(share.digests for share in shares).most_common(1)[0]
    for number, share in sorted(given.items()):
        if share.digests != said or not secrets.compare_digest(
            _digest(share.set_id, number, share.body), said[number - 1]
        ):
            raise SharesWrong(f"Sheet {number} was changed or copied wrongly.")
    if len(given) < needed:
        raise SharesWrong(f"{needed} sheets are needed; these are {len(given)}.")
    used = [given[number] for number in sorted(given)[:needed]]
    content = _interpolate([(share.number, share.body) for share in used])
    digest, secret = content[:32], content[32:]
    if not secrets.compare_digest(hashlib.sha256(secret).digest(), digest):
        raise SharesWrong("These sheets do not belong together.")
    return secret


def multiply(a: int, b: int) -> int:
    """Return the product of two elements of GF(256), with the same steps whatever they are."""
    product = 0
    for _bit in range(8):
        product ^= -(b & 1) & a
        a = (a << 1) ^ (-(a >> 7) & 0x11B)
        b >>= 1
    return product


def invert(a: int) -> int:
    """Return the inverse of a non-zero element of GF(256): its 254th power."""
    power = 1
    for _factor in range(254):
        power = multiply(power, a)
    return power


def _evaluate(coefficients: Sequence[bytes], x: int) -> bytes:
    value = bytes(len(coefficients[0]))
    for coefficient in reversed(coefficients):
        value = bytes(multiply(byte, x) ^ other for byte, other in zip(value, coefficient, strict=True))
    return value


def _interpolate(points: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the value at 0 of the polynomials through the points (Lagrange)."""
    content = bytes(len(points[0][1]))
    for x, body in points:
        weight = 1
        for other, _body in points:
            if other != x:
                weight = multiply(weight, multiply(other, invert(other ^ x)))
        content = bytes(byte ^ multiply(weight, part) for byte, part in zip(content, body, strict=True))
    return content


def _digest(set_id: bytes, number: int, body: bytes) -> bytes:
    return hashlib.sha256(set_id + bytes([number]) + body).digest()[:DIGEST_BYTES]
