"""Run one benchmark by name: `script/bench NAME [--json]`."""

import importlib
import os
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> int:
    names = sorted(file.stem for file in HERE.glob("*.py") if is_benchmark(file))
    arguments = [argument for argument in sys.argv[1:] if argument != "--json"]
    if len(arguments) != 1 or arguments[0] not in names:
        print("Benchmarks:", *names, sep="\n  ")
        return 2
    os.environ.setdefault("PUENTE_HOME", str(HERE.parent / "var" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puente.config.settings")
    importlib.import_module(f"benchmarks.{arguments[0]}").run(json="--json" in sys.argv)
    return 0


def is_benchmark(file: Path) -> bool:
    """Tell whether a file is a benchmark: it defines `run`."""
    return "\ndef run(" in file.read_text()


if __name__ == "__main__":
    sys.exit(main())
