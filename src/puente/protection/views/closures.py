"""Closing a case: an officer asks, another person decides without seeing the case; and opening it again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.accounts.step_up import require_step_up
from puente.platform.policy import NotAllowed
from puente.protection.case_file import read_case_file
from puente.protection.case_wording import CLOSURE_REASONS, OPEN_POINTS
from puente.protection.forms.decisions import ClosureForm, DecideForm, ReopenForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import APPROVE_CLOSURE, VIEW_CASE, WRITE_CASE
from puente.protection.selectors import closures as selectors
from puente.protection.services.closures import (
    ClosureDecided,
    ClosureWaits,
    ask_closure,
    decide_closure,
    reopen_case,
)
from puente.protection.views.frame import SECTION, describe_frame, in_case
from puente.web.requests import StaffRequest

TAB = "protection:case"


@in_case(VIEW_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """How closing stands, and the form that asks another person for it."""
    now = timezone.now()
    file = read_case_file(read_entries(opened))
    points = file.find_open_points(timezone.localdate(now))
    form = ClosureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ask_closure(actor=request.actor, opened=opened, open_points=points, now=now, **form.cleaned_data)
        except ClosureWaits:
            messages.info(request, _("Somebody asked for it already. Another person decides."))
        else:
            messages.success(request, _("Asked. Another person decides whether the case is closed."))
        return redirect("protection:closure", opened.case.pk)
    asked = selectors.show_closures_of(opened.case)
    frame = describe_frame(request, opened, TAB)
    context = {
        **frame,
        "form": form,
        "asked": [{"one": one, "reason": CLOSURE_REASONS[one.reason]} for one in reversed(asked)],
        "may_ask": frame["may_write"] and not any(one.row.decided_at is None for one in asked),
        "points": [OPEN_POINTS[code] for code in points],
    }
    return render(request, "protection/cases/closure.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Open a closed case again."""
    if opened.case.closed_at is None:
        raise NotAllowed(WRITE_CASE.name)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        reopen_case(actor=request.actor, opened=opened, words=form.cleaned_data["words"], now=timezone.now())
        messages.success(request, _("The case is open again."))
        return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": _("Open the case again"),
        "lead": _("Why it was closed stays in the history."),
        "submit": _("Open it again"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


@require_step_up(APPROVE_CLOSURE)
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """What others asked to close, the longest wait first."""
    request.section = SECTION
    rows = [{"one": one, "reason": CLOSURE_REASONS[one.reason]} for one in selectors.show_waiting(request.actor)]
    return render(request, "protection/cases/closures.html", {"rows": rows})


@require_step_up(APPROVE_CLOSURE)
@require_http_methods(["GET", "HEAD", "POST"])
def decide(request: StaffRequest, closure_id: UUID) -> HttpResponse:
    """Let a case be closed, or send it back."""
    request.section = SECTION
    actor = request.actor
    one = selectors.show_closure(actor, closure_id)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        approve = form.cleaned_data["verdict"] == "close"
        try:
            decide_closure(
                actor=actor, closure_id=closure_id, approve=approve, words=form.cleaned_data["words"],
                now=timezone.now(),
            )  # fmt: skip
        except ClosureDecided:
            messages.info(request, _("Somebody decided it already."))
        else:
            messages.success(request, _("The case is closed.") if approve else _("It was sent back."))
        return redirect("protection:closures")
    context = {
        "one": one,
        "reason": CLOSURE_REASONS[one.reason],
        "points": [OPEN_POINTS[code] for code in one.open_points],
        "form": form,
    }
    return render(request, "protection/cases/decide.html", context, status=422 if form.errors else 200)
