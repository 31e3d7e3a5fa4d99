from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext

from puente.audit.policies import PLANT_CANARY
from puente.offices.selectors import name_offices
from puente.people.forms.canaries import PlantForm
from puente.people.services import plant_canaries
from puente.platform.policy import NotAllowed
from puente.web.requests import StaffRequest


@login_required
def plant(request: StaffRequest) -> HttpResponse:
    """Invent people whom nobody has a reason to open."""
    offices = request.actor.offices_for(PLANT_CANARY)
    if not offices:
        raise NotAllowed(PLANT_CANARY.name)
    form = PlantForm(name_offices(offices).items(), request.POST or None)
    request.section = "audit:events"
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        plant_canaries(
            actor=request.actor, office_id=UUID(form.cleaned_data["office"]), number=number, now=timezone.now()
        )
        said = ngettext("%(number)s invented file is planted.", "%(number)s invented files are planted.", number)
        messages.success(request, said % {"number": number})
        return redirect("audit:canaries")
    return render(request, "people/plant.html", {"form": form}, status=422 if form.errors else 200)
