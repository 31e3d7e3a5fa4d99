from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.opportunities.models import Occupation, TitleDecision
from puente.opportunities.policies import EDIT_OPENINGS, require_right
from puente.opportunities.selectors import openings as selectors
from puente.opportunities.selectors.catalogues import suggest_occupations
from puente.opportunities.services.titles import decide_title, set_title_aside
from puente.web.paging import KeysetPage
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest

PAGE_SIZE = 24


@login_required
def list_titles(request: StaffRequest) -> HttpResponse:
    """Job titles that wait for a person, those with most offers first."""
    require_right(request.actor, EDIT_OPENINGS)
    two_are_near = request.GET.get("why") == "two"
    counts = selectors.count_titles(request.actor)
    titles = selectors.list_titles(request.actor, two_are_near=two_are_near)
    pills = build_pills(
        request, "why",
        [("", _("No occupation is near"), counts[False]), ("two", _("Two are equally near"), counts[True])],
    )  # fmt: skip
    page = KeysetPage.of_request(request, titles, ("-offers", "id"), PAGE_SIZE)
    return render(request, "opportunities/titles.html", {"page": page, "pills": pills, "two_are_near": two_are_near})


@login_required
def decide(request: StaffRequest, title_id: UUID) -> HttpResponse:
    """One title: which occupation is it? Decided once for all its offers."""
    require_right(request.actor, EDIT_OPENINGS)
    title = _get(title_id)
    words = request.GET.get("words", "").strip()[:200]
    error = ""
    if request.method == "POST":
        code = request.POST.get("occupation", "") or request.POST.get("code", "").strip()
        if "aside" in request.POST:
            set_title_aside(actor=request.actor, title_id=title_id, now=timezone.now())
            messages.success(request, _("Left without an occupation."))
            return _go_on(title)
        try:
            changed = decide_title(actor=request.actor, title_id=title_id, code=code, now=timezone.now())
        except Occupation.DoesNotExist:
            error = _("Choose an occupation, or write a SINCO code of four digits.")
        else:
            said = ngettext("Decided for %(number)s offer.", "Decided for %(number)s offers.", changed)
            messages.success(request, said % {"number": changed})
            return _go_on(title)
    found, suggestion = suggest_occupations(words or title.title)
    asked = [occupation for occupation in found if suggestion.question and occupation.code in suggestion.question]
    wanted = selectors.OpeningFilter(standing="all", title_key=title.title_key)
    offers = selectors.list_openings(request.actor, wanted, timezone.localdate()).order_by(*selectors.NEWEST_FIRST)
    context = {
        "title": title, "found": found, "asked": asked if len(asked) == 2 else [], "words": words, "error": error,
        "offers": offers[:5],
    }  # fmt: skip
    return render(request, "opportunities/title.html", context, status=422 if error else 200)


def _go_on(title: TitleDecision) -> HttpResponse:
    """Go to the next title of the queue, or back to the empty queue."""
    upcoming = selectors.find_next_title(title)
    return redirect("opportunities:title", upcoming.pk) if upcoming else redirect("opportunities:titles")


def _get(title_id: UUID) -> TitleDecision:
    title = selectors.find_title(title_id)
    if title is None:
        raise Http404
    return title
