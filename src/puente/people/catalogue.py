"""The lists that speak of people (languages, papers, ways of consenting …), read once from the content files."""

import csv
from dataclasses import dataclass, field
from functools import cache

from django.utils import translation

from puente.engines.identity.names import normal_form
from puente.engines.places import read_aliases, read_states
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
    """Return a list of `content/`, such as "people/languages", by code and in the order of the file."""
    with (CONTENT / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    return {
        row["code"]: Entry(row["code"], {code: row[f"label_{code}"] for code in ("es", "en", "fr")}, row)
        for row in rows
    }


def languages() -> dict[str, Entry]:
    """Languages, indigenous ones and sign languages among them (`columns["kind"]`)."""
    return read_list("people/languages")


def document_types() -> dict[str, Entry]:
    """Papers of any country (`columns["country"]`)."""
    return read_list("people/document_types")


def consent_means() -> dict[str, Entry]:
    """How a consent is given; `says("needs_witness")` marks the word of mouth."""
    return read_list("people/consent_means")


def consent_capacities() -> dict[str, Entry]:
    """Who gives a consent."""
    return read_list("people/consent_capacities")


@cache
def state_words() -> dict[str, str]:
    """Return names, short names and other names of states in normal form, each with its INEGI code."""
    folder = CONTENT / "places"
    words = {normal_form(alias.alias): alias.code for alias in read_aliases(folder / "place_aliases.csv")
             if len(alias.code) == 2}  # fmt: skip
    for state in read_states(folder / "states.csv"):
        if not state.pcode:
            continue  # "outside Mexico"
        for text in (state.official_name, state.label, state.abbreviation):
            words[normal_form(text)] = state.code
    return {word: code for word, code in words.items() if word}
