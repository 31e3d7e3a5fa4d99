"""The file of an export: its rows, and beside them on every copy what they may be used for."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.platform.spreadsheets import create_workbook, write_cell, write_csv
from puente.protection.exporting import ExportReason, Row
from puente.protection.selectors.exports import ReadExport

REASONS: dict[ExportReason, str | Promise] = {
    ExportReason.PARTNER: gettext_lazy("A partner needs it, by an agreement in writing"),
    ExportReason.STATISTICS: gettext_lazy("Statistics"),
    ExportReason.REVIEW: gettext_lazy("Review of our own work"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def list_terms() -> list[str]:
    """Return what holds for every export, as sentences."""
    return [
        _("Use it for the purpose above and for nothing else."),
        _("Do not join it with other data, and do not try to find out who somebody is."),
        _("Do not publish its rows; publish sums alone, and none below five."),
        _("Do not hand it on. Keep it encrypted and destroy it when the purpose is served."),
        _("Who is called a presumed victim was presumed one by an officer. It is no finding."),
    ]


def describe_terms(export: ReadExport, now: datetime) -> list[tuple[str, str]]:
    """Return what stands on every copy: what it is, for what, by whom, and how it may be used."""
    row = export.shown.row
    period = _("from %(first)s to %(last)s") % {
        "first": date_format(row.first_day, "SHORT_DATE_FORMAT"), "last": date_format(row.last_day, "SHORT_DATE_FORMAT")
    }  # fmt: skip
    return [
        (_("Protected data"), str(export.shown.kind.label)),
        (_("Number of the export"), str(row.pk)),
        (_("Office"), row.office.label),
        (_("Cases opened"), period),
        (_("Purpose"), str(REASONS[export.reason])),
        (_("Asked for by"), export.shown.asked_by),
        (_("Let out by"), export.shown.decided_by),
        (_("Produced"), date_format(timezone.localtime(now), "SHORT_DATETIME_FORMAT")),
        *(("", line) for line in list_terms()),
    ]


def write_xlsx(export: ReadExport, rows: Sequence[Row], now: datetime) -> bytes:
    """Return a workbook of two sheets: the rows, and the terms, which each printed page of the rows names too."""
    target, fields = io.BytesIO(), export.shown.row.fields
    # What a workbook says of itself must not name the machine or its user.
    with create_workbook(target) as book:
        book.set_properties({"title": str(export.shown.kind.label), "author": "Puente"})
        bold = book.add_format({"bold": True})
        data, terms = book.add_worksheet("data"), book.add_worksheet("terms")
        for column, field in enumerate(fields):
            write_cell(data, 0, column, field, bold)
            for number, row in enumerate(rows, start=1):
                write_cell(data, number, column, row[field])
        data.freeze_panes(1, 0)
        data.set_column(0, len(fields) - 1, 18)
        # “&” begins a code in a workbook's footer.
        data.set_footer(f"&L{export.shown.row.pk}&R{_('Protected data')}")
        for number, (label, words) in enumerate(describe_terms(export, now)):
            write_cell(terms, number, 0, label, bold)
            write_cell(terms, number, 1, words)
        terms.set_column(0, 0, 24)
        terms.set_column(1, 1, 80)
    return target.getvalue()


def write_zip(export: ReadExport, rows: Sequence[Row], now: datetime) -> bytes:
    """Return an archive of the rows as CSV and of the terms: a table of a standard holds nothing but its columns."""
    target, fields = io.BytesIO(), export.shown.row.fields
    table = "".join(write_csv([fields, *([row[field] for field in fields] for row in rows)]))
    lines = (f"{label}: {words}" if label else f"- {words}" for label, words in describe_terms(export, now))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.csv", table)
        archive.writestr("terms.txt", "\r\n".join([*lines, ""]))
    return target.getvalue()


#: How a file may be made: code → (type, ending, writer).
FORMATS = {"xlsx": (XLSX, "xlsx", write_xlsx), "csv": ("application/zip", "zip", write_zip)}
