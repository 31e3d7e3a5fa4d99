"""Measuring: one solver a process, so that memory and processor time are its own; peers take turns."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SCALE = float(os.environ.get("PUENTE_BENCH_SCALE", "1"))


def scale(number: int, least: int = 200) -> int:
    """Return a size made smaller by PUENTE_BENCH_SCALE."""
    return max(least, round(number * SCALE))


def run_apart(name: str, *arguments: object) -> dict[str, Any]:
    """Run one solver of `benchmarks.matching.solvers` in a process of its own; return what it prints."""
    command = [sys.executable, "-m", "benchmarks.matching.solvers", name, *map(str, arguments)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        return {"error": answer.stderr.strip().splitlines()[-1] if answer.stderr.strip() else "failed"}
    return dict(json.loads(answer.stdout.strip().splitlines()[-1]))


def take_turns(names: list[str], *arguments: object, rounds: int = 2) -> dict[str, dict[str, Any]]:
    """Run solvers one after the other, round after round; return the best run of each by processor time."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        for name in names:
            run = run_apart(name, *arguments)
            if name not in best or run.get("cpu", 1e18) < best[name].get("cpu", 1e18):
                best[name] = run
    return best


def time_it(function: Callable[[], Any]) -> tuple[Any, float, float]:
    """Return what a function returns, and the wall and processor seconds it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = function()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def find_peak_memory() -> float:
    """Return the most memory this process held since it was started, in gigabytes."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**20
