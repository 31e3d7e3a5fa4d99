"""How long things are kept: rules, terms, holidays, and carrying out what is due."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.platform.policy import NotAllowed
from puente.rights.forms import DeadlineForm, HolidayForm, RuleForm
from puente.rights.models import RetentionRun
from puente.rights.policies import EDIT_RETENTION, PROPOSE_RETENTION, VIEW_RETENTION
from puente.rights.selectors.calendar import find_deadline, list_deadlines, list_holidays
from puente.rights.selectors.retention import (
    ORDER,
    find_rule,
    get_run,
    list_offices,
    list_rules,
    list_runs,
    may_carry_out,
    name_proposer,
    needs_second_person,
)
from puente.rights.services import retention as services
from puente.rights.services.retention import RunImpossible
from puente.rights.wording import IMPOSSIBLE
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

SECTION = "rights:retention"


@login_required
@require_safe
def show_rules(request: StaffRequest) -> HttpResponse:
    """How long everything is kept, what is past its time, and the terms of the law."""
    return _show(request)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_rule(request: StaffRequest, code: str) -> HttpResponse:
    """Change how long something is kept."""
    rule = find_rule(request.actor, EDIT_RETENTION, code)
    form = RuleForm(request.POST) if request.method == "POST" else RuleForm.of(rule)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_rule(actor=request.actor, code=code, now=timezone.now(), **form.cleaned_data)
        except RunImpossible as problem:
            field = {"only_people": "act", "no_source": "source"}[problem.code]
            form.add_error(field, str(IMPOSSIBLE[problem.code]))
        else:
            messages.success(request, _("Saved."))
            return redirect(SECTION)
    request.section = SECTION
    return render(request, "rights/rule.html", {"rule": rule, "form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_deadline(request: StaffRequest, code: str) -> HttpResponse:
    """Change a term of the law."""
    deadline = find_deadline(request.actor, EDIT_RETENTION, code)
    form = DeadlineForm(request.POST) if request.method == "POST" else DeadlineForm.of(deadline)
    if request.method == "POST" and form.is_valid():
        services.change_deadline(actor=request.actor, code=code, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved. Requests that run keep the day they were given."))
        return redirect(SECTION)
    request.section = SECTION
    context = {"deadline": deadline, "form": form}
    return render(request, "rights/deadline.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def add_holiday(request: StaffRequest) -> HttpResponse:
    """Let no term run on a day."""
    form = HolidayForm(request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    services.add_holiday(actor=request.actor, now=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Saved. Requests that run keep the day they were given."))
    return redirect(f"{reverse(SECTION)}#holidays")


@login_required
@require_POST
def remove_holiday(request: StaffRequest, day: str) -> HttpResponse:
    """Let terms run on a day again."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    services.remove_holiday(actor=request.actor, day=found, now=timezone.now())
    return redirect(f"{reverse(SECTION)}#holidays")


@login_required
@require_POST
def count_again(request: StaffRequest, office_code: str) -> HttpResponse:
    """Count what is past its time in an office; nothing else changes."""
    office = _find_office(request, office_code)
    due = services.count_office(actor=request.actor, office_id=office.pk, now=timezone.now())
    messages.success(
        request, ngettext("Counted: %(number)s is past its time.", "Counted: %(number)s are past their time.", due)
        % {"number": due},
    )  # fmt: skip
    return redirect(f"{reverse(SECTION)}?office={office.code}")


@login_required
@require_POST
def propose(request: StaffRequest, office_code: str, code: str) -> HttpResponse:
    """Propose that what is past its time by a rule be erased or made broad."""
    office = _find_office(request, office_code)
    try:
        run = services.propose_run(actor=request.actor, office_id=office.pk, code=code, now=timezone.now())
    except RunImpossible as problem:
        messages.error(request, str(IMPOSSIBLE[problem.code]))
        return redirect(f"{reverse(SECTION)}?office={office.code}")
    return redirect("rights:run", run.pk)


@login_required
@require_safe
def show_run(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """One proposal with its counts: what would happen, and who may let it happen."""
    run = get_run(request.actor, run_id)
    request.section = SECTION
    context = {
        "run": run,
        "proposer": name_proposer(run),
        "may_carry_out": may_carry_out(request.actor, run),
        "needs_second_person": needs_second_person(run),
        "is_proposer": request.actor.id == run.proposed_by,
        "may_drop": run.state == RetentionRun.State.PROPOSED
        and run.office_id in request.actor.offices_for(PROPOSE_RETENTION),
    }
    return render(request, "rights/run.html", context)


@login_required
@require_POST
def carry_out(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Carry a proposal out."""
    return _step(request, run_id, services.carry_out_run, _("Carried out."))


@login_required
@require_POST
def drop(request: StaffRequest, run_id: UUID) -> HttpResponse:
    """Drop a proposal."""
    return _step(request, run_id, services.drop_run, _("The proposal is dropped. Nothing was erased."))


def _step(request: StaffRequest, run_id: UUID, act: Callable[..., RetentionRun], done: str) -> HttpResponse:
    try:
        act(actor=request.actor, run_id=run_id, now=timezone.now())
    except RunImpossible as problem:
        messages.error(request, str(IMPOSSIBLE[problem.code]))
    else:
        messages.success(request, done)
    return redirect("rights:run", run_id)


def _show(request: StaffRequest, form: HolidayForm | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    office = _find_office(request, request.GET.get("office", ""))
    offices = list_offices(actor)
    rules, deadlines = list_rules(actor, office.pk), list_deadlines()
    page = KeysetPage.of_request(request, list_runs(actor).filter(office_id=office.pk), ORDER, 10)
    context: dict[str, Any] = {
        "office": office,
        "office_pills": build_pills(request, "office", [(one.code, one.label, None) for one in offices], office.code)
        if len(offices) > 1
        else [],
        "rules": rules,
        "deadlines": deadlines,
        "has_unchecked": any(not one.rule.is_checked for one in rules) or any(not one.is_checked for one in deadlines),
        "holidays": [holiday for holiday in list_holidays() if holiday.day >= timezone.localdate()],
        "page": page,
        "form": form or HolidayForm(),
        "may_edit": actor.may(EDIT_RETENTION),
        "may_propose": office.pk in actor.offices_for(PROPOSE_RETENTION),
    }
    request.section = SECTION
    return render(request, "rights/retention.html", context, status=status)


def _find_office(request: StaffRequest, code: str) -> Any:
    offices = list_offices(request.actor)
    if not offices:
        raise NotAllowed(VIEW_RETENTION.name)
    return next((office for office in offices if office.code == code), offices[0])
