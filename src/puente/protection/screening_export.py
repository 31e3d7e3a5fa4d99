"""The export of screened cases in the layout of IOM's Human Trafficking Case Data Standard."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from puente.engines.screening import COLUMNS, build_htcds_rows
from puente.protection.exporting import ExportKind, Row, register_export
from puente.protection.opening import OpenedCase
from puente.protection.screening_content import htcds_controls
from puente.protection.selectors.screenings import describe_case_facts


def describe_in_htcds(opened: OpenedCase) -> Sequence[Row]:
    """Return the row of a case in the standard's columns; none where nobody agreed to it or nothing was read yet."""
    facts = describe_case_facts(opened)
    return build_htcds_rows([facts], htcds_controls()) if facts else []


HTCDS = register_export(
    ExportKind(
        "htcds",
        _("Screened cases, in the layout of IOM's standard (HTCDS)"),
        _("One row a case that was read, where the person agreed to be counted. What identifies stays empty."),
        COLUMNS,
        describe_in_htcds,
        is_standard=True,
    )
)
