"""The rows that the occupation engine works on, and their readers.

Each reader takes the path of one CSV table with a header and returns its rows. A row that cannot be used raises
ValueError with the table, the line and what to change.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

Rank = Literal["helper", "supervisor"]
Row = TypeVar("Row")

RANKS: dict[str, Rank] = {"helper": "helper", "supervisor": "supervisor"}


@dataclass(frozen=True, slots=True)
class UnitGroup:
    """One of the 490 unit groups of SINCO 2019: four digits and the Spanish title."""

    code: str
    title: str


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A phrase people use for a job and the unit groups it stands for, the likeliest first."""

    phrase: str
    codes: tuple[str, ...]
    language: str = "es-MX"
    note: str = ""


@dataclass(frozen=True, slots=True)
class RankWord:
    """A word that says whom somebody works under or over ("ayudante", "supervisor")."""

    word: str
    rank: Rank


@dataclass(frozen=True, slots=True)
class RankRule:
    """The unit group of the helpers, or of the supervisors, of every occupation whose code starts with `prefix`."""

    rank: Rank
    prefix: str
    code: str


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two occupations that people move between in practice, and how near they are (0 to 1)."""

    sinco_a: str
    sinco_b: str
    similarity: float


def read_unit_groups(path: Path) -> list[UnitGroup]:
    """Read `code, title` rows (further columns are ignored)."""
    return list(_read(path, lambda row: UnitGroup(_check_code(row["code"]), _check_text(row["title"]))))


def read_lexicon(path: Path) -> list[LexiconEntry]:
    """Read `phrase, codes, language, note` rows; codes are separated by semicolons, the likeliest first."""

    def parse(row: dict[str, str]) -> LexiconEntry:
        codes = tuple(_check_code(code) for code in row["codes"].split(";"))
        return LexiconEntry(_check_text(row["phrase"]), codes, row["language"], row["note"])

    return list(_read(path, parse))


def read_rank_words(path: Path) -> list[RankWord]:
    """Read `word, rank` rows."""
    return list(_read(path, lambda row: RankWord(_check_text(row["word"]), _check_rank(row["rank"]))))


def read_ranks(path: Path) -> list[RankRule]:
    """Read `rank, prefix, code` rows."""

    def parse(row: dict[str, str]) -> RankRule:
        if not row["prefix"].isdigit() or len(row["prefix"]) > 4:
            raise ValueError(f"a prefix is one to four digits, not {row['prefix']!r}")
        return RankRule(_check_rank(row["rank"]), row["prefix"], _check_code(row["code"]))

    return list(_read(path, parse))


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Read `sinco, isco` rows: the many-to-many correspondence SINCO 2019 – ISCO-08."""
    return list(_read(path, lambda row: (_check_code(row["sinco"]), _check_code(row["isco"]))))


def read_neighbours(path: Path) -> list[Neighbours]:
    """Read `sinco_a, sinco_b, similarity` rows (further columns are ignored)."""

    def parse(row: dict[str, str]) -> Neighbours:
        similarity = float(row["similarity"])
        if not 0 <= similarity <= 1:
            raise ValueError(f"a similarity is between 0 and 1, not {similarity}")
        return Neighbours(_check_code(row["sinco_a"]), _check_code(row["sinco_b"]), similarity)

    return list(_read(path, parse))


def _read(path: Path, parse: Callable[[dict[str, str]], Row]) -> Iterator[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        for row in reader:
            try:
                yield parse(row)
            except KeyError as error:
                raise ValueError(f"{path.name}: the column {error} is missing") from None
            except (ValueError, AttributeError, TypeError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from None


def _check_code(code: str) -> str:
    if len(code) != 4 or not code.isdigit():
        raise ValueError(f"a code has four digits, not {code!r}")
    return code


def _check_text(text: str) -> str:
    if not text.strip():
        raise ValueError("the text is empty")
    return text


def _check_rank(rank: str) -> Rank:
    if rank not in RANKS:
        raise ValueError(f"a rank is one of {', '.join(RANKS)}, not {rank!r}")
    return RANKS[rank]
