"""Born sealed: what is said of a person through the pages is found in nothing that the product writes.

Fifty and more markers are planted through the real pages of a product with a database of its own. Then they are
looked for in the data folder with its write-ahead log, the server's log, the product's log, the sessions, and a dump
of every table, in several encodings. The name of an employer, which stands in clear, must be found in the same way.
"""

from __future__ import annotations

import base64
import gzip

import pytest

from tests.trust.searching import search


def test_fifty_markers_and_more_were_planted(written):
    assert len(written.planted) >= 50
    for room in ("list", "desk", "alias", "person", "consent", "needs", "job", "profile"):
        assert any(what.startswith(room) for what in written.planted), room


@pytest.mark.parametrize(
    "place", ["data", "write-ahead log", "server's log", "product's log", "sessions", "dump", "home"]
)
def test_no_marker_stands_in(written, place):
    found = {
        f"{how} in {file.name}: …{around}…"
        for file in written.places[place]
        for how, around in search(file, written.stem, written.digits)
    }
    assert not found


@pytest.mark.parametrize("place", ["data", "write-ahead log", "dump"])
def test_what_stands_in_clear_is_found_by_the_same_search(written, place):
    found = [how for file in written.places[place] for how, _ in search(file, written.stem, written.control)]
    assert "as written" in found


@pytest.mark.parametrize(
    "name", ["UTF-16, little-endian", "base64, 0", "base64, 1", "base64, 2", "hexadecimal", "gzip"]
)
def test_the_search_knows_the_other_encodings(tmp_path, name):
    text = "x" * {"base64, 1": 1, "base64, 2": 2}.get(name, 0) + "Dabemotusiabc and more"
    file = tmp_path / "file"
    encodings = {"UTF-16, little-endian": text.encode("utf-16-le"), "hexadecimal": text.encode().hex().encode()}
    if name == "gzip":
        name, encodings["as written"] = "as written", b"before" + gzip.compress(text.encode()) + b"after"
    file.write_bytes(encodings.get(name, base64.b64encode(text.encode())))
    assert name in [how for how, _ in search(file, "Dabemotusi", "71234567890")]
