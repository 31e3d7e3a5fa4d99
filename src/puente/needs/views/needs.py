"""The pending needs of an office, the needs of a person, and one need with its history."""

import csv
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.needs import selectors, services
from puente.needs.forms import AddNeedForm, MoveForm, PlanForm
from puente.needs.models import Need, NeedGroup, Urgency
from puente.needs.policies import ASSESS_NEEDS, RESOLVE_NEEDS, VIEW_NEEDS
from puente.needs.selectors import NeedFilter
from puente.needs.services import InvalidNeed, OpenedNeed
from puente.needs.wording import GROUP_ICONS, describe_history
from puente.offices.models import Office
from puente.people.services import open_person
from puente.platform.policy import NotAllowed, Purpose
from puente.web.paging import KeysetPage
from puente.web.parts import Pill, build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 20


@dataclass(frozen=True)
class NeedRow:
    """One line of a list: the need, whose it is, and whether its day has passed."""

    need: Need
    is_late: bool
    person_name: str = ""


@login_required
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """The pending needs of an office, those whose day comes first on top."""
    actor = request.actor
    groups = selectors.list_groups()
    offices, office, wanted, today = _read_filter(request, groups)
    found = selectors.list_pending(actor, office.pk, wanted, today)
    counts = selectors.count_pending(actor, office.pk, wanted, today)
    page = KeysetPage.of_request(request, found, selectors.ORDER, PAGE_SIZE)
    # The counts stand on the pills already: the page need not count again.
    page.total = counts.overdue if wanted.only_overdue else counts.total
    names = selectors.name_in_list(actor, [need.person_id for need in page.rows])
    context = {
        "page": page,
        "rows": [NeedRow(need, need.due_on < today, names.get(need.person_id, "")) for need in page.rows],
        "office": office,
        "counts": counts,
        "summary": ngettext("%(count)s pending need", "%(count)s pending needs", counts.total)
        % {"count": counts.total},
        "office_pills": _build_office_pills(request, offices, office),
        "group_pills": build_pills(
            request, "group",
            [("", pgettext("needs", "All"), sum(counts.by_group.values())), *(
                (group.code, group.label, counts.by_group[group.code])
                for group in groups
                if counts.by_group.get(group.code) or group.code == wanted.group
            )],
        ),
        "urgency_pills": build_pills(
            request, "urgency",
            [("", pgettext("needs", "All"), sum(counts.by_urgency.values())), *(
                (urgency.value, urgency.label, counts.by_urgency.get(urgency.value, 0)) for urgency in Urgency
            )],
        ),
        "due_pills": build_pills(
            request, "due", [("", _("Any day"), counts.total), ("overdue", _("Past their day"), counts.overdue)]
        ),
    }  # fmt: skip
    return render(request, "needs/list.html", context)


@login_required
@require_safe
def export_list(request: StaffRequest) -> HttpResponse:
    """The same list as CSV, without names or free words."""
    actor = request.actor
    _offices, office, wanted, today = _read_filter(request, selectors.list_groups())
    rows = services.export_pending(actor=actor, office_id=office.pk, wanted=wanted, today=today, now=timezone.now())
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="needs-{office.code}-{today.isoformat()}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(
        [
            _("Need"), _("Group"), _("Urgency"), _("State"), _("By when"), _("Service that acts"),
            _("Who follows it here"), _("Noted on"), _("Identifier"),
        ]
    )  # fmt: skip
    for need in rows:
        writer.writerow(
            [
                need.kind.label, need.group.label, Urgency(need.urgency).label, Need.Status(need.status).label,
                need.due_on.isoformat(), need.service.label, need.responsible.name if need.responsible else "",
                timezone.localtime(need.created_at).date().isoformat(), need.pk,
            ]
        )  # fmt: skip
    return response


