"""The shipped tables of places: counts, codes, and how they hang together."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from puente.engines.places import measure_distance

REALDATA = Path(os.environ.get("PUENTE_REALDATA", "absent"))


def test_there_are_32_states_and_the_entry_for_people_born_abroad(read_content):
    states = read_content("places/states.csv")
    assert [row["code"] for row in states] == [f"{n:02}" for n in range(1, 33)] + ["99"]
    for column in ("curp", "iso", "pcode", "official_name", "label_es"):
        filled = [row[column] for row in states if row[column]]
        assert len(set(filled)) == len(filled) >= 32
    assert (states[-1]["curp"], states[-1]["iso"], states[-1]["pcode"]) == ("NE", "", "")


@pytest.mark.parametrize(
    ("code", "curp", "iso"),
    [
        ("04", "CC", "MX-CAM"), ("05", "CL", "MX-COA"), ("06", "CM", "MX-COL"), ("07", "CS", "MX-CHP"),
        ("08", "CH", "MX-CHH"), ("09", "DF", "MX-CMX"), ("15", "MC", "MX-MEX"), ("16", "MN", "MX-MIC"),
    ],
)  # fmt: skip
def test_the_state_codes_that_are_easily_mixed_up(read_content, code, curp, iso):
    row = next(row for row in read_content("places/states.csv") if row["code"] == code)
    assert (row["curp"], row["iso"]) == (curp, iso)


def test_there_are_2478_municipalities_and_the_population_of_the_census(read_content):
    rows = read_content("places/municipalities.csv")
    assert len({row["code"] for row in rows}) == len(rows) == 2478
    assert sum(int(row["population"]) for row in rows) == 126_014_024
    per_state = Counter(row["code"][:2] for row in rows)
    assert (per_state["20"], per_state["21"], per_state["30"], per_state["08"]) == (570, 217, 212, 67)


def test_p_codes_follow_the_rule_and_say_where_they_come_from(read_content):
    rows = read_content("places/municipalities.csv")
    assert all(row["pcode"] == f"MX{row['code']}" for row in rows)
    assert Counter(row["pcode_source"] for row in rows) == {"ocha": 2457, "rule": 21}


def test_every_municipality_lies_in_mexico_and_says_how_it_was_placed(read_content):
    rows = read_content("places/municipalities.csv")
    for row in rows:
        assert 14.4 < float(row["latitude"]) < 32.8, row
        assert -118.5 < float(row["longitude"]) < -86.6, row
    sources = Counter(row["coordinate_source"] for row in rows)
    assert set(sources) == {"seat", "largest_locality", "centroid"}
    assert sources["seat"] > 2000


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [("08037", 31.74, -106.48), ("09015", 19.43, -99.15), ("07089", 14.91, -92.26), ("31050", 20.97, -89.62)],
)
def test_known_cities_are_where_they_are(read_content, code, latitude, longitude):
    row = next(row for row in read_content("places/municipalities.csv") if row["code"] == code)
    assert measure_distance(float(row["latitude"]), float(row["longitude"]), latitude, longitude) < 15


def test_a_municipality_without_a_seat_point_lies_near_its_neighbours(read_content):
    rows = read_content("places/municipalities.csv")
    points = {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in rows}
    for row in rows:
        if row["coordinate_source"] != "seat":
            own = points[row["code"]]
            others = (p for code, p in points.items() if code[:2] == row["code"][:2] and code != row["code"])
            assert min(measure_distance(*own, *other) for other in others) < 200, row


def test_every_alias_and_town_belongs_to_a_place(read_content):
    municipalities = {row["code"] for row in read_content("places/municipalities.csv")}
    states = {row["code"] for row in read_content("places/states.csv")}
    for row in read_content("places/place_aliases.csv"):
        assert all((row["alias"], row["reason"], row["source"])), row
        assert row["code"] in (states if len(row["code"]) == 2 else municipalities), row
        assert row["state"] in ("", row["code"][:2]), row
    assert {row["municipality"] for row in read_content("places/towns.csv")} <= municipalities


def test_the_border_zone_has_its_43_municipalities_and_the_two_that_were_split_off(read_content):
    rows = read_content("places/border_zone.csv")
    municipalities = {row["code"]: row["name"] for row in read_content("places/municipalities.csv")}
    assert all(municipalities[row["code"]] == row["name"] for row in rows)
    verified = Counter(row["code"][:2] for row in rows if row["status"] == "verified")
    assert verified == {"02": 5, "26": 11, "08": 8, "05": 8, "19": 1, "28": 10}
    assert {row["code"] for row in rows if row["status"] == "unverified"} == {"02006", "02007"}


def test_countries_and_us_states_are_complete(read_content):
    countries = {row["alpha2"]: row for row in read_content("places/countries.csv")}
    assert len(countries) == len({row["alpha3"] for row in countries.values()}) == 249
    assert countries["GT"]["alpha3"] == "GTM"
    assert countries["US"]["label_es"] == "Estados Unidos"
    assert countries["DE"]["label_fr"] == "Allemagne"
    # 50 states, the District of Columbia and five territories.
    assert len({row["code"] for row in read_content("places/us_states.csv")}) == 56


@pytest.mark.realdata
@pytest.mark.skipif(not REALDATA.exists(), reason="needs the census table under PUENTE_REALDATA")
def test_names_and_populations_are_those_of_the_official_file(read_content):
    path = REALDATA / "geography" / "inegi_municipios_completo.json"
    official = {
        row["cve_completa"]: (row["nom_municipio"], row["poblacion_total"])
        for row in json.loads(path.read_text(encoding="utf-8"))
    }
    shipped = {row["code"]: (row["name"], int(row["population"])) for row in read_content("places/municipalities.csv")}
    assert shipped == official
