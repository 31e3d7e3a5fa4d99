import argparse
import json

import pytest
from rich.console import Console

from puente.opportunities.console import load_vacancies
from puente.opportunities.models import ImportBatch, ImportSource, Opening
from tests.opportunities.boards import MASON, WELDER, csv_file

pytestmark = pytest.mark.django_db


def run(file, *, dry_run=False):
    return load_vacancies(argparse.Namespace(file=str(file), json=True, dry_run=dry_run), Console())


@pytest.fixture
def board(tmp_path):
    file = tmp_path / "bolsa_uruapan.csv"
    file.write_bytes(csv_file(MASON, WELDER))
    return file


def test_a_board_with_usual_column_names_loads_without_a_mapping(board, capsys):
    assert run(board) == 0
    counts = json.loads(capsys.readouterr().out)
    assert {"rows", "municipality", "occupation_suggested", "rejected", "seconds"} <= set(counts)
    assert (counts["rows"], counts["municipality"], counts["rejected"]) == (2, 2, 0)
    assert ImportSource.objects.filter(name="bolsa uruapan").exists()
    assert run(board) == 0
    assert Opening.objects.count() == 2


def test_a_dry_run_tells_the_counts_and_writes_no_opening(board, capsys):
    assert run(board, dry_run=True) == 0
    assert json.loads(capsys.readouterr().out)["offers"] == 2
    assert not Opening.objects.exists()
    assert not ImportBatch.objects.exists()
    assert not ImportSource.objects.filter(name="bolsa uruapan").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "renglones|rows|lignes"), (b"a,b\n1,2\n", "columna|column|colonne"), (b"\x1f\x8bjunk", "da|endommag")],
)
def test_a_file_that_cannot_be_loaded_is_told_in_words(tmp_path, capsys, content, words):
    import re

    file = tmp_path / "file.csv"
    file.write_bytes(content)
    assert run(file) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert re.search(words, captured.err)


def test_a_file_that_is_not_there_is_told(tmp_path, capsys):
    assert run(tmp_path / "nowhere.csv") == 1
    assert "nowhere.csv" in capsys.readouterr().err.replace("\n", "")
