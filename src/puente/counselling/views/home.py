from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from puente.counselling.policies import VIEW_PROFILE, choose_office
from puente.counselling.selectors.followups import ORDER as DUE_ORDER
from puente.counselling.selectors.followups import list_due
from puente.engines.identity.names import list_name
from puente.people.selectors import name_people
from puente.reception.models import Stage
from puente.reception.policies import VIEW_ARRIVALS
from puente.reception.selectors.queue import ORDER, list_places, list_waiting, with_details
from puente.web.paging import KeysetPage
from puente.web.requests import StaffRequest


@login_required
def show_home(request: StaffRequest) -> HttpResponse:
    """Who waits for counselling today, and who is to be asked how they are."""
    actor, now = request.actor, timezone.now()
    office_id = choose_office(actor, VIEW_PROFILE)
    page = rows = None
    if office_id in actor.offices_for(VIEW_ARRIVALS):
        places = with_details(list_places(actor, office_id, timezone.localdate(now)).filter(stage=Stage.COUNSELLING))
        page = KeysetPage.of_request(request, places, ORDER, size=16)
        rows = list_waiting(actor, page.rows, now)
    due = list(list_due(actor, now.date()).order_by(*DUE_ORDER)[:12])
    names = name_people(actor, [follow_up.person_id for follow_up in due])
    return render(
        request,
        "counselling/home.html",
        {
            "page": page,
            "rows": rows,
            "due": [
                (follow_up, _write_name(names.get(follow_up.person_id)), follow_up.due_on < now.date())
                for follow_up in due
            ],
        },
    )


def _write_name(name: object) -> str:
    return list_name(name) if name else ""  # type: ignore[arg-type]
