"""A year of arrivals given as files: the format is documented in docs/subsystems/allocation.md."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.allocation.cases import CaseProblem, make_case_problem

_LARGEST_FILE = 512 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class PlacementYear:
    """Cases in the order in which they arrive, and what is known before the first of them.

    cases are in the order of the files; order (int64) lists them by arrival, day (int64, in that order) says which
    arrive together. pool holds cases of another time, from which futures are drawn. expected is how many cases were
    expected and days how long the year is: both are known beforehand, neither is counted from the arrivals.
    """

    cases: CaseProblem
    order: NDArray[np.int64]
    day: NDArray[np.int64]
    expected: float
    days: int
    pool: CaseProblem | None = None

    def __post_init__(self) -> None:
        if not np.array_equal(np.sort(self.order), np.arange(self.cases.cases)):
            raise ValueError("the arrival order must name each case once")
        if self.day.size != self.order.size or (np.diff(self.day) < 0).any() or (self.day.size and self.day[0] < 0):
            raise ValueError("days must start at 0 or later and never fall along the arrival order")
        if self.expected < 0 or self.days < (int(self.day.max()) + 1 if self.day.size else 1):
            raise ValueError("expected must be 0 or more, and days reach to the last arrival")
        if self.pool is not None and (
            self.pool.places != self.cases.places or self.pool.need.shape[1] != self.cases.need.shape[1]
        ):
            raise ValueError("the pool must know the same places and resources as the cases")


def read_instance(folder: Path, pool: Path | None = None) -> PlacementYear:
    """Read a placement year from a folder; the pool is the folder `pool` in it, or the one given.

    Raises ValueError that names the file and what to change.
    """
    settings = _read_settings(folder / "settings.json")
    capacity = _read_table(folder, "capacities").astype(np.int64)
    cases = _read_cases(folder, capacity)
    order, day = _read_arrivals(folder, cases.cases)
    pool_folder = pool or (folder / "pool" if (folder / "pool").is_dir() else None)
    last = int(day[-1]) + 1 if day.size else 1
    return PlacementYear(
        cases=cases,
        order=order,
        day=day,
        expected=float(settings.get("expected_cases", cases.cases)),
        days=int(settings.get("days", last)),
        pool=_read_cases(pool_folder, capacity) if pool_folder else None,
    )


def _read_cases(folder: Path, capacity: NDArray[np.int64]) -> CaseProblem:
    utility = _read_table(folder, "utilities")
    need = _read_table(folder, "sizes") if _find_file(folder, "sizes") else np.ones((len(utility), 1))
    compatible = _read_table(folder, "compatibility") if _find_file(folder, "compatibility") else np.ones(utility.shape)
    if (need != np.round(need)).any() or (capacity < 0).any():
        raise ValueError(f"{folder}: sizes and capacities must be whole numbers of 0 or more")
    if len(need) != len(utility) or compatible.shape != utility.shape or len(capacity) != utility.shape[1]:
        raise ValueError(
            f"{folder}: utilities has {utility.shape[0]} cases and {utility.shape[1]} places; sizes must have one row "
            "for each case, compatibility the same shape, capacities one row for each place"
        )
    if (utility[compatible > 0] < 0).any():
        raise ValueError(f"{folder}: utilities must be 0 or more where a case may go")
    try:
        return make_case_problem(utility, need.astype(np.int64), capacity, compatible > 0)
    except ValueError as error:
        raise ValueError(f"{folder}: {error}") from error


def _read_arrivals(folder: Path, cases: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    if not _find_file(folder, "arrivals"):
        return np.arange(cases), np.arange(cases)
    table = _read_table(folder, "arrivals").astype(np.int64)
    order = table[:, 0]
    return order, table[:, 1] if table.shape[1] > 1 else np.arange(cases)


def _read_settings(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        settings = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path}: this is no JSON object") from error
    if not isinstance(settings, dict) or not set(settings) <= {"expected_cases", "days"}:
        raise ValueError(f"{path}: only expected_cases and days are known")
    if not all(isinstance(number, int | float) and number >= 0 for number in settings.values()):
        raise ValueError(f"{path}: expected_cases and days must be numbers of 0 or more")
    return settings


def _find_file(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / f"{name}.npy", folder / f"{name}.csv") if path.is_file()), None)


def _read_table(folder: Path, name: str) -> NDArray[np.float64]:
    """Return a table of numbers from NAME.npy or NAME.csv; a column becomes a table of one column."""
    path = _find_file(folder, name)
    if path is None:
        raise ValueError(f"{folder}: {name}.csv or {name}.npy is missing")
    if path.stat().st_size > _LARGEST_FILE:
        raise ValueError(f"{path}: the file is larger than {_LARGEST_FILE} bytes")
    read = np.load(path, allow_pickle=False) if path.suffix == ".npy" else _parse(path)
    table = np.asarray(read, dtype=np.float64)
    if not np.isfinite(table).all():
        raise ValueError(f"{path}: every cell must be a number")
    return table.reshape(len(table), -1)


def _parse(path: Path) -> NDArray[np.float64]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = [row for row in csv.reader(file) if row]
    if rows and not _is_numeric(rows[0]):
        rows = rows[1:]
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise ValueError(f"{path}: rows have different numbers of cells: {sorted(widths)}")
    for number, row in enumerate(rows, start=1):
        if not _is_numeric(row):
            raise ValueError(f"{path}: row {number} of the numbers holds something that is no number")
    return np.array(rows, dtype=np.float64).reshape(len(rows), widths.pop() if widths else 0)


def _is_numeric(row: list[str]) -> bool:
    try:
        return all(np.isfinite(float(cell)) for cell in row)
    except ValueError:
        return False
