"""Who is in charge of a case: supervision puts officers in charge without opening what is in it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puente.accounts.step_up import require_step_up
from puente.people.pseudonyms import reference_of
from puente.protection.forms.decisions import AssignForm
from puente.protection.policies import ASSIGN_CASE
from puente.protection.selectors.cases import get_listed_case
from puente.protection.selectors.officers import list_in_charge, list_officers
from puente.protection.services.assignments import assign_case
from puente.protection.views.frame import SECTION
from puente.web.requests import StaffRequest


@require_step_up(ASSIGN_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Put an officer in charge; another one's charge may end with it."""
    request.section = SECTION
    actor = request.actor
    case = get_listed_case(actor, case_id)
    in_charge = list_in_charge([case.person_id]).get(case.person_id, [])
    held = {one.user_id for one in in_charge} | {actor.id}
    officers = [one for one in list_officers(case.office_id) if one.pk not in held]
    sent = request.POST if request.method == "POST" else None
    form = AssignForm(sent, officers=officers, in_charge=in_charge)
    if request.method == "POST" and form.is_valid():
        user_id, ending = form.build()
        assign_case(actor=actor, case_id=case_id, user_id=user_id, ending=ending, now=timezone.now())
        messages.success(request, _("The officer is in charge from now on."))
        return redirect("protection:cases")
    context = {
        "case": case,
        "reference": reference_of(case.person_id),
        "in_charge": in_charge,
        "officers": officers,
        "form": form,
    }
    return render(request, "protection/cases/assign.html", context, status=422 if form.errors else 200)
