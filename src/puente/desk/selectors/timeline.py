"""What happened with a person, from the records of all rooms, as one history. Each room's rights hold in it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from puente.accounts.models import User
from puente.audit.selectors import list_events_about
from puente.counselling.models import Choice, IntroductionEvent, Outcome, Shortlist, WorkProfile
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.instruments.models import Response
from puente.needs.models import NeedEvent
from puente.needs.policies import VIEW_NEEDS
from puente.people.models import ConsentDecision
from puente.people.panels import ShownVersion
from puente.people.purposes import PURPOSES
from puente.people.selectors import list_consent_texts, list_decisions
from puente.people.services import OpenedPerson
from puente.people.services.identities import OPENED
from puente.platform.policy import Actor
from puente.reception import catalogue
from puente.reception.models import Arrival, ArrivalVersion, ServiceGiven, Stage, StageEvent
from puente.reception.policies import VIEW_ARRIVALS

MOST_OPENINGS = 50


class Kind(StrEnum):
    """What an entry is about; the filters of the history."""

    ARRIVAL = "arrival"
    SERVICE = "service"
    NEED = "need"
    COUNSELLING = "counselling"
    INTRODUCTION = "introduction"
    CORRECTION = "correction"
    OPENING = "opening"


#: Kind → the filter's words and the icon of its entries.
KINDS: dict[Kind, tuple[str | Promise, str]] = {
    Kind.ARRIVAL: (pgettext_lazy("history", "Arrivals"), "log-in"),
    Kind.SERVICE: (pgettext_lazy("history", "Services"), "hand-helping"),
    Kind.NEED: (pgettext_lazy("history", "Needs"), "list-checks"),
    Kind.COUNSELLING: (pgettext_lazy("history", "Counselling"), "messages-square"),
    Kind.INTRODUCTION: (pgettext_lazy("history", "Introductions"), "send"),
    Kind.CORRECTION: (pgettext_lazy("history", "Corrections"), "history"),
    Kind.OPENING: (pgettext_lazy("history", "Who opened it"), "eye"),
}
CONSENTS: dict[str, str | Promise] = {
    ConsentDecision.Decision.GIVEN: gettext_lazy("Permission given"),
    ConsentDecision.Decision.REFUSED: gettext_lazy("Permission not given"),
    ConsentDecision.Decision.WITHDRAWN: gettext_lazy("Permission withdrawn"),
}


@dataclass(frozen=True)
class Entry:
    """One fact: when, about what, in words, and who. `corrections` are (when, earlier wording)."""

    at: datetime
    kind: Kind
    title: str
    text: str = ""
    who_id: UUID | None = None
    who: str = ""
    corrections: tuple[tuple[datetime, str], ...] = ()


def read_timeline(actor: Actor, opened: OpenedPerson, versions: Sequence[ShownVersion]) -> list[Entry]:
    """Return everything that the actor may know of what happened with an opened person, the latest first.

    versions: of who the person is, the newest first. The number of queries grows neither with these nor with the
    history.
    """
    person_id = opened.person.pk
    entries = [
        *_tell_arrivals(actor, person_id),
        *_tell_stages(actor, person_id),
        *_tell_needs(actor, person_id),
        *_tell_counselling(actor, person_id),
        *_tell_introductions(actor, person_id),
        *_tell_consents(actor, opened),
        *_tell_identities(versions),
        *_tell_openings(actor, person_id),
    ]
    staff = dict(
        User.objects.filter(pk__in={entry.who_id for entry in entries if entry.who_id}).values_list("pk", "name")
    )
    named = [
        entry if entry.who else _name(entry, staff.get(entry.who_id, "") if entry.who_id else "") for entry in entries
    ]
    return sorted(named, key=lambda entry: entry.at, reverse=True)


def _name(entry: Entry, who: str) -> Entry:
    return Entry(entry.at, entry.kind, entry.title, entry.text, entry.who_id, who, entry.corrections)


def _tell_arrivals(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    rows: QuerySet[Arrival] = (
        Arrival.objects.visible_to(actor, VIEW_ARRIVALS).filter(person_id=person_id).select_related("point", "manifest")
    )
    authorities = catalogue.authorities()
    for arrival in rows:
        words = [arrival.point.label]
        if arrival.handed_over_by in authorities:
            words.append(_("Handed over by %(authority)s") % {"authority": authorities[arrival.handed_over_by].label})
        if arrival.manifest is not None:
            words.append(_("List %(label)s") % {"label": arrival.manifest.label})
        yield Entry(arrival.arrived_at, Kind.ARRIVAL, _("Arrival registered"), ". ".join(words), arrival.registered_by)
    yield from _tell_services(actor, person_id)
    versions = ArrivalVersion.objects.visible_to(actor, VIEW_ARRIVALS).filter(person_id=person_id, version__gt=1)
    reasons = {
        ArrivalVersion.Reason.TYPED_WRONG: _("It was typed wrong."),
        ArrivalVersion.Reason.SAID_OTHERWISE: _("The person says it otherwise."),
        ArrivalVersion.Reason.PAPER_SHOWN: _("A paper says it otherwise."),
        ArrivalVersion.Reason.LIST_CORRECTED: _("The list was corrected."),
    }
    for version in versions:
        yield Entry(
            version.made_at, Kind.CORRECTION, _("Arrival corrected"), reasons.get(version.reason, ""), version.made_by
        )


def _tell_services(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    marks = ServiceGiven.objects.visible_to(actor, VIEW_ARRIVALS).filter(person_id=person_id).order_by("at", "id")
    together: dict[tuple[datetime, UUID, bool], list[str]] = defaultdict(list)
    names = catalogue.services()
    for mark in marks:
        label = names[mark.service].label if mark.service in names else mark.service
        together[mark.at, mark.by, mark.is_given].append(label)
    for (at, by, is_given), labels in together.items():
        if is_given:
            yield Entry(at, Kind.SERVICE, _("Services received"), _join(labels), by)
        else:
            yield Entry(at, Kind.CORRECTION, _("Marked by mistake as received"), _join(labels), by)


def _tell_stages(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    events = (
        StageEvent.objects.visible_to(actor, VIEW_ARRIVALS)
        .filter(person_id=person_id, kind__in=(StageEvent.Kind.ENTERED, StageEvent.Kind.LEFT))
        .exclude(kind=StageEvent.Kind.ENTERED, stage=Stage.ARRIVAL)
    )
    for event in events:
        if event.kind == StageEvent.Kind.LEFT:
            yield Entry(event.at, Kind.ARRIVAL, _("Left the queue"), "", event.by)
        else:
            title = _("Passed on to %(stage)s") % {"stage": Stage(event.stage).label}
            yield Entry(event.at, Kind.ARRIVAL, title, "", event.by)


def _tell_needs(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    finished = Response.objects.visible_to(actor, VIEW_NEEDS).filter(
        person_id=person_id, area="needs", status=Response.Status.COMPLETE
    )
    for response in finished:
        yield Entry(response.finished_at, Kind.NEED, _("Needs assessed"), "", response.finished_by)
    events = (
        NeedEvent.objects.visible_to(actor, VIEW_NEEDS)
        .filter(person_id=person_id)
        .select_related("need__kind")
        .order_by("at", "id")
    )
    together: dict[tuple[datetime, UUID, str], list[str]] = defaultdict(list)
    for event in events:
        together[event.at, event.by, event.kind].append(event.need.kind.label)
    titles = {
        NeedEvent.Kind.ADDED: _("Needs noted"),
        NeedEvent.Kind.CONFIRMED: _("Needs said again"),
        NeedEvent.Kind.PLANNED: _("Need planned"),
        NeedEvent.Kind.REFERRED: _("Referred"),
        NeedEvent.Kind.MET: _("Need met"),
        NeedEvent.Kind.WITHDRAWN: _("Need withdrawn"),
        NeedEvent.Kind.REOPENED: _("Need opened again"),
    }
    for (at, by, kind), labels in together.items():
        yield Entry(at, Kind.NEED, titles[NeedEvent.Kind(kind)], _join(labels), by)


def _tell_counselling(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    if not actor.may(VIEW_PROFILE):
        return
    for profile in WorkProfile.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id):
        kind = Kind.COUNSELLING if profile.version == 1 else Kind.CORRECTION
        title = _("Work profile noted") if profile.version == 1 else _("Work profile changed")
        yield Entry(profile.made_at, kind, title, "", profile.made_by)
    for made_at, made_by, looked_at in (
        Shortlist.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=person_id)
        .values_list("made_at", "made_by", "open_count")
    ):
        text = _("Ranked out of %(number)s open places.") % {"number": looked_at}
        yield Entry(made_at, Kind.COUNSELLING, _("Openings looked at together"), text, made_by)
    for choice in Choice.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id):
        if choice.openings:
            number = len(choice.openings)
            title = ngettext("Chose %(number)s opening", "Chose %(number)s openings", number) % {"number": number}
            yield Entry(choice.made_at, Kind.COUNSELLING, title, "", choice.made_by)
        else:
            why = choice.get_why_none_display()
            yield Entry(choice.made_at, Kind.COUNSELLING, _("Wants none of the openings"), why, choice.made_by)
    for outcome in Outcome.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id):
        title = ngettext("Follow-up after %(number)s month", "Follow-up after %(number)s months", outcome.month) % {
            "number": outcome.month
        }
        yield Entry(outcome.at, Kind.COUNSELLING, title, outcome.get_work_display(), outcome.by)


def _tell_introductions(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    events = (
        IntroductionEvent.objects.visible_to(actor, VIEW_INTRODUCTIONS)
        .filter(person_id=person_id)
        .select_related("introduction__employer", "introduction__opening")
    )
    for event in events:
        introduction = event.introduction
        text = f"{introduction.opening.title}, {introduction.employer.name}"
        yield Entry(event.at, Kind.INTRODUCTION, _("Introduction: %(state)s") % {"state": event.get_state_display()},
                    text, event.by)  # fmt: skip


def _tell_consents(actor: Actor, opened: OpenedPerson) -> Iterator[Entry]:
    labels = {text.purpose: text.label for text in list_consent_texts()}
    together: dict[tuple[datetime, str, str], list[str]] = defaultdict(list)
    for told in list_decisions(actor, opened):
        row = told.decision
        together[row.decided_at, row.decision, told.recorded_by].append(labels.get(row.purpose, row.purpose))
    for (at, decision, who), purposes in together.items():
        title = CONSENTS[ConsentDecision.Decision(decision)]
        yield Entry(at, Kind.COUNSELLING, str(title), _join(purposes), who=who)


def _tell_identities(versions: Sequence[ShownVersion]) -> Iterator[Entry]:
    for version in versions[:-1]:
        corrections = tuple(
            (version.made_at, f"{change.name}: {change.before or _('no data')}") for change in version.changes
        )
        yield Entry(
            version.made_at, Kind.CORRECTION, _("Facts of the person corrected"), str(version.reason), None,
            version.made_by, corrections,
        )  # fmt: skip


def _tell_openings(actor: Actor, person_id: UUID) -> Iterator[Entry]:
    together: dict[tuple[date, UUID, str], list[datetime]] = defaultdict(list)
    for event in list_events_about(actor, person_id, OPENED)[:MOST_OPENINGS]:
        together[timezone.localdate(event.at), event.actor_id, event.purpose].append(event.at)
    for (_day, actor_id, purpose), times in together.items():
        text = _("For: %(purpose)s") % {"purpose": PURPOSES.get(purpose, purpose)}
        if len(times) > 1:
            text += " · " + _("%(number)s times") % {"number": len(times)}
        yield Entry(max(times), Kind.OPENING, _("Opened the file"), text, actor_id)


def _join(labels: Iterable[str]) -> str:
    first, *others = [label for label in labels if label]
    # An abbreviation such as CURP keeps its capitals.
    lowered = [word[:1].lower() + word[1:] if word[1:2].islower() else word for word in others]
    return ", ".join([first, *lowered]) + "."
