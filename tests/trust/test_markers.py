"""Born sealed: what is said of a person through the pages is found in nothing that the product writes.

Fifty and more markers are planted through the real pages of a product with a database of its own. Then they are
looked for in the data folder with its write-ahead log, the server's log, the product's log, the sessions, and a dump
of every table, in several encodings. The name of an employer, which stands in clear, must be found in the same way.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from puente.engines.identity.phonetics import skeleton
from puente.platform import embedded_postgres, keys

ROOT = Path(__file__).parents[2]
#: Written plainly, so that nothing hides from the search behind compression.
PLAIN = """
wal_compression = off
default_toast_compression = 'pglz'
log_statement = 'none'
"""


@dataclass(frozen=True)
class Written:
    """Everything that the product wrote, by where it stands, and what was planted."""

    places: dict[str, list[Path]]
    stem: str
    digits: str
    control: str
    planted: list[str]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory):
    home = tmp_path_factory.mktemp("markers")
    keys.create_key_file(home / "keys.json")
    cluster = embedded_postgres.describe(home)
    embedded_postgres.start(cluster)
    try:
        with (cluster.data / "postgresql.conf").open("a") as configuration:
            configuration.write(PLAIN)
        embedded_postgres.query(cluster, "SELECT pg_reload_conf()")
        report = home / "report.json"
        told = _plant(home, report)
        said = json.loads(report.read_text())
        sessions = home / "sessions.json"
        sessions.write_text(json.dumps(said["sessions"], ensure_ascii=False))
        report.unlink()
        dump = _dump(cluster, home)
        embedded_postgres.query(cluster, "CHECKPOINT")
        embedded_postgres.stop(cluster)
        write_ahead_log = cluster.data / "pg_wal"
        yield Written(
            {
                "data": [file for file in _list_files(cluster.data) if write_ahead_log not in file.parents],
                "write-ahead log": _list_files(write_ahead_log),
                "server's log": [cluster.data.parent / "postgres.log"],
                "product's log": [told],
                "sessions": [sessions],
                "dump": [dump],
                "home": [file for file in _list_files(home) if file not in (told, sessions, dump)],
            },
            said["stem"],
            said["digits"],
            said["control"],
            said["planted"],
        )
    finally:
        embedded_postgres.stop(cluster)
        if cluster.user_id is not None:
            shutil.rmtree(cluster.data.parent)


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


@pytest.mark.parametrize("name", ["UTF-16, little-endian", "base64, 0", "base64, 1", "base64, 2", "hexadecimal"])
def test_the_search_knows_the_other_encodings(tmp_path, name):
    text = "x" * {"base64, 1": 1, "base64, 2": 2}.get(name, 0) + "Dabemotusiabc and more"
    file = tmp_path / "file"
    encodings = {"UTF-16, little-endian": text.encode("utf-16-le"), "hexadecimal": text.encode().hex().encode()}
    file.write_bytes(encodings.get(name, base64.b64encode(text.encode())))
    assert name in [how for how, _ in search(file, "Dabemotusi", "71234567890")]


def _plant(home: Path, report: Path) -> Path:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUENTE_")} | {
        "PUENTE_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PUENTE_LOG_LEVEL": "DEBUG",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
    }
    told = home / "told.log"
    with told.open("w") as out:
        done = subprocess.run(
            [sys.executable, "-m", "tests.trust.planting", str(report)],
            cwd=ROOT, env=environment, stdout=out, stderr=out, check=False,
        )  # fmt: skip
    assert done.returncode == 0, told.read_text()[-6000:]
    return told


def _dump(cluster: embedded_postgres.Cluster, home: Path) -> Path:
    """A dump of every table, as its owner takes one for a safe copy."""
    dump = home / "dump.sql"
    with dump.open("w") as out:
        subprocess.run(
            [
                str(cluster.binaries / "pginstall" / "bin" / "pg_dump"), "-h", str(cluster.sockets),
                "-U", embedded_postgres.SUPERUSER, embedded_postgres.DATABASE,
            ],
            env={"PATH": os.environ["PATH"], "PGPASSWORD": cluster.passwords[embedded_postgres.SUPERUSER]},
            stdout=out, check=True,
        )  # fmt: skip
    return dump


def _list_files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]


def _encode(text: str) -> dict[str, bytes]:
    """Return how a text may stand in a file, each by a name; letters in lower case but for base64."""
    lower = text.lower()
    encoded = {
        "as written": lower.encode(),
        "UTF-16, little-endian": lower.encode("utf-16-le"),
        "UTF-16, big-endian": lower.encode("utf-16-be"),
        "hexadecimal": text.encode().hex().encode(),
        "hexadecimal, lower case": lower.encode().hex().encode(),
    }
    for case, spelled in (("", text), (", lower case", lower), (", upper case", text.upper())):
        for shift in range(3):
            whole = base64.b64encode(b"x" * shift + spelled.encode())
            # The first and last characters depend on what stands beside the text.
            encoded[f"base64, {shift}{case}"] = whole[4 if shift else 0 : len(whole) // 4 * 4 - 4]
    return encoded


def search(file: Path, *texts: str) -> list[tuple[str, str]]:
    """Return in which ways any of some texts stands in a file, and what stands around it."""
    content = file.read_bytes()
    lower = content.lower()
    found = []
    for text in texts:
        # How the sound of a name would stand in a search key that is not hashed.
        sound = {} if text.isdigit() else {"as a sound": skeleton(text.upper()).lower().encode()}
        for how, needle in (_encode(text) | sound).items():
            at = (content if how.startswith("base64") else lower).find(needle)
            if at >= 0:
                found.append((how, content[max(at - 120, 0) : at + 60].decode("latin-1")))
    return found
