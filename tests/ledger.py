"""Reading `docs/asvs.csv`, and the tests that exist."""

import ast
import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LEDGER = ROOT / "docs" / "asvs.csv"


@dataclass(frozen=True)
class Requirement:
    """One requirement of the ledger; evidence is test ids, or a reason in words."""

    id: str
    level: int
    status: str
    evidence: str
    room: str

    @property
    def tests(self) -> list[str]:
        return self.evidence.split() if self.evidence.startswith("tests/") else []


def read_ledger() -> list[Requirement]:
    with LEDGER.open(newline="", encoding="utf-8") as handle:
        rows = csv.DictReader(handle)
        return [Requirement(row["id"], int(row["level"]), row["status"], row["evidence"], row["room"]) for row in rows]


@cache
def find_tests() -> frozenset[str]:
    """Return path::name of every test function of the tree."""
    found = set()
    for file in (ROOT / "tests").rglob("test_*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                found.add(f"{file.relative_to(ROOT).as_posix()}::{node.name}")
    return frozenset(found)


def find_sections(document: str) -> set[str]:
    """Return the headings of a document of docs/."""
    return set(re.findall(r"^#+ (.+)$", (ROOT / document).read_text(), re.MULTILINE))
