"""The export of figures of cases: one row a case, codes and months alone."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from puente.protection.case_file import read_case_file
from puente.protection.exporting import ExportKind, Row, register_export
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.referrals import State
from puente.protection.sealed import Compartment

FIELDS = {
    "opened_in": _("Month in which the case was opened"),
    "state": _("Whether it is open"),
    "closed_in": _("Month in which it was closed"),
    "risk": _("Risk in the safety plan"),
    "referrals": _("How many referrals"),
    "delivered": _("How many of them were delivered"),
    "follow_ups_done": _("How many follow-ups were done"),
    "attachments": _("How many papers are kept"),
}
#: Counts above this are written as "5+", so that nobody is picked out by a long file.
MOST_TOLD = 5


def describe_case(opened: OpenedCase) -> list[Row]:
    """Return the one row of a case: months, codes and short counts."""
    case, today = opened.case, timezone.localdate()
    file = read_case_file([read for read in read_entries(opened) if read.entry.compartment is not Compartment.CONTACT])
    delivered = [one for one in file.referrals if one.state_on(today) is State.DELIVERED]
    done = [one for one in file.follow_ups if one.result == "done"]
    return [
        {
            "opened_in": f"{case.opened_at:%Y-%m}",
            "state": "closed" if case.closed_at else "open",
            "closed_in": f"{case.closed_at:%Y-%m}" if case.closed_at else "",
            "risk": str(file.plan.risk) if file.plan else "",
            "referrals": _count(len(file.referrals)),
            "delivered": _count(len(delivered)),
            "follow_ups_done": _count(len(done)),
            "attachments": _count(len(file.attachments)),
        }
    ]


def _count(number: int) -> str:
    return f"{MOST_TOLD}+" if number > MOST_TOLD else str(number)


CASE_FIGURES = register_export(
    ExportKind(
        "case_figures",
        _("Figures of cases"),
        _("One row a case: months, risk and short counts. You choose the fields."),
        tuple(FIELDS),
        describe_case,
        labels=FIELDS,
    )
)
