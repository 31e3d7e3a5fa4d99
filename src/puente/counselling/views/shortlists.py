from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from puente.counselling.forms.answers import ANSWER_FORMS
from puente.counselling.forms.choices import NoneForm
from puente.counselling.forms.jobs import JobsForm
from puente.counselling.models import Choice
from puente.counselling.options import name_past_jobs
from puente.counselling.policies import EDIT_PROFILE, MAKE_SHORTLIST, SEND_INTRODUCTION
from puente.counselling.profile_page import describe_body, describe_jobs, describe_means, describe_wishes
from puente.counselling.selectors.profiles import read_profile
from puente.counselling.selectors.shortlists import (
    MOST_HIDDEN_SHOWN,
    ReadShortlist,
    find_choice,
    find_introductions,
    find_sheet,
    find_shortlist,
    list_openings_behind,
)
from puente.counselling.services.profiles import ProfileChanged
from puente.counselling.services.shortlists import (
    MOST_CHOSEN,
    NotInShortlist,
    ProfileMissing,
    TooManyChosen,
    choose_openings,
    correct_answer,
    find_age,
    make_shortlist,
    refuse_all,
)
from puente.counselling.shortlist_page import (
    build_hidden,
    build_rows,
    build_steps,
    draw_map,
    draw_wage_strip,
    find_near,
)
from puente.counselling.views.case import Case, open_case
from puente.counselling.wording import (
    ANSWER_OF_REASON,
    Voice,
    say_hidden,
    say_pay,
    say_period,
    say_place,
    say_reason,
    say_week,
)
from puente.opportunities.selectors.market import get_market
from puente.web.parts import build_pills
from puente.web.requests import StaffRequest


