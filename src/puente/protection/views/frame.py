"""What every page of a case shares: the purpose is asked before it opens, and the frame with its tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from puente.accounts.step_up import require_step_up
from puente.people.pseudonyms import reference_of
from puente.platform.policy import Action
from puente.protection.case_wording import OPENINGS, Words
from puente.protection.forms.cases import PurposeForm
from puente.protection.opening import OpenedCase
from puente.protection.policies import WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.selectors.cases import list_purposes
from puente.protection.selectors.officers import InCharge, list_in_charge
from puente.protection.services.cases import CaseNotOpen, continue_case, open_case
from puente.web.parts import Tab
from puente.web.requests import StaffRequest

View = Callable[..., HttpResponse]

SECTION = "protection:cases"
#: The pages of a case in the order of their tabs.
TABS: tuple[tuple[str, Words], ...] = (
    ("protection:case", _("Overview")),
    ("protection:safety_plan", _("Safety plan")),
    ("protection:contact", _("Safe contact")),
    ("protection:follow_ups", _("Follow-ups")),
    ("protection:screenings", _("Screening")),
    ("protection:vulnerability", _("Vulnerability")),
    ("protection:child", _("Child")),
    ("protection:referrals", _("Referrals")),
    ("protection:papers", _("Papers")),
    ("protection:history", _("History")),
)


@dataclass(frozen=True)
class Frame:
    """What stands around every page of a case. Never the name: addresses and titles outlive the opening."""

    case_id: UUID
    reference: str
    purpose: Words
    until: datetime
    closed_at: datetime | None
    in_charge: list[InCharge]
    tabs: list[Tab]


def in_case(action: Action, *compartments: Compartment) -> Callable[[View], View]:
    """Decorate a page of a case: it is handed the opened case, or asks first for what it is opened.

    The view gets `(request, opened, ...)` in place of the id of the case.

    Args:
        action: what the reader needs a role for; the page asks for a step-up.
        compartments: what the page cannot do without; a purpose that does not open them is asked for anew.
    """

    def decorate(view: View) -> View:
        @require_step_up(action)
        @wraps(view)
        def page(request: StaffRequest, case_id: UUID, **arguments: Any) -> HttpResponse:
            request.section = SECTION
            opened = _find_opening(request, case_id)
            if opened is None or not opened.has(*compartments):
                return _ask_purpose(request, case_id, opened)
            return view(request, opened, **arguments)

        return page

    return decorate


def _find_opening(request: StaffRequest, case_id: UUID) -> OpenedCase | None:
    """Return the case as the reader opened it; the answer to the question travels with a form that waited for it."""
    actor, now = request.actor, timezone.now()
    if PurposeForm.is_sent(request):
        form = PurposeForm(request.POST, purposes=list_purposes(actor, case_id, now))
        if form.is_valid():
            return open_case(actor=actor, case_id=case_id, purpose=form.purpose, now=now)
    try:
        return continue_case(actor=actor, case_id=case_id, now=now)
    except CaseNotOpen:
        return None


def _ask_purpose(request: StaffRequest, case_id: UUID, opened: OpenedCase | None) -> HttpResponse:
    """Lead to the question and back. A form is answered with the question, which carries what was written."""
    purposes = list_purposes(request.actor, case_id, timezone.now())
    if request.method in ("GET", "HEAD"):
        question = reverse("protection:case_open", args=[case_id])
        return redirect(f"{question}?{urlencode({'next': request.get_full_path()})}")
    kept = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in ("csrfmiddlewaretoken", PurposeForm.FIELD)
    ]
    form = PurposeForm(purposes=purposes)
    context = describe_question(case_id, form, opened) | {"kept": kept, "lost_files": bool(request.FILES)}
    return render(request, "protection/cases/open.html", context, status=401)


def describe_question(case_id: UUID, form: PurposeForm, opened: OpenedCase | None) -> dict[str, Any]:
    """Return what the page that asks for the purpose shows; `opened` where the case is open for another one."""
    return {
        "form": form,
        "case_id": case_id,
        "choices": [(purpose, *OPENINGS[purpose]) for purpose in form.purposes],
        "open_for": OPENINGS[opened.purpose][0] if opened else "",
        "opened": opened,
    }


def describe_frame(request: StaffRequest, opened: OpenedCase, tab: str) -> dict[str, Any]:
    """Return what every template of a case needs: `tab` is the url name of the page's tab."""
    case = opened.case
    return {
        "case": case,
        "frame": Frame(
            case.pk,
            reference_of(case.person_id),
            OPENINGS[opened.purpose][0],
            opened.until,
            case.closed_at,
            list_in_charge([case.person_id]).get(case.person_id, []),
            [Tab(label, reverse(name, args=[case.pk]), name == tab) for name, label in TABS],
        ),
        "may_write": request.actor.may(WRITE_CASE) and case.closed_at is None,
    }
