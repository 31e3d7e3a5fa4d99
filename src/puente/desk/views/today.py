"""Hoy en el puente."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.http import require_POST, require_safe

from puente.desk.links import find_step
from puente.desk.policies import VIEW_TODAY
from puente.desk.selectors.notices import count_calls, list_notices, list_todays_manifests
from puente.desk.selectors.pilots import find_office, find_wait_limits
from puente.desk.selectors.today import ORDER, PAGE, SHOWS, QueueFilter, count_queue, keep, list_queue, read_rows
from puente.platform.policy import NotAllowed
from puente.reception.models import Stage
from puente.reception.policies import LOAD_MANIFEST, MOVE_IN_QUEUE, REGISTER_ARRIVAL, VIEW_MANIFESTS
from puente.reception.selectors.queue import AWAY, StageLoad, load_of_bridge, measure_legal_minimum, with_details
from puente.reception.services.queue import release_person, take_person
from puente.web.navigation import find_entries
from puente.web.paging import KeysetPage
from puente.web.parts import LoadSpan, build_pills


@login_required
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show the office at this moment; whoever does not work at the bridge goes to their first section."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    if not actor.may(VIEW_TODAY):
        entries = find_entries(request)
        if not entries:
            raise NotAllowed(VIEW_TODAY.name)
        return redirect(entries[0].url)
    office = find_office(actor, VIEW_TODAY)
    zone = ZoneInfo(office.time_zone)
    day = timezone.localdate(now, zone)
    limits = find_wait_limits(office.pk)
    load = load_of_bridge(actor, office.pk, day, now, limits)
    queue = list_queue(actor, office.pk, now, limits, day=day)
    counts = count_queue(queue, now)
    wanted = _read_filter(request)
    page = KeysetPage.of_request(request, with_details(keep(queue, wanted, now)), ORDER, size=PAGE)
    calls = count_calls(office, day)
    context = {
        "office": office,
        "now": now,
        "spans": [_draw_span(stage, sum(calls)) for stage in load],
        "load": load,
        "in_building": ngettext("%(number)s person in the office", "%(number)s people in the office", counts[""])
        % {"number": counts[""]},
        "page": page,
        "rows": [(row, find_step(actor, row.waiting.place)) for row in read_rows(actor, page.rows, now, limits)],
        "pills": build_pills(request, "show", _name_filters(counts)),
        "wanted": wanted,
        "stages": [stage for stage in Stage if stage not in AWAY],
        "may_move": actor.may(MOVE_IN_QUEUE),
        "may_register": actor.may(REGISTER_ARRIVAL),
        "may_load": actor.may(LOAD_MANIFEST),
        "notices": list_notices(actor, office, load, counts["language"], now, day),
        "manifests": list_todays_manifests(actor, office, day) if actor.may(VIEW_MANIFESTS) else None,
        "minimum": [
            share for share in measure_legal_minimum(actor, office.pk, day) if share.entry.says("required_by_law")
        ],
    }
    with timezone.override(zone):
        return render(request, "desk/today.html", context)


@login_required
@require_POST
def take(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Note that the reader attends a person now."""
    take_person(actor=request.actor, arrival_id=arrival_id, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("desk:today")


@login_required
@require_POST
def release(request: HttpRequest, arrival_id: UUID) -> HttpResponse:
    """Note that a person waits again for whoever is free."""
    release_person(actor=request.actor, arrival_id=arrival_id, now=timezone.now())  # type: ignore[attr-defined]
    return redirect("desk:today")


def _read_filter(request: HttpRequest) -> QueueFilter:
    show, stage = request.GET.get("show", ""), request.GET.get("stage", "")
    return QueueFilter(show if show in SHOWS else "", stage if stage in Stage.values else "")


def _name_filters(counts: dict[str, int]) -> list[tuple[str, str, int]]:
    labels = {
        "": pgettext("people", "All"),
        "late": _("Past their time"),
        "unassigned": _("Unassigned"),
        "children": _("With children"),
        "language": _("Other language"),
    }
    return [(name, labels[name], counts[name]) for name in SHOWS]


def _draw_span(stage: StageLoad, calls: int) -> LoadSpan:
    if stage.stage in AWAY:
        text = ngettext("%(number)s call due", "%(number)s calls due", calls) % {"number": calls}
        return LoadSpan(stage.stage.label, calls, away=calls, text=text)
    if stage.median_minutes is None:
        return LoadSpan(stage.stage.label, 0, text=_("nobody waits"))
    words = [_("median %(minutes)s min") % {"minutes": stage.median_minutes}]
    if stage.late:
        words.append(
            ngettext("%(late)s passes %(limit)s", "%(late)s pass %(limit)s", stage.late)
            % {"late": stage.late, "limit": stage.limit_minutes}
        )
    return LoadSpan(stage.stage.label, stage.count, late=stage.late, text=" · ".join(words))
