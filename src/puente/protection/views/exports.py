"""Exports of protected data: one person asks, another one lets them, it is produced once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.accounts.step_up import require_step_up
from puente.offices.selectors import name_offices
from puente.protection.export_files import FORMATS, REASONS, list_terms
from puente.protection.exporting import find_kind, list_kinds
from puente.protection.forms.exports import AskExportForm, DecideExportForm
from puente.protection.models import ExportState
from puente.protection.policies import APPROVE_EXPORT, ASK_EXPORT
from puente.protection.selectors import exports as selectors
from puente.protection.services import exports as services
from puente.web.downloads import download_file
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest

SECTION = "protection:exports"


@require_step_up(ASK_EXPORT, APPROVE_EXPORT)
@require_safe
def show_list(request: StaffRequest) -> HttpResponse:
    """What waits for the reader's answer, and every export of their offices."""
    actor, now = request.actor, timezone.now()
    page = KeysetPage.of_request(request, selectors.list_exports(actor), selectors.ORDER)
    context = {
        "waiting": selectors.show_exports(list(selectors.list_to_decide(actor)), now),
        "page": page,
        "rows": selectors.show_exports(page.rows, now),
        "may_ask": actor.may(ASK_EXPORT),
        "may_decide": actor.may(APPROVE_EXPORT),
    }
    return render(request, "protection/exports/list.html", context)


@require_step_up(ASK_EXPORT)
@require_safe
def choose_kind(request: StaffRequest) -> HttpResponse:
    """The kinds of export, and what each tells."""
    request.section = SECTION
    return render(request, "protection/exports/kinds.html", {"kinds": list_kinds()})


@require_step_up(ASK_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, code: str) -> HttpResponse:
    """Ask another person to let an export out."""
    request.section = SECTION
    kind = {one.code: one for one in list_kinds()}.get(code)
    if kind is None:
        raise Http404
    actor, now = request.actor, timezone.now()
    offices = name_offices(actor.offices_for(ASK_EXPORT))
    form = AskExportForm(kind, offices, timezone.localdate(now), request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = services.ask_export(
                actor=actor, office_id=UUID(form.cleaned_data["office"]), facts=form.build(), now=now
            )
        except services.TooFewCases:
            context = {"kind": kind, "fewest": services.FEWEST_CASES}
            return render(request, "protection/exports/too_few.html", context, status=422)
        messages.success(request, _("Asked. Another person of protection answers here."))
        return redirect("protection:export", asked.pk)
    context = {"kind": kind, "form": form}
    return render(request, "protection/exports/ask.html", context, status=422 if form.errors else 200)


@require_step_up(ASK_EXPORT, APPROVE_EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """One export: what, what for, how it stands; the other person answers, whoever asked fetches it."""
    request.section = SECTION
    actor, now = request.actor, timezone.now()
    export = selectors.read_export(actor, export_id, now)
    row, is_own = export.shown.row, export.shown.row.asked_by == actor.id
    form = DecideExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _decide(request, export_id, form)
    may_decide = row.office_id in actor.offices_for(APPROVE_EXPORT) and not is_own
    context = {
        "export": export,
        "kind": find_kind(row.kind),
        "fields": [export.shown.kind.name_field(code) for code in row.fields],
        "reason": REASONS[export.reason],
        "terms": list_terms(),
        "form": form if may_decide and export.shown.state is ExportState.WAITING else None,
        "is_own": is_own,
        "may_produce": is_own and export.shown.state is ExportState.READY,
        "hours": int(services.VALIDITY.total_seconds() // 3600),
    }
    return render(request, "protection/exports/export.html", context, status=422 if form.errors else 200)


def _decide(request: StaffRequest, export_id: UUID, form: DecideExportForm) -> HttpResponse:
    said = form.cleaned_data
    is_approved = said["answer"] == "yes"
    try:
        services.decide_export(
            actor=request.actor, export_id=export_id, approve=is_approved, words=said["words"], now=timezone.now()
        )
    except services.ExportDecided:
        messages.error(request, _("This export waits for no answer of yours: it was answered, or you asked for it."))
    else:
        messages.success(request, _("It may be fetched once.") if is_approved else _("It is not let out."))
    return redirect("protection:export", export_id)


@require_step_up(ASK_EXPORT)
@require_POST
def produce(request: StaffRequest, export_id: UUID) -> HttpResponse:
    """The file, once, for whoever asked."""
    request.section = SECTION
    if request.POST.get("format") not in FORMATS:
        raise Http404
    actor, now = request.actor, timezone.now()
    content_type, ending, write = FORMATS[request.POST["format"]]
    try:
        export = selectors.read_export(actor, export_id, now)
        _row, rows = services.produce_export(actor=actor, export_id=export_id, now=now)
    except services.ExportGone:
        messages.error(request, _("There is nothing to fetch: it was fetched already, or its time is over. Ask again."))
        return redirect("protection:export", export_id)
    except services.TooFewCases:
        context = {"kind": export.shown.kind, "fewest": services.FEWEST_CASES}
        return render(request, "protection/exports/too_few.html", context, status=422)
    return download_file(f"export-{export_id}.{ending}", write(export, rows, now), content_type)
