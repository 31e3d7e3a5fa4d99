"""Programs that read strangers' files: each file in a process of its own that can do nothing but read it.

They run below everything else (nice 19), one at a time on a machine of up to three cores, whatever the number of web
workers: however many hostile files arrive, the desk keeps its processor.
"""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

from puente.platform.paths import find_home

PROGRAMS = Path(__file__).parent
#: How many files are read at the same time by all web workers together, and how many more may wait.
SLOTS = max(1, (os.cpu_count() or 1) // 2)
WAITING = 3 * SLOTS
LONGEST_WAIT = 20.0
#: Wall time that a program may take for each second of processor it may use: it runs behind everything else.
PATIENCE = 2


class Overrun(Exception):
    """The program took more memory or time than it may, or was ended by the system."""


class Busy(Exception):
    """Too many files are being read already; asked again later, the same file may be read."""


def run_confined(program: str, content: bytes, limits: dict[str, Any]) -> bytes:
    """Have a program of this folder read a file and return what it writes.

    Args:
        program: such as `table_reader`; gets the limits as its argument and the content on its standard input.
        content: the file.
        limits: `memory_bytes` and `cpu_seconds`, and what else the program is told.

    Raises:
        Overrun, Busy.
    """
    command = [sys.executable, "-I", "-B", str(PROGRAMS / f"{program}.py"), json.dumps(limits)]
    # -I: neither the environment nor the folder of the caller decides what is imported.
    with _place_to_run(), subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={"LC_ALL": "C.UTF-8"}, cwd="/",
    ) as reader:  # fmt: skip
        # Behind everything else from its first instruction on.
        os.setpriority(os.PRIO_PROCESS, reader.pid, 19)
        try:
            written, _errors = reader.communicate(content, timeout=limits["cpu_seconds"] * PATIENCE)
        except subprocess.TimeoutExpired:
            reader.kill()
            raise Overrun from None
    if reader.returncode != 0:
        raise Overrun
    return written


@contextmanager
def _place_to_run() -> Iterator[None]:
    """Wait in a short line for one of the places; a long line would hold up the web workers themselves."""
    folder = find_home() / "reading"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as stack:
        waiting = _take_one(folder, "wait", WAITING + SLOTS)
        if waiting is None:
            raise Busy
        stack.enter_context(waiting)
        until = time.monotonic() + LONGEST_WAIT
        while (place := _take_one(folder, "run", SLOTS)) is None:
            if time.monotonic() > until:
                raise Busy
            time.sleep(0.02)
        stack.enter_context(place)
        yield


def _take_one(folder: Path, kind: str, count: int) -> TextIO | None:
    """Lock one of the numbered files of a kind; the lock goes with the process, so a killed worker leaves none."""
    for number in range(count):
        handle = (folder / f"{kind}-{number}").open("w")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
        else:
            return handle
    return None
