import importlib.util
import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REALDATA = Path(os.environ.get("PUENTE_REALDATA", "absent")) / "labour"
needs_realdata = pytest.mark.skipif(not REALDATA.exists(), reason="needs labour/ under PUENTE_REALDATA")


@pytest.fixture(scope="module")
def build_wages():
    spec = importlib.util.spec_from_file_location("build_wages", ROOT / "script" / "build_wages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_state_has_its_last_eight_quarters(read_content):
    rows = read_content("labour/mean_wages.csv")
    quarters = sorted({row["quarter"] for row in rows})
    assert len(quarters) == 8
    assert quarters[-1] == "2025-Q1"
    states = {row["code"] for row in read_content("places/states.csv")} - {"99"}
    assert {(row["state"], row["quarter"]) for row in rows} == {(s, q) for s in states for q in quarters}
    assert len(rows) == 256
    assert all(2_000 < float(row["monthly_wage"]) < 20_000 and int(row["workforce"]) > 0 for row in rows)


def test_minimum_wages_rise_and_the_border_is_never_below(read_content):
    rows = read_content("labour/minimum_wages.csv")
    by_zone = {
        zone: {row["valid_from"]: float(row["daily"]) for row in rows if row["zone"] == zone}
        for zone in ("general", "border")
    }
    for amounts in by_zone.values():
        assert list(amounts) == sorted(amounts)
        assert list(amounts.values()) == sorted(amounts.values())
    assert by_zone["general"]["2026-01-01"] == 315.04
    assert by_zone["border"]["2026-01-01"] == 440.87
    assert all(by_zone["border"][date] > by_zone["general"][date] for date in by_zone["border"])


def test_a_wrong_amount_contradicts_the_real_index(build_wages):
    indices = {"desde_dic_2018": {"2019-12": 196.0, "2020-01": 204.8}, "dic_2012_dic_2018": {}}
    right = [
        {"zone": "border", "valid_from": "2019-01-01", "daily": "176.72"},
        {"zone": "border", "valid_from": "2020-01-01", "daily": "185.56"},
    ]
    assert list(build_wages.find_contradictions(right, indices)) == []
    wrong = [right[0], {**right[1], "daily": "195.56"}]
    assert len(list(build_wages.find_contradictions(wrong, indices))) == 1


@pytest.mark.realdata
@needs_realdata
def test_the_shipped_minimum_wages_agree_with_the_central_bank(build_wages, read_content):
    indices = build_wages.read_indices(REALDATA / "salarios_minimos.json")
    assert list(build_wages.find_contradictions(read_content("labour/minimum_wages.csv"), indices)) == []


@pytest.mark.realdata
@needs_realdata
def test_the_shipped_mean_wages_are_those_of_the_file(build_wages, read_content):
    rows = build_wages.list_mean_wages(build_wages.read_rows(REALDATA / "datamexico_enoe_salario_raw.csv"))
    assert rows == read_content("labour/mean_wages.csv")
