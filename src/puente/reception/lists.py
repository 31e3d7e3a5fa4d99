"""Reading a sender's list: which column holds what, and what each row says. Pure: tables in, lines out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.engines.identity.birth import PartialDate
from puente.engines.identity.names import PersonName, readable_case, split_name
from puente.engines.identity.vocabulary import fold
from puente.platform.uploads import Table, TableRow

#: Part of a line → how it is called on the mapping page.
PARTS: dict[str, str | Promise] = {
    "full_name": gettext_lazy("Whole name in one column"),
    "first_surname": gettext_lazy("First surname, or both"),
    "second_surname": gettext_lazy("Second surname"),
    "given": gettext_lazy("Given name"),
    "birth": gettext_lazy("Birth date or year"),
    "sex": gettext_lazy("Sex"),
    "birth_place": gettext_lazy("State or country of birth"),
    "reference": gettext_lazy("Number on the list"),
}
#: Words of a header, folded; the first part that fits takes the column.
_HEADERS: dict[str, tuple[str, ...]] = {
    "second_surname": ("APELLIDO MATERNO", "SEGUNDO APELLIDO", "MATERNO", "SECOND SURNAME", "APELLIDO 2"),
    "first_surname": (
        "APELLIDO PATERNO", "PRIMER APELLIDO", "PATERNO", "APELLIDOS", "APELLIDO", "LAST NAME", "SURNAME",
        "FAMILY NAME", "APELLIDO 1", "LNAME",
    ),
    "full_name": ("NOMBRE COMPLETO", "FULL NAME", "NAME OF ALIEN", "ALIEN NAME", "SUBJECT NAME", "PERSONA"),
    "given": ("NOMBRES", "NOMBRE(S)", "NOMBRE", "FIRST NAME", "GIVEN NAME", "FNAME", "NAME"),
    "birth": ("FECHA DE NACIMIENTO", "FECHA NAC", "NACIMIENTO", "DATE OF BIRTH", "BIRTH DATE", "DOB", "YOB", "ANO"),
    "sex": ("SEXO", "SEX", "GENERO", "GENDER"),
    "birth_place": (
        "ENTIDAD DE NACIMIENTO", "LUGAR DE NACIMIENTO", "ENTIDAD", "ESTADO", "STATE", "COB", "NACIONALIDAD", "PAIS",
    ),
    "reference": ("FOLIO", "NUMERO", "NUM", "NO.", "A-NUMBER", "A NUMBER", "ALIEN NUMBER", "ID", "#"),
}  # fmt: skip
_SEXES = {"F": "F", "M": "M", "H": "M", "X": "X", "MUJER": "F", "FEMENINO": "F", "FEMALE": "F", "HOMBRE": "M",
          "MASCULINO": "M", "MALE": "M"}  # fmt: skip
_MONTHS = {
    "ENE": 1, "JAN": 1, "FEB": 2, "MAR": 3, "ABR": 4, "APR": 4, "MAY": 5, "JUN": 6, "JUL": 7, "AGO": 8, "AUG": 8,
    "SEP": 9, "OCT": 10, "NOV": 11, "DIC": 12, "DEC": 12,
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What one row of a list says of a person. `as_written` keeps the name in the sender's letters."""

    row_number: int
    name: PersonName
    as_written: str
    birth: str = ""
    sex: str = ""
    birth_place: str = ""
    reference: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return what is sealed."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Self:
        """Return the line of what `to_json` made."""
        return cls(**content | {"name": PersonName(**content["name"])})

    @property
    def birth_date(self) -> PartialDate | None:
        """The birth date as far as the list has it."""
        return PartialDate.from_iso(self.birth) if self.birth else None


@dataclass(frozen=True)
class RowRemark:
    """What is wrong with a row, or only worth knowing (`is_error` False: the row loads without that fact)."""

    row_number: int
    message: str
    is_error: bool


@dataclass(frozen=True)
class Reading:
    """A whole list as it would be loaded: its lines, and what is to be said of its rows."""

    lines: tuple[Line, ...]
    remarks: tuple[RowRemark, ...]

    @property
    def errors(self) -> tuple[RowRemark, ...]:
        """The remarks that keep the list from being loaded."""
        return tuple(remark for remark in self.remarks if remark.is_error)


def guess_columns(header: Sequence[str]) -> dict[str, str]:
    """Return which column seems to hold each part, by the words of the header."""
    folded = {name: fold(name).strip() for name in header if name}
    found: dict[str, str] = {}
    for match in (str.__eq__, str.__contains__):
        for part, words in _HEADERS.items():
            free = {name: text for name, text in folded.items() if name not in found.values()}
            hit = next((name for word in words for name, text in free.items() if match(text, word)), None)
            if part not in found and hit is not None and not (match is not str.__eq__ and len(fold(hit)) > 40):
                found[part] = hit
    if "given" in found and "first_surname" not in found and "full_name" not in found:
        found["full_name"] = found.pop("given")
    return found


