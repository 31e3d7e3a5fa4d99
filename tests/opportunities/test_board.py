"""The national job board of August 2018, loaded whole as an operator loads it."""

import argparse
import csv
import gzip
import json

import pytest
from django.db.models import Count
from rich.console import Console

from puente.opportunities.console import load_vacancies
from puente.opportunities.models import ImportAlias, ImportBatch, ImportRow, Opening

pytestmark = [pytest.mark.realdata, pytest.mark.django_db]


def test_the_board_loads_whole_and_again_without_doubling(realdata, capsys):
    board = realdata / "labour" / "portal_del_empleo_201808.csv.gz"
    options = argparse.Namespace(file=str(board), json=True, dry_run=False)
    assert load_vacancies(options, Console()) == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["rows"] == 36_795
    assert counts["municipality"] / counts["rows"] >= 0.995
    assert counts["occupation_suggested"] / counts["rows"] >= 0.9
    batch = ImportBatch.objects.get()
    rejected = ImportRow.objects.filter(batch=batch, kind="rejected")
    assert counts["rejected"] == rejected.count() == 1
    assert Opening.objects.count() + rejected.count() == counts["rows"]

    # Every offer without a municipality or an occupation is a row of the report, with its reason.
    open_places = Opening.objects.filter(municipality__isnull=True)
    listed = dict(
        ImportRow.objects.filter(batch=batch, kind="unresolved").values_list("reason").annotate(n=Count("pk"))
    )
    assert listed == {
        "homonyms": open_places.count(),
        "occupation_queued": Opening.objects.filter(occupation=None).count(),
    }
    assert set(ImportAlias.objects.values_list("written", "municipality")) >= {
        ("Solidaridad", "23008"), ("Silao", "11037"),
    }  # fmt: skip
    # Homonyms: each Benito Juárez is that of its own state.
    with gzip.open(board, "rt", encoding="utf-8", newline="") as file:
        states = {row["date"]: row["state"] for row in csv.DictReader(file) if row["municipality"] == "Benito Juárez"}
    namesakes = Opening.objects.filter(source_key__in=states).values_list("source_key", "municipality__state__name")
    assert {(states[key], state) for key, state in namesakes} == {
        ("Ciudad de México", "Ciudad de México"), ("Quintana Roo", "Quintana Roo"), ("Zacatecas", "Zacatecas"),
    }  # fmt: skip

    assert load_vacancies(options, Console()) == 0
    again = json.loads(capsys.readouterr().out)
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, 36_794)
    assert Opening.objects.count() == 36_794
