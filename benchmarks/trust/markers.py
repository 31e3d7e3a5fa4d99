"""Two hundred markers planted through the real pages, then looked for in everything that the product wrote."""

from __future__ import annotations

import tempfile
from pathlib import Path

MARKERS = 200


def measure() -> dict[str, float]:
    """Return how many places hold a marker, and how many the control, which stands in clear."""
    from tests.trust.searching import plant_markers, search

    with tempfile.TemporaryDirectory() as folder, plant_markers(Path(folder), at_least=MARKERS) as written:
        files = [(place, file) for place, found in written.places.items() for file in found]
        found = [(place, how) for place, file in files for how, _ in search(file, written.stem, written.digits)]
        control = [place for place, file in files for _ in search(file, written.control)]
        for place, how in found:
            print(f"found in {place}, {how}")
        return {
            "planted": len(written.planted),
            "searched_files": len(files),
            "found": len(found),
            "control_found": len(control),
        }
