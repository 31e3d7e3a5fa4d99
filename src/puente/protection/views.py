from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from puente.engines.identity.names import list_name
from puente.people.selectors import name_people
from puente.protection import selectors
from puente.protection.services import Reason, Service, acknowledge_handover, open_handover
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

SERVICES: dict[str, str | Promise] = {
    Service.PROTECTION: gettext_lazy("Protection"),
    Service.MEDICAL: gettext_lazy("Medical care"),
    Service.PSYCHOLOGICAL: gettext_lazy("Psychological care"),
    Service.LEGAL: gettext_lazy("Legal advice"),
}
REASONS: dict[str, str | Promise] = {
    Reason.MINOR_ALONE: gettext_lazy("A child or adolescent without mother, father or guardian"),
    Reason.IN_DANGER: gettext_lazy("Said to be in danger, or that somebody waits outside"),
    Reason.ASKED_AT_DESK: gettext_lazy("The desk asked for it"),
}


@login_required
@require_safe
def inbox(request: StaffRequest) -> HttpResponse:
    """Who was handed over: those who wait, or those who were taken on."""
    actor = request.actor
    shown = "taken" if request.GET.get("show") == "taken" else "waiting"
    waiting = selectors.list_waiting(actor)
    taken = selectors.list_taken(actor)
    page = KeysetPage.of_request(request, taken if shown == "taken" else waiting, selectors.ORDER)
    names = name_people(actor, [row.person_id for row in page.rows])
    rows = [
        {
            "handover": row,
            "name": list_name(names[row.person_id]) if row.person_id in names else "",
        }
        for row in page.rows
    ]
    pills = build_pills(
        request, "show",
        [("waiting", _("Waiting"), waiting.count()), ("taken", _("Taken on"), taken.count())], "waiting",
    )  # fmt: skip
    return render(request, "protection/inbox.html", {"rows": rows, "page": page, "pills": pills, "shown": shown})


@login_required
@require_safe
def handover(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """One hand-over with its reason; opening it leaves an event."""
    row, content = open_handover(actor=request.actor, handover_id=handover_id, now=timezone.now())
    names = name_people(request.actor, [row.person_id])
    context = {
        "handover": row,
        "name": list_name(names[row.person_id]) if row.person_id in names else "",
        "service": SERVICES[str(content["service"])],
        "reasons": [REASONS[reason] for reason in content["reasons"]],  # type: ignore[attr-defined]
        "note": content["note"],
        "is_taken": hasattr(row, "acknowledgement"),
    }
    return render(request, "protection/handover.html", context)


@login_required
@require_POST
def acknowledge(request: StaffRequest, handover_id: UUID) -> HttpResponse:
    """Take a hand-over on."""
    acknowledge_handover(actor=request.actor, handover_id=handover_id, now=timezone.now())
    messages.success(request, _("You took the person on."))
    return redirect("protection:inbox")
