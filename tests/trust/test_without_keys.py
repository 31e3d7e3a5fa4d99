"""Sealed against the disk: without key files nothing opens, and a reserved person's rows need the vault's as well."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

import pytest

from puente.platform.sealing import create_data_key, seal
from tests.trust.attacking import (
    Cell,
    decrypt,
    find_candidates,
    find_wraps,
    open_cells,
    read_cells,
    read_key_files,
    try_candidates,
)

#: Sealed under what a person has in the hand and in the head, which no key file opens.
UNDER_NO_KEY = {"counselling_phonepage"}


@pytest.fixture(scope="session")
def cells(written) -> list[Cell]:
    (dump,) = written.places["dump"]
    return [cell for cell in read_cells(dump) if cell.table not in UNDER_NO_KEY]


@pytest.fixture(scope="session")
def key_files(written) -> dict[str, Path]:
    return {file.name: file for file in written.places["home"] if file.name in ("keys.json", "vault.json")}


@pytest.fixture(scope="session")
def reserved(cells) -> set[str]:
    return {cell.row["id"] for cell in cells if cell.table == "people_person" and cell.row["key_name"] == "vault-1"}


def test_with_both_key_files_every_sealed_value_of_every_table_opens(cells, key_files):
    opened = open_cells(cells, read_key_files(*key_files.values()))
    assert {(cell.table, cell.column) for cell in cells} == {(cell.table, cell.column) for cell in opened}
    assert len(opened) == len(cells) > 80


def test_the_walk_meets_every_table_that_seals_something(cells):
    tables = {cell.table for cell in cells}
    assert tables >= {
        "people_person", "people_identity", "people_consentdecision", "reception_manifest", "reception_manifestline",
        "reception_immediateneed", "needs_need", "needs_needevent", "instruments_answer", "counselling_workprofile",
        "counselling_pastjob", "protection_handover", "protection_casekey", "protection_caseentry",
        "protection_watchedperson",
    }  # fmt: skip


def test_the_offices_key_alone_opens_nothing_of_a_reserved_person(cells, key_files, reserved):
    theirs = [cell for cell in cells if cell.person_id in reserved]
    assert len(reserved) >= 2
    assert len({cell.table for cell in theirs}) >= 12
    opened = open_cells(cells, read_key_files(key_files["keys.json"]))
    assert "reception_manifestline" in {cell.table for cell in opened}
    assert [(cell.table, cell.column) for cell in opened if cell.person_id in reserved] == []


def test_no_case_and_no_handover_opens_with_the_offices_key(cells, key_files):
    opened = open_cells(cells, read_key_files(key_files["keys.json"]))
    assert not [cell for cell in opened if cell.table.startswith("protection_")]


def test_without_key_files_nothing_opens():
    data_key, key = create_data_key(), create_data_key()
    cells = [Cell("people_person", "wrapped_key", {"id": "1"}, seal(key, data_key, "person|1"))]
    disk = os.urandom(4_000) + b"no key here" * 40
    assert try_candidates(cells, find_candidates(disk)) == set()


@pytest.mark.parametrize("how", ["raw", "hexadecimal", "base64", "url-safe base64"])
def test_a_key_on_the_disk_is_found_however_it_is_written(how):
    data_key, key = create_data_key(), secrets.token_bytes(32)
    cells = [Cell("people_person", "wrapped_key", {"id": "1"}, seal(key, data_key, "person|1"))]
    text = {
        "raw": key, "hexadecimal": key.hex().encode(), "base64": base64.b64encode(key),
        "url-safe base64": base64.urlsafe_b64encode(key),
    }[how]  # fmt: skip
    disk = b'{"key": "' + text + b'"}' + bytes(500)
    assert try_candidates(cells, find_candidates(disk)) == {key}
    assert open_cells(cells, [key]) == cells


def test_a_wrap_in_a_replaced_row_is_found_by_whoever_has_its_key():
    data_key, key = create_data_key(), create_data_key()
    disk = os.urandom(777) + seal(key, data_key, "person|1") + os.urandom(99)
    assert find_wraps(disk, [key]) == {data_key}
    assert find_wraps(disk, [create_data_key()]) == set()


def test_a_wrong_key_does_not_pass_for_a_right_one():
    sealed = seal(create_data_key(), b"Xicale Tzintzun", "identity|1|1")
    assert not [key for key in (create_data_key() for _ in range(2_000)) if decrypt(key, sealed) is not None]
