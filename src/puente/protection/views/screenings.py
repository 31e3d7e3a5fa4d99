"""The pages of a screening, inside an opened case."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from puente.engines.screening import Answer, Dimension, Outcome
from puente.protection.forms.screenings import (
    AnswerCorrectionForm,
    ConclusionForm,
    DimensionForm,
    SettingForm,
    StoryForm,
)
from puente.protection.opening import OpenedCase
from puente.protection.policies import VIEW_CASE, WRITE_CASE
from puente.protection.screening_content import current_tool, read_tool
from puente.protection.screening_page import describe_conclusions, describe_facts, describe_reading
from puente.protection.screening_wording import DIMENSIONS, INTRODUCTIONS, OUTCOMES, SETS, Words
from puente.protection.screenings import Screening
from puente.protection.sealed import Compartment
from puente.protection.selectors.screenings import (
    list_legal_forms,
    name_officers,
    read_screening,
    read_screenings,
    suggest_age_basis,
)
from puente.protection.services import (
    InvalidScreening,
    answer_indicators,
    begin_screening,
    conclude_screening,
    correct_answer,
    tell_story,
)
from puente.protection.views.frame import describe_frame, in_case
from puente.web.requests import StaffRequest

STORY, READING = "story", "reading"


@dataclass(frozen=True)
class StepLink:
    """One part of a screening: done, here or next; `answered` of `total` indicators."""

    title: Words
    url: str
    state: str
    answered: int = 0
    total: int = 0


@in_case(VIEW_CASE, Compartment.TESTIMONY)
@require_safe
def show_list(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """The screenings of a case."""
    screenings = read_screenings(opened)
    officers = name_officers(screening.begun_by for screening in screenings)
    rows = [
        {
            "screening": screening,
            "set": SETS[screening.setting.asked],
            "officer": officers.get(screening.begun_by, ""),
            "outcome": OUTCOMES[screening.conclusion.officer] if screening.conclusion else "",
            "url": reverse("protection:screening", args=[opened.case.pk, screening.id]),
        }
        for screening in screenings
    ]
    return render(request, "protection/screenings/list.html", {**_describe(request, opened), "rows": rows})


@in_case(WRITE_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest, opened: OpenedCase) -> HttpResponse:
    """How the interview is held; then the first questions."""
    person = opened.case.person
    form = SettingForm(
        _find_posted(request),
        suggested=suggest_age_basis(opened, timezone.localdate()),
        language=person.languages[0] if person.languages else "spanish",
    )
    if request.method == "POST" and form.is_valid():
        try:
            screening_id = begin_screening(actor=request.actor, opened=opened, setting=form.build(), now=timezone.now())
        except InvalidScreening as problem:
            form.add_error(problem.part, str(problem.message))
        else:
            return redirect("protection:screening", opened.case.pk, screening_id)
    context = {**_describe(request, opened), "form": form, "tool": current_tool()}
    return render(request, "protection/screenings/begin.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE, Compartment.TESTIMONY)
@require_safe
def resume(request: StaffRequest, opened: OpenedCase, screening_id: UUID) -> HttpResponse:
    """Go to the first part without an answer, or to the reading."""
    screening = read_screening(opened, screening_id)
    if screening.conclusion is not None or not request.actor.may(WRITE_CASE):
        return redirect("protection:screening_reading", opened.case.pk, screening_id)
    return redirect(_find_way_on(opened, screening))


@in_case(WRITE_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "HEAD", "POST"])
def dimension(request: StaffRequest, opened: OpenedCase, screening_id: UUID, code: str) -> HttpResponse:
    """The indicators of one dimension."""
    if code not in list(Dimension):
        raise Http404
    asked = Dimension(code)
    screening = read_screening(opened, screening_id)
    if screening.conclusion is not None:
        return redirect("protection:screening_reading", opened.case.pk, screening_id)
    indicators = [each for each in screening.indicators if each.dimension is asked]
    form = DimensionForm(indicators, screening.answers, _find_posted(request))
    if request.method == "POST" and form.is_valid():
        answer_indicators(
            actor=request.actor, opened=opened, screening_id=screening_id, answers=form.answers, now=timezone.now()
        )
        return redirect(_find_url(opened, screening, _after(asked)))
    context = {
        **_describe_screening(request, opened, screening),
        "form": form,
        "title": DIMENSIONS[asked],
        "introduction": INTRODUCTIONS[asked],
        "number": list(Dimension).index(asked) + 1,
        "total": len(Dimension) + 1,
        "steps": _list_steps(opened, screening, asked),
        "is_first": asked is Dimension.DECEPTIVE_RECRUITMENT,
        "back_url": _find_back_url(opened, screening, asked),
    }
    return render(request, "protection/screenings/dimension.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: StaffRequest, opened: OpenedCase, screening_id: UUID) -> HttpResponse:
    """The act, the forms of exploitation, and the facts of IOM's standard."""
    screening = read_screening(opened, screening_id)
    offered = list_legal_forms(only_offered=True)
    form = StoryForm(screening, offered, _find_posted(request))
    if request.method == "POST" and form.is_valid():
        tell_story(
            actor=request.actor, opened=opened, screening_id=screening_id, story=form.build(), now=timezone.now()
        )
        return redirect("protection:screening_reading", opened.case.pk, screening_id)
    context = {
        **_describe_screening(request, opened, screening),
        "form": form,
        "picked": [form[name] for name in form.picked],
        "number": len(Dimension) + 1,
        "total": len(Dimension) + 1,
        "steps": _list_steps(opened, screening, STORY),
        "has_unverified_forms": any(not each.is_verified for each in offered),
        "back_url": _find_back_url(opened, screening, STORY),
    }
    return render(request, "protection/screenings/story.html", context, status=422 if form.errors else 200)


