"""Alerts: what must be looked at, and what it was."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puente.audit.forms import ReviewForm
from puente.audit.selectors import count_waiting_alerts, list_alerts, list_canaries, tell_alerts, tell_canaries
from puente.audit.services import review_alert
from puente.audit.views.frame import list_tabs
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 16


@login_required
@require_safe
def alerts(request: StaffRequest) -> HttpResponse:
    """Show the alerts of the reader's offices: those that wait, or all."""
    waits = request.GET.get("show", "") != "all"
    page = KeysetPage.of_request(request, list_alerts(request.actor, waiting=waits or None), ("-at", "id"), PAGE_SIZE)
    pills = [("", _("Waiting"), count_waiting_alerts(request.actor)), ("all", _("All"), None)]
    context = {
        "page": page,
        "alerts": [(told, ReviewForm(auto_id=f"{told.alert.pk}-%s")) for told in tell_alerts(request.actor, page.rows)],
        "pills": build_pills(request, "show", pills),
        "waits": waits,
        "tabs": list_tabs(request, "audit:alerts"),
    }
    return render(request, "audit/alerts.html", context)


@login_required
@require_POST
def review(request: StaffRequest, alert_id: UUID) -> HttpResponse:
    """Note what an alert was."""
    form = ReviewForm(request.POST)
    if form.is_valid():
        outcome = form.cleaned_data["outcome"]
        review_alert(actor=request.actor, alert_id=alert_id, outcome=outcome, now=timezone.now())
        messages.success(request, _("Noted."))
    else:
        messages.error(request, _("Choose what it was"))
    return redirect("audit:alerts")


@login_required
@require_safe
def canaries(request: StaffRequest) -> HttpResponse:
    """Show the invented files of the reader's offices, by reference alone."""
    page = KeysetPage.of_request(request, list_canaries(request.actor), ("-planted_at", "person_id"), PAGE_SIZE)
    context = {"page": page, "canaries": tell_canaries(page.rows), "tabs": list_tabs(request, "audit:canaries")}
    return render(request, "audit/canaries.html", context)
