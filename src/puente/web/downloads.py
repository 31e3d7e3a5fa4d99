"""Files that a desk takes along."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse

from puente.platform.spreadsheets import write_csv


def download_csv(name: str, rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Answer with a CSV file that is saved, never shown; no cell of it acts as a formula.

    Written at once and not streamed: rows are read while the database knows who acts.

    Args:
        name: of the file; ids and codes alone, never a person's name.
        rows: the header and the rows.
    """
    return download_file(name, "".join(write_csv(rows)).encode(), "text/csv; charset=utf-8")


def download_file(name: str, content: bytes, content_type: str) -> HttpResponse:
    """Answer with a file that is saved, never shown: what it holds cannot act in the browser as a page of ours."""
    return HttpResponse(content, content_type=content_type, headers=save_as(name))


def save_as(name: str) -> dict[str, str]:
    """Return the header under which a browser saves a file; raises ValueError for a name made of more than codes."""
    if not name.isascii() or not name.replace("-", "").replace(".", "").replace("_", "").isalnum():
        raise ValueError("A file name is made of codes.")
    return {"Content-Disposition": f'attachment; filename="{name}"'}
