import csv
from collections.abc import Callable
from pathlib import Path

import pytest

import puente

CONTENT = Path(puente.__file__).parent / "content"


@pytest.fixture(scope="session")
def read_content() -> Callable[[str], list[dict[str, str]]]:
    """Reads one CSV file of the content folder, and finds fault with ragged rows."""

    def read(name: str) -> list[dict[str, str]]:
        with (CONTENT / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert rows, f"{name} is empty"
        for row in rows:
            assert None not in (*row, *row.values()), f"{name}: ragged row {row}"
        return rows

    return read
