"""What is to be done for the person of a case by a day, and what became of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.protection.case_file import FollowUp, Topic, read_case_file
from puente.protection.case_wording import FOLLOW_UP_KINDS, RESULTS
from puente.protection.forms.plans import FollowUpForm, ResultForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.selectors.officers import name_staff
from puente.protection.services.follow_ups import (
    FollowUpDone,
    find_open_follow_up,
    finish_follow_up,
    plan_follow_up,
)
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest

TAB = "protection:follow_ups"


@in_case(VIEW_CASE)
@require_safe
def show_list(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """What waits, the earliest first, and what was done, the latest first."""
    follow_ups = read_case_file(read_entries(opened, Topic.FOLLOW_UP)).follow_ups
    staff = name_staff({one.planned_by for one in follow_ups})
    waiting = sorted((one for one in follow_ups if one.is_open), key=lambda one: one.due_on)
    finished = sorted((one for one in follow_ups if not one.is_open), key=_done_at, reverse=True)
    context = {
        **describe_frame(request, opened, TAB),
        "waiting": [_describe(one, staff) for one in waiting],
        "finished": [_describe(one, staff) for one in finished],
    }
    return render(request, "protection/cases/follow_ups.html", context)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Plan something for a day."""
    form = FollowUpForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        plan_follow_up(actor=request.actor, opened=opened, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("It is planned."))
        return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": _("Plan a follow-up"),
        "lead": _("It stands in your list of cases until somebody writes down what became of it."),
        "submit": _("Plan it"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def finish(request: StaffRequest, opened: OpenedCase, planned_id: UUID) -> HttpResponse:
    """Write down what became of something planned."""
    try:
        planned = find_open_follow_up(opened, planned_id)
    except FollowUpDone:
        raise Http404 from None
    form = ResultForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        finish_follow_up(
            actor=request.actor, opened=opened, follow_up_id=planned_id, now=timezone.now(), **form.cleaned_data
        )
        messages.success(request, _("Written down."))
        return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": FOLLOW_UP_KINDS[planned.kind],
        "lead": planned.words,
        "submit": _("Write it down"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


def _done_at(one: FollowUp) -> Any:
    return one.done_at


def _describe(one: FollowUp, staff: dict[UUID, str]) -> dict[str, Any]:
    return {
        "follow_up": one,
        "kind": FOLLOW_UP_KINDS[one.kind],
        "result": RESULTS[one.result] if one.result else "",
        "planned_by": staff.get(one.planned_by, ""),
        "is_late": one.is_open and one.due_on < timezone.localdate(),
    }
