from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from puente.offices import selectors
from puente.offices.forms import ServiceForm
from puente.offices.policies import EDIT_DIRECTORY
from puente.offices.services import update_service
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 20


@login_required
def directory(request: StaffRequest) -> HttpResponse:
    """The service directory: what partners offer, where and when, with free places."""
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:80]
    kinds = selectors.count_services_by_kind(request.actor)
    services = selectors.list_services(request.actor, kind=kind, text=text)
    page = KeysetPage.of_request(request, services, ("municipality__state", "code"), PAGE_SIZE)
    pills = build_pills(
        request, "kind", [("", _("All"), None), *((found.code, found.label, number) for found, number in kinds)]
    )
    return render(
        request,
        "offices/directory.html",
        {"page": page, "pills": pills, "text": text, "may_edit": request.actor.may(EDIT_DIRECTORY)},
    )


@login_required
def edit_service(request: StaffRequest, code: str) -> HttpResponse:
    """Bring a service up to date."""
    service = selectors.get_service(request.actor, code)
    if service is None or not request.actor.may(EDIT_DIRECTORY):
        raise Http404
    initial = {name: getattr(service, name) for name in ServiceForm.base_fields}
    form = ServiceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        update_service(actor=request.actor, code=code, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("offices:directory")
    return render(request, "offices/service.html", {"form": form, "service": service})


@login_required
def municipalities(request: StaffRequest) -> HttpResponse:
    """Options for a field that asks for a municipality: homonyms stand beside each other with their state."""
    text = request.GET.get("q", "").strip()[:60]
    found = selectors.find_municipalities(text, request.GET.get("state", "")) if len(text) > 1 else []
    return render(request, "offices/municipalities.html", {"found": found, "text": text})
