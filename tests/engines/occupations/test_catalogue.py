from collections.abc import Callable
from pathlib import Path

import pytest

from puente.engines.occupations import (
    LexiconEntry,
    read_lexicon,
    read_neighbours,
    read_pairs,
    read_rank_words,
    read_ranks,
    read_unit_groups,
)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_lexicon_keeps_the_order_of_codes(table: Callable[[str], Path]) -> None:
    path = table("phrase,codes,language,note\nla yarda,5241;9651,es-US,jardines\n")
    assert read_lexicon(path) == [LexiconEntry("la yarda", ("5241", "9651"), "es-US", "jardines")]


def test_a_short_code_is_refused_with_its_line(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match=r"table\.csv, line 3: a code has four digits, not '712'"):
        read_unit_groups(table("code,title\n7121,Albañiles\n712,Techadores\n"))


def test_a_missing_column_is_named(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="the column 'isco' is missing"):
        read_pairs(table("sinco\n7121\n"))


def test_a_row_with_missing_cells_is_refused(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_pairs(table("sinco,isco\n7121\n"))


def test_an_empty_phrase_is_refused(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="the text is empty"):
        read_lexicon(table("phrase,codes,language,note\n  ,7121,es-MX,\n"))


def test_an_unknown_rank_is_refused(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="a rank is one of helper, supervisor, not 'boss'"):
        read_rank_words(table("word,rank\njefe,boss\n"))


def test_a_prefix_must_be_digits(table: Callable[[str], Path]) -> None:
    with pytest.raises(ValueError, match="one to four digits"):
        read_ranks(table("rank,prefix,code\nhelper,7x,9221\n"))


@pytest.mark.parametrize("similarity", ["1.5", "-0.1", "mucho"])
def test_a_similarity_lies_between_0_and_1(table: Callable[[str], Path], similarity: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_neighbours(table(f"sinco_a,sinco_b,similarity\n7121,7122,{similarity}\n"))
