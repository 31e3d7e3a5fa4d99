"""A signed head as it leaves the building: its message, its file, its QR code."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from puente.engines import audit_chain
from puente.platform.keys import Keyring
from puente.platform.signing import fingerprint_of, holds, public_key_of, sign

FORMAT = "puente-audit-heads-1"


class UnreadableHeads(ValueError):
    """A file holds no heads; the message says so."""


@dataclass(frozen=True)
class SignedHead:
    """Where a chain stood at a time, and the signature of it."""

    head: audit_chain.Head
    at: datetime
    key_name: str
    signature: bytes

    @classmethod
    def make(cls, keyring: Keyring, head: audit_chain.Head, at: datetime) -> Self:
        """Sign a head with the key of this installation."""
        at = at.replace(microsecond=0)
        key_name = fingerprint_of(public_key_of(keyring.signing_key))
        return cls(head, at, key_name, sign(keyring.signing_key, write_message(head, at)))

    def is_genuine(self, public_key: bytes) -> bool:
        """Tell whether the installation of a public key signed it."""
        return holds(public_key, write_message(self.head, self.at), self.signature)

    def to_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return {
            "chain": self.head.chain,
            "seq": self.head.seq,
            "hash": self.head.hash.hex(),
            "at": _write_time(self.at),
            "key": self.key_name,
            "signature": base64.b64encode(self.signature).decode(),
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the head of what `to_json` made; raises KeyError, TypeError or ValueError."""
        return cls(
            audit_chain.Head(str(content["chain"]), int(content["seq"]), bytes.fromhex(content["hash"])),
            datetime.fromisoformat(content["at"]),
            str(content["key"]),
            base64.b64decode(content["signature"], validate=True),
        )

    def write_line(self) -> str:
        """Return the head in one line, for a QR code and for paper."""
        content = self.to_json()
        return " ".join(["PUENTE-HEAD", *(str(content[name]) for name in ("chain", "seq", "hash", "at", "signature"))])


def write_message(head: audit_chain.Head, at: datetime) -> bytes:
    """Return the bytes that are signed."""
    return f"{FORMAT}|{head.chain}|{head.seq}|{head.hash.hex()}|{_write_time(at)}".encode()


def write_heads(keyring: Keyring, heads: Iterable[SignedHead]) -> str:
    """Return the file of some heads. The public key in it is worth as much as its fingerprint, told in another way."""
    public_key = base64.b64encode(public_key_of(keyring.signing_key)).decode()
    content = {"format": FORMAT, "public_key": public_key, "heads": [head.to_json() for head in heads]}
    return json.dumps(content, indent=1) + "\n"


def read_heads(text: str) -> tuple[list[SignedHead], bytes]:
    """Return the heads of a file that `write_heads` made, and the public key it names; raises UnreadableHeads."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise UnreadableHeads("This file holds no heads of an audit.")
        heads = [SignedHead.from_json(head) for head in content["heads"]]
        return heads, base64.b64decode(content["public_key"], validate=True)
    except (KeyError, TypeError, ValueError) as problem:
        raise UnreadableHeads("This file holds no heads of an audit.") from problem


def _write_time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
