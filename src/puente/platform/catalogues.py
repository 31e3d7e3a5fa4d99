"""Language catalogues with babel alone: a bare machine has no gettext."""

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

Message = str | tuple[str, ...]

KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def find_catalogues(package: Path) -> list[Path]:
    """Return the .po files of every room."""
    return sorted(package.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_catalogues(package: Path) -> int:
    """Compile each .po that is newer than its .mo; returns how many were compiled."""
    compiled = 0
    for source in find_catalogues(package):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as handle:
            catalogue = read_po(handle, locale=source.parts[-3])
        with target.open("wb") as handle:
            write_mo(handle, catalogue)
        compiled += 1
    return compiled


def extract_messages(room: Path) -> Iterator[tuple[Message, str | None]]:
    """Yield (message, context) of everything a room says, from its code and its templates."""
    for file in sorted(room.rglob("*.py")):
        with file.open("rb") as handle:
            for _line, message, _comments, context in extract("python", handle, KEYWORDS):
                yield message, context
    for file in sorted(room.rglob("*.html")) + sorted(room.rglob("*.txt")):
        code = templatize(file.read_text(), origin=str(file)).encode()
        for _line, message, _comments, context in extract("python", io.BytesIO(code), KEYWORDS):
            yield message, context


def update_catalogue(room: Path, language: str) -> None:
    """Add a room's new messages to its catalogue and drop those that nobody says any more."""
    file = room / "locale" / language / "LC_MESSAGES" / "django.po"
    before = _read(file, language)
    after = Catalog(locale=language, charset="utf-8", fuzzy=False, project="Puente", copyright_holder="Puente")
    for message, context in extract_messages(room):
        if _first(message) and after.get(_first(message), context) is None:
            known = before.get(_first(message), context)
            flags = known.flags if known else set()
            after.add(message, known.string if known else None, context=context, flags=flags)
    if len(after):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as handle:
            write_po(handle, after, width=110, sort_output=True, omit_header=False)


def find_gaps(room: Path, language: str) -> list[str]:
    """Return the messages of a room that its catalogue in a language lacks, leaves empty or calls fuzzy."""
    catalogue = _read(room / "locale" / language / "LC_MESSAGES" / "django.po", language)
    gaps = []
    for message, context in extract_messages(room):
        message_id = _first(message)
        entry = catalogue.get(message_id, context)
        translated = entry is not None and entry.string and all(
            entry.string if isinstance(entry.string, (tuple, list)) else [entry.string]
        )  # fmt: skip
        if not message_id or (translated and entry is not None and not entry.fuzzy):
            continue
        gaps.append(message_id)
    return sorted(set(gaps))


def _read(file: Path, language: str) -> Catalog:
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as handle:
        return read_po(handle, locale=language)


def _first(message: Message) -> str:
    return message if isinstance(message, str) else message[0]
