"""What somebody reads who has the database, the server's disk and perhaps some keys: no cleverness, only tries.

A sealed value is AES-GCM over padded content. Whoever attacks needs no tag and no binding: they decrypt with each key
that they have and look whether the padding fits. An opened wrapped key is one more key to try.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from puente.platform.sealing import BLOCK_BYTES, FORMAT, NONCE_BYTES

KEY, TAG = 32, 16
WRAPPED = 1 + NONCE_BYTES + BLOCK_BYTES + TAG
COPY = re.compile(rb"^COPY public\.(\w+) \(([^)]*)\) FROM stdin;\n", re.MULTILINE)
HEXADECIMAL = re.compile(rb"[0-9A-Fa-f]{64,}")
BASE64 = re.compile(rb"[0-9A-Za-z+/_-]{43,}")
#: Of 32 random bytes so few are zero and so many have the highest bit set, but for one in a thousand.
MOST_ZEROS, LEAST_HIGH, MOST_HIGH = 2, 6, 26


@dataclass(frozen=True)
class Cell:
    """One sealed value of the database: where it stands and whom its row names."""

    table: str
    column: str
    row: dict[str, str]
    sealed: bytes

    @property
    def person_id(self) -> str:
        """The person of the row, "" where it names none."""
        return self.row["id"] if self.table == "people_person" else self.row.get("person_id", "")


def read_cells(dump: Path) -> list[Cell]:
    """Return every sealed value in a dump of the database."""
    content = dump.read_bytes()
    cells = []
    for found in COPY.finditer(content):
        table, columns = found[1].decode(), found[2].decode().replace('"', "").split(", ")
        lines = content[found.end() : content.index(b"\n\\.\n", found.end() - 1)].splitlines()
        for line in lines:
            row = dict(zip(columns, line.decode("utf-8", "replace").split("\t"), strict=True))
            for column, text in row.items():
                if text.startswith("\\\\x01") and is_sealed(value := bytes.fromhex(text[3:])):
                    cells.append(Cell(table, column, row, value))
    return cells


def is_sealed(value: bytes) -> bool:
    """Tell whether a value has the form of a sealed one."""
    return value[:1] == FORMAT and len(value) >= WRAPPED and (len(value) - WRAPPED) % BLOCK_BYTES == 0


def decrypt(key: bytes, sealed: bytes) -> bytes | None:
    """Return what a key makes of a sealed value where the padding fits; None where it does not."""
    counter = sealed[1 : 1 + NONCE_BYTES] + (2).to_bytes(4, "big")
    plain = Cipher(algorithms.AES(key), modes.CTR(counter)).decryptor().update(sealed[1 + NONCE_BYTES : -TAG])
    length = int.from_bytes(plain[:4], "big")
    padding = plain[4 + length :]
    return plain[4 : 4 + length] if 0 < len(padding) <= BLOCK_BYTES and not any(padding) else None


def open_cells(cells: Iterable[Cell], keys: Iterable[bytes]) -> list[Cell]:
    """Return which cells some keys open, those opened by keys that were wrapped in others included."""
    wraps = [cell for cell in cells if len(cell.sealed) == WRAPPED]
    known, fresh, opened = set(keys), set(keys), []
    while fresh:
        found = {
            (index, plain) for index, cell in enumerate(wraps) for key in fresh if (plain := decrypt(key, cell.sealed))
        }
        opened += [wraps[index] for index, _plain in found]
        wraps = [cell for index, cell in enumerate(wraps) if index not in {place for place, _plain in found}]
        fresh = {plain for _index, plain in found if len(plain) == KEY} - known
        known |= fresh
    others = [cell for cell in cells if len(cell.sealed) != WRAPPED]
    return opened + [cell for cell in others if any(decrypt(key, cell.sealed) is not None for key in known)]


def read_key_files(*files: Path) -> set[bytes]:
    """Return every key that key files hold, of whatever use."""
    keys: set[bytes] = set()
    for file in files:
        content = json.loads(file.read_text())
        texts = [*content["keys"].values(), *(text for name, text in content.items() if name.endswith("_key"))]
        keys |= {base64.b64decode(text) for text in texts}
    return keys


def find_wraps(content: bytes, keys: Iterable[bytes]) -> set[bytes]:
    """Return the data keys whose wrapped form stands in raw bytes, also in rows that were replaced."""
    at = np.flatnonzero(np.frombuffer(content, np.uint8) == FORMAT[0])
    found = set()
    for key in keys:
        block = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - counters, made here
        for start in at[at <= len(content) - WRAPPED].tolist():
            stream = block.update(content[start + 1 : start + 1 + NONCE_BYTES] + b"\0\0\0\2")
            head = content[start + 1 + NONCE_BYTES : start + 5 + NONCE_BYTES]
            if int.from_bytes(stream[:4], "big") ^ int.from_bytes(head, "big") == KEY:
                plain = decrypt(key, content[start : start + WRAPPED])
                if plain is not None and len(plain) == KEY:
                    found.add(plain)
    return found


def find_candidates(content: bytes) -> Iterator[bytes]:
    """Yield every 32 bytes of a file that may be a random key: as they stand, in hexadecimal, in base64."""
    yield from _slide(content)
    for run in HEXADECIMAL.findall(content):
        for shift in (0, 1):
            yield from _slide(bytes.fromhex(run[shift : shift + (len(run) - shift) // 2 * 2].decode()))
    for run in BASE64.findall(content):
        text = run.translate(bytes.maketrans(b"-_", b"+/"))
        for shift in range(4 if len(text) > 48 else 1):
            part = text[shift:]
            yield from _slide(base64.b64decode(part + b"=" * (-len(part) % 4) if len(part) % 4 != 1 else part[:-1]))


def _slide(content: bytes) -> Iterator[bytes]:
    if len(content) < KEY:
        return
    values = np.frombuffer(content, np.uint8)

    def count(marks: np.ndarray) -> np.ndarray:
        total = np.concatenate(([0], np.cumsum(marks, dtype=np.int64)))
        return total[KEY:] - total[:-KEY]

    high = count(values >= 0x80)
    fits = (count(values == 0) <= MOST_ZEROS) & (high >= LEAST_HIGH) & (high <= MOST_HIGH)
    for start in np.flatnonzero(fits).tolist():
        yield content[start : start + KEY]


def try_candidates(targets: Iterable[Cell], candidates: Iterable[bytes]) -> set[bytes]:
    """Return the candidates that open any of some wrapped keys. One AES block tells for each."""
    asked = [(_count_of(cell), int.from_bytes(_body_of(cell)[:4], "big") ^ KEY, cell) for cell in targets]
    found = set()
    counters = b"".join(counter for counter, _wanted, _cell in asked)
    for candidate in candidates:
        cipher = Cipher(algorithms.AES(candidate), modes.ECB())  # noqa: S305 - counters, made here
        streams = cipher.encryptor().update(counters)
        for index, (_counter, wanted, cell) in enumerate(asked):
            fits = int.from_bytes(streams[index * 16 : index * 16 + 4], "big") == wanted
            if fits and decrypt(candidate, cell.sealed) is not None:
                found.add(candidate)
    return found


def _count_of(cell: Cell) -> bytes:
    return cell.sealed[1 : 1 + NONCE_BYTES] + b"\0\0\0\2"


def _body_of(cell: Cell) -> bytes:
    return cell.sealed[1 + NONCE_BYTES :]
