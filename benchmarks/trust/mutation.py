"""Part i: would a test notice a mistake in the rule of access, the sealing or the screening?

mutmut changes one thing at a time in a copy of these modules (a comparison, a constant, an operator, an argument) and
runs the pure tests that touch it. A change that every test passes is a mistake that nobody would have seen. The
control runs the same changes against a test that asserts nothing: it must kill none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

CHECKOUT = Path(__file__).resolve().parents[2]
#: How mutmut calls a change that some test noticed: by failing, or by never coming to an end.
NOTICED = ("killed", "timeout")
#: A changed loop may never end: a test gets this many times its usual time, and a second.
PATIENCE = 6.0


@dataclass(frozen=True)
class Subject:
    """Modules that are changed, as patterns below `src/puente`, and the tests that must notice."""

    name: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


SUBJECTS = (
    Subject("policy", ("platform/policy.py",), ("tests/platform/test_policy.py",)),
    Subject(
        "crypto",
        ("platform/sealing.py", "platform/keys.py", "platform/key_files.py", "platform/secret_sharing.py"),
        (
            "tests/platform/test_sealing.py",
            "tests/platform/test_keys.py",
            "tests/platform/test_key_files.py",
            "tests/platform/test_secret_sharing.py",
        ),
    ),
    Subject("screening", ("engines/screening/*.py",), ("tests/engines/screening",)),
)
CONTROL = Subject("control", ("engines/screening/reading.py",), ())
#: The control calls one changed function, so that mutmut sees the changes take hold, and asserts nothing.
SILENT_TEST = """
from puente.engines.screening.reading import apply_rule


def test_nothing():
    apply_rule(0, 0, 0)
"""
PYTEST_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:django", "-p", "no:xdist")


class MutationFailed(Exception):
    """mutmut could not run; the message holds the end of what it said."""


def measure() -> dict[str, float]:
    """Return the share of changes that the tests noticed, per subject and in all, and that of the control."""
    by_subject = {subject.name: run_mutants([subject], show=True) for subject in SUBJECTS}
    total = sum(by_subject.values(), Counter())
    figures = {"killed_share": find_share(total), "mutants": float(total.total())}
    figures |= {f"{name}_killed_share": find_share(counts) for name, counts in by_subject.items()}
    figures["control_killed_share"] = find_share(run_mutants([CONTROL], silent=True))
    return figures


def find_share(counts: Counter[str]) -> float:
    """Return the share of mutants that a test noticed; what no test touches counts as missed."""
    return sum(counts[end] for end in NOTICED) / counts.total() if counts.total() else 0.0


def run_mutants(subjects: list[Subject], *, silent: bool = False, show: bool = False) -> Counter[str]:
    """Change the modules of some subjects in a copy of the product and return how many mutants met which end.

    Args:
        silent: with the test that asserts nothing instead of the subjects' own.
        show: say on the error output which mutants were missed.

    Raises:
        MutationFailed: where mutmut could not run, as when the tests fail without any change.
    """
    with TemporaryDirectory(prefix="puente-mutants-") as name:
        folder = Path(name)
        lay_out(folder, subjects, silent=silent)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "PYTEST_"))}
        # With CI set, hypothesis draws the same examples each time and puts no limit on their time.
        environment |= {"CI": "true", "PYTHONPATH": _import_path(), "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 1)],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        ends = read_ends(folder, environment)
        if done.returncode or not ends:
            raise MutationFailed(done.stdout.replace("\r", "\n")[-3000:])
        if show:
            for mutant, end in ends.items():
                if end not in NOTICED:
                    print(f"{end}: {mutant}", file=sys.stderr)
        return Counter(ends.values())


def lay_out(folder: Path, subjects: list[Subject], *, silent: bool) -> None:
    """Copy the product and the tests of some subjects into a folder with a configuration for mutmut."""
    shutil.copytree(CHECKOUT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "locale", "static"))
    tests = [test for subject in subjects for test in subject.tests if (CHECKOUT / test).exists()]
    if silent:
        tests = ["tests/test_silent.py"]
        (folder / "tests").mkdir()
        (folder / tests[0]).write_text(SILENT_TEST)
    for test in () if silent else tests:
        source, target = CHECKOUT / test, folder / test
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for each in (folder / "tests", *(path for path in (folder / "tests").rglob("*") if path.is_dir())):
        (each / "__init__.py").touch()
    modules = [f"src/puente/{module}" for subject in subjects for module in subject.modules]
    settings = {
        "source_paths": ["src"],
        "only_mutate": modules,
        "timeout_multiplier": PATIENCE,
        "pytest_add_cli_args": list(PYTEST_OPTIONS),
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    (folder / "pyproject.toml").write_text("\n".join(["[tool.mutmut]", *lines, "[tool.pytest.ini_options]", ""]))


def read_ends(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """Return what became of each mutant of a finished run, by its name."""
    done = subprocess.run(
        [sys.executable, "-m", "mutmut", "results", "--all", "true"],
        cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False,
    )  # fmt: skip
    pairs = (line.strip().rpartition(": ") for line in done.stdout.splitlines() if "__mutmut_" in line)
    return {mutant: end for mutant, _colon, end in pairs}


def _import_path() -> str:
    """Return where this interpreter imports from, without the checkout: the copy is to be imported."""
    ours = {str(CHECKOUT), str(CHECKOUT / "src"), ""}
    return os.pathsep.join(path for path in sys.path if path not in ours)
