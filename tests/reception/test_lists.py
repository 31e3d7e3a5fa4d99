from contextlib import suppress
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from puente.platform.uploads import Table, TableRow
from puente.reception.lists import Line, guess_columns, read_birth, read_lines


def table(header, *rows):
    return Table(tuple(header), tuple(TableRow(number, tuple(row)) for number, row in enumerate(rows, start=2)))


@pytest.fixture(autouse=True)
def _in_spanish():
    with translation.override("es"):
        yield


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (["LAST NAME", "FIRST NAME", "DOB"], {"first_surname": "LAST NAME", "given": "FIRST NAME", "birth": "DOB"}),
        (
            ["No.", "Apellido paterno", "Apellido materno", "Nombre(s)", "Fecha de nacimiento", "Sexo", "Entidad"],
            {
                "reference": "No.", "first_surname": "Apellido paterno", "second_surname": "Apellido materno",
                "given": "Nombre(s)", "birth": "Fecha de nacimiento", "sex": "Sexo", "birth_place": "Entidad",
            },
        ),
        (["Nombre completo", "Año"], {"full_name": "Nombre completo", "birth": "Año"}),
        (["Nombre", "Edad"], {"full_name": "Nombre"}),
    ],
)  # fmt: skip
def test_the_columns_of_usual_lists_are_guessed(header, found):
    assert guess_columns(header) == found


def test_a_row_without_a_surname_keeps_the_list_from_loading_and_says_which():
    reading = read_lines(
        table(["Apellidos", "Nombre"], ["Ávalos Cruz", "Martín"], ["", "Noemí"], ["", ""]),
        {"first_surname": "Apellidos", "given": "Nombre"},
    )
    assert [error.message for error in reading.errors] == [
        "El renglón 3 no tiene apellido",
        "El renglón 4 no tiene nombre",
    ]
    assert len(reading.lines) == 1


def test_surnames_in_one_column_are_told_apart_and_kept_as_written():
    reading = read_lines(
        table(["LAST", "FIRST"], ["AVALOS-CRUZ", "MARTIN"], ["DE LA CRUZ SOLIS", "ELVIRA"]),
        {"first_surname": "LAST", "given": "FIRST"},
    )
    names = [(line.name.first_surname, line.name.second_surname, line.name.given) for line in reading.lines]
    assert names == [("Avalos", "Cruz", "Martin"), ("de la Cruz", "Solis", "Elvira")]
    assert reading.lines[0].as_written == "AVALOS-CRUZ MARTIN"


def test_what_cannot_be_read_is_left_empty_and_told():
    reading = read_lines(
        table(["Persona", "Nac", "Sexo"], ["Ávalos Cruz, Martín", "31/02/1990", "?"]),
        {"full_name": "Persona", "birth": "Nac", "sex": "Sexo"},
    )
    assert not reading.errors
    assert len(reading.remarks) == 2
    assert (reading.lines[0].birth, reading.lines[0].sex) == ("", "")


def test_two_equal_rows_are_told():
    reading = read_lines(table(["Persona"], ["Ávalos, Ana"], ["Ávalos, Ana"]), {"full_name": "Persona"})
    assert [remark.row_number for remark in reading.remarks] == [3]
    assert not reading.errors


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1992", "1992"), ("14/03/1992", "1992-03-14"), ("03/25/1992", "1992-03-25"), ("1992-03-14", "1992-03-14"),
        ("14-MAR-1992", "1992-03-14"), ("14 mar 92", "1992-03-14"), ("Mar 14 1992", "1992-03-14"),
        ("1992-03-14T00:00:00", "1992-03-14"), ("4/3/05", "2005-03-04"),
    ],
)  # fmt: skip
def test_dates_are_read_as_lists_write_them(text, iso):
    birth = read_birth(text)
    assert birth is not None
    assert birth.isoformat() == iso


@pytest.mark.parametrize("text", ["31/02/1990", "yesterday", "1/2", "99/99/99"])
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        read_birth(text)


@given(st.dates(date(1930, 1, 1), date(2020, 12, 31)))
def test_every_way_of_writing_a_day_gives_the_same_day(day):
    for pattern in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"):
        birth = read_birth(day.strftime(pattern))
        assert birth is not None
        assert birth.isoformat() == day.isoformat()


@given(st.text(max_size=30))
def test_reading_a_date_never_fails_otherwise_than_by_saying_so(text):
    with suppress(ValueError):
        read_birth(text)


@given(st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=8))
def test_any_row_is_read_or_named(rows):
    reading = read_lines(table(["a", "b", "c"], *rows), {"first_surname": "a", "given": "b", "birth": "c"})
    told = {line.row_number for line in reading.lines} | {error.row_number for error in reading.errors}
    assert told == set(range(2, len(rows) + 2))
    assert all(Line.from_json(line.to_json()) == line for line in reading.lines)
