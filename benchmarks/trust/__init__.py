"""The proofs of `docs/threat-model.md`, each with a control that must fail. Every part runs in a process of its own."""

from __future__ import annotations

import json as json_format
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

CHECKOUT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Part:
    """One line of the proof: its letter, what is measured, where, and what must hold."""

    letter: str
    what: str
    measured_by: str
    target: str

    def holds(self, figures: dict[str, float]) -> bool:
        """Tell whether the target is met."""
        return bool(eval(self.target, {"__builtins__": {}}, figures))  # noqa: S307 - the targets stand below


PARTS = (
    Part("a", "planted markers found", "markers.measure", "found == 0 and control_found > 0"),
    Part("b", "disagreements on who may see what", "policy.measure", "mismatches == 0 and control_mismatches > 0"),
    Part("c", "sealed records read without keys", "keys.measure_readable", "readable == 0 and control_readable > 0"),
    Part("d", "tampering of the audit chain", "audit.measure", "detected_share == 1"),
    Part(
        "e", "known, unknown or sealed: told apart", "probes.measure",
        "max_median_ms <= 1 and auc_low >= .45 and auc_high <= .55 and length_differences == 0",
    ),
    Part("f", "hostile files", "uploads.measure", "accepted == 0 and desk_p95_ratio <= 1.2"),
    Part("g", "records lost in a rotation of keys", "keys.measure_rotation", "undecryptable == 0"),
    Part("h", "ASVS 5.0 ledger", "standards.measure", "l1_l2_share == 1 and l3 >= 40"),
    Part("i", "mutants killed", "mutation.measure", "killed_share >= .9"),
)  # fmt: skip


def run(json: bool) -> dict[str, Any]:
    """Measure every part, print a table or one JSON object keyed by the letters, return the figures."""
    figures: dict[str, dict[str, float]] = {}
    table = Table(title="Nobody hurt by what is stored")
    for column in ("", "what", "figures", "holds", "s"):
        table.add_column(column)
    for part in PARTS:
        began = time.perf_counter()
        figures[part.letter] = measure(part)
        shown = ", ".join(f"{name} {value:g}" for name, value in figures[part.letter].items())
        seconds = f"{time.perf_counter() - began:.0f}"
        holds = part.holds(figures[part.letter])
        table.add_row(part.letter, part.what, shown, "yes" if holds else "NO", seconds)
        print(f"{part.letter}: {shown} ({seconds} s)", file=sys.stderr)
    if json:
        print(json_format.dumps(figures))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(table)
    return figures


def measure(part: Part) -> dict[str, float]:
    """Return the figures of one part; its last line of output holds them."""
    module, function = part.measured_by.rsplit(".", 1)
    asked = f"import json; from benchmarks.trust.{module} import {function} as f; print(json.dumps(f()))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, float] = json_format.loads(done.stdout.splitlines()[-1])
    return figures
