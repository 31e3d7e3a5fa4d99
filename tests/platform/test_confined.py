import json
import subprocess
import sys

import pytest

from puente.platform import confined

TRIES = {
    "a socket": "import socket; socket.socket()",
    "a pair of sockets": "import socket; socket.socketpair()",
    "a file of the server": "open('/etc/hostname')",
    "a new file": "open('/tmp/puente-was-here', 'w')",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a copy of itself": "os.fork()",
    "a signal": "os.kill(os.getppid(), 0)",
    "removing a file": "os.unlink('/tmp/nothing-of-that-name')",
    "listing a folder": "os.listdir('/')",
}


def run(code: str, limits: dict[str, int] | None = None) -> str:
    limits = limits or {"memory_bytes": 512 * 2**20, "cpu_seconds": 5}
    program = (
        f"import sys, os, socket, subprocess; sys.path.append({str(confined.PROGRAMS)!r}); import confinement\n"
        f"confinement.limit_resources({limits})\n"
        f"confinement.close_the_door()\n"
        f"try:\n    {code}\n    print('done')\n"
        f"except OSError as refused:\n    print(refused.errno)\nexcept MemoryError:\n    print('no memory')\n"
    )
    return subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False).stdout


@pytest.mark.parametrize("what", TRIES)
def test_a_reader_reaches_nothing_but_its_pipes(what):
    assert run(TRIES[what]) == "1\n", f"EPERM is expected for {what}"


def test_without_the_filter_the_same_tries_succeed():
    """The control: it is the filter that refuses, not the machine."""
    code = f"import os\n{TRIES['a socket']}\n{TRIES['a file of the server']}\nprint('done')"
    assert subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=False).stdout


def test_a_reader_gets_no_more_memory_or_time_than_its_limits():
    assert run("bytearray(600 * 2**20)") == "no memory\n"
    assert run("exec('while True: pass')", {"memory_bytes": 2**29, "cpu_seconds": 1}) == ""


def test_a_reader_runs_behind_everything_else():
    assert run("print(os.nice(0))").startswith("19\n")


def test_the_environment_of_the_caller_does_not_reach_a_reader(monkeypatch, tmp_path):
    (tmp_path / "zipfile.py").write_text("raise SystemExit('taken over')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    answer = json.loads(
        confined.run_confined(
            "table_reader", b"a,b\n1,2\n",
            {"memory_bytes": 2**29, "cpu_seconds": 5, "rows": 9, "columns": 9, "cell_characters": 99},
        )
    )  # fmt: skip
    assert answer == {"header": ["a", "b"], "rows": [[2, ["1", "2"]]]}
