"""The rules of the house that no single room can keep alone."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from puente.platform.catalogues import find_gaps
from puente.platform.paths import PACKAGE

ROOMS = [name.rpartition(".")[2] for name in settings.ROOMS]
FILE_NAMES = {
    "__init__", "apps", "models", "policies", "selectors", "services", "jobs", "forms", "views", "api", "urls",
}  # fmt: skip


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("room", ROOMS)
def test_the_catalogues_are_complete(room, language):
    assert find_gaps(PACKAGE / room, language) == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_table_about_a_person_has_row_level_security(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attname = 'person_id'"
            " AND NOT c.relrowsecurity ORDER BY 1"
        )
        # A grant names a person by id alone and is the ground on which the policies stand.
        assert [row[0] for row in cursor.fetchall()] == ["accounts_accessgrant"]


def test_views_and_forms_ask_selectors_not_the_database():
    offenders = [
        str(file.relative_to(PACKAGE))
        for room in ROOMS
        for file in [*(PACKAGE / room).glob("views*.py"), *(PACKAGE / room).glob("views/*.py")]
        if ".objects." in file.read_text()
    ]
    assert offenders == []


def test_no_file_carries_a_path_of_one_machine():
    marks = tuple(f"/{folder}/" for folder in ("root", "home", "work"))
    offenders = [
        str(file)
        for folder in (PACKAGE, Path("docs"), Path("script"), Path("tests"), Path("benchmarks"))
        for file in folder.rglob("*")
        if file.suffix in {".py", ".md", ".html", ".toml", ".js", ".css", ".typ", ""} and file.is_file()
        and file.name != "test_house.py"
        and any(mark in file.read_text(errors="ignore") for mark in marks)
    ]  # fmt: skip
    assert offenders == []
