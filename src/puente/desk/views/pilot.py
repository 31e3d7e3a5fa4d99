"""The coordinator's page: the pilot, its indicators, and the figures of today and of a month."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.desk.charts import CHARTS, draw_figures, draw_follow_ups
from puente.desk.forms import PilotForm, ReportForm
from puente.desk.models import Indicator
from puente.desk.policies import EDIT_PILOT, MAKE_REPORT, VIEW_PILOT, VIEW_STATISTICS
from puente.desk.selectors.figures import Period, month_of, read_figures, read_period, read_pilot_figures
from puente.desk.selectors.pilots import find_office, find_pilot, list_pilot_versions, list_states
from puente.desk.services.pilots import save_pilot
from puente.desk.services.reports import record_download
from puente.offices.models import Office
from puente.web.parts import build_pills

#: Without it, a spreadsheet reads the file in the code page of the machine and breaks the accents.
BYTE_ORDER_MARK = "\ufeff"


@login_required
@require_safe
def pilot(request: HttpRequest) -> HttpResponse:
    """Show how the pilot stands, and what happened in a period."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    office = find_office(actor, VIEW_PILOT)
    found = find_pilot(actor, office.pk)
    period = read_period(request.GET.get("period", ""), office, now)
    pilot_figures = read_pilot_figures(actor, office, found, now) if found else None
    target = found.targets.get(Indicator.FOLLOWED_UP) if found else None
    context = {
        "office": office,
        "pilot": found,
        "states": list_states(found) if found else [],
        "versions": list_pilot_versions(actor, office.pk),
        "pilot_figures": pilot_figures,
        "follow_ups": draw_follow_ups(pilot_figures, target) if pilot_figures else None,
        "period": period,
        "period_pills": build_pills(request, "period", _list_periods(office, period), chosen=period.key),
        "charts": [
            (chart, f"{reverse('desk:figures-csv', args=[name])}?period={period.key}")
            for name, chart in draw_figures(read_figures(actor, office, period, now)).items()
            if not (name == "days" and period.key == "today")
        ],
        "may_edit": actor.may(EDIT_PILOT),
        "report_form": ReportForm(today=timezone.localdate(now)) if actor.may(MAKE_REPORT) else None,
    }
    return render(request, "desk/pilot.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Set the pilot up, or change it: a change is a new version."""
    actor = request.actor  # type: ignore[attr-defined]
    office = find_office(actor, EDIT_PILOT)
    request.section = "desk:pilot"  # type: ignore[attr-defined]
    found = find_pilot(actor, office.pk)
    if request.method != "POST":
        return render(request, "desk/pilot_edit.html", {"form": PilotForm(pilot=found), "pilot": found})
    form = PilotForm(request.POST, pilot=found)
    if not form.is_valid():
        return render(request, "desk/pilot_edit.html", {"form": form, "pilot": found}, status=422)
    save_pilot(actor=actor, office_id=office.pk, facts=form.build(), now=timezone.now())
    messages.success(request, _("Saved. The earlier version stays in the history."))
    return redirect("desk:pilot")


@login_required
@require_safe
def download(request: HttpRequest, name: str) -> HttpResponse:
    """Give the table behind a chart as CSV, for use in the office."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    if name not in CHARTS:
        raise Http404
    office = find_office(actor, VIEW_STATISTICS)
    period = read_period(request.GET.get("period", ""), office, now)
    chart = CHARTS[name](read_figures(actor, office, period, now))
    record_download(actor=actor, office_id=office.pk, name=name, period=period.key, now=now)
    response = HttpResponse(BYTE_ORDER_MARK + chart.write_csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}-{period.key}.csv"'
    return response


def _list_periods(office: Office, shown: Period) -> list[tuple[str, str, None]]:
    """Return today, this month, the two before it, and the month shown where it is another."""
    today = timezone.localdate()
    months = [month_of(today, office)]
    while len(months) < 3:
        months.append(month_of(months[-1].first - timedelta(days=1), office))
    if shown.key not in {"today", *(month.key for month in months)}:
        months.append(shown)
    return [("today", _("Today"), None), *((month.key, month.label, None) for month in months)]
