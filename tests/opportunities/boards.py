"""Small boards for the tests, as files and as tables, and what reads them."""

import csv
import io
from datetime import UTC, date, datetime

import xlsxwriter

from puente.offices.selectors import load_place_index
from puente.opportunities.imports.interpret import Findings, Knowledge, interpret
from puente.opportunities.imports.mapping import Mapping, Options
from puente.opportunities.imports.reading import read_openings_file
from puente.opportunities.models import ImportBatch, ImportSource
from puente.opportunities.selectors.catalogues import get_occupation_index
from puente.opportunities.services import imports
from puente.platform.row_security import acting_as
from puente.platform.uploads import Table, TableRow

NOW = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
HEADER = ("folio", "puesto", "empresa", "sueldo", "estado", "municipio")
COLUMNS = {
    "key": "folio", "title": "puesto", "employer": "empresa", "wage_min": "sueldo", "state": "estado",
    "municipality": "municipio",
}  # fmt: skip
MASON = ("1", "albañil", "Constructora Bosencheve", "9800", "Michoacán", "Zitácuaro")
WELDER = ("2", "soldador", "Herrería La Fragua", "11200", "Michoacán", "Zitácuaro")


def table(*rows, header=HEADER):
    return Table(tuple(header), tuple(TableRow(number, tuple(row)) for number, row in enumerate(rows, start=2)))


def csv_file(*rows, header=HEADER):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


def xlsx_file(*rows, header=HEADER):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet()
    for number, row in enumerate([header, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return content.getvalue()


def read(*rows, header=HEADER, columns=None, options=None, decisions=None) -> Findings:
    """Interpret rows without a database; the codes are those the index knows."""
    knowledge = Knowledge(load_place_index(), get_occupation_index(), frozenset({"7121", "7212"}), decisions or {})
    mapping = Mapping(columns or {name: name for name in header}, options or Options())
    return interpret(table(*rows, header=header), mapping, knowledge, TODAY)


def make_source(code="uruapan", columns=None, options=None):
    return ImportSource.objects.create(code=code, name=code.title(), columns=columns or COLUMNS, options=options or {})


def load(actor, source, content, now=NOW):
    """Load a file as the worker does, without the worker."""
    with acting_as(actor):
        parsed = read_openings_file(content)
        batch = imports.start_import(actor=actor, source_id=source.pk, content=content, table=parsed, now=now)
        batch.state = ImportBatch.State.LOADING
        imports.run_import(actor=actor, batch=batch, table=parsed, now=now)
    return batch
