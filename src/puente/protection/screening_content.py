"""The files that a screening asks from: indicators by version, factors of vulnerability, the lists of IOM's standard.

A screening keeps the version it was asked with; old versions stay beside the new one as long as screenings name them.
"""

import csv
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from puente.engines.screening import (
    Factor,
    Indicator,
    IndicatorSet,
    Status,
    Values,
    read_controls,
    read_factors,
    read_indicators,
    read_values,
)
from puente.platform.paths import CONTENT

FOLDER = CONTENT / "protection"
PREFIX = "indicators_"


@dataclass(frozen=True)
class Tool:
    """One version of the indicators. `digest` is the beginning of the file's SHA-256: what exactly was asked."""

    version: str
    digest: str
    sets: Mapping[IndicatorSet, tuple[Indicator, ...]]

    def is_verified(self, asked: IndicatorSet) -> bool:
        """Tell whether every indicator of a set was compared with its source."""
        return all(indicator.status is Status.VERIFIED for indicator in self.sets[asked])

    def find(self, asked: IndicatorSet, name: str) -> Indicator | None:
        """Return an indicator of a set by id."""
        return next((indicator for indicator in self.sets[asked] if indicator.id == name), None)


def list_versions() -> list[str]:
    """Return the versions of the indicators that are shipped, the newest last."""
    versions = (file.stem.removeprefix(PREFIX) for file in FOLDER.glob(f"{PREFIX}*.csv"))
    return sorted(versions, key=lambda version: [int(part) for part in version.split(".")])


def current_tool() -> Tool:
    """Return the newest version of the indicators."""
    return read_tool(list_versions()[-1])


@cache
def read_tool(version: str) -> Tool:
    """Return one version of the indicators; raises InvalidContent."""
    file = FOLDER / f"{PREFIX}{version}.csv"
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    return Tool(version, digest, read_indicators(_read_rows(file)))


@cache
def factors() -> Mapping[str, Factor]:
    """Return the factors of vulnerability by code; raises InvalidContent."""
    return {factor.code: factor for factor in read_factors(_read_rows(FOLDER / "factors.csv"))}


@cache
def htcds_values() -> Values:
    """Return the values of IOM's standard by field; raises InvalidContent."""
    return read_values(_read_rows(FOLDER / "htcds_values.csv"))


@cache
def htcds_controls() -> Mapping[str, str]:
    """Return what each indicator is among the standard's methods of control; raises InvalidContent."""
    return read_controls(_read_rows(FOLDER / "htcds_controls.csv"), htcds_values())


def _read_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