@in_case(VIEW_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "HEAD", "POST"])
def show_reading(request: StaffRequest, opened: OpenedCase, screening_id: UUID) -> HttpResponse:
    """What the tool reads and why, what is still open, and the officer's own reading."""
    screening = read_screening(opened, screening_id)
    read = screening.read()
    form = ConclusionForm(read.outcome, _find_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            conclude_screening(
                actor=request.actor, opened=opened, screening_id=screening_id,
                outcome=Outcome(form.cleaned_data["outcome"]), reason=form.cleaned_data["reason"], now=timezone.now(),
            )  # fmt: skip
        except InvalidScreening as problem:
            form.add_error(problem.part, str(problem.message))
        else:
            messages.success(request, _("The reading is kept."))
            return redirect("protection:screening_reading", opened.case.pk, screening_id)
    context = {
        **_describe_screening(request, opened, screening),
        **describe_reading(screening, read),
        "form": form,
        "steps": _list_steps(opened, screening, READING),
        "facts": describe_facts(screening),
        "history": describe_conclusions(screening),
        "back_url": _find_url(opened, screening, STORY),
    }
    return render(request, "protection/screenings/reading.html", context, status=422 if form.errors else 200)


@in_case(WRITE_CASE, Compartment.TESTIMONY)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, opened: OpenedCase, screening_id: UUID, indicator_id: str) -> HttpResponse:
    """Correct one answer of a screening that was read, with the reason."""
    screening = read_screening(opened, screening_id)
    indicator = read_tool(screening.version).find(screening.setting.asked, indicator_id)
    if indicator is None:
        raise Http404
    if screening.conclusion is None:
        return redirect(_find_url(opened, screening, indicator.dimension))
    form = AnswerCorrectionForm(indicator, screening.answers.get(indicator_id), _find_posted(request))
    if request.method == "POST" and form.is_valid():
        correct_answer(
            actor=request.actor, opened=opened, screening_id=screening_id, indicator=indicator_id,
            answer=Answer(form.cleaned_data["answer"]), reason=form.cleaned_data["reason"], now=timezone.now(),
        )  # fmt: skip
        messages.success(request, _("The answer is corrected. The earlier one stays in the history."))
        return redirect("protection:screening_reading", opened.case.pk, screening_id)
    context = {**_describe_screening(request, opened, screening), "form": form, "indicator": indicator}
    return render(request, "protection/screenings/correct.html", context, status=422 if form.errors else 200)


def _find_posted(request: StaffRequest) -> QueryDict | None:
    """Return what was sent, which may be nothing at all: a part may be left open."""
    return request.POST if request.method == "POST" else None


def _after(asked: Dimension) -> Dimension | str:
    order: list[Dimension | str] = [*Dimension, STORY]
    return order[order.index(asked) + 1]


def _find_way_on(opened: OpenedCase, screening: Screening) -> str:
    """Return the address of the first part in which nothing was answered, then of the story and the reading."""
    answered = {indicator.dimension for indicator in screening.indicators if indicator.id in screening.answers}
    for each in Dimension:
        if each not in answered:
            return _find_url(opened, screening, each)
    return _find_url(opened, screening, READING if screening.story else STORY)


def _find_url(opened: OpenedCase, screening: Screening, part: Dimension | str) -> str:
    arguments: list[Any] = [opened.case.pk, screening.id]
    if isinstance(part, Dimension):
        return reverse("protection:screening_dimension", args=[*arguments, part.value])
    return reverse(f"protection:screening_{part}", args=arguments)


def _find_back_url(opened: OpenedCase, screening: Screening, part: Dimension | str) -> str:
    order: list[Dimension | str] = [*Dimension, STORY]
    position = order.index(part)
    if position == 0:
        return reverse("protection:screenings", args=[opened.case.pk])
    return _find_url(opened, screening, order[position - 1])


def _list_steps(opened: OpenedCase, screening: Screening, here: Dimension | str) -> list[StepLink]:
    links = []
    for each in Dimension:
        own = [indicator.id for indicator in screening.indicators if indicator.dimension is each]
        answered = sum(name in screening.answers for name in own)
        state = "here" if each == here else "done" if answered == len(own) else "next"
        links.append(StepLink(DIMENSIONS[each], _find_url(opened, screening, each), state, answered, len(own)))
    story_state = "here" if here == STORY else "done" if screening.story else "next"
    links.append(StepLink(_("What happened"), _find_url(opened, screening, STORY), story_state))
    reading_state = "here" if here == READING else "done" if screening.conclusion else "next"
    links.append(StepLink(_("Reading"), _find_url(opened, screening, READING), reading_state))
    return links


def _describe(request: StaffRequest, opened: OpenedCase) -> dict[str, Any]:
    return describe_frame(request, opened, "protection:screenings")


def _describe_screening(request: StaffRequest, opened: OpenedCase, screening: Screening) -> dict[str, Any]:
    return {
        **_describe(request, opened),
        "screening": screening,
        "set": SETS[screening.setting.asked],
        "is_unverified": not read_tool(screening.version).is_verified(screening.setting.asked),
    }
