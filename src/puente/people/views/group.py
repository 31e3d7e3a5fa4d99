from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from puente.people.candidates import build_candidates
from puente.people.forms.group import MemberForm
from puente.people.forms.question import LineForm
from puente.people.models import TravelGroupMember
from puente.people.panels import build_members, name_of
from puente.people.policies import REGISTER_PERSON
from puente.people.purposes import usual_purpose
from puente.people.selectors import list_group_members
from puente.people.services import (
    TooManySearches,
    add_to_travel_group,
    create_travel_group,
    open_person,
    search_people,
)
from puente.platform.policy import Actor, NotAllowed

SEARCH_RESULTS = "people/group.html#found"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """With whom a person travels; who registers people may add somebody, found by name."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    opened = open_person(actor=actor, person_id=person_id, purpose=usual_purpose(actor), now=timezone.now())
    context: dict[str, Any] = {
        "person": opened.person,
        "title": name_of(opened.identity.name),
        "members": build_members(actor, opened.person),
        "may_add": actor.may(REGISTER_PERSON),
        "line": LineForm(),
        "form": MemberForm(),
    }
    if request.method != "POST":
        return render(request, "people/group.html", context)
    if "q" in request.POST:
        context |= _search(request, actor, opened.person.pk)
        return render(request, SEARCH_RESULTS if request.headers.get("HX-Request") else "people/group.html", context)
    form = MemberForm(request.POST)
    if not form.is_valid():
        return render(request, "people/group.html", context | {"form": form}, status=422)
    _add(actor, person_id, form.cleaned_data["person"], form.cleaned_data["relation"])
    messages.success(request, _("The person was added to the group."))
    return redirect("people:group", person_id)


def _search(request: HttpRequest, actor: Actor, person_id: UUID) -> dict[str, Any]:
    line = LineForm(request.POST)
    if not line.is_valid():
        return {"line": line}
    query = line.read().query
    if query.name.is_empty:
        return {"line": line}
    try:
        found = search_people(actor=actor, query=query, purpose=usual_purpose(actor), now=timezone.now())
    except TooManySearches:
        return {"line": line, "is_limited": True}
    others = [one for one in found if one.is_served_here and one.person.pk != person_id]
    return {"line": line, "candidates": build_candidates(actor, others), "was_asked": True}


@transaction.atomic
def _add(actor: Actor, person_id: UUID, added_id: UUID, relation: str) -> None:
    """Add to the person's latest group of an own office, or begin one with the person as its first member."""
    now = timezone.now()
    offices = actor.offices_for(REGISTER_PERSON)
    if not offices:
        raise NotAllowed(REGISTER_PERSON.name)
    members = list_group_members(actor, person_id)
    if any(member.person_id == added_id for member in members) or added_id == person_id:
        return
    if members and members[0].office_id in offices:
        add_to_travel_group(actor=actor, group=members[0].group, person_id=added_id, relation=relation, now=now)
        return
    office_id = actor.home_office_id if actor.home_office_id in offices else sorted(offices)[0]
    create_travel_group(
        actor=actor,
        office_id=office_id,
        members=[(person_id, TravelGroupMember.Relation.FIRST), (added_id, relation)],
        now=now,
    )