@login_required
@require_POST
def make(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Rank the openings for the person as the profile stands now."""
    case = open_case(request, person_id)
    try:
        make_shortlist(actor=case.actor, person_id=person_id, now=case.now)
    except ProfileMissing:
        messages.error(request, _("Nothing has been asked yet. Begin with the work the person has done."))
        return redirect("counselling:jobs", person_id)
    return redirect("counselling:shortlist", person_id)


@login_required
def show_shortlist(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """What the person can do and asks for, the ranked openings with their reasons, and what stands beside them."""
    case = open_case(request, person_id)
    found = find_shortlist(case.actor, person_id)
    if found is None:
        return redirect("counselling:profile", person_id)
    return render(request, "counselling/shortlist.html", _build_page(request, case, found))


def _build_page(request: StaffRequest, case: Case, found: ReadShortlist) -> dict[str, Any]:
    choice = find_choice(case.actor, case.person.pk)
    introductions = find_introductions(case.actor, case.person.pk)
    rows = build_rows(found, found.entries, case.profile, choice, introductions)
    courses = build_rows(found, found.courses, case.profile, choice, introductions)
    near, part = find_near(rows), request.GET.get("show", "")
    facts = case.profile.facts
    hidden = build_hidden(found.row.hidden)
    return {
        "case": case,
        "found": found,
        "rows": {"near": near, "courses": courses}.get(part, rows),
        "pills": build_pills(
            request,
            "show",
            [
                ("", _("All openings"), len(rows)),
                ("near", _("Near home"), len(near)),
                ("courses", _("Courses"), len(courses)),
            ],
        ),
        "hidden": hidden,
        "hidden_count": sum(line.number for line in hidden),
        "steps": build_steps(found),
        "map": draw_map(case.profile, rows),
        "map_rows": rows,
        "wages": draw_wage_strip(case.profile, rows, case.now.date()),
        "jobs": describe_jobs(case.profile),
        "wishes": describe_wishes(facts),
        "means": describe_means(facts),
        "body": describe_body(facts),
        "choice": choice,
        "is_outdated": case.profile.row is not None and case.profile.row.pk != found.row.profile_id,
        "none_form": NoneForm(),
        "sheet": find_sheet(case.actor, case.person.pk),
        "may_choose": case.actor.may(MAKE_SHORTLIST),
        "may_introduce": case.actor.may(SEND_INTRODUCTION),
        "may_edit": case.actor.may(EDIT_PROFILE),
        "most_chosen": MOST_CHOSEN,
        "languages": [("es", _("Spanish")), ("en", _("English")), ("fr", _("French"))],
    }


@login_required
@require_POST
def choose(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Keep the openings that were ticked, in the order of the list."""
    case = open_case(request, person_id)
    found = find_shortlist(case.actor, person_id)
    if found is None:
        raise Http404
    listed = [entry.opening_id for entry in (*found.entries, *found.courses)]
    ticked = set(request.POST.getlist("opening"))
    openings = [opening_id for opening_id in dict.fromkeys(listed) if str(opening_id) in ticked]
    if not openings:
        messages.error(request, _("Tick the openings that the person chose. If they want none, say so above."))
        return redirect("counselling:shortlist", person_id)
    try:
        choose_openings(actor=case.actor, shortlist_id=found.row.pk, openings=openings, now=case.now)
    except TooManyChosen:
        messages.error(request, _("The sheet holds %(number)s openings. Choose fewer.") % {"number": MOST_CHOSEN})
    except NotInShortlist:
        messages.error(request, _("The list changed meanwhile. Choose again."))
    else:
        messages.success(
            request,
            ngettext("%(number)s opening chosen.", "%(number)s openings chosen.", len(openings))
            % {"number": len(openings)},
        )
    return redirect("counselling:shortlist", person_id)


@login_required
@require_POST
def choose_none(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Keep that the person wants none of them."""
    case = open_case(request, person_id)
    found, form = find_shortlist(case.actor, person_id), NoneForm(request.POST)
    if found is None:
        raise Http404
    why = form.cleaned_data["why"] if form.is_valid() else Choice.WhyNone.NOT_SAID
    refuse_all(actor=case.actor, shortlist_id=found.row.pk, why=why, now=case.now)
    messages.success(request, _("Noted: none of them. The person keeps every help."))
    return redirect("counselling:shortlist", person_id)


@login_required
def show_hidden(request: StaffRequest, person_id: UUID, rule: str, detail: int) -> HttpResponse:
    """The openings behind one count of hidden ones."""
    case = open_case(request, person_id)
    found = find_shortlist(case.actor, person_id)
    number = next((row[2] for row in found.row.hidden if row[:2] == [rule, detail]), None) if found else None
    if number is None:
        raise Http404
    # The person's own limits hold here too, those that no page shows included.
    profile = read_profile(case.actor, person_id, case.opened.data_key, with_never_send=True)
    today = case.now.date()
    openings = list_openings_behind(
        case.actor, profile, find_age(case.opened, today), get_market(case.actor, case.now), rule, detail, today
    )
    rows = [
        (opening, say_place(opening), say_pay(opening), say_period(opening), say_week(opening, Voice.DESK))
        for opening in openings
    ]
    context = {
        "case": case,
        "rows": rows,
        "number": number,
        "words": say_hidden(rule, detail),
        "most": MOST_HIDDEN_SHOWN,
        "line": build_hidden([[rule, detail, number, 0]])[0],
    }
    return render(request, "counselling/hidden.html", context)


@login_required
def doubt(request: StaffRequest, person_id: UUID, opening_id: UUID) -> HttpResponse:
    """ "This is not so" on one opening: which answer is it that is not so?"""
    case = open_case(request, person_id)
    found = find_shortlist(case.actor, person_id)
    entry = (
        next((one for one in (*found.entries, *found.courses) if one.opening_id == opening_id), None) if found else None
    )
    if found is None or entry is None:
        raise Http404
    titles = name_past_jobs(case.profile.facts)
    reasons = [
        (say_reason(code, parameters, titles, Voice.DESK), ANSWER_OF_REASON[code]) for code, parameters in entry.reasons
    ]
    context = {
        "case": case,
        "opening": found.openings[opening_id],
        "reasons": reasons,
        "others": [
            (answer, form_type.title)
            for answer, form_type in ANSWER_FORMS.items()
            if answer not in {answer for _words, answer in reasons}
        ],
    }
    return render(request, "counselling/doubt.html", context)


@login_required
def correct(request: StaffRequest, person_id: UUID, answer: str) -> HttpResponse:
    """Change one answer behind the list, and rank again at once."""
    if answer not in (*ANSWER_FORMS, "jobs"):
        raise Http404
    case = open_case(request, person_id)
    found = find_shortlist(case.actor, person_id)
    if found is None:
        raise Http404
    facts, data = case.profile.facts, request.POST or None
    form = JobsForm(facts, case.profile.occupations, data) if answer == "jobs" else ANSWER_FORMS[answer](facts, data)
    opening_id = next(
        (pk for pk in found.openings if str(pk) == (request.POST or request.GET).get("opening", "")), None
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_answer(
                actor=case.actor,
                shortlist_id=found.row.pk,
                answer=answer,
                changes=form.read_changes(),
                after_version=case.profile.version,
                opening_id=opening_id,
                now=case.now,
            )
        except ProfileChanged:
            messages.error(request, _("Somebody else changed this profile meanwhile. Look at it and save again."))
        else:
            messages.success(request, _("Corrected. This is the new order."))
        return redirect("counselling:shortlist", person_id)
    context = {"case": case, "form": form, "answer": answer, "opening_id": opening_id}
    return render(request, "counselling/correct.html", context, status=422 if form.errors else 200)