@login_required
@require_safe
def show_person(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What one person needs, and their assessments."""
    actor = request.actor
    if not actor.may(VIEW_NEEDS):
        raise NotAllowed(VIEW_NEEDS.name)
    open_person(actor=actor, person_id=person_id, purpose=Purpose.COUNSELLING, now=timezone.now())
    rows = [NeedRow(need, _is_late(need)) for need in selectors.list_needs_of(actor, person_id)]
    assessments = selectors.list_assessments(actor, person_id)
    context = {
        "person_id": person_id,
        "name": selectors.name_people_fully(actor, [person_id]).get(person_id, ""),
        "pending": [row for row in rows if row.need.status in Need.PENDING],
        "closed": [row for row in rows if row.need.status not in Need.PENDING],
        "assessments": assessments,
        "draft": next((each for each in assessments if each.status == "draft"), None),
        "staff": selectors.name_staff(each.started_by for each in assessments),
        "may_assess": actor.may(ASSESS_NEEDS),
    }
    return render(request, "needs/person.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Note a need that no assessment found."""
    actor = request.actor
    offices = actor.offices_for(ASSESS_NEEDS)
    if not offices:
        raise NotAllowed(ASSESS_NEEDS.name)
    names = selectors.name_people_fully(actor, [person_id])
    form = AddNeedForm(selectors.list_kinds(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        office_id = actor.home_office_id if actor.home_office_id in offices else min(offices)
        try:
            need = services.add_need(
                actor=actor, person_id=person_id, office_id=office_id, kind=form.cleaned_data["kind"],
                note=form.cleaned_data["note"], now=timezone.now(),
            )  # fmt: skip
        except InvalidNeed as problem:
            form.add_error(problem.part, str(problem.message))
        else:
            messages.success(request, _("The need is noted."))
            return redirect("needs:need", need.pk)
    if person_id not in names:
        raise NotAllowed(ASSESS_NEEDS.name)
    context = {"form": form, "person_id": person_id, "name": names[person_id]}
    return render(request, "needs/add.html", context, status=422 if form.errors else 200)


@login_required
@require_safe
def show_need(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """One need: who acts by when, what became of it, and its history."""
    opened = services.open_need(actor=request.actor, need_id=need_id, purpose=Purpose.COUNSELLING, now=timezone.now())
    return _render_need(request, opened, _plan_form(opened.need), MoveForm(opened.need))


@login_required
@require_POST
def plan(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Set who acts, by when, and how urgent it is."""
    actor, now = request.actor, timezone.now()
    if not actor.may(RESOLVE_NEEDS):
        raise NotAllowed(RESOLVE_NEEDS.name)
    opened = services.open_need(actor=actor, need_id=need_id, purpose=Purpose.COUNSELLING, now=now)
    form = _plan_form(opened.need, request.POST)
    if form.is_valid():
        try:
            services.plan_need(actor=actor, need_id=need_id, plan=form.build(), now=now)
        except InvalidNeed as problem:
            form.add_error(problem.part if problem.part in form.fields else None, str(problem.message))
        else:
            messages.success(request, _("The plan is saved."))
            return redirect("needs:need", need_id)
    return _render_need(request, opened, form, MoveForm(opened.need), status=422)


@login_required
@require_POST
def move(request: StaffRequest, need_id: UUID) -> HttpResponse:
    """Note what became of a need."""
    actor, now = request.actor, timezone.now()
    if not actor.may(RESOLVE_NEEDS):
        raise NotAllowed(RESOLVE_NEEDS.name)
    opened = services.open_need(actor=actor, need_id=need_id, purpose=Purpose.COUNSELLING, now=now)
    form = MoveForm(opened.need, request.POST)
    if form.is_valid():
        try:
            services.update_need(actor=actor, need_id=need_id, now=now, **form.cleaned_data)
        except InvalidNeed as problem:
            form.add_error(problem.part, str(problem.message))
        else:
            messages.success(request, _("It is noted."))
            return redirect("needs:need", need_id)
    return _render_need(request, opened, _plan_form(opened.need), form, status=422)


def _render_need(
    request: StaffRequest, opened: OpenedNeed, plan_form: PlanForm, move_form: MoveForm, status: int = 200
) -> HttpResponse:
    actor, need = request.actor, opened.need
    events = selectors.list_events(actor, need.pk)
    named = selectors.find_named(events)
    context: dict[str, Any] = {
        "need": need,
        "note": opened.note,
        "name": selectors.name_people_fully(actor, [need.person_id]).get(need.person_id, ""),
        "days": describe_history(events, opened.reasons, selectors.name_staff(named), selectors.label_services()),
        "icon": GROUP_ICONS.get(need.group_id, "circle-dot"),
        "is_pending": need.status in Need.PENDING,
        "is_late": _is_late(need),
        "may_resolve": actor.may(RESOLVE_NEEDS),
        "plan_form": plan_form,
        "move_form": move_form,
    }
    return render(request, "needs/need.html", context, status=status)


def _is_late(need: Need) -> bool:
    return need.status in Need.PENDING and need.due_on < selectors.today_in(need.office, timezone.now())


def _plan_form(need: Need, data: Any = None) -> PlanForm:
    return PlanForm(need, selectors.list_services(), selectors.list_responsible(need.office_id), data)


def _read_filter(request: StaffRequest, groups: list[NeedGroup]) -> tuple[list[Office], Office, NeedFilter, date]:
    offices = selectors.list_offices(request.actor)
    if not offices:
        raise NotAllowed(VIEW_NEEDS.name)
    asked = request.GET.get("office", "")
    office = next((each for each in offices if each.code == asked), offices[0])
    urgency = request.GET.get("urgency", "")
    group = request.GET.get("group", "")
    wanted = NeedFilter(
        group=group if group in {each.code for each in groups} else "",
        urgency=urgency if urgency in Urgency else "",
        only_overdue=request.GET.get("due") == "overdue",
    )
    return offices, office, wanted, selectors.today_in(office, timezone.now())


def _build_office_pills(request: StaffRequest, offices: list[Office], office: Office) -> list[Pill]:
    if len(offices) == 1:
        return []
    return build_pills(request, "office", [(each.code, each.label, None) for each in offices], office.code)
