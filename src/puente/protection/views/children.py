"""The child's part of a case."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.people.pseudonyms import reference_of
from puente.people.services import open_person
from puente.platform.policy import Purpose
from puente.protection.child_page import (
    PAPERS,
    TOPICS,
    build_sections,
    give_reasons,
    list_deadlines,
    list_returns,
    list_steps,
)
from puente.protection.child_papers import make_paper
from puente.protection.child_records import ChildFile
from puente.protection.forms.children import FORMS
from puente.protection.opening import OpenedCase
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.selectors.children import read_child_file, read_returns
from puente.protection.selectors.screenings import name_officers
from puente.protection.services.children import InvalidRecord, record_child
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest


@in_case(VIEW_CASE, Compartment.TESTIMONY)
@require_safe
def show(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Everything about the child: what is due, the records, the returns."""
    file, returns, now = read_child_file(opened), read_returns(request.actor, opened), timezone.now()
    writers = [one.made_by for written in file.topics.values() for kept in written for one in (kept, *kept.earlier)]
    deadlines = list_deadlines(file, returns, now)
    context = {
        **describe_frame(request, opened, "protection:child"),
        "sections": build_sections(file, name_officers(writers)),
        "steps": list_steps(file),
        "deadlines": deadlines,
        "late": sum(due["is_late"] for due in deadlines),
        "lacks_measure": file.lacks_measure,
        "returns": list_returns(returns),
        "reasons": give_reasons(returns),
        "may_be_child": returns.may_be_child,
    }
    return render(request, "protection/children/child.html", context)


@in_case(WRITE_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "POST"])
def write(request: StaffRequest, opened: OpenedCase, topic: str, entry_id: UUID | None = None) -> HttpResponse:
    """Write a record of a topic, or correct one: the earlier one stays beside it."""
    if topic not in FORMS:
        raise Http404
    file = read_child_file(opened)
    corrected = file.find_entry(topic, entry_id) if entry_id else None
    if entry_id and corrected is None:
        raise Http404
    initial = asdict(corrected.record) if corrected else _suggest(request, opened, file, topic)
    form = FORMS[topic](topic, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record_child(
                actor=request.actor, opened=opened, topic=topic, record=form.build(), replaces=entry_id,
                now=timezone.now(),
            )  # fmt: skip
        except InvalidRecord as refused:
            form.show_problems(refused)
        else:
            messages.success(request, _("Written into the case."))
            return redirect(f"{reverse('protection:child', args=[opened.case.pk])}#{topic}")
    context = {
        **describe_frame(request, opened, "protection:child"),
        "title": TOPICS[topic][0],
        "topic": topic,
        "form": form,
        "is_correction": corrected is not None,
    }
    return render(request, "protection/children/write.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE, Compartment.TESTIMONY)
@require_safe
def paper(request: StaffRequest, opened: OpenedCase, topic: str) -> HttpResponse:
    """The record of the hand-over, or the notice, as PDF. The notice names the child only where its record says so."""
    file, now = read_child_file(opened), timezone.now()
    written = file.find(topic) if topic in PAPERS else None
    if written is None:
        raise Http404
    person = None
    if topic == "dif_handover" or written.record.names_child:
        person = open_person(actor=request.actor, person_id=opened.case.person_id, purpose=Purpose.PROTECTION, now=now)
    response = HttpResponse(make_paper(topic, opened, file, person, now), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{reference_of(opened.case.person_id)}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _suggest(request: StaffRequest, opened: OpenedCase, file: ChildFile, topic: str) -> dict[str, Any]:
    """Return what a new record begins with: the arrival that is known, and what every record of the kind says."""
    now = timezone.now()
    if topic in PAPERS:
        other = file.find("dif_handover") or file.find("prosecutor_notice")
        arrived = other.record.arrived_at if other else read_returns(request.actor, opened).last_arrival
        return {"arrived_at": arrived, "notified_at": now, "handed_over_at": now, "legal_basis": "lm_112_and_lgdnna"}
    return {"decided_on": timezone.localdate(now), "done_on": timezone.localdate(now), "execution": "pending"}
