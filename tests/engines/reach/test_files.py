"""Reading an instance from a folder, and the command that plans it."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from puente.config.console import run
from puente.engines.reach.files import hash_instance, read_instance, read_panels
from puente.engines.reach.instance import Goal, InstanceProblem
from tests.engines.reach.markets import draw_panel

CAMPAIGN = {
    "sites": [
        {"id": "juarez", "population": {"youth": 1000, "women": 1200}, "budget": 2000, "languages": {"es": 1}},
        {"id": "tapachula", "population": 500, "shape": 0.8, "floor": 0.01},
    ],
    "audiences": [{"id": "youth", "weight": 2}, {"id": "women"}],
    "phases": [{"id": "one", "first": "2027-02-01", "last": "2027-02-14"}],
    "budget": "3000.50",
    "earliest": "06:00",
    "latest": "23:00",
    "blackouts": [{"first": "2027-02-05", "last": "2027-02-05", "site": "juarez"}],
    "site_phase_budgets": [{"site": "juarez", "phase": "one", "budget": 1500}],
}
OUTLETS = [
    {"id": "radio", "site": "juarez", "spots_per_day": 4, "free_quota": 2},
    {"id": "tv", "site": "tapachula", "spots_per_day": 3, "free_quota": ""},
]
PROGRAMMES = [
    {"id": "morning", "outlet": "radio", "weekdays": "MTWTF--", "start": "07:30", "price": "120.00",
     "spots_per_day": 2, "spots_total": 8, "rating:youth": 0.02, "rating:women": 0.03},
    {"id": "evening", "outlet": "tv", "weekdays": "", "start": "21:00", "price": "300.25",
     "spots_per_day": 1, "spots_total": "", "rating:youth": 0.06, "rating:women": 0.05},
]  # fmt: skip


def write_rows(file: Path, rows: list[dict]) -> None:
    with file.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "campaign.json").write_text(json.dumps(CAMPAIGN))
    write_rows(tmp_path / "outlets.csv", OUTLETS)
    write_rows(tmp_path / "programmes.csv", PROGRAMMES)
    write_rows(tmp_path / "rates.csv", [{"outlet": "radio", "spots": 5, "discount": 0.1}])
    write_rows(tmp_path / "materials.csv", [{"id": "courage", "language": "es", "seconds": 30}])
    write_rows(tmp_path / "fixed.csv", [{"programme": "morning", "date": "2027-02-01", "spots": 1, "free": "no"}])
    return tmp_path


def change(folder: Path, **values: object) -> None:
    settings = json.loads((folder / "campaign.json").read_text())
    (folder / "campaign.json").write_text(json.dumps({**settings, **values}))


def test_an_instance_is_read_with_its_units(folder):
    instance = read_instance(folder)
    assert instance.budget == 300_050
    assert instance.programmes[1].price == 30_025
    assert instance.programmes[0].weekdays == (True,) * 5 + (False,) * 2
    assert instance.programmes[0].start == 450
    assert instance.population.tolist() == [[1000, 1200], [500, 500]]
    assert instance.shape.tolist() == [[0.6, 0.6], [0.8, 0.8]]
    assert instance.site_phase_budget == {(0, 0): 150_000}
    assert instance.outlets[0].steps[0].spots == 5
    assert instance.goals == tuple(Goal)
    assert (instance.fixed[0].programme, instance.fixed[0].day) == (0, 0)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"fairness": {"least_share_of_mean": 0.9}}, "relative to the average"),
        ({"goals": ["cost", "value"]}, "must keep this order"),
        ({"goals": ["fame"]}, "must be a list of"),
        ({"budget": "12.345"}, "budget.*12.345"),
        ({"budget": None}, "“budget” is missing"),
        ({"colour": "red"}, "“colour” is not known"),
        ({"sites": []}, "there is no row"),
        ({"audiences": [{"id": "youth"}, {"id": "youth"}]}, "“youth” stands there twice"),
        ({"latest": "25:00"}, "latest.*25:00"),
        ({"audiences": [{"id": "youth", "wieght": 2}]}, "audiences 1: “wieght” is not known"),
        ({"blackouts": [{"first": "2027-02-05"}]}, "blackouts 1: “last” is missing"),
        ({"audiences": [{"id": "youth"}, {"id": "men"}]}, "column “rating:men” is missing|“rating:women” is not known"),
        ({"phases": [{"id": "one", "first": "2027-02-10", "last": "2027-02-01"}]}, "end on or after"),
    ],
)
def test_what_is_wrong_in_the_settings_is_said(folder, values, words):
    change(folder, **values)
    with pytest.raises(InstanceProblem, match=words):
        read_instance(folder)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("outlet", "fm", "programmes.csv, row 2: “outlet” cannot be “fm”"),
        ("weekdays", "Mon-Fri", "row 2: “weekdays”"),
        ("price", "-3", "row 2: “price”"),
        ("start", "7.30", "row 2: “start”"),
        ("rating:youth", "2", "below 1"),
        ("spots_per_day", "two", "row 2: “spots_per_day”"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_its_row(folder, column, value, words):
    write_rows(folder / "programmes.csv", [{**PROGRAMMES[0], column: value}, PROGRAMMES[1]])
    with pytest.raises(InstanceProblem, match=words):
        read_instance(folder)


def test_a_slip_in_a_header_a_cell_too_many_and_a_wrong_encoding_are_said(folder):
    write_rows(folder / "outlets.csv", [{**row, "free_qouta": 1} for row in OUTLETS])
    with pytest.raises(InstanceProblem, match="header: “free_qouta” is not known"):
        read_instance(folder)
    (folder / "outlets.csv").write_text("id,site\nradio,juarez,5\n")
    with pytest.raises(InstanceProblem, match=r"outlets\.csv, row 2: there are more cells"):
        read_instance(folder)
    (folder / "outlets.csv").write_bytes("id,site\nr\xe1dio,juarez\n".encode("latin-1"))
    with pytest.raises(InstanceProblem, match="not readable as CSV in UTF-8"):
        read_instance(folder)


def test_a_fixed_airing_outside_the_campaign_is_refused(folder):
    write_rows(folder / "fixed.csv", [{"programme": "morning", "date": "2027-01-01", "spots": 1, "free": "no"}])
    with pytest.raises(InstanceProblem, match="fixed airing in morning"):
        read_instance(folder)


def test_a_missing_file_is_named(folder):
    (folder / "outlets.csv").unlink()
    with pytest.raises(InstanceProblem, match=r"outlets\.csv is missing"):
        read_instance(folder)


def test_the_hash_changes_with_the_input(folder):
    before = hash_instance(folder)
    change(folder, budget=1)
    assert hash_instance(folder) != before


def test_the_command_prints_one_json_object(folder, capfd):
    assert run(["campaign", "plan", "--instance", str(folder), "--json", "--seconds", "20"]) == 0
    printed = json.loads(capfd.readouterr().out)
    assert printed["broken"] == []
    assert printed["certificate"]["proved"]
    assert printed["certificate"]["instance"] == hash_instance(folder)
    assert printed["figures"]["cost"] <= 3000.50
    assert printed["figures"]["free_spots"] == 2
    assert sum(row["spots"] for row in printed["bookings"]) == len(printed["airings"]) == printed["figures"]["spots"]


def test_the_command_shows_a_table_for_people(folder, capsys):
    assert run(["campaign", "plan", "--instance", str(folder), "--seconds", "20"]) == 0
    shown = capsys.readouterr().out
    assert "juarez" in shown
    assert "Broken rules: 0" in shown


def test_the_command_says_what_is_wrong(folder, capsys):
    assert run(["campaign", "plan", "--instance", str(folder), "--json", "--model", "respondents"]) == 2
    assert "panel_SITE.npz" in json.loads(capsys.readouterr().out)["error"]
    assert run(["campaign", "plan", "--instance", str(folder), "--json", "--times", "3"]) == 2
    assert "--model respondents" in json.loads(capsys.readouterr().out)["error"]
    assert run(["campaign", "plan", "--instance", str(folder), "--times", "0"]) == 2
    assert "--times is 1 or more" in capsys.readouterr().out


def write_panel(folder: Path, site: str, programmes: int) -> None:
    panel = draw_panel(1, 200, np.zeros(programmes, dtype=int))
    np.savez(
        folder / f"panel_{site}.npz", weight=panel.weight, member=panel.member, chance=panel.chance, respondents=400
    )


def test_panels_are_read_and_planned_with(folder, capsys):
    instance = read_instance(folder)
    assert read_panels(folder, instance) is None
    write_panel(folder, "juarez", 1)
    with pytest.raises(InstanceProblem, match=r"panel_tapachula\.npz is missing"):
        read_panels(folder, instance)
    write_panel(folder, "tapachula", 2)
    with pytest.raises(InstanceProblem, match="expected 2 audiences and 1 programmes"):
        read_panels(folder, instance)
    write_panel(folder, "tapachula", 1)
    arguments = ["campaign", "plan", "--instance", str(folder), "--json", "--model", "respondents", "--times", "3"]
    assert run(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert "not proved" in printed["certificate"]["statement"]
    assert printed["broken"] == []
