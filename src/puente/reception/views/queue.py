"""The queue of the day, refreshed without reload, and what the law asks for on arrival."""

from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from puente.offices.models import Office
from puente.offices.selectors import get_office
from puente.platform.policy import Actor, NotAllowed
from puente.reception.models import QueuePlace, Stage
from puente.reception.policies import MOVE_IN_QUEUE, REGISTER_ARRIVAL, VIEW_ARRIVALS, VIEW_MANIFESTS
from puente.reception.selectors import queue as selectors
from puente.reception.services.queue import advance_person, leave_queue, release_person, take_person
from puente.web.bridge import STAGES
from puente.web.paging import KeysetPage
from puente.web.parts import LoadSpan, build_pills
from puente.web.requests import StaffRequest

MOVES = {"take": take_person, "release": release_person, "next": advance_person, "leave": leave_queue}
PAGE_SIZE = 16


@login_required
@require_safe
def queue(request: StaffRequest) -> HttpResponse:
    """Who waits, where and how long; htmx asks for the table alone."""
    context = build_queue(request, find_queue_office(request.actor))
    template = "reception/queue.html#table" if request.headers.get("HX-Request") else "reception/queue.html"
    return render(request, template, context)


@login_required
@require_POST
def move(request: StaffRequest, arrival_id: UUID, step: str) -> HttpResponse:
    """Take a person, let them pass to the next stage, or note that they left."""
    if step not in MOVES:
        raise NotAllowed(MOVE_IN_QUEUE.name)
    MOVES[step](actor=request.actor, arrival_id=arrival_id, now=timezone.now())
    if request.headers.get("HX-Request"):
        context = build_queue(request, find_queue_office(request.actor))
        return render(request, "reception/queue.html#table", context)
    if request.POST.get("from") == "arrival":
        return redirect("reception:arrival", arrival_id)
    return redirect("reception:queue")


@login_required
@require_safe
def legal_minimum(request: StaffRequest) -> HttpResponse:
    """How many of the day's arrivals received what the law asks for, and what else was given."""
    office = find_queue_office(request.actor)
    day = _read_day(request) or find_today(office)
    shares = selectors.measure_legal_minimum(request.actor, office.pk, day)
    return render(request, "reception/legal_minimum.html", {"office": office, "day": day, "shares": shares})


def find_queue_office(actor: Actor) -> Office:
    """Return the office whose queue the actor sees; raises NotAllowed."""
    offices = actor.offices_for(VIEW_ARRIVALS)
    if not offices:
        raise NotAllowed(VIEW_ARRIVALS.name)
    home = actor.home_office_id
    return get_office(home if home is not None and home in offices else min(offices))


def find_today(office: Office) -> date:
    """Return the day in the office's own time."""
    return timezone.localdate(None, ZoneInfo(office.time_zone))


def build_queue(request: StaffRequest, office: Office) -> dict[str, object]:
    """Return what the queue's table shows: one page of rows, the filters with their counts."""
    actor, now, day = request.actor, timezone.now(), find_today(office)
    places = selectors.list_places(actor, office.pk, day)
    counts = selectors.count_stages(places)
    late, unassigned = selectors.find_late(places, now), places.filter(assigned_to=None)
    chosen = request.GET.get("show", "")
    shown = {"late": late, "unassigned": unassigned, "mine": places.filter(assigned_to=actor.id)}.get(chosen, places)
    if chosen in Stage:
        shown = places.filter(stage=chosen)
    page = KeysetPage.of_request(request, selectors.with_details(shown), selectors.ORDER, PAGE_SIZE)
    pills = build_pills(
        request,
        "show",
        [
            ("", _("All"), sum(counts.values())),
            ("late", _("Past the time"), late.count()),
            ("unassigned", _("Nobody attends"), unassigned.count()),
            *((stage, stage.label, counts.get(stage, 0)) for stage in Stage),
        ],
    )
    may_move = office.pk in actor.offices_for(MOVE_IN_QUEUE)
    rows = [(row, list_steps(row.place, actor)) for row in selectors.list_waiting(actor, page.rows, now)]
    return {
        "office": office, "day": day, "page": page, "rows": rows, "pills": pills, "may_move": may_move,
        "may_register": actor.may(REGISTER_ARRIVAL), "may_see_lists": actor.may(VIEW_MANIFESTS),
    }  # fmt: skip


def list_steps(place: QueuePlace, actor: Actor) -> list[tuple[str, str]]:
    """Return what can be done next with a person of the queue: (step, words)."""
    attend = ("release", _("Let wait again")) if place.assigned_to == actor.id else ("take", _("Attend"))
    following = Stage(place.stage).next
    if following is None:
        return [attend, ("leave", _("Done"))]
    return [attend, ("next", _("To: %(stage)s") % {"stage": following.label})]


def build_load(actor: Actor, office: Office) -> list[LoadSpan]:
    """Return the load of the bridge, to be drawn by `bridge_load`."""
    loads = selectors.load_of_bridge(actor, office.pk, find_today(office), timezone.now())
    return [
        LoadSpan(
            name=STAGES[load.stage.number - 1],
            count=load.count,
            late=0 if load.stage in selectors.AWAY else load.late,
            away=load.count if load.stage in selectors.AWAY else 0,
            text=_describe_load(load),
        )
        for load in loads
    ]


def _describe_load(load: selectors.StageLoad) -> str:
    if load.median_minutes is None:
        return ""
    middle = _("median %(minutes)s min") % {"minutes": load.median_minutes}
    if not load.late or load.stage in selectors.AWAY:
        return middle
    late = ngettext("%(number)s passes %(limit)s", "%(number)s pass %(limit)s", load.late)
    return f"{middle} · {late % {'number': load.late, 'limit': load.limit_minutes}}"


def _read_day(request: StaffRequest) -> date | None:
    try:
        return date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return None
