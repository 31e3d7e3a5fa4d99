"""The safety plan and the safe contact of a case: what is in force, its versions, and a new one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.protection.case_file import CaseFile, Topic, Version, read_case_file
from puente.protection.case_page import describe_contact, describe_plan, list_gates
from puente.protection.contact import local_time
from puente.protection.forms.plans import ContactForm, PlanForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.selectors.officers import name_staff
from puente.protection.services.plans import save_contact, save_safety_plan
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest

PLAN, CONTACT = "protection:safety_plan", "protection:contact"


@in_case(VIEW_CASE)
@require_safe
def show_plan(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """The safety plan in force, and those before it."""
    context = {
        **describe_frame(request, opened, PLAN),
        "versions": _describe_versions(_read(opened).plans, describe_plan),
    }
    return render(request, "protection/cases/plan.html", context)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def write_plan(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Write a version of the safety plan, beginning with what the one in force says."""
    form = PlanForm(request.POST if request.method == "POST" else None, plan=_read(opened).plan)
    if request.method == "POST" and form.is_valid():
        save_safety_plan(actor=request.actor, opened=opened, plan=form.build(), now=timezone.now())
        messages.success(request, _("The plan is in force."))
        return redirect(PLAN, opened.case.pk)
    context = {
        **describe_frame(request, opened, PLAN),
        "form": form,
        "title": _("Write the safety plan"),
        "lead": _("Agree on it with the person. Each version stays in the history."),
        "submit": _("Put the plan in force"),
        "back_url": reverse(PLAN, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE)
@require_safe
def show_contact(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """The safe-contact instructions in force, what may go out at this moment, and those before."""
    file = _read(opened)
    clock = local_time(timezone.now(), opened.case.office.time_zone)
    context = {
        **describe_frame(request, opened, CONTACT),
        "versions": _describe_versions(file.contacts, describe_contact),
        "gates": list_gates(file.contact, clock),
        "clock": clock,
        "is_over": file.contact is not None and clock.date() > file.contact.review_on,
    }
    return render(request, "protection/cases/contact.html", context)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def write_contact(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Write a version of the safe-contact instructions."""
    form = ContactForm(request.POST if request.method == "POST" else None, instructions=_read(opened).contact)
    if request.method == "POST" and form.is_valid():
        save_contact(actor=request.actor, opened=opened, instructions=form.build(), now=timezone.now())
        messages.success(request, _("The instructions hold from now on."))
        return redirect(CONTACT, opened.case.pk)
    context = {
        **describe_frame(request, opened, CONTACT),
        "form": form,
        "title": _("How the person may be reached"),
        "lead": _("Ask the person, not somebody who came along. What is not allowed here does not leave the office."),
        "submit": _("Put the instructions in force"),
        "back_url": reverse(CONTACT, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


def _read(opened: OpenedCase) -> CaseFile:
    return read_case_file(read_entries(opened, Topic.SAFETY_PLAN, Topic.CONTACT))


def _describe_versions(versions: tuple[Version[Any], ...], describe: Any) -> list[dict[str, Any]]:
    """Return versions in words, the one in force first."""
    staff = name_staff({version.made_by for version in versions})
    return [
        {"facts": describe(version.content), "made_at": version.made_at, "who": staff.get(version.made_by, "")}
        for version in reversed(versions)
    ]
