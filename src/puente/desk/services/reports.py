"""Making the monthly report, and letting figures go out as CSV: each leaves an event."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import xlsxwriter
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.desk.policies import MAKE_REPORT, VIEW_PILOT, VIEW_STATISTICS
from puente.desk.report import Report, Value, build_report
from puente.desk.selectors.figures import Period, read_figures, read_pilot_figures
from puente.desk.selectors.pilots import find_pilot
from puente.offices.models import Office
from puente.platform.documents import render_pdf
from puente.platform.policy import Actor, Purpose, require_in_office

TEMPLATE = Path(__file__).parents[1] / "documents" / "report.typ"
WIDEST_COLUMN = 44

MADE = register_verb("report.made", gettext_noop("made the monthly report"))
DOWNLOADED = register_verb("figures.downloaded", gettext_noop("took figures along as CSV"))


@transaction.atomic
def make_report(*, actor: Actor, office: Office, month: Period, kind: str, now: datetime) -> bytes:
    """Return the report of a month as a file, in the language in force.

    Args:
        kind: pdf or xlsx.

    Raises:
        NotAllowed: where the actor makes no reports of this office.
    """
    require_in_office(actor, MAKE_REPORT, office.pk)
    figures = read_figures(actor, office, month, now)
    pilot = find_pilot(actor, office.pk) if office.pk in actor.offices_for(VIEW_PILOT) else None
    started = pilot is not None and pilot.starts_on <= month.last
    pilot_figures = read_pilot_figures(actor, office, pilot, now, month.last) if pilot and started else None
    report = build_report(office, figures, pilot, pilot_figures)
    record_event(
        actor=actor, verb=MADE, record_type="report", record_id=None, office_id=office.pk, purpose=Purpose.STATISTICS,
        at=now, detail={"month": month.key, "kind": kind},
    )  # fmt: skip
    return write_xlsx(report) if kind == "xlsx" else write_pdf(report, now)


@transaction.atomic
def record_download(*, actor: Actor, office_id: UUID, name: str, period: str, now: datetime) -> None:
    """Note that a table of figures was taken along; raises NotAllowed."""
    require_in_office(actor, VIEW_STATISTICS, office_id)
    record_event(
        actor=actor, verb=DOWNLOADED, record_type="figures", record_id=None, office_id=office_id,
        purpose=Purpose.STATISTICS, at=now, detail={"name": name, "period": period},
    )  # fmt: skip


def write_pdf(report: Report, now: datetime) -> bytes:
    """Return a report on paper."""
    data: dict[str, Any] = {
        "language": translation.get_language(),
        "title": report.title,
        "month": report.month,
        "office": report.office,
        "date": date_format(timezone.localtime(now), "DATE_FORMAT"),
        "sheet": _("Sheet {here} of {all}"),
        "note": report.note,
        "tables": [
            {
                "title": table.title,
                "note": table.note,
                "header": list(table.header),
                "rows": [[_write(value) for value in row] for row in table.rows],
            }
            for table in report.tables
        ],
    }
    return render_pdf(TEMPLATE, data)


def write_xlsx(report: Report) -> bytes:
    """Return a report as a workbook of one sheet a table; words are written as words, never as formulas."""
    target = io.BytesIO()
    # What a workbook says of itself must not name the machine or its user.
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": report.title, "author": "Puente", "company": report.office})
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0", "align": "right"})
        right = book.add_format({"align": "right"})
        for position, table in enumerate(report.tables, start=1):
            sheet = book.add_worksheet(f"{position}")
            lines = (table.title, f"{report.office} · {report.month}", table.note, report.note)
            for row, line in enumerate(lines):
                sheet.write_string(row, 0, line, bold if row == 0 else None)
            top = len(lines) + 1
            for column, name in enumerate(table.header):
                sheet.write_string(top, column, name, bold)
            for row, values in enumerate(table.rows, start=top + 1):
                for column, value in enumerate(values):
                    if isinstance(value, int):
                        sheet.write_number(row, column, value, number)
                    else:
                        sheet.write_string(row, column, value, None if column == 0 else right)
            longest = max(len(str(row[0])) for row in (table.header, *table.rows))
            sheet.set_column(0, 0, min(longest + 2, WIDEST_COLUMN))
            sheet.set_column(1, len(table.header) - 1, 20)
    return target.getvalue()


def _write(value: Value) -> str:
    return str(number_format(value, use_l10n=True, force_grouping=True)) if isinstance(value, int) else value
