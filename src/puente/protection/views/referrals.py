"""The referrals of a case. Which service it is stands in no address: addresses outlive the opening."""

import hashlib
import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.offices.models import Service
from puente.offices.selectors import get_service, list_services
from puente.people.selectors import has_consent
from puente.people.services import open_person
from puente.protection.case_file import Topic, read_case_file
from puente.protection.forms.referrals import ChooseServiceForm, MoveForm, ReferralForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.referral_papers import make_referral_paper
from puente.protection.referral_words import PROOFS, STATE_TAGS, STATES, WAYS, describe_given
from puente.protection.referrals import NEXT_STATES, Referral, State, Way, find_schema
from puente.protection.sealed import Compartment
from puente.protection.selectors.screenings import name_officers
from puente.protection.services import referrals as services
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest

TAB = "protection:referrals"


@in_case(VIEW_CASE)
@require_safe
def show_list(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """The referrals of a case, the last one first."""
    file = read_case_file(read_entries(opened, Topic.REFERRAL, Topic.REFERRAL_OUTCOME))
    rows = [_describe(request, referral) for referral in reversed(file.referrals)]
    return render(request, "protection/referrals/list.html", {**describe_frame(request, opened, TAB), "rows": rows})


@in_case(WRITE_CASE, Compartment.HEALTH)
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Choose a service, write what it is told, see exactly that, and send it."""
    actor, case = request.actor, opened.case
    context = describe_frame(request, opened, TAB)
    if not has_consent(actor, case.person_id, services.CONSENT):
        return render(request, "protection/referrals/no_consent.html", context)
    chosen = ChooseServiceForm(
        list_services(actor), case.office.municipality.state_id, request.POST if request.method == "POST" else None
    )
    if request.method != "POST" or not chosen.is_valid():
        status = 422 if chosen.errors else 200
        return render(request, "protection/referrals/choose.html", {**context, "form": chosen}, status=status)
    service = get_service(actor, chosen.cleaned_data["service"])
    assert service is not None  # noqa: S101 - the form offers services of the directory alone
    return _write_to(request, opened, service, context)


def _write_to(request: StaffRequest, opened: OpenedCase, service: Service, context: dict[str, Any]) -> HttpResponse:
    now, step = timezone.now(), request.POST.get("step", "")
    person = open_person(actor=request.actor, person_id=opened.case.person_id, purpose=opened.purpose, now=now)
    is_filled = step in ("preview", "change", "send")
    form = ReferralForm(
        services.find_schema_of(service), describe_given(person), timezone.localdate(now),
        request.POST if is_filled else None,
    )  # fmt: skip
    context |= {"form": form, "service": service, "schema": form.schema}
    if not is_filled or step == "change" or form.missing or not form.is_valid():
        status = 422 if form.errors and step != "change" else 200
        return render(request, "protection/referrals/write.html", context, status=status)
    told, way = form.build(), Way(form.cleaned_data["way"])
    shown = _digest(told)
    if step == "send" and request.POST.get("shown") == shown:
        try:
            referral_id = services.send_referral(
                actor=request.actor, opened=opened, service_code=service.pk, values=told, way=way,
                expires_on=form.cleaned_data["expires_on"], now=now,
            )  # fmt: skip
        except services.PaperUnsafe:
            form.add_error(
                "way", _("The safe-contact instructions let no paper go with the person: choose another way")
            )
            return render(request, "protection/referrals/write.html", context, status=422)
        messages.success(request, _("Written down as sent. Now hand it over."))
        return redirect("protection:referral", opened.case.pk, referral_id)
    context |= {
        "told": [(rule.label, told[rule.code]) for rule in form.schema.fields if rule.code in told],
        "untold": [rule.label for rule in form.schema.fields if rule.code not in told],
        "way": WAYS[way][0],
        "expires_on": form.cleaned_data["expires_on"],
        "shown": shown,
        "is_changed": step == "send",
        "kept": [
            (name, value) for name in ("service", *form.fields) for value in request.POST.getlist(name)
        ],
    }  # fmt: skip
    return render(request, "protection/referrals/preview.html", context)


def _digest(told: dict[str, str]) -> str:
    """Return a digest of what is shown, so that nothing else is sent."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@in_case(VIEW_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, opened: OpenedCase, referral_id: UUID) -> HttpResponse:
    """One referral: what was told, what became of it, and what may be written down next."""
    now = timezone.now()
    today = timezone.localdate(now)
    referral = services.find_referral(opened, referral_id)
    following = NEXT_STATES[referral.state_on(today)]
    sent_on = timezone.localdate(referral.sent_at)
    form = MoveForm(following, sent_on, today, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.move_referral(actor=request.actor, opened=opened, referral_id=referral_id, now=now, **form.said)
        messages.success(request, _("Written into the case."))
        return redirect("protection:referral", opened.case.pk, referral_id)
    told = services.read_copy(opened, referral_id)
    rules = find_schema(referral.schema).fields
    officers = name_officers([referral.sent_by, *(step.by for step in referral.steps)])
    state = referral.state_on(today)
    context = {
        **describe_frame(request, opened, TAB),
        **_describe(request, referral),
        "told": [(rule.label, told[rule.code]) for rule in rules if rule.code in told] if told is not None else None,
        "fields": [rule.label for rule in rules if rule.code in referral.fields],
        "sent_by": officers.get(referral.sent_by, ""),
        "way": WAYS[referral.way][0],
        "steps": [
            {"step": step, "label": STATES[step.state], "proof": PROOFS[step.proof], "by": officers.get(step.by, "")}
            for step in referral.steps
        ],
        "form": form if following else None,
        "has_paper": told is not None and state not in (State.REVOKED, State.EXPIRED),
        "question": f"{reverse('protection:case_open', args=[opened.case.pk])}?next={request.path}",
    }
    return render(request, "protection/referrals/referral.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE, Compartment.HEALTH)
@require_safe
def paper(request: StaffRequest, opened: OpenedCase, referral_id: UUID) -> HttpResponse:
    """The paper of a referral as PDF: its number and what was told."""
    now = timezone.now()
    referral, told = services.take_paper(actor=request.actor, opened=opened, referral_id=referral_id, now=now)
    content = make_referral_paper(
        referral, told, service=_name_service(request, referral), office=opened.case.office.label_es,
        today=timezone.localdate(now),
    )  # fmt: skip
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="referral.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _name_service(request: StaffRequest, referral: Referral) -> str:
    service = get_service(request.actor, referral.service)
    return service.label_es if service else referral.service


def _describe(request: StaffRequest, referral: Referral) -> dict[str, Any]:
    service = get_service(request.actor, referral.service)
    state = referral.state_on(timezone.localdate())
    kind, icon = STATE_TAGS[state]
    return {
        "referral": referral,
        "service": service,
        "service_name": service.label if service else referral.service,
        "state": state,
        "state_words": STATES[state],
        "state_kind": kind,
        "state_icon": icon,
    }
