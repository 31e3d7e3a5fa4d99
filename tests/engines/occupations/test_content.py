"""The tables that the product ships, and the labelled titles of the benchmark."""

import csv
import gzip
import hashlib
from pathlib import Path
from runpy import run_path

import pytest

from puente.engines.occupations import (
    OccupationIndex,
    read_lexicon,
    read_neighbours,
    read_pairs,
    read_ranks,
    read_unit_groups,
)

ROOT = Path(__file__).resolve().parents[3]
LABELS = ROOT / "benchmarks/occupation_titles"


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_catalogue_has_the_groups_and_pairs_of_inegi(content: Path) -> None:
    codes = {group.code for group in read_unit_groups(content / "sinco.csv")}
    pairs = read_pairs(content / "sinco_isco.csv")
    isco = {row["code"] for row in read_rows(content / "isco.csv")}
    assert len(codes) == 490
    assert len(pairs) == len(set(pairs)) == 696
    assert {sinco for sinco, _ in pairs} <= codes
    assert len(codes - {sinco for sinco, _ in pairs}) == 35
    assert {code for _, code in pairs} <= isco
    assert {code for sinco, code in pairs if sinco == "7121"} == {"7111", "7112", "7113", "7114"}


def test_every_group_has_a_titled_division_and_main_group(content: Path) -> None:
    titled = {row["code"] for row in read_rows(content / "sinco_groups.csv")}
    rows = read_rows(content / "sinco.csv")
    assert {row["division"] for row in rows} | {row["main_group"] for row in rows} == titled


def test_the_lexicon_is_large_and_says_each_phrase_once(content: Path) -> None:
    lexicon = read_lexicon(content / "lexicon.csv")
    assert len(lexicon) >= 1200
    assert len({entry.phrase for entry in lexicon}) == len(lexicon)
    assert {entry.language for entry in lexicon} == {"es-MX", "es-US", "en-US"}


def test_every_code_of_the_hand_made_tables_exists(content: Path) -> None:
    codes = {group.code for group in read_unit_groups(content / "sinco.csv")}
    assert {code for entry in read_lexicon(content / "lexicon.csv") for code in entry.codes} <= codes
    assert {rule.code for rule in read_ranks(content / "ranks.csv")} <= codes
    for row in read_neighbours(content / "neighbours.csv"):
        assert {row.sinco_a, row.sinco_b} <= codes


def test_the_labelled_titles_are_halved_by_their_hash_and_name_codes_that_exist(content: Path) -> None:
    codes = {group.code for group in read_unit_groups(content / "sinco.csv")}
    rows = read_rows(LABELS / "titles.csv")
    assert len(rows) >= 500
    assert {code for row in rows for code in row["codes"].split(";")} <= codes
    ordered = sorted(
        (row["title"] for row in rows),
        key=lambda title: hashlib.sha256(f"puente occupation titles 1:{title}".encode()).hexdigest(),
    )
    dev = set(ordered[: len(ordered) // 2])
    assert {row["title"] for row in rows if row["split"] == "dev"} == dev


@pytest.mark.realdata
def test_the_shipped_tables_are_those_of_the_workbook(content: Path, real_data: Path) -> None:
    script = run_path(str(ROOT / "script/build_occupations.py"))
    rows = script["read_sheet"](real_data / "labour" / script["SINCO_2019"], "SINCO - CIUO")
    titles, pairs = script["read_unit_groups"](rows)
    assert titles == {group.code: group.title for group in read_unit_groups(content / "sinco.csv")}
    assert sorted(pairs) == read_pairs(content / "sinco_isco.csv")


@pytest.mark.realdata
def test_nine_offers_in_ten_of_the_job_board_get_a_code_and_it_is_mostly_right(
    index: OccupationIndex, real_data: Path
) -> None:
    board = real_data / "labour/portal_del_empleo_201808.csv.gz"
    with gzip.open(board, "rt", newline="", encoding="utf-8") as file:
        titles = [row["offer"] for row in csv.DictReader(file)]
    answers = index.suggest_many(titles)
    assert len(answers) == 36_795
    assert sum(bool(answer.candidates) for answer in answers) >= 0.9 * len(answers)

    labelled = [row for row in read_rows(LABELS / "offers.csv") if row["codes"]]
    firsts = [(row["codes"].split(";"), answers[int(row["row"])].candidates[:1]) for row in labelled]
    right = sum(bool(first) and first[0].code in codes for codes, first in firsts)
    assert right >= 0.85 * len(labelled)
