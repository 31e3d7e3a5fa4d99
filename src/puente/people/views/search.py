from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from puente.engines.identity.names import list_name
from puente.engines.identity.search_line import SearchLine
from puente.people.candidates import ShownCandidate, build_candidates, choose, describe_home
from puente.people.evidence import describe_birth, describe_unknown
from puente.people.forms.question import LineForm, PartsForm
from puente.people.models import Person
from puente.people.opening import birth_of, read_people
from puente.people.policies import FIND_PERSON
from puente.people.purposes import usual_purpose
from puente.people.selectors import list_own_offices, list_recently_opened, list_served, name_states
from puente.people.services import TooManySearches, search_people
from puente.platform.policy import Actor, NotAllowed
from puente.web.paging import KeysetPage
from puente.web.parts import Pill, build_pills

PAGE_SIZE = 16
#: Parts of the page that htmx asks for again, by the id of what they replace.
PARTS = {"results": "people/search.html#results", "comparison": "people/search.html#comparison"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: HttpRequest) -> HttpResponse:
    """Look for people as one types; below, whom one opened last and whom the office serves.

    The question is posted, so that no name stands in an address.
    """
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.may(FIND_PERSON):
        raise NotAllowed(FIND_PERSON.name)
    if request.method != "POST":
        return render(request, "people/search.html", {"form": LineForm()} | _list_people(request, actor))
    context = _answer(request, actor)
    part = PARTS.get(request.headers.get("HX-Target", ""))
    if part:
        # htmx shows 422 in place and leaves the page alone on 429.
        return render(request, part, context, status=422 if context.get("is_limited") else 200)
    context |= _list_people(request, actor)
    return render(request, "people/search.html", context, status=429 if context.get("is_limited") else 200)


def _answer(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    form: LineForm | PartsForm = PartsForm(request.POST) if "in_parts" in request.POST else LineForm(request.POST)
    if not form.is_valid():
        return {"form": form, "in_parts": isinstance(form, PartsForm)}
    line = form.read()
    if "mend" in request.POST:
        form = PartsForm.of_line(line)
    context: dict[str, Any] = {"form": form, "in_parts": isinstance(form, PartsForm)}
    if line.query.name.is_empty:
        return context | {"line": line if line.not_understood else None}
    try:
        found = search_people(actor=actor, query=line.query, purpose=usual_purpose(actor), now=timezone.now())
    except TooManySearches:
        return context | {"is_limited": True}
    candidates = build_candidates(actor, found)
    chosen = choose(candidates, request.POST.get("chosen", ""))
    return context | {
        "line": line,
        "understood": _describe_line(line),
        "candidates": candidates,
        "chosen": chosen,
        "person_url": _find_url(chosen),
    }


def _describe_line(line: SearchLine) -> dict[str, str]:
    query = line.query
    return {
        "surnames": " · ".join(filter(None, (query.name.first_surname, query.name.second_surname))),
        "given": query.name.given,
        "birth": describe_birth(query.birth),
        "state": name_states().get(query.birth_state, "") if query.birth_state else "",
    }


def _find_url(chosen: ShownCandidate | None) -> str:
    return chosen.person.get_absolute_url() if chosen and chosen.is_served_here else ""


def _list_people(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    offices = list_own_offices(actor)
    if not offices:
        return {}
    asked = request.GET.get("office")
    office = next((office for office in offices if office.code == asked), offices[0])
    page = KeysetPage.of_request(request, list_served(actor, office.pk), ("-since", "person"), size=PAGE_SIZE)
    people = {row["person"].pk: row for row in _describe_people([row.person for row in page.rows])}
    pills: list[Pill] = []
    if len(offices) > 1:
        pills = build_pills(request, "office", [(one.code, one.label, None) for one in offices], office.code)
    return {
        "office": office,
        "office_pills": pills,
        "page": page,
        "rows": [people[row.person_id] | {"since": row.since} for row in page.rows if row.person_id in people],
        "recent": _describe_people(list_recently_opened(actor)),
    }


def _describe_people(people: list[Person]) -> list[dict[str, Any]]:
    documents = read_people(people)
    return [
        {
            "person": person,
            "name": list_name(document.name) or describe_unknown(),
            "birth": describe_birth(birth_of(person, document)),
            "place": describe_home(person),
            "url": person.get_absolute_url(),
        }
        for person, document in (documents[person.pk] for person in people if person.pk in documents)
    ]
