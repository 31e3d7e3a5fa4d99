from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from puente.offices.selectors import list_states
from puente.opportunities import requirements
from puente.opportunities.forms import OpeningForm
from puente.opportunities.imports.mapping import DAYS, FIELDS
from puente.opportunities.models import Opening
from puente.opportunities.policies import EDIT_OPENINGS, IMPORT_OPENINGS, VIEW_OPENINGS, require_right
from puente.opportunities.selectors import openings as selectors
from puente.opportunities.selectors.wages import find_minimum_wage, get_mean_wage
from puente.opportunities.services.openings import InvalidOpening, create_opening, edit_opening, set_open
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 24
STANDINGS = ("open", "closed", "all")


@login_required
def list_openings(request: StaffRequest) -> HttpResponse:
    """All openings, newest first, with filters."""
    actor, today = request.actor, timezone.localdate()
    wanted = _read_filter(request)
    found = selectors.list_openings(actor, wanted, today)
    counts = selectors.count_openings(actor, today)
    titles = selectors.count_titles(actor)
    return render(
        request,
        "opportunities/openings.html",
        {
            "page": KeysetPage.of_request(request, found, selectors.NEWEST_FIRST, PAGE_SIZE),
            "wanted": wanted,
            "states": list_states(),
            "today": today,
            "kind_pills": build_pills(
                request, "kind",
                [("", _("All"), counts["open"]), *((k.value, k.label, counts[k.value]) for k in Opening.Kind)],
            ),
            "standing_pills": build_pills(
                request, "standing",
                [
                    ("open", pgettext("openings", "Open"), counts["open"]),
                    ("closed", pgettext("openings", "Closed or expired"), counts["closed"]),
                    ("all", pgettext("openings", "All"), counts["all"]),
                ],
                chosen="open",
            ),
            "lacking_pills": build_pills(
                request, "lacking",
                [
                    ("", _("Complete or not"), None),
                    ("municipality", _("Without municipality"), counts["municipality"]),
                    ("occupation", _("Without occupation"), counts["occupation"]),
                ],
            ),
            "kept": {name: request.GET[name] for name in ("kind", "standing", "lacking") if request.GET.get(name)},
            "titles_waiting": titles[False],
            "may_edit": actor.may(EDIT_OPENINGS),
            "may_import": actor.may(IMPORT_OPENINGS),
        },
    )  # fmt: skip


@login_required
def show_opening(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    """One opening: what it offers, what it asks, where it comes from, and wages to compare."""
    opening = _get(request, opening_id)
    today = timezone.localdate()
    return render(
        request,
        "opportunities/opening.html",
        {
            "opening": opening,
            "is_open": opening.is_open_on(today),
            "days": [FIELDS[name] for day, name in enumerate(DAYS) if opening.weekdays >> day & 1],
            "asked": _describe_requirements(opening),
            "schooling": requirements.SCHOOLING_LABELS[opening.schooling] if opening.schooling else "",
            "english": requirements.ENGLISH_LABELS[opening.english] if opening.english else "",
            "alike": selectors.find_alike(request.actor, opening),
            "mean_wage": get_mean_wage(opening.state_id) if opening.state_id else None,
            "minimum_wage": find_minimum_wage(opening.municipality, today),
            "may_edit": request.actor.may(EDIT_OPENINGS),
        },
    )


@login_required
def write_opening(request: StaffRequest, opening_id: UUID | None = None) -> HttpResponse:
    """The desk form for a new opening or an existing one."""
    require_right(request.actor, EDIT_OPENINGS)
    opening = _get(request, opening_id) if opening_id else None
    initial = {"valid_from": timezone.localdate()}
    form = OpeningForm(request.POST or None, opening=opening, **({} if opening else {"initial": initial}))
    if request.method == "POST" and form.is_valid() and (saved := _save(request, form, opening_id)):
        messages.success(request, _("Saved."))
        return redirect("opportunities:opening", saved.pk)
    context = {"form": form, "opening": opening}
    return render(request, "opportunities/opening_form.html", context, status=422 if form.errors else 200)


@login_required
def suggest(request: StaffRequest) -> HttpResponse:
    """The occupations near the title that is being written: the field of the form again."""
    require_right(request.actor, EDIT_OPENINGS)
    form = OpeningForm(initial={"title": request.GET.get("title", "")[:200]})
    return render(request, "opportunities/opening_form.html#occupation", {"form": form})


@login_required
@require_POST
def change_standing(request: StaffRequest, opening_id: UUID) -> HttpResponse:
    """Close an opening or open it again."""
    try:
        is_open = request.POST.get("open") == "yes"
        set_open(actor=request.actor, opening_id=opening_id, is_open=is_open, now=timezone.now())
    except Opening.DoesNotExist:
        raise Http404 from None
    except InvalidOpening as problem:
        messages.error(request, str(problem.message))
    return redirect("opportunities:opening", opening_id)


def _save(request: StaffRequest, form: OpeningForm, opening_id: UUID | None) -> Opening | None:
    try:
        if opening_id is None:
            return create_opening(actor=request.actor, facts=form.to_facts(), now=timezone.now())
        return edit_opening(actor=request.actor, opening_id=opening_id, facts=form.to_facts(), now=timezone.now())
    except InvalidOpening as problem:
        form.add_error(problem.field, str(problem.message))
        return None


def _get(request: StaffRequest, opening_id: UUID) -> Opening:
    try:
        return selectors.get_opening(request.actor, opening_id)
    except Opening.DoesNotExist:
        raise Http404 from None


def _read_filter(request: StaffRequest) -> selectors.OpeningFilter:
    require_right(request.actor, VIEW_OPENINGS)
    said = request.GET
    standing = said.get("standing", "open")
    return selectors.OpeningFilter(
        words=said.get("q", "").strip()[:80],
        kind=said.get("kind", "") if said.get("kind") in Opening.Kind.values else "",
        state=said.get("state", "")[:2],
        standing=standing if standing in STANDINGS else "open",
        lacking=said.get("lacking", ""),
        title_key=said.get("title", "")[:200],
    )


def _describe_requirements(opening: Opening) -> list[tuple[Any, list[str]]]:
    kinds = ("licences", "languages", "documents", "physical")
    return [
        (FIELDS[kind], [requirements.find_label(kind, code) for code in getattr(opening, kind)])
        for kind in kinds
        if getattr(opening, kind)
    ]
