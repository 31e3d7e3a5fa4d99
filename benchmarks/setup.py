"""How long a newcomer waits: a clone in an empty folder, set up, started, stopped, started again."""

import json as json_format
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

from puente.platform import embedded_postgres

CHECKOUT = Path(__file__).resolve().parents[1]


def run(json: bool) -> None:
    """Measure set-up (with downloads), the first start with demo data, and the second start, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "puente"
        subprocess.run(["git", "clone", "-q", str(CHECKOUT), str(clone)], check=True)
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PUENTE_", "DJANGO_"))}
        environment.pop("NUMBA_CACHE_DIR", None)
        figures = {"setup": _time(["script/setup"], clone, environment)}
        figures["first start"] = _time_start(clone, environment)
        figures["second start"] = _time_start(clone, environment)
        cluster = embedded_postgres.describe(clone / "var")
        if cluster.user_id is not None:
            shutil.rmtree(cluster.data.parent, ignore_errors=True)
    if json:
        print(json_format.dumps({name.replace(" ", "_"): round(seconds, 1) for name, seconds in figures.items()}))
        return
    for name, seconds in figures.items():
        print(f"{name:<14}{seconds:8.1f} s")


def _time(command: list[str], clone: Path, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, cwd=clone, env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def _time_start(clone: Path, environment: dict[str, str]) -> float:
    """Return the seconds from `script/serve` to the first answer, then stop it as Ctrl-C does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = clone / "serve.log"
    began = time.perf_counter()
    with log.open("w") as out:
        served = subprocess.Popen(
            ["script/serve", "--port", str(port)], cwd=clone, env=environment, stdout=out, stderr=out
        )
        while "Puente runs at" not in log.read_text():
            if served.poll() is not None:
                raise RuntimeError(log.read_text())
            time.sleep(0.05)
        taken = time.perf_counter() - began
        served.send_signal(signal.SIGINT)
        served.wait(timeout=60)
    return taken
