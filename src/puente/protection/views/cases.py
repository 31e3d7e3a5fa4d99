"""The list of cases, the purpose asked before one opens, its overview, and the way in from the inbox."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.accounts.step_up import require_step_up
from puente.offices.selectors import name_offices
from puente.people.pseudonyms import reference_of
from puente.platform.policy import Purpose
from puente.protection.case_file import read_case_file
from puente.protection.case_wording import DUE_THINGS, RISK_TAGS, RISKS
from puente.protection.forms.cases import PurposeForm
from puente.protection.models import Case
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import (
    APPROVE_CLOSURE,
    ASSIGN_CASE,
    LIST_CASES,
    OPEN_CASE,
    REQUEST_ACCESS,
    VIEW_CASE,
    WRITE_CASE,
)
from puente.protection.selectors import cases as selectors
from puente.protection.selectors.officers import list_in_charge
from puente.protection.services.cases import (
    CaseExists,
    CaseNotOpen,
    continue_case,
    leave_case,
    open_case,
    take_on,
)
from puente.protection.services.responses import count_responses
from puente.protection.views.frame import SECTION, describe_frame, describe_question, in_case
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

#: How far back the figures of response go.
PERIOD = timedelta(days=90)


@require_step_up(LIST_CASES)
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """One's own cases with what is due first, or those of the office: that they exist and who is in charge."""
    closed = request.GET.get("state") == "closed"
    whose = request.GET.get("whose", "own" if request.actor.may(OPEN_CASE) else "office")
    states = [("open", _("Open"), None), ("closed", _("Closed"), None)]
    context: dict[str, Any] = {
        "whose": whose,
        "closed": closed,
        "whose_pills": build_pills(
            request, "whose", [("own", _("Mine"), None), ("office", _("Of the office"), None)], whose
        ),
        "to_decide": len(selectors.list_closures(request.actor)) if request.actor.may(APPROVE_CLOSURE) else 0,
        "may_decide": request.actor.may(APPROVE_CLOSURE),
        "responses": _describe_responses(request),
        "state_pills": build_pills(request, "state", states, "open"),
    }
    if whose == "own":
        context["rows"] = _list_own(request, closed=closed)
    else:
        page = KeysetPage.of_request(
            request, selectors.list_office_cases(request.actor, closed=closed), selectors.ORDER_OF_OFFICE
        )
        context |= {"page": page, "rows": _describe_office(request, page.rows)}
    return render(request, "protection/cases/list.html", context)


def _list_own(request: StaffRequest, *, closed: bool) -> list[dict[str, Any]]:
    now = timezone.now()
    today = timezone.localdate(now)
    return [
        {
            "own": own,
            "risk": RISKS[own.risk] if own.risk else "",
            "risk_tag": RISK_TAGS[own.risk] if own.risk else "",
            "due": DUE_THINGS[own.next_due.what] if own.next_due else "",
            "is_late": own.next_due is not None and own.next_due.due_on < today,
        }
        for own in selectors.list_own_cases(request.actor, closed=closed, now=now)
    ]


def _describe_responses(request: StaffRequest) -> list[dict[str, Any]]:
    """Return for supervision how soon their offices responded to whom was handed over in the last months."""
    actor, now = request.actor, timezone.now()
    return [
        {"office": name, "figures": count_responses(actor=actor, office_id=office_id, since=now - PERIOD, until=now)}
        for office_id, name in name_offices(actor.offices_for(ASSIGN_CASE)).items()
    ]


def _describe_office(request: StaffRequest, cases: list[Case]) -> list[dict[str, Any]]:
    in_charge = list_in_charge([case.person_id for case in cases])
    may_ask, may_assign = request.actor.may(REQUEST_ACCESS), request.actor.may(ASSIGN_CASE)
    rows = []
    for case in cases:
        officers = in_charge.get(case.person_id, [])
        is_own = any(one.user_id == request.actor.id for one in officers)
        rows.append(
            {
                "case": case,
                "reference": reference_of(case.person_id),
                "officers": officers,
                "is_own": is_own,
                "may_ask": may_ask and not is_own,
                "may_assign": may_assign,
            }
        )
    return rows


@require_step_up(VIEW_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_purpose(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Ask for what a case is opened; then go to the page that was asked for."""
    request.section = SECTION
    actor, now = request.actor, timezone.now()
    purposes = selectors.list_purposes(actor, case_id, now)
    form = PurposeForm(request.POST if request.method == "POST" else None, purposes=purposes)
    overview = reverse("protection:case", args=[case_id])
    target = request.GET.get("next", "")
    if request.method == "POST" and form.is_valid():
        open_case(actor=actor, case_id=case_id, purpose=form.purpose, now=now)
        return redirect(target if target.startswith(overview) else overview)
    try:
        opened = continue_case(actor=actor, case_id=case_id, now=now)
    except CaseNotOpen:
        opened = None
    context = describe_question(case_id, form, opened)
    return render(request, "protection/cases/open.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE)
@require_safe
def show(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """What waits, how the case stands, and where each part is."""
    today = timezone.localdate()
    file = read_case_file(read_entries(opened))
    context = {
        **describe_frame(request, opened, "protection:case"),
        "file": file,
        "risk": RISKS[file.plan.risk] if file.plan else "",
        "risk_tag": RISK_TAGS[file.plan.risk] if file.plan else "",
        "due": [
            {"what": DUE_THINGS[thing.what], "due_on": thing.due_on, "is_late": thing.due_on < today}
            for thing in file.list_due(today)
        ],
        "may_reopen": request.actor.may(WRITE_CASE),
        "handover": selectors.find_handover(request.actor, opened.case),
    }
    return render(request, "protection/cases/overview.html", context)


@require_step_up(VIEW_CASE)
@require_POST
def leave(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Close the pages of a case."""
    actor, now = request.actor, timezone.now()
    selectors.list_purposes(actor, case_id, now)
    leave_case(actor=actor, case_id=case_id, now=now)
    messages.success(request, _("The pages of the case are closed."))
    return redirect("protection:cases")


@require_step_up(OPEN_CASE)
@require_POST
def begin(request: StaffRequest, handover_id: UUID, page: str = "protection:case") -> HttpResponse:
    """Take on somebody who was handed over and open a case for them, or go to the one that they have."""
    actor, now = request.actor, timezone.now()
    try:
        case = take_on(actor=actor, handover_id=handover_id, now=now)
    except CaseExists:
        own = selectors.find_own_case(actor, handover_id)
        if own is None:
            messages.error(request, _("Another officer has an open case of this person. Talk to them."))
            return redirect("protection:handover", handover_id)
        return redirect(page, own.pk)
    open_case(actor=actor, case_id=case.pk, purpose=Purpose.PROTECTION, now=now)
    messages.success(request, _("You are in charge. The case is open for 15 minutes."))
    return redirect(page, case.pk)
