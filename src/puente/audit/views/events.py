"""The record of events: who did what, when and for what."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from puente.audit.forms import EventFilterForm
from puente.audit.selectors import EventFilter, list_events, tell_events
from puente.audit.views.frame import list_tabs
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest

PAGE_SIZE = 24


@login_required
@require_safe
def events(request: StaffRequest) -> HttpResponse:
    """Show the events of the reader's offices, the latest first; a wrong filter shows none and says why."""
    form = EventFilterForm(request.actor, request.GET.dict())
    wanted = form.read() if form.is_valid() else EventFilter()
    found = list_events(request.actor, wanted)
    page = KeysetPage.of_request(request, found if form.is_valid() else found.none(), ("-at", "id"), PAGE_SIZE)
    context = {
        "form": form,
        "page": page,
        "events": tell_events(page.rows),
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "tabs": list_tabs(request, "audit:events"),
    }
    return render(request, "audit/events.html", context, status=200 if form.is_valid() else 422)
