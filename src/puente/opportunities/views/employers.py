from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from puente.opportunities.forms import EmployerForm, EmployerNoteForm
from puente.opportunities.models import Employer
from puente.opportunities.policies import EDIT_OPENINGS, VIEW_OPENINGS, require_right
from puente.opportunities.selectors import openings as selectors
from puente.opportunities.services.employers import create_employer, edit_employer, judge_employer
from puente.opportunities.services.openings import InvalidOpening
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 24
MOST_NOTES = 50


@login_required
def list_employers(request: StaffRequest) -> HttpResponse:
    """All employers by name."""
    words, trust = request.GET.get("q", "").strip()[:80], request.GET.get("trust", "")
    found = selectors.list_employers(request.actor, words, trust if trust in Employer.Trust.values else "")
    page = KeysetPage.of_request(request, found, ("name_key",), PAGE_SIZE)
    numbers = selectors.count_openings_of(request.actor, page.rows, timezone.localdate())
    pills = build_pills(request, "trust", [("", _("All"), None), *((t.value, t.label, None) for t in Employer.Trust)])
    context = {
        "page": page, "rows": [(employer, numbers.get(employer.pk, 0)) for employer in page.rows], "words": words,
        "pills": pills, "may_edit": request.actor.may(EDIT_OPENINGS),
    }  # fmt: skip
    return render(request, "opportunities/employers.html", context)


@login_required
def show_employer(request: StaffRequest, employer_id: UUID) -> HttpResponse:
    """One employer: contact, trust and what it rests on, openings. A note is added here."""
    require_right(request.actor, VIEW_OPENINGS)
    employer = _get(employer_id)
    form = EmployerNoteForm(request.POST or None, initial={"trust": employer.trust})
    if request.method == "POST" and form.is_valid():
        judge_employer(actor=request.actor, employer_id=employer_id, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("opportunities:employer", employer_id)
    wanted = selectors.OpeningFilter(standing="all", employer_id=employer_id)
    openings = selectors.list_openings(request.actor, wanted, timezone.localdate())
    notes = list(employer.notes.order_by("-made_at")[:MOST_NOTES])
    writers = selectors.name_writers(notes)
    context = {
        "employer": employer,
        "form": form,
        "notes": [(note, writers.get(note.made_by, "")) for note in notes],
        "page": KeysetPage.of_request(request, openings, selectors.NEWEST_FIRST, PAGE_SIZE),
        "today": timezone.localdate(),
        "may_edit": request.actor.may(EDIT_OPENINGS),
    }
    return render(request, "opportunities/employer.html", context, status=422 if form.errors else 200)


@login_required
def write_employer(request: StaffRequest, employer_id: UUID | None = None) -> HttpResponse:
    """The desk form for a new employer or an existing one."""
    require_right(request.actor, EDIT_OPENINGS)
    employer = _get(employer_id) if employer_id else None
    form = EmployerForm(request.POST or None, employer=employer)
    if request.method == "POST" and form.is_valid():
        try:
            if employer_id is None:
                saved = create_employer(actor=request.actor, facts=form.to_facts(), now=timezone.now())
            else:
                saved = edit_employer(actor=request.actor, employer_id=employer_id, facts=form.to_facts())
        except InvalidOpening as problem:
            form.add_error(problem.field, str(problem.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("opportunities:employer", saved.pk)
    context = {"form": form, "employer": employer}
    return render(request, "opportunities/employer_form.html", context, status=422 if form.errors else 200)


def _get(employer_id: UUID) -> Employer:
    employer = selectors.find_employer(employer_id)
    if employer is None:
        raise Http404
    return employer
