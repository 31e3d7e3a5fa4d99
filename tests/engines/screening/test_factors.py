import csv

import pytest

from puente.engines.screening import Effect, InvalidContent, Level, Status, Text, read_factors
from puente.platform.paths import CONTENT

ROW = {
    "code": "age", "level": "individual", "label_es": "Edad", "label_en": "Age", "label_fr": "Âge",
    "status": "verified",
}  # fmt: skip


def test_the_shipped_factors_cover_the_four_levels():
    with (CONTENT / "protection" / "factors.csv").open() as file:
        factors = read_factors(csv.DictReader(file))
    assert {factor.level for factor in factors} == set(Level)
    assert {factor.level for factor in factors if factor.status is Status.UNVERIFIED} == {Level.COMMUNITY}
    assert list(Effect) == ["risk", "protective"]


def test_a_row_becomes_a_factor():
    (factor,) = read_factors([ROW])
    assert (factor.code, factor.level, factor.label, factor.status) == (
        "age", Level.INDIVIDUAL, Text("Edad", "Age", "Âge"), Status.VERIFIED,
    )  # fmt: skip


def test_every_problem_is_told_at_once():
    with pytest.raises(InvalidContent) as refused:
        read_factors([ROW, ROW, ROW | {"level": "world", "label_fr": ""}, ROW | {"status": "x"}])
    assert refused.value.problems == [
        "line 4: label_fr is empty",
        "line 4: level is “world”, it must be one of individual, household, community, structural",
        "line 5: status is “x”, it must be one of verified, unverified",
        "age stands there 2 times",
    ]
