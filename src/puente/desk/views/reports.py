"""The monthly report for the migration institute."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from puente.desk.forms import ReportForm
from puente.desk.policies import MAKE_REPORT
from puente.desk.selectors.figures import month_of
from puente.desk.selectors.pilots import find_office
from puente.desk.services.reports import make_report

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@login_required
@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Make the report of a month; each one made is noted."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    office = find_office(actor, MAKE_REPORT)
    form = ReportForm(request.POST, today=timezone.localdate(now))
    if not form.is_valid():
        request.section = "desk:pilot"  # type: ignore[attr-defined]
        return render(request, "desk/report.html", {"form": form}, status=422)
    month = month_of(date.fromisoformat(f"{form.cleaned_data['month']}-01"), office)
    kind = form.cleaned_data["kind"]
    content = make_report(actor=actor, office=office, month=month, kind=kind, now=now)
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{office.code}-{month.key}.{kind}"'
    return response
