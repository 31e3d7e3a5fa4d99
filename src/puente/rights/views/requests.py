"""Requests: the list by day, those of a person, taking one down, and everything that happens to one."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.people.catalogue import consent_capacities, consent_means
from puente.people.file_parts import may_ask_for_reserved
from puente.people.models import Identity
from puente.people.selectors import PersonLabel, label_people, list_consent_texts, write_in_full
from puente.people.services import open_person
from puente.platform.policy import NotAllowed, Purpose
from puente.rights.forms import CopyForm, DecisionForm, ReasonForm, RequestForm
from puente.rights.models import FileCopy, RequestEvent, RightsRequest
from puente.rights.policies import ERASE_PERSON, HANDLE_REQUEST, RECEIVE_REQUEST, VIEW_REQUESTS
from puente.rights.selectors.calendar import list_deadlines
from puente.rights.selectors.requests import (
    CLOSED_ORDER,
    ORDER,
    count_days_left,
    list_closed,
    list_copies,
    list_offices,
    list_requests_of,
    list_running,
    list_uses,
    tell_events,
)
from puente.rights.services import copies, requests
from puente.rights.services.requests import OpenedRequest, RequestImpossible, Said
from puente.rights.wording import EVENT_ICONS, IMPOSSIBLE, say_days_left
from puente.web.paging import KeysetPage
from puente.web.parts import HistoryDay, HistoryEntry, build_pills
from puente.web.requests import StaffRequest

MEDIA_TYPES = {FileCopy.Format.PDF: "application/pdf", FileCopy.Format.JSON: "application/json"}


@login_required
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """Requests of an office by their day, or those that are done with."""
    actor = request.actor
    offices = list_offices(actor)
    if not offices:
        raise NotAllowed(VIEW_REQUESTS.name)
    office = next((one for one in offices if one.code == request.GET.get("office")), offices[0])
    is_closed = request.GET.get("show") == "closed"
    running, closed = list_running(actor, office.pk), list_closed(actor, office.pk)
    page = KeysetPage.of_request(request, closed if is_closed else running, CLOSED_ORDER if is_closed else ORDER)
    names = label_people(actor, [row.person_id for row in page.rows])
    today = timezone.localdate()
    late = running.filter(due_on__lt=today).count()
    context = {
        "office": office,
        "office_pills": build_pills(request, "office", [(one.code, one.label, None) for one in offices], office.code)
        if len(offices) > 1
        else [],
        "page": page,
        "rows": [_describe_row(row, names, today) for row in page.rows],
        "is_closed": is_closed,
        "late": late,
        "pills": build_pills(
            request, "show",
            [("running", _("Running"), running.count()), ("closed", _("Done with"), closed.count())], "running",
        ),
        "unchecked": [deadline for deadline in list_deadlines() if not deadline.is_checked],
    }  # fmt: skip
    return render(request, "rights/list.html", context)


@login_required
@require_safe
def show_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What a person asked for by right, and where it stands."""
    actor = request.actor
    if not actor.may(VIEW_REQUESTS):
        raise NotAllowed(VIEW_REQUESTS.name)
    opened = open_person(actor=actor, person_id=person_id, purpose=Purpose.RIGHTS, now=timezone.now())
    found = list_requests_of(actor, person_id)
    names = label_people(actor, [person_id])
    context = {
        "person": opened.person,
        "title": write_in_full(opened.identity.name, person_id),
        "rows": [_describe_row(row, names, timezone.localdate()) for row in found],
        "may_receive": actor.may(RECEIVE_REQUEST),
    }
    return render(request, "rights/person.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Take down what a person asks for."""
    actor, now = request.actor, timezone.now()
    offices = actor.offices_for(RECEIVE_REQUEST)
    if not offices:
        raise NotAllowed(RECEIVE_REQUEST.name)
    opened = open_person(actor=actor, person_id=person_id, purpose=Purpose.RIGHTS, now=now)
    labels = {text.purpose: text.label for text in list_consent_texts()}
    uses = [(use, labels.get(use, use)) for use in list_uses(actor, person_id)]
    initial = {"received_on": timezone.localdate(now), "kind": request.GET.get("kind", "")}
    form = RequestForm(request.POST or None, uses=uses, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            received = requests.receive_request(
                actor=actor, person_id=person_id,
                office_id=actor.home_office_id if actor.home_office_id in offices else min(offices),
                kind=said["kind"], capacity=said["capacity"], identity_shown=said["identity_shown"],
                means=said["means"], said=Said(said["words"], said["representative"], said["answer_to"]),
                uses=said["uses"], received_on=said["received_on"], now=now,
            )  # fmt: skip
        except RequestImpossible as problem:
            field = {"not_yet": "received_on", "no_use": "uses"}.get(problem.code, "kind")
            form.add_error(field, str(IMPOSSIBLE[problem.code]))
        else:
            messages.success(
                request,
                _("Taken down. It must be answered by %(day)s.") % {"day": date_format(received.due_on, "DATE_FORMAT")},
            )
            return redirect("rights:request", received.pk)
    context = {
        "person": opened.person,
        "title": write_in_full(opened.identity.name, person_id),
        "form": form,
        "has_uses": bool(uses),
    }
    return render(request, "rights/receive.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def show_request(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """One request: what was said, what is to be done by when, and what happened."""
    return _show(request, request_id)


@login_required
@require_POST
def extend(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Lengthen the term, once."""
    form = ReasonForm(request.POST, prefix="extend")
    return _act(
        request, request_id, form, "extend_form", _("The term is extended."),
        lambda: requests.extend_request(
            actor=request.actor, request_id=request_id, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    )  # fmt: skip


@login_required
@require_POST
def decide(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Accept or refuse."""
    form = DecisionForm(request.POST)
    return _act(
        request, request_id, form, "decision_form", _("The decision is noted."),
        lambda: requests.decide_request(
            actor=request.actor, request_id=request_id, ground=form.cleaned_data["ground"],
            reason=form.cleaned_data["reason"], now=timezone.now(),
        ),
    )  # fmt: skip


@login_required
@require_POST
def withdraw(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Note that the person took the request back."""
    form = ReasonForm(request.POST, prefix="withdraw")
    return _act(
        request, request_id, form, "withdraw_form", _("It is noted that the person took the request back."),
        lambda: requests.withdraw_request(
            actor=request.actor, request_id=request_id, reason=form.cleaned_data["reason"], now=timezone.now()
        ),
    )  # fmt: skip


@login_required
@require_POST
def make_copy(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Make a copy of the file and hand it to the browser; it is kept nowhere."""
    form = CopyForm(request.POST, may_ask_for_reserved=may_ask_for_reserved(request.actor))
    if not form.is_valid():
        return _show(request, request_id, status=422, copy_form=form)
    try:
        copy, content = copies.make_copy(
            actor=request.actor, request_id=request_id, file_format=form.cleaned_data["file_format"],
            with_reserved=form.cleaned_data.get("with_reserved", False), now=timezone.now(),
        )  # fmt: skip
    except RequestImpossible as problem:
        messages.error(request, str(IMPOSSIBLE[problem.code]))
        return redirect("rights:request", request_id)
    return HttpResponse(
        content,
        content_type=MEDIA_TYPES[FileCopy.Format(copy.format)],
        headers={
            "Content-Disposition": f'attachment; filename="puente-{copy.receipt}.{copy.format}"',
            "Cache-Control": "no-store",
        },
    )


@login_required
@require_POST
def carry_out(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Carry out what was accepted, or note that it was."""
    return _act(
        request, request_id, None, "", _("It is noted as carried out."),
        lambda: requests.carry_out_request(actor=request.actor, request_id=request_id, now=timezone.now()),
    )  # fmt: skip


@login_required
@require_POST
def erase(request: StaffRequest, request_id: UUID) -> HttpResponse:
    """Erase the person, as the second of two people."""
    return _act(
        request, request_id, None, "", _("The file is erased. Its key is destroyed for good."),
        lambda: requests.approve_erasure(actor=request.actor, request_id=request_id, now=timezone.now()),
    )  # fmt: skip


def _act(request: StaffRequest, request_id: UUID, form: Any, form_name: str, done: str, act: Any) -> HttpResponse:
    """Run a step, say that it is done or why it is not, and go back to the request."""
    if form is not None and not form.is_valid():
        return _show(request, request_id, status=422, **{form_name: form})
    try:
        act()
    except RequestImpossible as problem:
        messages.error(request, str(IMPOSSIBLE[problem.code]))
    else:
        messages.success(request, done)
    return redirect("rights:request", request_id)


def _show(request: StaffRequest, request_id: UUID, status: int = 200, **forms: Any) -> HttpResponse:
    actor = request.actor
    opened = requests.open_request(actor=actor, request_id=request_id, now=timezone.now())
    row = opened.request
    may_handle = actor.may(HANDLE_REQUEST) and opened.opened is not None
    today = timezone.localdate()
    context = {
        "request_row": row,
        "opened": opened,
        "title": write_in_full(opened.opened.identity.name, row.person_id) if opened.opened else _("Erased person"),
        "due": _describe_due(row, today),
        "facts": _describe_facts(opened),
        "days": _tell_history(opened),
        "copies": list_copies(row),
        "may_handle": may_handle,
        "may_erase": actor.may(ERASE_PERSON) and opened.opened is not None,
        "is_second_person": actor.id != row.decided_by,
        "correct_url": reverse("people:correct", args=[row.person_id], query={"reason": Identity.Reason.RIGHTS}),
        "decision_form": DecisionForm(),
        "extend_form": ReasonForm(prefix="extend"),
        "withdraw_form": ReasonForm(prefix="withdraw"),
        "copy_form": CopyForm(may_ask_for_reserved=may_ask_for_reserved(actor)),
    } | forms
    return render(request, "rights/request.html", context, status=status)


def _describe_row(row: RightsRequest, names: dict[UUID, PersonLabel], today: date) -> dict[str, Any]:
    return {"request": row, "name": names[row.person_id].text, "due": _describe_due(row, today)}


def _describe_due(row: RightsRequest, today: date) -> dict[str, Any] | None:
    """Return the day of a running request in words, and whether it is past; None where nothing is due."""
    if row.state not in RightsRequest.RUNNING:
        return None
    days = count_days_left(row.due_on, today)
    return {"words": say_days_left(days, row.due_on, today), "is_late": row.due_on < today}


def _describe_facts(opened: OpenedRequest) -> list[tuple[str, str]]:
    row, said = opened.request, opened.said
    capacities, means = consent_capacities(), consent_means()
    labels = {text.purpose: text.label for text in list_consent_texts()}
    facts = [
        (_("Received on"), date_format(row.received_on, "DATE_FORMAT")),
        (_("Who asks"), capacities[row.capacity].label if row.capacity in capacities else row.capacity),
        (_("Name of who asks"), said.representative if said else ""),
        (_("Showed who they are by"), str(row.get_identity_shown_display())),
        (_("How it was asked"), means[row.means].label if row.means in means else row.means),
        (_("Where to answer"), said.answer_to if said else ""),
        (_("Objects to"), ", ".join(labels.get(use, use) for use in row.uses)),
        (_("Ground of the refusal"), str(row.get_ground_display()) if row.ground else ""),
        (_("Office"), row.office.label),
    ]
    return [(name, text) for name, text in facts if text]


def _tell_history(opened: OpenedRequest) -> list[HistoryDay]:
    days: dict[date, list[HistoryEntry]] = {}
    for told in tell_events(opened.request)[::-1]:
        at = timezone.localtime(told.event.at)
        reason = opened.reasons.get(told.event.pk, "")
        entry = HistoryEntry(
            time=time_format(at, "TIME_FORMAT"),
            title=told.event.get_kind_display(),
            icon=EVENT_ICONS[RequestEvent.Kind(told.event.kind)],
            text=f"«{reason}»" if reason else "",
            who=told.who,
        )
        days.setdefault(at.date(), []).append(entry)
    return [HistoryDay(date_format(day, "DATE_FORMAT"), entries, day=day) for day, entries in days.items()]
