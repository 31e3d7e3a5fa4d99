"""The assessment: one question a screen for fingers, one step a page for the desk, of the same templates."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.engines.instruments import (
    Position,
    Question,
    Reply,
    State,
    Step,
    find_current,
    find_missing,
    find_next,
    find_previous,
    list_relevant,
    locate,
)
from puente.instruments.models import Response
from puente.instruments.services import GivenAnswer, IncompleteResponse, OpenedResponse
from puente.needs import services
from puente.needs.forms import CorrectionForm, StepForm
from puente.needs.policies import ASSESS_NEEDS
from puente.needs.selectors import name_people_fully, name_staff
from puente.needs.services import InvalidNeed, is_reserved
from puente.needs.wording import GROUP_ICONS, describe_reply
from puente.platform.policy import NotAllowed
from puente.web.requests import StaffRequest


@dataclass(frozen=True)
class Part:
    """One question on a page: its field, where it stands, and the way back from it."""

    field: BoundField
    question: Question
    position: Position
    is_current: bool
    is_deciding: bool
    is_answered_reserved: bool
    is_declined: bool
    back_url: str


@dataclass(frozen=True)
class StepLink:
    """One step in the list beside the questions: done, here or next."""

    step: Step
    title: str
    url: str
    icon: str
    state: str


@login_required
@require_POST
def start(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Begin the assessment of a person, or go on with the draft."""
    actor = request.actor
    offices = actor.offices_for(ASSESS_NEEDS)
    if not offices:
        raise NotAllowed(ASSESS_NEEDS.name)
    office_id = actor.home_office_id if actor.home_office_id in offices else min(offices)
    response = services.start_assessment(actor=actor, person_id=person_id, office_id=office_id, now=timezone.now())
    return redirect("needs:assessment", response.pk)


