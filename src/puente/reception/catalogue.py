"""The office's lists (services, authorities, ways of arriving …), read once from the content files."""

import csv
from dataclasses import dataclass, field
from functools import cache

from django.utils import translation

from puente.platform.paths import CONTENT


@dataclass(frozen=True)
class Entry:
    """One entry of a list: its code, its name in three languages, and the other columns of its row."""

    code: str
    labels: dict[str, str]
    columns: dict[str, str] = field(repr=False)

    @property
    def label(self) -> str:
        """The name in the reader's language."""
        return self.labels.get((translation.get_language() or "es")[:2]) or self.labels["es"]

    def says(self, column: str) -> bool:
        """Tell whether a yes-or-no column says yes."""
        return self.columns[column] == "yes"


@cache
def read_list(name: str) -> dict[str, Entry]:
    """Return a list of `content/`, such as "reception/services", by code and in the order of the file."""
    with (CONTENT / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {
        row["code"]: Entry(row["code"], {code: row[f"label_{code}"] for code in ("es", "en", "fr")}, row)
        for row in rows
    }


def services() -> dict[str, Entry]:
    """Services on arrival; `says("required_by_law")` marks the legal minimum."""
    return read_list("reception/services")


def authorities() -> dict[str, Entry]:
    """Who may have handed a person over."""
    return read_list("reception/handing_over_authorities")


def accompaniments() -> dict[str, Entry]:
    """With whom a person arrives; `says("hand_over")` marks a child who needs protection at once."""
    return read_list("reception/accompaniment")


def times_in_us() -> dict[str, Entry]:
    """Bands of the length of stay."""
    return read_list("reception/time_in_us")


def us_states() -> dict[str, Entry]:
    """States of the United States."""
    return read_list("places/us_states")


def modes() -> dict[str, Entry]:
    """By land or by air."""
    return read_list("reception/modes_of_entry")
