from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from puente.counselling.facts import MOST_JOBS
from puente.counselling.forms.answers import SECTIONS, AnswerForm
from puente.counselling.forms.jobs import JobForm, JobsForm
from puente.counselling.policies import EDIT_PROFILE, find_person
from puente.counselling.profile_page import describe_body, describe_jobs, describe_means, describe_wishes
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.selectors.shortlists import find_shortlist
from puente.counselling.services.profiles import ProfileChanged, save_profile
from puente.counselling.views.case import Case, open_case
from puente.opportunities.selectors.catalogues import suggest_occupations
from puente.platform.policy import Purpose
from puente.web.requests import StaffRequest

NEXT_SECTION = {"jobs": "places", "places": "terms", "terms": "papers", "papers": "body", "body": ""}


@login_required
def show_profile(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The work profile, in sections, each with its way to be corrected."""
    case = open_case(request, person_id)
    facts = case.profile.facts
    return render(
        request,
        "counselling/profile.html",
        {
            "case": case,
            "jobs": describe_jobs(case.profile),
            "wishes": describe_wishes(facts),
            "means": describe_means(facts),
            "body": describe_body(facts),
            "may_edit": case.actor.may(EDIT_PROFILE),
            "has_shortlist": find_shortlist(case.actor, person_id) is not None,
        },
    )


@login_required
def edit_jobs(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Add past jobs one by one, in the person's own words."""
    case = open_case(request, person_id)
    form = JobForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if len(case.profile.facts.jobs) >= MOST_JOBS:
            form.add_error("words", _("There are eight jobs already. Take one out first."))
        elif _save(request, case, {"jobs": (*case.profile.facts.jobs, form.build_job())}):
            return redirect("counselling:jobs", person_id)
    return _render_jobs(request, case, form)


@login_required
@require_POST
def suggest_job(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """The occupations near what is being typed; the words come in the body, never in an address."""
    find_person(request.actor, EDIT_PROFILE, person_id, Purpose.COUNSELLING, timezone.now())
    occupations, suggestion = suggest_occupations(request.POST.get("words", ""))
    return render(
        request, "counselling/jobs.html#suggestions", {"occupations": occupations, "question": suggestion.question}
    )


@login_required
def correct_jobs(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Confirm occupations, correct years, take jobs out."""
    case = open_case(request, person_id)
    form = JobsForm(case.profile.facts, case.profile.occupations, request.POST or None)
    if request.method == "POST" and form.is_valid() and _save(request, case, form.read_changes()):
        return redirect("counselling:jobs", person_id)
    return render(
        request, "counselling/jobs_correct.html", {"case": case, "form": form}, status=422 if form.errors else 200
    )


def _render_jobs(request: StaffRequest, case: Case, form: JobForm) -> HttpResponse:
    occupations, suggestion = getattr(form, "occupations", []), getattr(form, "suggestion", None)
    context = {
        "case": case, "form": form, "jobs": describe_jobs(case.profile), "occupations": occupations,
        "question": suggestion.question if suggestion else None, "next_url": _find_next(case, "jobs"),
    }  # fmt: skip
    return render(request, "counselling/jobs.html", context, status=422 if form.errors else 200)


@login_required
def edit_section(request: StaffRequest, person_id: UUID, section: str) -> HttpResponse:
    """One section of the profile: some answers on one page, saved in one step."""
    if section not in SECTIONS:
        raise Http404
    case = open_case(request, person_id)
    facts = case.profile.facts
    if section == "never":
        # This page alone shows it, and only to whoever may change it.
        find_person(case.actor, EDIT_PROFILE, person_id, Purpose.COUNSELLING, case.now)
        facts = read_profile(case.actor, person_id, case.opened.data_key, with_never_send=True).facts
    title, form_types = SECTIONS[section]
    forms = [form_type(facts, request.POST or None) for form_type in form_types]
    if request.method == "POST" and _are_valid(forms):
        changes: dict[str, Any] = {}
        for form in forms:
            changes |= form.read_changes()
        if _save(request, case, changes):
            return redirect(_find_next(case, section))
    context = {"case": case, "title": title, "forms": forms, "section": section}
    return render(
        request, "counselling/section.html", context, status=422 if any(form.errors for form in forms) else 200
    )


def _are_valid(forms: list[AnswerForm]) -> bool:
    """Tell whether all forms are; each is asked, so that all messages appear at once."""
    valid = [form.is_valid() for form in forms]
    return all(valid)


def _find_next(case: Case, section: str) -> str:
    """Return where to go on: the next section while the first profile is written, then back to the profile."""
    following = NEXT_SECTION.get(section, "")
    if following and find_shortlist(case.actor, case.person.pk) is None:
        return reverse("counselling:section", args=[case.person.pk, following])
    return reverse("counselling:profile", args=[case.person.pk])


def _save(request: StaffRequest, case: Case, changes: dict[str, Any]) -> bool:
    """Save changes made on the version that the page showed; tell where somebody else was faster."""
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = case.profile.version
    try:
        save_profile(actor=case.actor, person_id=case.person.pk, changes=changes, after_version=version, now=case.now)
    except ProfileChanged:
        messages.error(request, _("Somebody else changed this profile meanwhile. Look at it and save again."))
        return False
    return True
