"""Lists of buses and flights: upload, columns, dry run, loading, and who arrived."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from puente.engines.identity.names import list_name
from puente.people.evidence import describe_birth
from puente.platform.uploads import UnreadableFile
from puente.reception.desk import find_desk_office
from puente.reception.forms.manifest import ColumnsForm, UploadForm
from puente.reception.lists import Reading, read_lines
from puente.reception.models import ManifestDraft, ManifestLine
from puente.reception.policies import LOAD_MANIFEST, REGISTER_ARRIVAL
from puente.reception.selectors import manifests as selectors
from puente.reception.services.manifests import (
    ListNotLoaded,
    close_manifest,
    discard_draft,
    load_list,
    map_columns,
    open_draft,
    upload_list,
)
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest
from puente.web.templatetags.components import error_summary

SHOWN_LINES = 12
SHOWN_REMARKS = 60


@login_required
@require_safe
def manifests(request: StaffRequest) -> HttpResponse:
    """The lists of the office with a bar each: expected, arrived, absent, not on the list."""
    page = KeysetPage.of_request(request, selectors.list_manifests(request.actor), selectors.ORDER, 12)
    return render(request, "reception/manifests.html", {"page": page, "may_load": request.actor.may(LOAD_MANIFEST)})


@login_required
def upload(request: StaffRequest) -> HttpResponse:
    """Upload a list; it is checked before anything of it is loaded."""
    office = find_desk_office(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None, office=office, now=timezone.now())
    if request.method == "POST" and form.is_valid():
        try:
            draft = upload_list(
                actor=request.actor,
                office_id=office.pk,
                content=form.cleaned_data["file"].read(),
                facts=form.build_facts(),
                now=timezone.now(),
            )
        except (UnreadableFile, ListNotLoaded) as problem:
            form.add_error("file", str(problem.message))
        else:
            return redirect("reception:draft", draft.pk)
    context = {"form": form, "summary": error_summary(form)}
    return render(request, "reception/upload.html", context, status=422 if form.errors else 200)


@login_required
def draft(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """The dry run: which column holds what, and what is to be said of each row."""
    row, table = open_draft(actor=request.actor, draft_id=draft_id)
    if request.method == "POST":
        form = ColumnsForm(request.POST, header=table.header)
        if form.is_valid():
            map_columns(
                actor=request.actor,
                draft_id=draft_id,
                columns=form.columns,
                surnames_first=form.cleaned_data["surnames_first"],
            )
            return redirect("reception:draft", draft_id)
    else:
        form = ColumnsForm(initial=row.mapping | {"surnames_first": row.surnames_first}, header=table.header)
    reading = read_lines(table, row.mapping, surnames_first=row.surnames_first)
    return _show_draft(request, row, form, reading, "")


@login_required
@require_POST
def load(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Load the list: all of its rows or none."""
    try:
        manifest = load_list(actor=request.actor, draft_id=draft_id, now=timezone.now())
    except ListNotLoaded as problem:
        row, table = open_draft(actor=request.actor, draft_id=draft_id)
        form = ColumnsForm(initial=row.mapping | {"surnames_first": row.surnames_first}, header=table.header)
        reading = read_lines(table, row.mapping, surnames_first=row.surnames_first)
        return _show_draft(request, row, form, reading, str(problem.message))
    number = manifest.lines.count()
    text = ngettext(
        "The list %(list)s is loaded: %(number)s person.", "The list %(list)s is loaded: %(number)s people.", number
    )
    messages.success(request, text % {"list": manifest.label, "number": number})
    return redirect("reception:manifest", manifest.pk)


@login_required
@require_POST
def discard(request: StaffRequest, draft_id: UUID) -> HttpResponse:
    """Throw an uploaded list away."""
    discard_draft(actor=request.actor, draft_id=draft_id)
    messages.success(request, _("The uploaded list was thrown away. Nothing of it was saved."))
    return redirect("reception:manifests")


@login_required
@require_safe
def manifest(request: StaffRequest, manifest_id: UUID) -> HttpResponse:
    """The lines of one list."""
    actor = request.actor
    found = selectors.get_manifest(actor, manifest_id)
    lines = selectors.list_lines(actor, found)
    chosen = request.GET.get("status", "")
    shown = lines.filter(status=chosen) if chosen in ManifestLine.Status else lines
    page = KeysetPage.of_request(request, shown, ("row_number",), 30)
    pills = build_pills(
        request,
        "status",
        [
            ("", _("All"), found.total),
            ("expected", _("Expected"), found.expected),
            ("arrived", _("Arrived"), found.arrived),
            ("absent", _("Absent"), found.absent),
        ],
    )
    rows = [
        (line, list_name(line.line.name), describe_birth(line.line.birth_date))
        for line in selectors.open_lines(found, page.rows)
    ]
    context = {
        "manifest": found,
        "rows": rows,
        "page": page,
        "pills": pills,
        "may_load": found.office_id in actor.offices_for(LOAD_MANIFEST),
        "may_register": found.office_id in actor.offices_for(REGISTER_ARRIVAL),
    }
    return render(request, "reception/manifest.html", context)


@login_required
@require_POST
def close(request: StaffRequest, manifest_id: UUID) -> HttpResponse:
    """Close a list: whoever has not arrived is absent."""
    close_manifest(actor=request.actor, manifest_id=manifest_id, now=timezone.now())
    messages.success(request, _("The list is closed. Whoever comes later can still be found on it for three days."))
    return redirect("reception:manifest", manifest_id)


def _show_draft(
    request: StaffRequest, row: ManifestDraft, form: ColumnsForm, reading: Reading, problem: str
) -> HttpResponse:
    context = {
        "draft": row,
        "form": form,
        "problem": problem,
        "number": len(reading.lines),
        "lines": [
            (line, list_name(line.name), describe_birth(line.birth_date)) for line in reading.lines[:SHOWN_LINES]
        ],
        "errors": reading.errors[:SHOWN_REMARKS],
        "errors_not_shown": max(len(reading.errors) - SHOWN_REMARKS, 0),
        "notices": [remark for remark in reading.remarks if not remark.is_error][:SHOWN_REMARKS],
    }
    return render(request, "reception/draft.html", context, status=422 if problem else 200)
