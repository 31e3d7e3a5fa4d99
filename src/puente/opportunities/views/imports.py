import csv
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.opportunities.forms import MappingForm, UploadForm
from puente.opportunities.forms.imports import NEW
from puente.opportunities.imports.drafts import REASONS
from puente.opportunities.imports.mapping import Mapping, Options, WrongMapping, guess_columns
from puente.opportunities.imports.reading import read_openings_file, unpack
from puente.opportunities.models import ImportBatch, ImportRow
from puente.opportunities.policies import IMPORT_OPENINGS, require_right
from puente.opportunities.selectors import openings as selectors
from puente.opportunities.services import imports as services
from puente.web.paging import KeysetPage
from puente.web.parts import Progress, Tab
from puente.web.requests import StaffRequest

PAGE_SIZE = 40
SAMPLE_ROWS = 4
State = ImportBatch.State
#: Letters with which a spreadsheet begins a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@login_required
def list_imports(request: StaffRequest) -> HttpResponse:
    """All imports, the newest first."""
    page = KeysetPage.of_request(request, selectors.list_batches(request.actor), ("-started_at", "id"), PAGE_SIZE)
    return render(request, "opportunities/imports.html", {"page": page})


@login_required
def upload(request: StaffRequest) -> HttpResponse:
    """First step: the file and its source."""
    require_right(request.actor, IMPORT_OPENINGS)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and form.table is not None:
        now = timezone.now()
        source_id = form.cleaned_data["source"]
        if source_id == NEW:
            name = form.cleaned_data["name"].strip()
            source_id = services.create_source(actor=request.actor, name=name, now=now).pk
        batch = services.start_import(
            actor=request.actor, source_id=source_id, content=form.content, table=form.table, now=now
        )
        return redirect("opportunities:import-columns", batch.pk)
    return render(request, "opportunities/import_upload.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def choose_columns(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Second step: which column says what. Asks for the check."""
    batch = _get(request, batch_id)
    if batch.is_running or batch.state == State.LOADED:
        return redirect("opportunities:import", batch_id)
    table = read_openings_file(unpack(bytes(batch.file.content)))
    columns = batch.columns if set(batch.columns.values()) & set(table.header) else guess_columns(table.header)
    mapping = Mapping(columns, Options.from_json(batch.options))
    form = MappingForm(request.POST or None, header=table.header, mapping=mapping)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(
                actor=request.actor, batch_id=batch_id, mapping=form.to_mapping(), now=timezone.now()
            )
        except WrongMapping as problem:
            form.add_error(f"column_{problem.field}" if problem.field else None, str(problem.message))
        else:
            return redirect("opportunities:import", batch_id)
    context = {
        "batch": batch, "form": form, "header": table.header,
        "sample": [row.cells for row in table.rows[:SAMPLE_ROWS]],
    }  # fmt: skip
    return render(request, "opportunities/import_columns.html", context, status=422 if form.errors else 200)


@login_required
def show_import(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Third step: progress, then the report, and the button that loads."""
    batch = _get(request, batch_id)
    if batch.state == State.UPLOADED:
        return redirect("opportunities:import-columns", batch_id)
    context: dict[str, Any] = {"batch": batch, "work": _describe_progress(batch)}
    if not batch.is_running:
        context |= _build_report(request, batch)
    return render(request, "opportunities/import.html", context)


@login_required
def show_progress(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """The progress of a running import; when it has ended, the whole page is asked for again."""
    batch = _get(request, batch_id)
    if not batch.is_running:
        return HttpResponse(headers={"HX-Redirect": reverse("opportunities:import", args=[batch_id])})
    return render(request, "opportunities/import.html#progress", {"batch": batch, "work": _describe_progress(batch)})


@login_required
@require_POST
def load(request: StaffRequest, batch_id: UUID) -> HttpResponse:
    """Ask for a checked file to be loaded."""
    _get(request, batch_id)
    try:
        services.request_load(actor=request.actor, batch_id=batch_id)
    except services.NotReady:
        messages.error(request, _("This file cannot be loaded now. Look at where it stands below."))
    return redirect("opportunities:import", batch_id)


@login_required
def download_report(request: StaffRequest, batch_id: UUID) -> StreamingHttpResponse:
    """Every row of the report as CSV; no cell of it is a formula to a spreadsheet."""
    batch = _get(request, batch_id)
    response = StreamingHttpResponse(_write_report(batch), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}.csv"'
    return response


class _Line:
    """A file of one line: what csv.writer writes is handed on."""

    def write(self, line: str) -> str:
        return line


def _write_report(batch: ImportBatch) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield "\ufeff"
    yield writer.writerow([_("Row"), _("What"), _("Reason"), _("In the file")])
    for row in selectors.list_rows(batch).order_by("number", "id").iterator(chunk_size=2000):
        what = ImportRow.Kind(row.kind).label
        yield writer.writerow([row.number, what, neutralise(str(REASONS[row.reason])), neutralise(row.text)])
    for alias in batch.aliases.select_related("municipality__state", "state").order_by("-offers", "id"):
        written = f"{alias.written}, {alias.written_state}".strip(", ")
        reason = f"{alias.meaning} ({alias.reason_label}, ×{alias.offers})"
        yield writer.writerow(["", _("Place under another name"), neutralise(reason), neutralise(written)])


def neutralise(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _build_report(request: StaffRequest, batch: ImportBatch) -> dict[str, Any]:
    kinds = selectors.count_rows(request.actor, batch)
    aliases = batch.counts.get("aliases", 0)
    tabs = [(kind.value, str(kind.label), kinds.get(kind.value, 0)) for kind in ImportRow.Kind]
    tabs.insert(2, ("aliases", _("Places under another name"), aliases))
    wanted = request.GET.get("tab", "")
    if wanted not in {name for name, _label, _count in tabs}:
        wanted = next((name for name, _label, count in tabs if count), tabs[0][0])
    context: dict[str, Any] = {
        "tab": wanted,
        "tabs": [Tab(label, f"?tab={name}", name == wanted, count) for name, label, count in tabs],
    }
    if wanted == "aliases":
        found = batch.aliases.select_related("municipality__state", "state")
        context["page"] = KeysetPage.of_request(request, found, ("-offers", "id"), PAGE_SIZE)
    else:
        rows = selectors.list_rows(batch).filter(kind=wanted)
        context["page"] = page = KeysetPage.of_request(request, rows, ("number", "id"), PAGE_SIZE)
        context["rows"] = [(row, REASONS[row.reason]) for row in page.rows]
    return context


def _describe_progress(batch: ImportBatch) -> Progress:
    is_loading = batch.state == State.LOADING
    share = batch.done / batch.total if batch.total else None
    if share == 1 and is_loading:
        step = _("Writing everything at once")
    else:
        step = _("%(done)s of %(total)s rows read") % {"done": f"{batch.done:,}", "total": f"{batch.total:,}"}
    return Progress(
        title=_("Loading the file") if is_loading else _("Checking the file; nothing is loaded yet"),
        share=share,
        step=step,
        poll_url=reverse("opportunities:import-progress", args=[batch.pk]),
    )


def _get(request: StaffRequest, batch_id: UUID) -> ImportBatch:
    try:
        return selectors.get_batch(request.actor, batch_id)
    except ImportBatch.DoesNotExist:
        raise Http404 from None
