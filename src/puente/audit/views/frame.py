"""What the pages of the audit have in common."""

from django.urls import reverse
from django.utils.translation import gettext as _

from puente.audit.policies import PLANT_CANARY, REVIEW_ALERTS
from puente.audit.selectors import count_waiting_alerts
from puente.web.parts import Tab
from puente.web.requests import StaffRequest


def list_tabs(request: StaffRequest, current: str) -> list[Tab]:
    """Return the pages of the audit that the reader may use."""
    pages: list[tuple[str, str, int | None]] = [("audit:events", _("Events"), None)]
    if request.actor.may(REVIEW_ALERTS):
        pages.append(("audit:alerts", _("Alerts"), count_waiting_alerts(request.actor)))
    pages.append(("audit:heads", _("Checks and heads"), None))
    if request.actor.may(PLANT_CANARY):
        pages.append(("audit:canaries", _("Invented files"), None))
    return [Tab(label, reverse(name), name == current, count) for name, label, count in pages]
