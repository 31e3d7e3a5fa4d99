"""A person's journey over the bridge: the five spans of the latest arrival, and the earlier ones as history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from puente.accounts.models import User
from puente.counselling.models import Choice, FollowUp, Outcome
from puente.counselling.policies import VIEW_PROFILE
from puente.engines.identity.names import PersonName
from puente.needs.models import Need
from puente.platform.policy import Actor
from puente.reception.models import Arrival, Stage, StageEvent
from puente.reception.selectors.arrivals import list_returns, list_stage_events
from puente.web.parts import JourneySpan


@dataclass(frozen=True)
class Return:
    """One return of a person: when, where, and how far over the bridge they came."""

    arrival: Arrival
    number: int
    stage: int
    state: str


@dataclass(frozen=True)
class Journey:
    """The spans of the latest return, and all returns, the latest first."""

    spans: list[JourneySpan]
    returns: list[Return]

    @property
    def latest(self) -> Arrival | None:
        """The arrival that the spans tell of."""
        return self.returns[0].arrival if self.returns else None


def read_journey(actor: Actor, person_id: UUID, name: PersonName, needs: Sequence[Need], now: datetime) -> Journey:
    """Return a person's journey as far as the actor may know it. needs: those of the person that the actor sees."""
    arrivals = list(list_returns(actor, person_id))
    lost = _find_lost_contact(actor, person_id)
    returns = []
    for index, arrival in enumerate(arrivals):
        is_last = index == 0
        standing = _find_standing(arrival, lost if is_last else None, is_last=is_last)
        returns.append(Return(arrival, len(arrivals) - index, *standing))
    if not arrivals:
        return Journey([JourneySpan(stage.label, "next") for stage in Stage], [])
    entered = {
        event.stage: event.at
        for event in list_stage_events(actor, arrivals[0].pk)
        if event.kind == StageEvent.Kind.ENTERED
    }
    texts = _describe_stages(actor, arrivals[0], needs)
    latest = returns[0]
    spans = [
        JourneySpan(
            stage.label,
            _find_state(stage, latest),
            _tell_when(entered[stage], now) if stage in entered else "",
            texts.get(stage, ""),
            _tell_here(name, latest, stage, now),
        )
        for stage in Stage
    ]
    return Journey(spans, returns)


def _find_standing(arrival: Arrival, lost_at: datetime | None, *, is_last: bool) -> tuple[int, str]:
    place = getattr(arrival, "place", None)
    stage = Stage(place.stage).number if place else 1
    if lost_at is not None and lost_at > arrival.arrived_at:
        return len(Stage), "lost"
    if is_last and place is not None and not place.has_left:
        return stage, "here"
    return stage, "closed"


def _find_lost_contact(actor: Actor, person_id: UUID) -> datetime | None:
    """Return when the person could last not be reached, where nobody has reached them since."""
    last = Outcome.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id).order_by("-at").first()
    return last.at if last is not None and last.work == Outcome.Work.NOT_REACHED else None


def _find_state(stage: Stage, latest: Return) -> str:
    if stage.number < latest.stage or (latest.state == "closed" and stage.number == latest.stage):
        return "done"
    if stage.number == latest.stage:
        return "cut" if latest.state == "lost" else "here"
    return "next"


def _describe_stages(actor: Actor, arrival: Arrival, needs: Sequence[Need]) -> dict[Stage, str]:
    words = {Stage.ARRIVAL: arrival.point.label}
    if arrival.manifest is not None:
        words[Stage.ARRIVAL] += ". " + _("List %(label)s") % {"label": arrival.manifest.label}
    if needs:
        met = sum(need.status == Need.Status.MET for need in needs)
        said = [ngettext("%(number)s noted", "%(number)s noted", len(needs)) % {"number": len(needs)}]
        if met:
            said.append(ngettext("%(number)s met", "%(number)s met", met) % {"number": met})
        words[Stage.NEEDS] = ", ".join(said)
    words[Stage.COUNSELLING] = _describe_counselling(actor, arrival)
    home = arrival.person.home_municipality or arrival.person.home_state
    words[Stage.JOURNEY] = _("To %(home)s") % {"home": home} if home else ""
    due = (
        FollowUp.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=arrival.person_id, closed_at__isnull=True)
        .order_by("due_on")
        .first()
    )
    if due is not None:
        words[Stage.FOLLOW_UP] = _("Next on %(day)s") % {"day": date_format(due.due_on, "SHORT_DATE_FORMAT")}
    return words


def _describe_counselling(actor: Actor, arrival: Arrival) -> str:
    place = getattr(arrival, "place", None)
    words = []
    if place is not None and place.stage == Stage.COUNSELLING and place.assigned_to:
        officer = User.objects.filter(pk=place.assigned_to).values_list("name", flat=True).first()
        words.append(_("With %(officer)s") % {"officer": officer})
    choice = (
        Choice.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=arrival.person_id, made_at__gte=arrival.arrived_at)
        .order_by("-made_at", "-pk")
        .first()
    )
    if choice is not None and choice.openings:
        number = len(choice.openings)
        words.append(ngettext("%(number)s opening chosen", "%(number)s openings chosen", number) % {"number": number})
    elif choice is not None:
        words.append(_("Wants none of the openings"))
    return ". ".join(words)


def _tell_when(at: datetime, now: datetime) -> str:
    local = timezone.localtime(at)
    if local.date() == timezone.localdate(now):
        return _("today %(time)s") % {"time": time_format(local, "TIME_FORMAT")}
    return str(date_format(local, "SHORT_DATE_FORMAT"))


def _tell_here(name: PersonName, latest: Return, stage: Stage, now: datetime) -> str:
    if stage.number != latest.stage:
        return ""
    if latest.state == "lost":
        return _("Contact lost")
    if latest.state != "here":
        return ""
    who = name.given.split(" ")[0] or pgettext("journey", "The person")
    waited = now - latest.arrival.place.since
    if waited < timedelta(hours=3):
        return _("%(name)s is here · %(minutes)s min") % {"name": who, "minutes": int(waited.total_seconds() // 60)}
    return _("%(name)s is here") % {"name": who}
