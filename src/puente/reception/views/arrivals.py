"""One arrival: what it says, its history, its slip, what was given, and its correction."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puente.engines.identity.names import list_name
from puente.people.candidates import describe_home
from puente.people.evidence import describe_birth, describe_unknown
from puente.people.purposes import usual_purpose
from puente.people.services import birth_of, open_person
from puente.platform.policy import Purpose
from puente.protection.policies import SEND_HANDOVER
from puente.protection.services import Service
from puente.reception import catalogue
from puente.reception.forms.arrival import SERVICES, CorrectionForm
from puente.reception.history import describe_history
from puente.reception.models import Arrival, ArrivalVersion, Stage
from puente.reception.payload import InvalidPayload
from puente.reception.policies import CORRECT_ARRIVAL, MOVE_IN_QUEUE, REGISTER_ARRIVAL
from puente.reception.selectors import arrivals as selectors
from puente.reception.services.corrections import correct_arrival, mark_service
from puente.reception.services.handovers import hand_over
from puente.reception.slip import make_slip
from puente.reception.views.queue import list_steps
from puente.web.requests import StaffRequest
from puente.web.templatetags.components import error_summary


@login_required
@require_safe
def arrival(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """What was registered, what the person received, and what happened since."""
    actor = request.actor
    found = selectors.get_arrival(actor, arrival_id)
    opened = open_person(actor=actor, person_id=found.person_id, purpose=usual_purpose(actor), now=timezone.now())
    given = selectors.find_services_given(actor, arrival_id)
    context = {
        "arrival": found,
        "name": list_name(opened.identity.name) or describe_unknown(),
        "birth": describe_birth(birth_of(opened.person, opened.identity)),
        "home": describe_home(opened.person),
        "facts": _describe_facts(found),
        "services": [(entry, given.get(code)) for code, entry in catalogue.services().items()],
        "need": selectors.read_immediate_need(actor, found),
        "continues": selectors.continues_elsewhere(actor, found),
        "stage": Stage(found.place.stage),
        "history": describe_history(actor, found),
        "returns": [other for other in selectors.list_returns(actor, found.person_id) if other.pk != found.pk],
        "may_correct": found.office_id in actor.offices_for(CORRECT_ARRIVAL),
        "may_move": found.office_id in actor.offices_for(MOVE_IN_QUEUE),
        "may_register": actor.may(REGISTER_ARRIVAL),
        "may_hand_over": found.office_id in actor.offices_for(SEND_HANDOVER),
        "moves": [*list_steps(found.place, actor), ("leave", _("Left the building"))],
        "other_services": SERVICES[1:],
        "was_just_saved": "slip" in request.GET,
    }
    return render(request, "reception/arrival.html", context)


@login_required
def correct(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """Correct an arrival; the earlier version stays."""
    actor = request.actor
    found = selectors.get_arrival(actor, arrival_id)
    here = timezone.localtime(found.arrived_at, ZoneInfo(found.office.time_zone))
    initial = {
        "point": found.point_id,
        "day": here.date(),
        "hour": here.time(),
        **{name: getattr(found, name) for name in ("handed_over_by", "last_us_state", "time_in_us", "accompaniment")},
    }
    form = CorrectionForm(request.POST or None, office=found.office, now=timezone.now(), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            correct_arrival(
                actor=actor,
                arrival_id=arrival_id,
                facts=form.build_facts(found.mode),
                reason=ArrivalVersion.Reason(form.cleaned_data["reason"]),
                purpose=Purpose.RECEPTION,
                now=timezone.now(),
            )
        except InvalidPayload as refused:
            for problem in refused.problems:
                name = problem.path.rpartition(".")[2]
                form.add_error(name if name in form.fields else "hour", str(problem.message))
        else:
            messages.success(request, _("Corrected. What it said before stays in the history."))
            return redirect("reception:arrival", arrival_id)
    context = {"form": form, "arrival": found, "summary": error_summary(form)}
    return render(request, "reception/correct.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def service(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """Mark a service as given, or take a wrong mark back."""
    mark_service(
        actor=request.actor,
        arrival_id=arrival_id,
        service=request.POST.get("service", ""),
        is_given=request.POST.get("is_given") == "yes",
        now=timezone.now(),
    )
    found = selectors.get_arrival(request.actor, arrival_id)
    given = selectors.find_services_given(request.actor, arrival_id)
    if not request.headers.get("HX-Request"):
        return redirect("reception:arrival", arrival_id)
    services = [(entry, given.get(code)) for code, entry in catalogue.services().items()]
    context = {"arrival": found, "services": services, "may_correct": True}
    return render(request, "reception/services.html", context)


@login_required
@require_POST
def continue_elsewhere(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """Hand the person over to another service. The page says the same whichever it is."""
    chosen = request.POST.get("service", "")
    if chosen not in list(Service):
        messages.error(request, _("Choose the service that goes on with the person"))
        return redirect("reception:arrival", arrival_id)
    note = request.POST.get("note", "").strip()[:2000]
    hand_over(actor=request.actor, arrival_id=arrival_id, service=Service(chosen), note=note, now=timezone.now())
    messages.success(request, _("Noted: the person continues with another service."))
    return redirect("reception:arrival", arrival_id)


@login_required
@require_safe
def slip(request: StaffRequest, arrival_id: UUID) -> HttpResponse:
    """The slip as PDF, to be printed from the browser."""
    found = selectors.get_arrival(request.actor, arrival_id)
    opened = open_person(
        actor=request.actor, person_id=found.person_id, purpose=usual_purpose(request.actor), now=timezone.now()
    )
    address = request.build_absolute_uri(reverse("reception:code", args=[found.code]))
    response = HttpResponse(make_slip(found, opened.identity, address), content_type="application/pdf")
    # The file is called by its turn: a name must not lie in a folder of downloads.
    response["Content-Disposition"] = f'inline; filename="{found.turn}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_safe
def code(request: StaffRequest, code: str) -> HttpResponse:
    """What the QR of a slip opens, for signed-in staff of the office alone."""
    return redirect("reception:arrival", selectors.get_arrival_by_code(request.actor, code).pk)


def _describe_facts(found: Arrival) -> list[tuple[str, str]]:
    here = timezone.localtime(found.arrived_at, ZoneInfo(found.office.time_zone))
    facts = [
        (_("Point"), found.point.label),
        (_("Arrived"), f"{date_format(here, 'SHORT_DATE_FORMAT')}, {time_format(here, 'H:i')}"),
        (_("Handed over by"), catalogue.authorities()[found.handed_over_by].label),
        (_("Last state in the US"), _label(catalogue.us_states(), found.last_us_state)),
        (_("Time in the US"), _label(catalogue.times_in_us(), found.time_in_us)),
        (_("Arrives"), catalogue.accompaniments()[found.accompaniment].label),
        (_("On a list"), _describe_list(found)),
    ]
    return [(name, value or _("no data")) for name, value in facts]


def _describe_list(found: Arrival) -> str:
    if found.manifest is None:
        return ""
    if found.line is None:
        return _("%(list)s, not on it") % {"list": found.manifest.label}
    return _("%(list)s, row %(row)s") % {"list": found.manifest.label, "row": found.line.row_number}


def _label(entries: dict[str, catalogue.Entry], code: str) -> str:
    return entries[code].label if code in entries else ""
