"""The list of forms of exploitation that the law names, and the page that corrects one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.platform.policy import NotAllowed
from puente.protection.forms.legal_forms import LegalFormForm
from puente.protection.policies import EDIT_LEGAL_FORMS
from puente.protection.selectors.screenings import find_legal_form, list_legal_forms
from puente.protection.services import edit_legal_form
from puente.web.requests import StaffRequest

SECTION = "protection:legal_forms"


@login_required
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """The list, with what nobody compared with the law yet."""
    if not request.actor.may(EDIT_LEGAL_FORMS):
        raise NotAllowed(EDIT_LEGAL_FORMS.name)
    request.section = SECTION
    return render(request, "protection/legal_forms/list.html", {"forms": list_legal_forms()})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, code: str) -> HttpResponse:
    """Correct one form of the list."""
    request.section = SECTION
    legal_form = find_legal_form(request.actor, code)
    form = LegalFormForm(legal_form, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        edit_legal_form(
            actor=request.actor, code=code, labels=form.labels, reference=said["reference"],
            is_verified=said["is_verified"], is_offered=said["is_offered"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The list is corrected."))
        return redirect("protection:legal_forms")
    context = {"form": form, "legal_form": legal_form}
    return render(request, "protection/legal_forms/edit.html", context, status=422 if form.errors else 200)
