"""Reserved files in other hands: what waits, what one asked for, an emergency, and the reviews."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.accounts.step_up import require_step_up
from puente.platform.policy import Purpose
from puente.protection.forms.access import UNKNOWN, AskForm, EmergencyForm, ReferenceForm, ReviewForm
from puente.protection.models import AccessRequest, AccessState
from puente.protection.policies import (
    APPROVE_ACCESS,
    BREAK_GLASS,
    OPENS_IN_OTHER_HANDS,
    REQUEST_ACCESS,
    REVIEW_ACCESS,
)
from puente.protection.selectors import access as selectors
from puente.protection.services import access as services
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

SECTION = "protection:access"


@require_step_up(*OPENS_IN_OTHER_HANDS)
@require_safe
def show_home(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's answer, and what they asked for themselves."""
    request.section = SECTION
    actor, now = request.actor, timezone.now()
    context = {
        "waiting": selectors.list_to_decide(actor, now),
        "own": selectors.list_own_requests(actor, now),
        "decides": actor.may(APPROVE_ACCESS) or actor.may(REQUEST_ACCESS),
        "may_ask": actor.may(REQUEST_ACCESS),
        "may_break_glass": actor.may(BREAK_GLASS),
        "to_review": selectors.list_emergencies(actor, reviewed=False).count() if actor.may(REVIEW_ACCESS) else None,
    }
    return render(request, "protection/access/home.html", context)


@require_step_up(REQUEST_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest) -> HttpResponse:
    """Ask to open a reserved file."""
    request.section = SECTION
    form = AskForm(_sent(request), initial={"reference": request.GET.get("reference", "")})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        answer = _try(
            request, form, services.request_access, reference=said["reference"], reason=said["reason"],
            purpose=Purpose(said["purpose"]),
        )  # fmt: skip
        if answer is not None:
            return answer
        if not form.errors:
            messages.success(request, _("Asked. It is answered here; you have 24 hours."))
            return redirect("protection:access")
    return render(request, "protection/access/ask.html", {"form": form}, status=422 if form.errors else 200)


@require_step_up(BREAK_GLASS)
@require_http_methods(["GET", "HEAD", "POST"])
def open_in_emergency(request: StaffRequest) -> HttpResponse:
    """Open a reserved file at once."""
    request.section = SECTION
    form = EmergencyForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        answer = _try(request, form, services.break_glass, reference=said["reference"], reason=said["reason"])
        if answer is not None:
            return answer
        if not form.errors:
            messages.success(request, _("Open for 60 minutes. Two supervisors were told."))
            return redirect("protection:access")
    return render(request, "protection/access/emergency.html", {"form": form}, status=422 if form.errors else 200)


def _sent(request: StaffRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _try(request: StaffRequest, form: ReferenceForm, service: Any, **said: Any) -> HttpResponse | None:
    """Do what a form asks for; what stands against it goes to its field, and an open file is simply opened."""
    try:
        service(actor=request.actor, now=timezone.now(), **said)
    except services.UnknownReference:
        form.add_error("reference", UNKNOWN)
    except services.AlreadyOpen as open_file:
        messages.info(request, _("You may open this file without asking."))
        return redirect("desk:person", open_file.args[0])
    except services.NobodyToTell:
        form.add_error(None, _("Nobody could be told: your office needs two people who review. Call the coordination."))
    except services.TooManyEmergencies:
        form.add_error(
            None, _("You opened as many files in an emergency as a month allows. Call the supervision of protection.")
        )
    except services.TooManyReferences:
        context = {"words": _("You wrote ten references that open nothing. Wait an hour, or call the supervision.")}
        return render(request, "protection/access/too_many.html", context, status=429)
    return None


@require_step_up(APPROVE_ACCESS, REQUEST_ACCESS)
@require_safe
def show_request(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """One request with its reason, for whoever answers it or asked it."""
    request.section = SECTION
    opened = selectors.open_request(request.actor, request_id, AccessRequest.Kind.ASKED, timezone.now())
    waits = opened.shown.state is AccessState.WAITING and opened.shown.row.user_id != request.actor.id
    return render(request, "protection/access/request.html", {"opened": opened, "waits": waits})


@require_step_up(APPROVE_ACCESS, REQUEST_ACCESS)
@require_POST
def decide(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Answer a request."""
    is_approved = request.POST.get("answer") == "yes"
    services.decide_request(actor=request.actor, request_id=request_id, is_approved=is_approved, now=timezone.now())
    if is_approved:
        messages.success(request, _("Whoever asked may open the file for 15 minutes."))
    else:
        messages.success(request, _("The file stays closed to whoever asked."))
    return redirect("protection:access")


@require_step_up(REVIEW_ACCESS)
@require_safe
def list_reviews(request: StaffRequest) -> HttpResponse:
    """The openings in an emergency: those to review, or those reviewed."""
    request.section = SECTION
    shown = "done" if request.GET.get("show") == "done" else "open"
    found = {
        "open": selectors.list_emergencies(request.actor, reviewed=False),
        "done": selectors.list_emergencies(request.actor, reviewed=True),
    }
    page = KeysetPage.of_request(request, found[shown], selectors.ORDER)
    pills = build_pills(
        request, "show",
        [("open", _("To review"), found["open"].count()), ("done", _("Reviewed"), found["done"].count())], "open",
    )  # fmt: skip
    rows = selectors.show(page.rows, timezone.now())
    context = {"page": page, "rows": rows, "pills": pills, "shown": shown}
    return render(request, "protection/access/reviews.html", context)


@require_step_up(REVIEW_ACCESS)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """One opening in an emergency: who, why, and the verdict."""
    request.section = SECTION
    actor, now = request.actor, timezone.now()
    opened = selectors.open_request(actor, request_id, AccessRequest.Kind.EMERGENCY, now)
    form = ReviewForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        services.review_opening(actor=actor, request_id=request_id, verdict=said["verdict"], note=said["note"], now=now)
        messages.success(request, _("The review is noted."))
        return redirect(reverse("protection:access_reviews"))
    context = {"opened": opened, "form": form, "is_own": opened.shown.row.user_id == actor.id}
    return render(request, "protection/access/review.html", context, status=422 if form.errors else 200)
