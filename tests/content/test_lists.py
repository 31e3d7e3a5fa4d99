"""The loadable lists: labels in three languages, unique codes, references that resolve, honest status."""

import csv
import datetime
import itertools
import json
import zoneinfo
from pathlib import Path

import pytest

import puente

CONTENT = Path(puente.__file__).parent / "content"
FOLDERS = ("places", "labour", "offices", "reception", "people")
TABLES = sorted(str(path.relative_to(CONTENT)) for folder in FOLDERS for path in (CONTENT / folder).glob("*.csv"))


def read_columns(name):
    with (CONTENT / name).open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


LABELLED = [name for name in TABLES if "label_es" in read_columns(name)]
CODED = [name for name in TABLES if "code" in read_columns(name) and name != "places/place_aliases.csv"]
STATED = [name for name in TABLES if "status" in read_columns(name)]


@pytest.mark.parametrize("name", LABELLED)
def test_every_label_is_there_in_spanish_english_and_french(read_content, name):
    for row in read_content(name):
        for language in ("es", "en", "fr"):
            label = row[f"label_{language}"]
            assert label != "", row
            assert label == label.strip(), row


@pytest.mark.parametrize("name", CODED)
def test_every_code_stands_once(read_content, name):
    codes = [row["code"] for row in read_content(name)]
    assert len(set(codes)) == len(codes)
    assert all(codes)


@pytest.mark.parametrize("name", STATED)
def test_every_row_says_its_source_and_whether_it_was_verified(read_content, name):
    for row in read_content(name):
        assert row["status"] in ("verified", "unverified"), row
        assert row["source"], row
        if "memory" in row["source"] or row["source"] == "editable default":
            assert row["status"] == "unverified", row


@pytest.mark.parametrize("name", ["reception/points.csv", "offices/offices.csv", "offices/services.csv"])
def test_every_point_office_and_service_lies_in_a_municipality(read_content, name):
    municipalities = {row["code"] for row in read_content("places/municipalities.csv")}
    for row in read_content(name):
        assert row["municipality"] in municipalities, row
        assert row["state"] == row["municipality"][:2], row


def test_reception_points_cover_the_eleven_modules_and_the_air_points(read_content):
    points = read_content("reception/points.csv")
    modules = {"02004", "02002", "26055", "26043", "08037", "08052", "05002", "05025", "28027", "28032", "28022"}
    regular = {row["municipality"] for row in points if (row["mode"], row["regularity"]) == ("land", "regular")}
    assert modules <= regular
    air = {row["code"] for row in points if row["mode"] == "air"}
    assert {"aifa", "aicm", "guadalajara", "morelia", "merida", "villahermosa", "tapachula"} <= air
    assert {row["mode"] for row in points} == {row["code"] for row in read_content("reception/modes_of_entry.csv")}
    assert {row["regularity"] for row in points} <= {"regular", "sporadic", "emergency", "suspended"}


def test_validity_dates_are_dates_in_order(read_content):
    for row in read_content("reception/points.csv"):
        begin, end = (
            datetime.date.fromisoformat(row[column]) if row[column] else None for column in ("valid_from", "valid_to")
        )
        assert not (begin and end) or begin <= end


def test_the_law_of_arrival_is_listed_in_full(read_content):
    services = read_content("reception/services.csv")
    required = {row["code"] for row in services if row["required_by_law"] == "yes"}
    assert required == {
        "phone_call", "water_food", "hygiene_kit", "medical_care", "psychological_care", "legal_advice",
        "programme_information", "transport_help", "separate_area", "child_area",
    }  # fmt: skip
    assert all(bool(row["legal_basis"]) == (row["required_by_law"] == "yes") for row in services)


def test_a_child_without_a_parent_is_handed_over(read_content):
    rows = {row["code"]: row for row in read_content("reception/accompaniment.csv")}
    assert {code for code, row in rows.items() if row["hand_over"] == "yes"} == {
        "minor_alone",
        "minor_with_relative",
    }
    assert all(row["minor"] == "yes" for row in rows.values() if row["hand_over"] == "yes")


def test_the_bands_of_time_in_the_us_leave_no_gap(read_content):
    bands = [row for row in read_content("reception/time_in_us.csv") if row["minimum_days"]]
    assert bands[0]["minimum_days"] == "0"
    for band, following in itertools.pairwise(bands):
        assert int(following["minimum_days"]) == int(band["maximum_days"]) + 1
    assert bands[-1]["maximum_days"] == ""


def test_the_three_offices_serve_points_that_exist(read_content):
    offices = {row["code"]: row for row in read_content("offices/offices.csv")}
    assert {code: row["municipality"][:2] for code, row in offices.items()} == {
        "juarez": "08", "mexico_city": "09", "tapachula": "07",
    }  # fmt: skip
    points = {row["code"] for row in read_content("reception/points.csv")}
    for row in offices.values():
        assert set(row["reception_points"].split()) <= points
        assert zoneinfo.ZoneInfo(row["timezone"])


def test_the_service_directory_invents_nothing(read_content):
    partners = {row["code"] for row in read_content("offices/partners.csv")}
    kinds = {row["code"] for row in read_content("offices/service_kinds.csv")}
    services = read_content("offices/services.csv")
    for row in services:
        assert row["partner"] in partners, row
        assert set(row["kinds"].split()) <= kinds, row
        assert (row["status"], row["phone"], row["free_places"]) == ("unverified", "", ""), row
        assert all(row[f"hours_{language}"] for language in ("es", "en", "fr")), row
    assert {row["partner"] for row in services if row["municipality"] == "08037"} >= {
        "sne", "dif_municipal", "casa_del_migrante", "imss", "civil_registry", "grupo_beta",
        "human_rights_municipal",
    }  # fmt: skip


def test_the_68_national_languages_are_there(read_content):
    languages = read_content("people/languages.csv")
    national = [row for row in languages if row["national_of_mexico"] == "yes"]
    assert len(national) == 68
    assert all(row["kind"] == "indigenous" and row["family"] for row in national)
    codes = [row["iso639_3"] for row in languages if row["iso639_3"]]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 3 and code.isalpha() for code in codes)


def test_document_types_belong_to_countries(read_content):
    countries = {row["alpha2"] for row in read_content("places/countries.csv")}
    documents = read_content("people/document_types.csv")
    assert {row["country"] for row in documents if row["country"]} <= countries
    assert {"gt_dpi", "hn_dni", "sv_dui", "us_removal_papers", "mx_curp"} <= {row["code"] for row in documents}


def test_consent_texts_are_complete_in_plain_words():
    consent = json.loads((CONTENT / "people" / "consent_texts.json").read_text(encoding="utf-8"))
    assert consent["version"]
    assert [purpose["code"] for purpose in consent["purposes"]] == [
        "care", "work_search", "contact_later", "referral", "statistics", "share_with_state_liaison",
    ]  # fmt: skip
    texts = [consent["notice"], consent["assent"]]
    texts += [purpose[part] for purpose in consent["purposes"] for part in ("label", "text", "withdrawal")]
    for text in texts:
        assert set(text) == {"es", "en", "fr"}
        assert all(text.values())
        sentences = [s for s in text["es"].replace(":", ".").split(".") if s.strip()]
        assert max(len(sentence.split()) for sentence in sentences) <= 32, text["es"]


def test_schooling_levels_are_in_order(read_content):
    levels = read_content("labour/schooling_levels.csv")
    assert [int(row["rank"]) for row in levels] == list(range(len(levels)))
    years = [int(row["years"]) for row in levels]
    assert years == sorted(years)
