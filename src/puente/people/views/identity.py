from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from puente.people.curp_words import describe_problem, describe_state
from puente.people.forms.identity import IdentityForm
from puente.people.forms.identity import review_curp as review_cleaned
from puente.people.forms.parts import IdentityParts
from puente.people.models import Identity
from puente.people.opening import OpenedPerson
from puente.people.panels import build_panel, name_of
from puente.people.policies import CORRECT_PERSON
from puente.people.purposes import usual_purpose
from puente.people.services import CorrectedMeanwhile, correct_person, open_person
from puente.platform.policy import Actor, NotAllowed, Purpose


@login_required
@require_safe
def identity(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Who somebody is: facts, phones with their rule, consents, family, and every version."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = _open(actor, person_id)
    context = {"panel": build_panel(actor, opened, timezone.localdate()), "may_correct": actor.may(CORRECT_PERSON)}
    return render(request, "people/identity.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Correct who somebody is; the earlier version stays and is one click away."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(CORRECT_PERSON):
        raise NotAllowed(CORRECT_PERSON.name)
    opened = _open(actor, person_id)
    if request.method != "POST":
        form, parts = IdentityForm(opened=opened), IdentityParts(identity=opened.identity)
        return _show_form(request, opened, form, parts)
    form, parts = IdentityForm(request.POST, opened=opened), IdentityParts(request.POST)
    is_valid = form.is_valid() & parts.is_valid()
    if "more" in request.POST or not is_valid:
        return _show_form(request, opened, form, parts, status=200 if "more" in request.POST else 422)
    document, facts = form.build(parts)
    is_asked_for = form.cleaned_data["reason"] == Identity.Reason.RIGHTS
    try:
        correct_person(
            actor=actor,
            person_id=person_id,
            identity=document,
            facts=facts,
            purpose=Purpose.RIGHTS if is_asked_for else usual_purpose(actor),
            now=timezone.now(),
            reason=form.cleaned_data["reason"],
            is_identity_established=not form.cleaned_data["not_established"],
            seen_version=form.cleaned_data["seen_version"],
        )
    except CorrectedMeanwhile:
        form.add_error(
            None,
            _("A colleague corrected this person meanwhile. Look at their version and write yours again"),
        )
        return _show_form(request, opened, form, parts, status=409)
    messages.success(request, _("Saved. The earlier version stays in the history."))
    return redirect("people:identity", person_id)


@login_required
@require_POST
def review_curp(request: HttpRequest) -> HttpResponse:
    """What there is to say of a CURP while it is typed, as help; nothing is read of anybody."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(CORRECT_PERSON):
        raise NotAllowed(CORRECT_PERSON.name)
    form = IdentityForm(request.POST)
    form.is_valid()
    return render(request, "people/_curp_review.html", _describe_review(form))


def _open(actor: Actor, person_id: UUID) -> OpenedPerson:
    return open_person(actor=actor, person_id=person_id, purpose=usual_purpose(actor), now=timezone.now())


def _show_form(
    request: HttpRequest, opened: OpenedPerson, form: IdentityForm, parts: IdentityParts, status: int = 200
) -> HttpResponse:
    context = {
        "person": opened.person,
        "title": name_of(opened.identity.name),
        "form": form,
        "aliases": parts["aliases"],
        "papers": parts["papers"],
        "phones": parts["phones"],
    }
    if form.is_bound:
        context |= _describe_review(form)
    return render(request, "people/correct.html", context, status=status)


def _describe_review(form: IdentityForm) -> dict[str, object]:
    review = review_cleaned(form.cleaned_data)
    return {
        "curp": review.curp,
        "curp_state": describe_state(review.state),
        "curp_problems": [describe_problem(found) for found in review.problems],
    }
