"""The ledger of OWASP ASVS 5.0.0: every requirement has an answer, and every test that an answer names exists."""

import csv
import re

import pytest

from tests.ledger import LEDGER, ROOT, Requirement, find_sections, find_tests, read_ledger

STATUSES = {"met", "not_applicable", "gap"}
ROOMS = {file.parent.name for file in (ROOT / "src" / "puente").glob("*/__init__.py")} | {"all", "-"}
DOCUMENT = re.compile(r"docs/[\w/-]+\.md")


@pytest.fixture(scope="module")
def ledger() -> list[Requirement]:
    return read_ledger()


def test_every_requirement_stands_once_with_its_level(ledger):
    assert len({row.id for row in ledger}) == len(ledger) == 345
    counts = {level: sum(row.level == level for row in ledger) for level in (1, 2, 3)}
    assert counts == {1: 70, 2: 183, 3: 92}
    assert {row.status for row in ledger} == STATUSES
    assert {row.room for row in ledger} <= ROOMS


@pytest.mark.realdata
def test_ids_and_levels_are_those_of_the_standard(ledger, realdata):
    with (realdata / "asvs" / "asvs_5.0.0_en.csv").open(newline="", encoding="utf-8-sig") as handle:
        published = {row["req_id"]: int(row["L"]) for row in csv.DictReader(handle)}
    assert {row.id: row.level for row in ledger} == published


@pytest.mark.realdata
def test_the_words_are_our_own(ledger, realdata):
    """Its texts are under a licence of their own: no run of eight words of them stands in the ledger."""

    def runs(text):
        words = re.findall(r"\w+", text.lower())
        return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}

    with (realdata / "asvs" / "asvs_5.0.0_en.csv").open(newline="", encoding="utf-8-sig") as handle:
        theirs = set().union(*(runs(row["req_description"]) for row in csv.DictReader(handle)))
    ours = set().union(*(runs(row.evidence) for row in ledger if not row.tests))
    assert ours & theirs == set()


def test_every_named_test_exists(ledger):
    named = {test for row in ledger for test in row.tests}
    assert len(named) > 100
    assert sorted(named - find_tests()) == []


def test_no_answer_is_empty_or_too_short_to_say_anything(ledger):
    for row in ledger:
        assert row.tests or len(row.evidence.split()) >= 4, row.id
        if row.status != "met":
            assert not row.tests, f"{row.id}: what does not apply or is missing needs words"


def test_every_section_that_an_answer_names_stands_in_its_document(ledger):
    named = 0
    for row in ledger:
        before, *sections = row.evidence.split("§ ")
        documents = DOCUMENT.findall(before)[-1:]
        for section in sections:
            named += 1
            assert section.startswith(tuple(find_sections(documents[-1]))), f"{row.id}: {documents[-1]}, {section}"
            # A second section of the same document stands without its name.
            documents += DOCUMENT.findall(section)
    assert named > 50


def test_what_is_asked_of_every_application_is_met_but_for_what_is_written_here(ledger):
    gaps = {row.id for row in ledger if row.status == "gap" and row.level < 3}
    # Each of these needs more than a test that reaches no network can tell.
    assert gaps == {"V15.2.1"}
    assert sum(row.status == "met" and row.level == 3 for row in ledger) >= 40
    assert sum(bool(row.tests) and row.level == 3 for row in ledger) >= 40


def test_the_ledger_is_kept_in_the_order_of_the_standard(ledger):
    order = [tuple(map(int, row.id[1:].split("."))) for row in ledger]
    assert order == sorted(order)
    assert LEDGER.read_text(encoding="utf-8").endswith("\n")
