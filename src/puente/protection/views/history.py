"""The history of a case: what was written, by whom and when, notes with their corrections, and who opened it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.audit.selectors import list_openings
from puente.platform.policy import NotAllowed
from puente.protection.case_file import Topic
from puente.protection.case_page import gather_notes, list_history
from puente.protection.case_wording import COMPARTMENTS
from puente.protection.forms.plans import CorrectionForm, NoteForm
from puente.protection.opening import OpenedCase, read_entries
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.selectors.officers import name_staff
from puente.protection.services.plans import write_note
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest

TAB = "protection:history"


@in_case(VIEW_CASE)
@require_safe
def show(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Everything that the purpose opens, day by day, and who opened the case for what."""
    entries = read_entries(opened)
    staff = name_staff({read.made_by for read in entries})
    context = {
        **describe_frame(request, opened, TAB),
        "days": list_history(entries, staff, opened.case.pk),
        "left_out": [COMPARTMENTS[one] for one in Compartment if not opened.has(one)],
        "openings": list_openings(request.actor, record_id=opened.case.pk),
    }
    return render(request, "protection/cases/history.html", context)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin_note(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """Write a note into one of the parts that the purpose opens."""
    form = NoteForm(request.POST if request.method == "POST" else None, compartments=opened.keys)
    if request.method == "POST" and form.is_valid():
        write_note(
            actor=request.actor, opened=opened, compartment=Compartment(form.cleaned_data["compartment"]),
            words=form.cleaned_data["words"], now=timezone.now(), replaces=None,
        )  # fmt: skip
        messages.success(request, _("The note is kept."))
        return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": _("Write a note"),
        "lead": _("Facts and what was agreed, in the person’s words where they matter."),
        "submit": _("Keep the note"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE)
@require_http_methods(["GET", "HEAD", "POST"])
def correct_note(request: StaffRequest, opened: OpenedCase, note_id: UUID) -> HttpResponse:
    """Correct a note: what it said before stays beside it."""
    note = gather_notes(read_entries(opened, Topic.NOTE)).get(note_id)
    if note is None:
        raise NotAllowed(WRITE_CASE.name)
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial={"words": note.words})
    if request.method == "POST" and form.is_valid():
        write_note(
            actor=request.actor, opened=opened, compartment=note.compartment, words=form.cleaned_data["words"],
            now=timezone.now(), replaces=note.id,
        )  # fmt: skip
        messages.success(request, _("The note is corrected. What it said before stays in the history."))
        return redirect(TAB, opened.case.pk)
    context = {
        **describe_frame(request, opened, TAB),
        "form": form,
        "title": _("Correct the note"),
        "lead": _("What it says now stays in the history."),
        "submit": _("Save the correction"),
        "back_url": reverse(TAB, args=[opened.case.pk]),
    }
    return render(request, "protection/cases/write.html", context, status=422 if form.errors else 200)
