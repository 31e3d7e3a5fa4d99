"""What happened to one arrival, as history: facts in time, corrections in place, no judgement."""

from collections import defaultdict
from datetime import date, datetime
from itertools import pairwise
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from puente.accounts.models import User
from puente.offices.models import ReceptionPoint
from puente.platform.policy import Actor
from puente.reception import catalogue
from puente.reception.models import Arrival, ArrivalVersion, ServiceGiven, Stage, StageEvent
from puente.reception.policies import VIEW_ARRIVALS
from puente.reception.selectors.arrivals import list_stage_events, list_versions
from puente.web.parts import HistoryDay, HistoryEntry

KINDS: dict[str, tuple[str, str | Promise]] = {
    StageEvent.Kind.ENTERED: ("arrow-right", gettext_lazy("Stage: %(stage)s")),
    StageEvent.Kind.TAKEN: ("user", gettext_lazy("Attended: %(stage)s")),
    StageEvent.Kind.RELEASED: ("undo-2", gettext_lazy("Waits again: %(stage)s")),
    StageEvent.Kind.LEFT: ("log-out", gettext_lazy("Left the building")),
}
REASONS: dict[str, str | Promise] = {
    ArrivalVersion.Reason.TYPED_WRONG: gettext_lazy("it was written wrong"),
    ArrivalVersion.Reason.SAID_OTHERWISE: gettext_lazy("the person says otherwise"),
    ArrivalVersion.Reason.PAPER_SHOWN: gettext_lazy("a paper shows otherwise"),
    ArrivalVersion.Reason.LIST_CORRECTED: gettext_lazy("the authority corrected its list"),
}


def describe_history(actor: Actor, arrival: Arrival) -> list[HistoryDay]:
    """Return the days of an arrival, the latest first."""
    versions = list_versions(actor, arrival.pk)
    stages = list_stage_events(actor, arrival.pk)
    marks = list(ServiceGiven.objects.visible_to(actor, VIEW_ARRIVALS).filter(arrival=arrival).order_by("at", "id"))
    staff = _name_staff({row.made_by for row in versions} | {row.by for row in stages} | {row.by for row in marks})
    rows: list[tuple[datetime, HistoryEntry]] = [(versions[-1].made_at, _tell_registration(versions, staff))]
    rows += [(row.at, _tell_mark(row, staff)) for row in marks]
    rows += [(row.at, _tell_stage(row, staff)) for row in stages]
    days: dict[date, list[HistoryEntry]] = defaultdict(list)
    # Latest first: the sort is stable, so what happened at one moment keeps its order before it is turned round.
    for at, entry in sorted(rows, key=lambda row: row[0])[::-1]:
        days[timezone.localdate(at)].append(entry)
    return [HistoryDay(date_format(day, "DATE_FORMAT"), days[day], day=day) for day in sorted(days, reverse=True)]


def _tell_registration(versions: list[ArrivalVersion], staff: dict[UUID, str]) -> HistoryEntry:
    """The registration stays where it stood; each correction hangs on it with what it said before."""
    corrections = [
        (
            _("on %(day)s by %(who)s, since %(reason)s")
            % {
                "day": date_format(timezone.localtime(later.made_at), "SHORT_DATETIME_FORMAT"),
                "who": staff.get(later.made_by, ""),
                "reason": REASONS[later.reason],
            },
            _describe_version(earlier),
        )
        for later, earlier in pairwise(versions)
    ]
    first = versions[-1]
    return HistoryEntry(
        time=_hour(first.made_at), title=_("Registered"), icon="stamp", text=_describe_version(versions[0]),
        who=staff.get(first.made_by, ""), corrections=corrections,
    )  # fmt: skip


def _describe_version(version: ArrivalVersion) -> str:
    facts = version.facts
    point = ReceptionPoint.objects.filter(pk=facts["point"]).first()
    arrived = timezone.localtime(datetime.fromisoformat(facts["arrived_at"]))
    words = [
        point.label if point else facts["point"],
        date_format(arrived, "SHORT_DATETIME_FORMAT"),
        _label(catalogue.authorities(), facts["handed_over_by"]),
        _label(catalogue.accompaniments(), facts["accompaniment"]),
        _label(catalogue.us_states(), facts["last_us_state"]),
        _label(catalogue.times_in_us(), facts["time_in_us"]),
    ]
    return " · ".join(word for word in words if word)


def _tell_stage(event: StageEvent, staff: dict[UUID, str]) -> HistoryEntry:
    icon, words = KINDS[event.kind]
    title = str(words) % {"stage": Stage(event.stage).label}
    return HistoryEntry(time=_hour(event.at), title=title, icon=icon, who=staff.get(event.by, ""))


def _tell_mark(mark: ServiceGiven, staff: dict[UUID, str]) -> HistoryEntry:
    title = _("Received: %(service)s") if mark.is_given else _("Mark taken back: %(service)s")
    label = _label(catalogue.services(), mark.service)
    return HistoryEntry(
        time=_hour(mark.at), title=title % {"service": label}, icon="check" if mark.is_given else "undo-2",
        who=staff.get(mark.by, ""),
    )  # fmt: skip


def _label(entries: dict[str, catalogue.Entry], code: str) -> str:
    return entries[code].label if code in entries else code


def _hour(at: datetime) -> str:
    return str(time_format(timezone.localtime(at), "H:i"))


def _name_staff(ids: set[UUID]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
