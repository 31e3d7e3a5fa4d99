"""The arrival desk: search as you type, then one form that saves in one step."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BoundField
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from puente.engines.identity.facts import PersonQuery
from puente.engines.identity.search_line import SearchLine, read_search_line
from puente.offices.selectors import find_municipalities
from puente.people.candidates import build_candidates
from puente.people.catalogue import state_words
from puente.people.evidence import describe_birth
from puente.people.services import TooManySearches, search_people
from puente.platform.commands import CommandConflict, execute
from puente.platform.policy import NotAllowed, Purpose
from puente.reception.desk import Draft, find_desk_office, know_person
from puente.reception.forms import choices
from puente.reception.payload import InvalidPayload
from puente.reception.selectors.arrivals import get_arrival
from puente.reception.selectors.manifests import get_line
from puente.reception.services.arrivals import REGISTER
from puente.web.requests import StaffRequest
from puente.web.templatetags.components import error_summary

LONGEST_SEARCH = 120


@login_required
@require_safe
def new(request: StaffRequest) -> HttpResponse:
    """Step 1: who arrives? With `?line=` the search begins with that line of a list."""
    office = find_desk_office(request.actor)
    text, line = "", None
    if line_id := _read_uuid(request.GET.get("line", "")):
        line = get_line(request.actor, line_id)
        text = " ".join(part for part in (line.line.as_written, line.line.birth[:4]) if part)
    context = {"office": office, "text": text, "line": line, "travels_with": request.GET.get("with", "")}
    return render(request, "reception/search.html", context)


@login_required
@require_POST
def candidates(request: StaffRequest) -> HttpResponse:
    """The people who may be meant, with evidence; posted, since a name must not stand in an address."""
    line = _read_line(request)
    said = line.query
    answered = {*request.POST.getlist("is_not"), *request.POST.getlist("cannot_tell")}
    try:
        found = (
            []
            if _is_empty(said)
            else search_people(actor=request.actor, query=said, purpose=Purpose.RECEPTION, now=timezone.now())
        )
    except TooManySearches:
        return render(request, "reception/candidates.html", {"is_limited": True})
    cards = build_candidates(request.actor, [one for one in found if str(one.person.pk) not in answered])
    understood = [
        (label, value)
        for label, value in (
            (_("surnames"), " · ".join(filter(None, (said.name.first_surname, said.name.second_surname)))),
            (_("given name"), said.name.given),
            (_("birth"), describe_birth(said.birth)),
            (_("CURP"), said.curp),
            (_("phone"), said.phone),
            (_("state"), choices.name_states().get(said.birth_state or "", "")),
        )
        if value
    ]
    return render(
        request,
        "reception/candidates.html",
        {
            "cards": cards,
            "understood": understood,
            "not_understood": line.not_understood,
            "is_empty": _is_empty(said),
        },
    )


@login_required
@require_POST
def prepare(request: StaffRequest) -> HttpResponse:
    """Step 2: the form, for the chosen person or for a new one with what was typed."""
    person_id = _read_uuid(request.POST.get("person", ""))
    draft = Draft(
        actor=request.actor,
        data=None,
        known=know_person(request.actor, person_id, _read_line(request).query) if person_id else None,
        now=timezone.now(),
        said=_read_line(request).query,
        is_unknown="unknown" in request.POST,
        line_id=_read_uuid(request.POST.get("line", "")),
        travels_with=request.POST.get("with", "")[:8],
    )
    draft.answers = [
        {"candidate_id": candidate, "answer": answer}
        for answer in ("is_not", "cannot_tell")
        for candidate in request.POST.getlist(answer)
        if _read_uuid(candidate)
    ]
    return _show_draft(request, draft)


@login_required
@require_safe
def again(request: StaffRequest, person_id: UUID) -> HttpResponse:
    """Step 2 for a person whose file is open elsewhere: their next arrival."""
    known = know_person(request.actor, person_id, None)
    return _show_draft(request, Draft(actor=request.actor, data=None, known=known, now=timezone.now()))


@login_required
@require_POST
def save(request: StaffRequest) -> HttpResponse:
    """Register in one step, or show the same form with what to correct."""
    person_id = _read_uuid(request.POST.get("known", ""))
    draft = Draft(
        actor=request.actor,
        data=request.POST,
        known=know_person(request.actor, person_id, _read_line(request).query) if person_id else None,
        now=timezone.now(),
    )
    if not draft.is_valid():
        return _show_draft(request, draft, status=422)
    try:
        outcome = execute(actor=request.actor, name=REGISTER, command_id=draft.command_id, payload=draft.to_payload())
    except InvalidPayload as refused:
        draft.show_problems(refused.problems)
        return _show_draft(request, draft, status=422)
    except CommandConflict:
        return _show_saved_before(request, draft)
    messages.success(request, _("Saved: turn %(turn)s.") % {"turn": outcome.result["turn"]})
    address = reverse("reception:arrival", args=[outcome.result["arrival_id"]])
    return redirect(f"{address}?slip=1" if "print" in request.POST else address)


@login_required
@require_safe
def places(request: StaffRequest) -> HttpResponse:
    """Municipalities that begin like what is typed, as options of the field."""
    text = request.GET.get("home_place", "").strip()[:60]
    found = find_municipalities(text, request.GET.get("home_state", "")) if len(text) > 1 else []
    return render(request, "reception/places.html", {"found": found})


def _show_draft(request: StaffRequest, draft: Draft, status: int = 200) -> HttpResponse:
    context = {
        "summary": error_summary(*draft.forms),
        "draft": draft,
        "known": draft.known,
        "event": draft.event,
        "identity": draft.identity,
        "papers": draft.papers,
        "phones": draft.phones,
        "consents": _pair_consents(draft),
        "text": request.POST.get("text", "")[:LONGEST_SEARCH],
        "today": timezone.localdate().isoformat(),
        "usual": " ".join(draft.find_usual_services()),
    }
    return render(request, "reception/form.html", context, status=status)


def _pair_consents(draft: Draft) -> list[tuple[dict[str, str], BoundField]]:
    """Each consent with the version of its words and what the person decided before."""
    pairs = []
    for text, bound in zip(draft.consent_texts, draft.event.consents, strict=True):
        before = draft.known.consents.get(text.purpose) if draft.known else None
        earlier = ""
        if before is not None:
            words = {"given": _("said yes on %(day)s"), "refused": _("said no on %(day)s")}
            day = date_format(timezone.localtime(before.decided_at), "SHORT_DATE_FORMAT")
            earlier = words.get(before.decision, _("took it back on %(day)s")) % {"day": day}
        pairs.append(({"version": text.version, "earlier": earlier}, bound))
    return pairs


def _show_saved_before(request: StaffRequest, draft: Draft) -> HttpResponse:
    """Sent twice with other words: what was saved first stays, and the officer sees it."""
    try:
        get_arrival(request.actor, draft.arrival_id)
    except NotAllowed:
        messages.error(request, _("This form was used before. Nothing was saved; begin again."))
        return redirect("reception:new")
    messages.error(request, _("This arrival was saved before. What you changed since was not saved; correct it here."))
    return redirect("reception:arrival", draft.arrival_id)


def _read_line(request: StaffRequest) -> SearchLine:
    text = request.POST.get("text", "")[:LONGEST_SEARCH]
    return read_search_line(text, states=state_words(), this_year=timezone.localdate().year)


def _is_empty(said: PersonQuery) -> bool:
    return said.name.is_empty and not said.curp


def _read_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