def read_lines(table: Table, columns: Mapping[str, str], *, surnames_first: bool = True) -> Reading:
    """Read every row of a list.

    Args:
        columns: part → header, as `guess_columns` gives it.
        surnames_first: the order of the sender's whole names.
    """
    places = {part: table.header.index(name) for part, name in columns.items() if name in table.header}
    lines: list[Line] = []
    remarks: list[RowRemark] = []
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        texts = {part: row.cells[place] for part, place in places.items()}
        line, said = _read_row(row, texts, surnames_first)
        remarks += said
        if line is None:
            continue
        twin = seen.setdefault((line.as_written.upper(), line.birth, line.reference), row.number)
        if twin != row.number:
            text = _("Row %(row)s says the same as row %(other)s") % {"row": row.number, "other": twin}
            remarks.append(RowRemark(row.number, text, is_error=False))
        lines.append(line)
    return Reading(tuple(lines), tuple(remarks))


def read_birth(text: str) -> PartialDate | None:
    """Read a date as lists write it: 1992, 14/03/1992, 03/25/92, 1992-03-14, 14-MAR-1992.

    Day and month are read the Mexican way where both orders are possible. Raises ValueError.
    """
    text = fold(text.strip())
    if not text:
        return None
    if re.fullmatch(r"(19|20)\d\d", text):
        return PartialDate.from_parts(int(text))
    parts = re.split(r"[\s/.\-]+", re.sub(r"[T ]00:00(:00)?.*$", "", text))
    if len(parts) != 3:
        raise ValueError("not a date")
    if len(parts[0]) == 4:
        year, month, day = parts
    else:
        day, month, year = parts
    if month[:3] in _MONTHS:
        numbers = [_full_year(int(year)), _MONTHS[month[:3]], int(day)]
    elif day[:3] in _MONTHS:
        numbers = [_full_year(int(year)), _MONTHS[day[:3]], int(month)]
    else:
        numbers = [_full_year(int(year)), int(month), int(day)]
        if numbers[1] > 12:
            numbers[1], numbers[2] = numbers[2], numbers[1]
    return PartialDate.from_date(date(*numbers))


def _full_year(year: int) -> int:
    if year >= 100:
        return year
    return 1900 + year if 2000 + year > date.today().year else 2000 + year  # noqa: DTZ011 - a century, not a day


def _read_row(row: TableRow, texts: Mapping[str, str], surnames_first: bool) -> tuple[Line | None, list[RowRemark]]:
    name, as_written = _read_name(texts, surnames_first)
    if name is None:
        message = _("Row %(row)s has no name") % {"row": row.number}
        return None, [RowRemark(row.number, message, is_error=True)]
    if not name.first_surname:
        message = _("Row %(row)s has no surname") % {"row": row.number}
        return None, [RowRemark(row.number, message, is_error=True)]
    remarks = list(_check_rest(row, texts))
    return Line(
        row.number, name, as_written,
        birth=_read_or_nothing(texts.get("birth", "")),
        sex=_SEXES.get(fold(texts.get("sex", "")).strip(), ""),
        birth_place=texts.get("birth_place", ""),
        reference=texts.get("reference", ""),
    ), remarks  # fmt: skip


def _read_name(texts: Mapping[str, str], surnames_first: bool) -> tuple[PersonName | None, str]:
    if whole := texts.get("full_name", "").strip():
        return split_name(whole, surnames_first=surnames_first).name, whole
    first, second = texts.get("first_surname", "").strip(), texts.get("second_surname", "").strip()
    given = texts.get("given", "").strip()
    as_written = " ".join(part for part in (first, second, given) if part)
    if not as_written:
        return None, ""
    if first and not second:
        # One column often holds both surnames: "AVALOS-CRUZ", "DE LA CRUZ SOLIS".
        surnames = split_name(f"{first.replace('-', ' ')}, {given}").name
        first, second = surnames.first_surname, surnames.second_surname
    return PersonName(readable_case(given), readable_case(first), readable_case(second)), as_written


def _check_rest(row: TableRow, texts: Mapping[str, str]) -> Iterator[RowRemark]:
    try:
        read_birth(texts.get("birth", ""))
    except ValueError:
        message = _("Row %(row)s: the birth date cannot be read and is left empty") % {"row": row.number}
        yield RowRemark(row.number, message, is_error=False)
    if texts.get("sex", "").strip() and fold(texts["sex"]).strip() not in _SEXES:
        message = _("Row %(row)s: the sex cannot be read and is left empty") % {"row": row.number}
        yield RowRemark(row.number, message, is_error=False)


def _read_or_nothing(text: str) -> str:
    try:
        birth = read_birth(text)
    except ValueError:
        return ""
    return birth.isoformat() if birth else ""