@login_required
@require_safe
def resume(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Go to the first question without an answer, or to the review."""
    opened = services.open_assessment(actor=request.actor, response_id=response_id)
    if opened.response.status == Response.Status.COMPLETE or not request.actor.may(ASSESS_NEEDS):
        return redirect("needs:review", response_id)
    return redirect(_find_url(opened, find_next(opened.definition, opened.replies)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: StaffRequest, response_id: UUID, code: str) -> HttpResponse:
    """The questions of one step; on a tablet the current one alone."""
    if not request.actor.may(ASSESS_NEEDS):
        raise NotAllowed(ASSESS_NEEDS.name)
    opened = services.open_assessment(actor=request.actor, response_id=response_id)
    if opened.response.status == Response.Status.COMPLETE:
        return redirect("needs:review", response_id)
    found = opened.definition.find_step(code)
    if found is None:
        raise Http404
    if not list_relevant(opened.definition, opened.replies, found):
        return redirect("needs:assessment", response_id)
    if request.method == "POST":
        return _answer(request, opened, found)
    return _render_step(request, opened, StepForm(opened, found))


@login_required
@require_safe
def review(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """All that was said, with its corrections; before the end, what is left to ask."""
    actor = request.actor
    opened = services.read_assessment(actor=actor, response_id=response_id, now=timezone.now())
    staff = name_staff(answer.by for versions in opened.answers.values() for answer in versions)
    may_assess = actor.may(ASSESS_NEEDS)
    steps = [
        {
            "step": each,
            "title": each.title.say(_language(request)),
            "icon": GROUP_ICONS.get(each.code, "circle-dot"),
            "lines": [_review_line(request, opened, question, staff) for question in questions],
        }
        for each in opened.definition.steps
        if (questions := list_relevant(opened.definition, opened.replies, each))
    ]
    context = {
        **_describe(request, opened),
        "steps": steps,
        "missing": [
            (question.label.say(_language(request)), _find_url(opened, question))
            for question in find_missing(opened.definition, opened.replies)
        ],
        "is_complete": opened.response.status == Response.Status.COMPLETE,
        "may_assess": may_assess,
    }
    return render(request, "needs/review.html", context)


@login_required
@require_POST
def finish(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Close the assessment; its answers become needs."""
    try:
        outcome = services.finish_assessment(actor=request.actor, response_id=response_id, now=timezone.now())
    except IncompleteResponse as problem:
        opened = services.open_assessment(actor=request.actor, response_id=response_id)
        messages.error(request, _("There are questions left. Answer them, or choose “Prefers not to answer”"))
        return redirect(_find_url(opened, problem.questions[0]))
    if outcome.continues_elsewhere:
        return redirect("needs:continues", response_id)
    messages.success(request, _("The needs are noted."))
    return redirect("needs:person", outcome.opened.response.person_id)


@login_required
@require_safe
def show_continues(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Say that the person continues with another service, and nothing else, whatever it is about."""
    opened = services.open_assessment(actor=request.actor, response_id=response_id)
    is_draft = opened.response.status == Response.Status.DRAFT
    return render(request, "needs/continues.html", {**_describe(request, opened), "is_draft": is_draft})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, response_id: UUID, name: str) -> HttpResponse:
    """Correct one answer of a finished assessment, with the reason."""
    actor = request.actor
    if not actor.may(ASSESS_NEEDS):
        raise NotAllowed(ASSESS_NEEDS.name)
    opened = services.open_assessment(actor=actor, response_id=response_id)
    question = opened.definition.find_question(name)
    if question is None or question not in list_relevant(opened.definition, opened.replies):
        raise Http404
    if opened.response.status == Response.Status.DRAFT:
        return redirect(_find_url(opened, question))
    form = CorrectionForm(question, opened.replies.get(name), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            outcome = services.correct_answer(
                actor=actor, response_id=response_id, question=name, reply=form.cleaned_data["reply"],
                reason=form.cleaned_data["reason"], now=timezone.now(),
            )  # fmt: skip
        except InvalidNeed as problem:
            form.add_error(problem.part, str(problem.message))
        else:
            if outcome.continues_elsewhere:
                return redirect("needs:continues", response_id)
            messages.success(request, _("The answer is corrected. The earlier one stays in the history."))
            return redirect("needs:review", response_id)
    context = {**_describe(request, opened), "form": form, "is_reserved": is_reserved(question)}
    return render(request, "needs/correct.html", context, status=422 if form.errors else 200)


def _answer(request: StaffRequest, opened: OpenedResponse, found: Step) -> HttpResponse:
    said = request.POST
    asked = frozenset(said.getlist("asked"))
    declined, only = said.get("decline", ""), said.get("only", "")
    settled = asked if "all" in said or "preview" in said else frozenset({only})
    form = StepForm(opened, found, said, settled=settled, declined=declined)
    if "preview" in said:
        return _render_preview(request, opened, form)
    if not form.is_valid():
        return _render_step(request, opened, form, status=422)
    outcome = services.answer_step(
        actor=request.actor, response_id=opened.response.pk, replies=form.replies, now=timezone.now()
    )
    if outcome.continues_elsewhere:
        return redirect("needs:continues", opened.response.pk)
    return redirect(_find_way_on(outcome.opened, found, declined or only, moves_on="all" in said))


def _find_way_on(opened: OpenedResponse, found: Step, answered: str, *, moves_on: bool) -> str:
    """Return where to go after a save: on from the one question answered, else within the step before leaving it."""
    definition, replies = opened.definition, opened.replies
    question = definition.find_question(answered)
    left_here = [each for each in list_relevant(definition, replies, found) if each.name not in replies]
    if left_here and question is None:
        return _find_url(opened, left_here[0])
    if question is None and not moves_on:
        return _find_url(opened, find_current(definition, replies, found))
    last = question or found.questions[-1]
    return _find_url(opened, find_next(definition, replies, last) or find_next(definition, replies))


def _render_step(request: StaffRequest, opened: OpenedResponse, form: StepForm, status: int = 200) -> HttpResponse:
    return render(request, "needs/step.html", _describe_step(request, opened, form), status=status)


def _render_preview(request: StaffRequest, opened: OpenedResponse, form: StepForm) -> HttpResponse:
    """Answer htmx with the questions that matter given what is ticked; nothing is saved and no error is shown."""
    form.is_valid()
    ahead = OpenedResponse(
        opened.response,
        opened.definition,
        {**opened.answers, **{name: [_as_answer(name, reply)] for name, reply in form.replies.items()}},
        opened.data_key,
    )
    typed = {name: form[name].data for name in form.fields if name in request.POST}
    fresh = StepForm(ahead, form.step, initial=typed)
    return render(request, "needs/step.html#questions", _describe_step(request, ahead, fresh))


def _as_answer(name: str, reply: Reply) -> GivenAnswer:
    return GivenAnswer(name, 0, reply, timezone.now(), UUID(int=0))


def _describe_step(request: StaffRequest, opened: OpenedResponse, form: StepForm) -> dict[str, Any]:
    definition, replies, found = opened.definition, opened.replies, form.step
    # With errors, the replies just read decide what matters, not those saved before.
    ahead = {**replies, **getattr(form, "replies", {})}
    relevant = list_relevant(definition, ahead, found)
    wanted = request.GET.get("question") or request.POST.get("only") or request.POST.get("current") or ""
    current = next((each for each in relevant if each.name == wanted), find_current(definition, ahead, found))
    parts = [
        Part(
            field=form[question.name],
            question=question,
            position=locate(definition, ahead, question),
            is_current=question == current,
            is_deciding=question.name in definition.deciding,
            is_answered_reserved=is_reserved(question) and question.name in replies,
            is_declined=question.name in replies and replies[question.name].state is State.DECLINED,
            back_url=_find_back_url(opened, ahead, question),
        )
        for question in relevant
    ]
    return {
        **_describe(request, opened),
        "form": form,
        "parts": parts,
        "current": current,
        "position": parts[0].position,
        "title": found.title.say(_language(request)),
        "back_url": parts[0].back_url,
        "steps": _list_steps(request, opened, ahead, found),
        "is_first": parts[0].position.step_number == 1,
        "introduction": definition.introduction.say(_language(request)),
    }


def _list_steps(request: StaffRequest, opened: OpenedResponse, replies: dict[str, Reply], here: Step) -> list[StepLink]:
    links = []
    for each in opened.definition.steps:
        questions = list_relevant(opened.definition, replies, each)
        is_done = all(question.name in replies for question in questions)
        state = "here" if each == here else "done" if is_done else "next"
        if questions:
            url = reverse("needs:step", args=[opened.response.pk, each.code])
            links.append(
                StepLink(each, each.title.say(_language(request)), url, GROUP_ICONS.get(each.code, "circle-dot"), state)
            )
    return links


def _find_back_url(opened: OpenedResponse, replies: dict[str, Reply], question: Question) -> str:
    previous = find_previous(opened.definition, replies, question)
    if previous is None:
        return reverse("needs:person", args=[opened.response.person_id])
    return _find_url(opened, previous)


def _find_url(opened: OpenedResponse, question: Question | None) -> str:
    if question is None:
        return reverse("needs:review", args=[opened.response.pk])
    found = opened.definition.step_of(question)
    return reverse("needs:step", args=[opened.response.pk, found.code], query={"question": question.name})


def _review_line(
    request: StaffRequest, opened: OpenedResponse, question: Question, staff: dict[UUID, str]
) -> dict[str, Any]:
    versions = opened.answers.get(question.name, [])
    is_complete = opened.response.status == Response.Status.COMPLETE
    change = reverse("needs:correct", args=[opened.response.pk, question.name])
    if is_reserved(question):
        # The same words whatever was said, and whether or not it was corrected.
        return {
            "question": question.label.say(_language(request)), "text": "", "is_reserved": True, "is_asked": True,
            "corrections": [], "change_url": change,
        }  # fmt: skip
    latest = opened.replies.get(question.name)
    corrections = [
        {
            "earlier": describe_reply(question, before.reply),
            "at": after.at,
            "who": staff.get(after.by, ""),
            "reason": after.reason,
        }
        for before, after in pairwise(versions)
    ]
    return {
        "question": question.label.say(_language(request)),
        "text": describe_reply(question, latest),
        "is_asked": latest is not None,
        "is_said": latest is not None and latest.state is State.ANSWERED,
        "is_reserved": False,
        "corrections": corrections[::-1],
        "change_url": change if is_complete else _find_url(opened, question),
    }


def _describe(request: StaffRequest, opened: OpenedResponse) -> dict[str, Any]:
    response = opened.response
    names = name_people_fully(request.actor, [response.person_id])
    return {"response": response, "name": names.get(response.person_id, "")}


def _language(request: StaffRequest) -> str:
    return str(getattr(request, "LANGUAGE_CODE", "es"))
