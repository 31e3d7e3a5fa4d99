from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puente.accounts.step_up import require_step_up
from puente.people.pseudonyms import reference_of
from puente.people.selectors import label_people
from puente.protection import selectors
from puente.protection.boxes import CARE, Service
from puente.protection.handovers import Reason
from puente.protection.policies import ACKNOWLEDGE_HANDOVER, OPEN_CASE, REQUEST_ACCESS, VIEW_HANDOVERS
from puente.protection.selectors.cases import find_open_case
from puente.protection.selectors.officers import list_in_charge
from puente.protection.services import acknowledge_handover, open_handover
from puente.protection.wording import KINDS, REASONS, SERVICES, describe_prompt
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

#: Why somebody is handed over who is a child, or may be one.
CHILD_REASONS = frozenset({Reason.MINOR_ALONE, Reason.CIRCUIT})


@require_step_up(VIEW_HANDOVERS)
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """Who was handed over to protection: those who wait, the most urgent first, or those who were taken on."""
    actor, now = request.actor, timezone.now()
    shown = "taken" if request.GET.get("show") == "taken" else "waiting"
    pills = build_pills(
        request, "show",
        [
            ("waiting", _("Waiting"), selectors.list_waiting(actor).count()),
            ("taken", _("Taken on"), selectors.list_taken(actor).count()),
        ],
        "waiting",
    )  # fmt: skip
    context: dict[str, Any] = {"pills": pills, "shown": shown}
    if shown == "taken":
        page = KeysetPage.of_request(request, selectors.list_taken(actor), selectors.ORDER)
        takers = selectors.name_takers(page.rows)
        context |= {
            "page": page,
            "rows": [
                {
                    "handover": row,
                    "reference": reference_of(row.person_id),
                    "taker": takers.get(row.acknowledgement.by, ""),
                }
                for row in page.rows
            ],
        }
    else:
        waiting = selectors.list_by_urgency(actor, now)
        context |= {
            "late": sum(one.is_late for one in waiting),
            "rows": [
                {
                    "handover": one.row,
                    "reference": reference_of(one.row.person_id),
                    "turn": one.content.turn,
                    "kinds": [KINDS[reason] for reason in one.content.reasons],
                    "is_late": one.is_late,
                    "due_at": one.due_at,
                }
                for one in waiting
            ],
        }
    return render(request, "protection/inbox.html", context)


@login_required
@require_safe
def care(request: StaffRequest) -> HttpResponse:
    """Who was handed over to the medical, psychological and legal services: nothing of protection's."""
    actor = request.actor
    asked = request.GET.get("service", "")
    service = Service(asked) if asked in list(CARE) else None
    shown = "taken" if request.GET.get("show") == "taken" else "waiting"
    rows = selectors.list_care(actor, service).filter(acknowledgement__isnull=shown == "waiting")
    page = KeysetPage.of_request(request, rows, selectors.ORDER)
    labels = label_people(actor, [row.person_id for row in page.rows])
    services = selectors.find_services(page.rows)
    takers = selectors.name_takers(page.rows)
    context = {
        "page": page,
        "shown": shown,
        "rows": [
            {
                "handover": row,
                "label": labels[row.person_id],
                "service": SERVICES[services[row.pk]],
                "taker": takers.get(row.acknowledgement.by, "") if shown == "taken" else "",
            }
            for row in page.rows
        ],
        "pills": build_pills(
            request, "show", [("waiting", _("Waiting"), None), ("taken", _("Taken on"), None)], "waiting"
        ),
        "service_pills": build_pills(
            request, "service", [("", _("All"), None), *((one, SERVICES[one], None) for one in CARE)]
        ),
    }
    return render(request, "protection/care.html", context)


@require_step_up(VIEW_HANDOVERS)
@require_safe
def handover(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """One hand-over to protection with its reason; opening it leaves an event."""
    return _show_handover(request, handover_id)


@login_required
@require_safe
def care_handover(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """One hand-over to a medical, psychological or legal service."""
    return _show_handover(request, handover_id)


@require_step_up(ACKNOWLEDGE_HANDOVER)
@require_POST
def acknowledge(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """Take on somebody who was handed over to protection."""
    acknowledge_handover(actor=request.actor, handover_id=handover_id, now=timezone.now())
    messages.success(request, _("You took the person on."))
    return redirect("protection:handover", handover_id)


@login_required
@require_POST
def acknowledge_care(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """Take on somebody who was handed over to a medical, psychological or legal service."""
    acknowledge_handover(actor=request.actor, handover_id=handover_id, now=timezone.now())
    messages.success(request, _("You took the person on."))
    return redirect("protection:care_handover", handover_id)


def _show_handover(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    row, content = open_handover(actor=request.actor, handover_id=handover_id, now=timezone.now())
    registered = selectors.find_registered(request.actor, row, content)
    ids = {row.person_id, registered or row.person_id}
    labels = label_people(request.actor, ids)
    is_taken = hasattr(row, "acknowledgement")
    is_protection = content.service is Service.PROTECTION
    case = find_open_case(request.actor, row.person_id) if is_protection else None
    in_charge = list_in_charge([row.person_id]).get(row.person_id, []) if case else []
    context = {
        "handover": row,
        "case": case,
        "in_charge": in_charge,
        "is_own": any(one.user_id == request.actor.id for one in in_charge),
        "may_open_case": is_protection and request.actor.may(OPEN_CASE),
        "may_ask": request.actor.may(REQUEST_ACCESS),
        "is_care": content.service in CARE,
        "is_child": not CHILD_REASONS.isdisjoint(content.reasons),
        "name": labels[row.person_id].text,
        "registered": labels[registered] if registered else None,
        "reference": reference_of(row.person_id),
        "service": SERVICES[content.service],
        "reasons": [REASONS[reason] for reason in content.reasons],
        "prompt": describe_prompt(content),
        "note": content.note,
        "turn": content.turn,
        "is_taken": is_taken,
        "taker": selectors.name_takers([row]).get(row.acknowledgement.by, "") if is_taken else "",
    }
    return render(request, "protection/handover.html", context)
