"""How answers and the history of a need are said."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from uuid import UUID

from django.utils import formats, timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from puente.engines.instruments import Question, Reply, State
from puente.needs.models import Need, NeedEvent, Urgency
from puente.web.parts import HistoryDay, HistoryEntry

ICONS = {
    NeedEvent.Kind.ADDED: "list-checks",
    NeedEvent.Kind.CONFIRMED: "message-circle",
    NeedEvent.Kind.PLANNED: "calendar",
    NeedEvent.Kind.REFERRED: "arrow-right",
    NeedEvent.Kind.MET: "check",
    NeedEvent.Kind.WITHDRAWN: "x",
    NeedEvent.Kind.REOPENED: "rotate-ccw",
}
GROUP_ICONS = {
    "safety": "shield",
    "health": "stethoscope",
    "shelter": "bed",
    "family_contact": "phone",
    "psychosocial": "heart-pulse",
    "papers": "file-text",
    "onward_travel": "bus",
    "legal": "scale",
    "money": "wallet",
    "work": "briefcase",
    "education": "graduation-cap",
}


def describe_move(status: str, following: Need.Status) -> str:
    """Say what an officer notes by moving a need from one status to the next."""
    if following == Need.Status.OPEN:
        return _("It came back") if status == Need.Status.REFERRED else _("Open it again")
    words = {
        Need.Status.REFERRED: pgettext("move", "Referred"),
        Need.Status.MET: pgettext("move", "Met"),
        Need.Status.WITHDRAWN: pgettext("move", "Withdrawn"),
    }
    return words[following]


def describe_reply(question: Question, reply: Reply | None) -> str:
    """Say a reply in the reader's language."""
    if reply is None:
        return _("Not asked")
    if reply.state is State.DECLINED:
        return _("Prefers not to answer")
    if reply.state is State.PASSED or reply.value is None:
        return _("Nothing said")
    if question.type == "date":
        return str(formats.date_format(date.fromisoformat(str(reply.value)), "DATE_FORMAT"))
    if not question.choices:
        return str(reply.value)
    language = get_language() or "es"
    names = reply.value if isinstance(reply.value, tuple) else (reply.value,)
    chosen = [choice.label.say(language) for choice in question.choices if choice.name in names]
    return " · ".join(chosen)


def describe_history(
    events: Iterable[NeedEvent],
    reasons: Mapping[UUID, str],
    staff: Mapping[UUID, str],
    services: Mapping[str, str],
) -> list[HistoryDay]:
    """Return the history of a need by days, the latest first.

    Args:
        reasons: unsealed, by id of the event. staff: names by id. services: labels by code.
    """
    latest_first = sorted(events, key=lambda event: (event.at, event.pk), reverse=True)
    days = groupby(latest_first, key=lambda event: timezone.localtime(event.at).date())
    return [
        HistoryDay(
            title=formats.date_format(day, "DATE_FORMAT"),
            entries=[_describe_event(event, reasons, staff, services) for event in found],
            day=day,
        )
        for day, found in days
    ]


def _describe_event(
    event: NeedEvent, reasons: Mapping[UUID, str], staff: Mapping[UUID, str], services: Mapping[str, str]
) -> HistoryEntry:
    title = str(NeedEvent.Kind(event.kind).label)
    changes = [
        _describe_change(name, earlier, later, staff, services) for name, (earlier, later) in event.changes.items()
    ]
    reason = reasons.get(event.pk, "")
    return HistoryEntry(
        time=formats.time_format(timezone.localtime(event.at), "TIME_FORMAT"),
        title=title[:1].upper() + title[1:],
        icon=ICONS[NeedEvent.Kind(event.kind)],
        text=" · ".join([*changes, *([f"«{reason}»"] if reason else [])]),
        who=staff.get(event.by, ""),
    )


def _describe_change(
    name: str, earlier: str | None, later: str | None, staff: Mapping[UUID, str], services: Mapping[str, str]
) -> str:
    def say(value: str | None) -> str:
        if value is None:
            return _("nobody")
        if name == "urgency":
            return str(Urgency(value).label)
        if name == "due_on":
            return str(formats.date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
        return services.get(value, value) if name == "service" else staff.get(UUID(value), "")

    values = {"earlier": say(earlier), "later": say(later)}
    sentences = {
        "urgency": _("urgency: %(later)s, before: %(earlier)s"),
        "due_on": _("by %(later)s, before: %(earlier)s"),
        "service": _("service: %(later)s, before: %(earlier)s"),
        "responsible_id": _("follows it: %(later)s, before: %(earlier)s"),
    }
    return sentences[name] % values
