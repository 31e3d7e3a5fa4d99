"""Wages to compare an offer with: what people earn in a state, and the least that may be paid. Each with its source."""

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from django.utils import translation
from django.utils.translation import gettext_lazy

from puente.offices.models import Municipality
from puente.opportunities.imports.mapping import DAYS_A_MONTH
from puente.platform.paths import CONTENT

#: Sources that are told in words, so that the reader's language says them.
_SOURCES = {
    "INEGI, ENOE, through DataMéxico": gettext_lazy("INEGI, ENOE, through DataMéxico"),
    "CONASAMI, Diario Oficial de la Federación": gettext_lazy("CONASAMI, Diario Oficial de la Federación"),
}


@dataclass(frozen=True)
class MeanWage:
    """The mean wage of a state in a quarter, whole pesos a month."""

    state: str
    monthly: int
    quarter: str
    source: str


@dataclass(frozen=True)
class MinimumWage:
    """A minimum wage in pesos: by the day as it is published, and by the month of 30.4 days."""

    zone: str
    label: str
    daily: float
    valid_from: date
    source: str

    @property
    def monthly(self) -> float:
        """Pesos a month."""
        return round(self.daily * DAYS_A_MONTH, 2)


def get_mean_wage(state: str) -> MeanWage | None:
    """Return the latest mean wage of a state (INEGI code), None where the survey gives none."""
    found = _mean_wages().get(state)
    return found and replace(found, source=_name_source(found.source))


def get_minimum_wage(zone: str, day: date) -> MinimumWage | None:
    """Return the minimum wage of a zone (`general` or `border`) in force on a day, None before the first one known."""
    language = (translation.get_language() or "es")[:2]
    in_force = [row for row in _minimum_wages() if row["zone"] == zone and date.fromisoformat(row["valid_from"]) <= day]
    if not in_force:
        return None
    row = max(in_force, key=lambda found: found["valid_from"])
    label = row.get(f"label_{language}") or row["label_es"]
    return MinimumWage(
        zone, label, float(row["daily"]), date.fromisoformat(row["valid_from"]), _name_source(row["source"])
    )


def find_minimum_wage(municipality: Municipality | None, day: date) -> MinimumWage | None:
    """Return the minimum wage that holds in a municipality: the northern border zone has its own."""
    is_border = municipality is not None and municipality.is_border_zone
    return get_minimum_wage("border" if is_border else "general", day) or get_minimum_wage("general", day)


def _name_source(source: str) -> str:
    return str(_SOURCES.get(source, source))


@lru_cache(maxsize=1)
def _mean_wages() -> dict[str, MeanWage]:
    latest: dict[str, MeanWage] = {}
    for row in _read("mean_wages.csv"):
        found = MeanWage(row["state"], round(float(row["monthly_wage"])), row["quarter"], row["source"])
        if row["state"] not in latest or latest[row["state"]].quarter < found.quarter:
            latest[row["state"]] = found
    return latest


@lru_cache(maxsize=1)
def _minimum_wages() -> list[dict[str, str]]:
    return _read("minimum_wages.csv")


def _read(name: str) -> list[dict[str, str]]:
    with (CONTENT / "labour" / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))
