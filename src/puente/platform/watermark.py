"""Whose eyes a page of a reserved file was made for: name, office and minute stand across it, on screen and on paper.

No page says by itself that it shows a reserved file: whenever a key of the vault is opened while a request is answered,
the answer is marked. So no page can forget it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class _Answer:
    """What is being answered to somebody, and whether anything of the vault was opened for it."""

    describe_viewer: Callable[[], str]
    is_marked: bool = False


_answering: ContextVar[_Answer | None] = ContextVar("answering", default=None)


@contextmanager
def answering(describe_viewer: Callable[[], str]) -> Iterator[None]:
    """Mark what is answered in this block with its viewer, should a key of the vault be opened meanwhile.

    describe_viewer: name, office and minute; asked only where there is something to mark.
    """
    token = _answering.set(_Answer(describe_viewer))
    try:
        yield
    finally:
        _answering.reset(token)


def note_vault_opened() -> None:
    """Note that a key of the vault was opened."""
    if answer := _answering.get():
        answer.is_marked = True


def find_watermark() -> str:
    """Return what must stand across the page or paper that is being made; "" where nothing must."""
    answer = _answering.get()
    return answer.describe_viewer() if answer and answer.is_marked else ""
