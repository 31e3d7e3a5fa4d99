"""Rows in IOM's layout: the standard's columns and values, and nothing that identifies."""

import csv
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.screening import (
    COLUMNS,
    CaseFacts,
    InvalidContent,
    Text,
    build_htcds_rows,
    find_controls,
    read_controls,
    read_indicators,
    read_values,
)
from puente.engines.screening.htcds import GENDERS, PICKED, STATUSES
from puente.platform.paths import CONTENT

FOLDER = CONTENT / "protection"
CONTROLS = {"CD01": "WithholdsDocuments", "CR05": "WithholdsDocuments", "CD02": "DebtBondage"}
IDENTIFYING = {
    "prs_Salutation", "prs_First_Name", "prs_Second_Name", "prs_Birthdate", "prs_Title", "prs_Email", "prs_HomePhone",
    "prs_MobilePhone", "prs_MailingCity", "prs_MailingCountry", "prs_MailingState", "prs_MailingStreet",
    "prs_MailingPostalCode", "vic_LocationOfRecruitment", "vic_LocationOfExploitation", "cas_ReferringOrganisation",
    "cas_ReferringPrimaryCaseWorker", "cas_ReasonForIncomingReferral", "cas_IncomingReferralDetails",
}  # fmt: skip


def tell(**changes):
    facts = {
        "sex": "F", "citizenship": "MX", "consents": True, "is_presumed": True,
        "found": frozenset({"CD02", "CD01", "CR05", "EX01"}),
        "picked": {"vic_TypeOfExploitation": ("Servitude", "ForcedLabour")}, "status": "Active",
        "received_on": date(2026, 11, 23),
    }  # fmt: skip
    return CaseFacts(**(facts | changes))


def read(name):
    with (FOLDER / f"htcds_{name}").open() as file:
        return list(csv.DictReader(file))


def test_a_case_becomes_a_row_of_the_standard():
    (row,) = build_htcds_rows([tell()], CONTROLS)
    assert tuple(row) == COLUMNS
    assert {column: value for column, value in row.items() if value} == {
        "con_Consent": "TRUE",
        "prs_Gender": "Feminine",
        "prs_Citizenship": "MX",
        "vic_TraffickingStatus": "PossibleVictimOfTrafficking",
        "vic_TraffickingStatusDecisionMakingOrg": "Other",
        "vic_Methods_of_Control": "DebtBondage;WithholdsDocuments",
        "vic_TypeOfExploitation": "ForcedLabour;Servitude",
        "cas_Status": "Active",
        "cas_IncomingReferralDate": "2026-11-01",
    }


def test_who_is_not_presumed_a_victim_gets_no_status_at_all():
    (row,) = build_htcds_rows([tell(is_presumed=False, consents=False, received_on=None, sex="U")], CONTROLS)
    assert row["vic_TraffickingStatus"] == row["vic_TraffickingStatusDecisionMakingOrg"] == ""
    assert row["con_Consent"] == "FALSE"
    assert row["cas_IncomingReferralDate"] == ""
    assert row["prs_Gender"] == "NonSpecifiedUnknown"


@pytest.mark.parametrize(
    ("sex", "gender"), [("F", "Feminine"), ("M", "Masculine"), ("X", "NonConforming"), ("", "NonSpecifiedUnknown")]
)
def test_the_sex_is_told_in_the_words_of_the_standard(sex, gender):
    assert build_htcds_rows([tell(sex=sex)], {})[0]["prs_Gender"] == gender


CASES = st.builds(
    CaseFacts,
    sex=st.sampled_from([*GENDERS, "U"]),
    citizenship=st.sampled_from(["MX", "GT", ""]),
    consents=st.booleans(),
    is_presumed=st.booleans(),
    found=st.frozensets(st.sampled_from([*CONTROLS, "EX01"])),
    picked=st.dictionaries(st.sampled_from(PICKED), st.lists(st.sampled_from("AB"), unique=True).map(tuple)),
    status=st.sampled_from(STATUSES),
    received_on=st.one_of(st.none(), st.dates()),
)


@given(st.lists(CASES, max_size=6))
def test_nothing_that_identifies_is_filled_and_the_order_tells_nothing(cases):
    rows = build_htcds_rows(cases, CONTROLS)
    assert len(rows) == len(cases)
    assert all(row[column] == "" for row in rows for column in IDENTIFYING)
    assert all(row["cas_IncomingReferralDate"][8:] in ("", "01") for row in rows)
    assert rows == build_htcds_rows(reversed(cases), CONTROLS)


def test_a_status_or_a_column_that_the_standard_does_not_know_is_refused():
    with pytest.raises(ValueError, match="Open is no status"):
        build_htcds_rows([tell(status="Open")], CONTROLS)
    with pytest.raises(ValueError, match="Nobody picks prs_First_Name, vic_X"):
        build_htcds_rows([tell(picked={"vic_X": (), "prs_First_Name": ("Ana",)})], CONTROLS)


def test_controls_come_once_each_and_in_order():
    assert find_controls(["CR05", "CD01", "CD02", "EX01"], CONTROLS) == ("DebtBondage", "WithholdsDocuments")
    assert find_controls([], CONTROLS) == ()


def test_the_shipped_lists_fit_the_standard_and_the_indicators():
    values = read_values(read("values.csv"))
    controls = read_controls(read("controls.csv"), values)
    assert set(values) == {*PICKED, "vic_Methods_of_Control"}
    assert len(values["vic_ForcedLabourIndustry"]) == 21
    with (FOLDER / "indicators_2026.1.csv").open() as file:
        known = {each.id for indicators in read_indicators(csv.DictReader(file)).values() for each in indicators}
    assert set(controls) <= known


VALUE = {"field": "vic_TypeOfExploitation", "value": "Servitude", "label_es": "a", "label_en": "b", "label_fr": "c"}


def test_values_come_with_their_words():
    assert read_values([VALUE]) == {"vic_TypeOfExploitation": {"Servitude": Text("a", "b", "c")}}


def test_wrong_values_are_refused_all_at_once():
    with pytest.raises(InvalidContent) as refused:
        read_values(
            [VALUE, VALUE, VALUE | {"field": "vic_X"}, VALUE | {"value": ""}, VALUE | {"value": "A;B", "label_es": ""}]
        )
    assert refused.value.problems == [
        "line 3: Servitude of vic_TypeOfExploitation stands there already",
        "line 4: “vic_X” is no field of the standard",
        "line 5: “” cannot be a value",
        "line 6: label_es is empty",
        "line 6: “A;B” cannot be a value",
    ]


def test_wrong_controls_are_refused_all_at_once():
    values = {"vic_Methods_of_Control": {"DebtBondage": Text("a", "b", "c")}}
    assert read_controls([{"indicator_id": "CD02", "value": "DebtBondage"}], values) == {"CD02": "DebtBondage"}
    with pytest.raises(InvalidContent) as refused:
        read_controls(
            [{"indicator_id": "CD02", "value": "DebtBondage"}, {"indicator_id": "CD02", "value": "Spell"}], values
        )
    assert refused.value.problems == [
        "line 3: “Spell” is no method of control of the standard",
        "line 3: CD02 stands there already",
    ]
    with pytest.raises(InvalidContent):
        read_controls([{"indicator_id": "CD02", "value": "DebtBondage"}], {})
