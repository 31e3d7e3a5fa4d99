"""What asks for attention now, counted from the records; nothing is shown that is not so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from puente.counselling.policies import RECORD_OUTCOME, VIEW_PROFILE
from puente.counselling.selectors.figures import count_due_follow_ups
from puente.desk.policies import counting_actor
from puente.needs.policies import VIEW_NEEDS
from puente.needs.selectors import NeedFilter, count_pending
from puente.offices.models import Office
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as
from puente.reception.models import Manifest
from puente.reception.policies import VIEW_MANIFESTS
from puente.reception.selectors.manifests import list_manifests
from puente.reception.selectors.queue import StageLoad

MOST_LISTS = 8


@dataclass(frozen=True)
class Notice:
    """One thing that asks for attention. kind: person (somebody waits), river (work due), "" (to know)."""

    kind: str
    title: str
    text: str
    url_name: str = ""

    @property
    def url(self) -> str:
        """Where the work is done; "" where the notice only tells."""
        return reverse(self.url_name) if self.url_name else ""


def list_notices(
    actor: Actor, office: Office, load: Sequence[StageLoad], waiting_for_interpreter: int, now: datetime, today: date
) -> list[Notice]:
    """Return the notices of an office at this moment, of what the actor works on."""
    notices = [
        *_tell_waits(load),
        *_tell_interpreters(waiting_for_interpreter),
        *(_tell_manifests(actor, office, now) if actor.may(VIEW_MANIFESTS) else ()),
        *(_tell_needs(actor, office, today) if office.pk in actor.offices_for(VIEW_NEEDS) else ()),
    ]
    if actor.may(VIEW_PROFILE) or actor.may(RECORD_OUTCOME):
        notices += _tell_follow_ups(actor, count_calls(office, today))
    return notices


def count_calls(office: Office, today: date) -> tuple[int, int]:
    """Return how many follow-ups of an office are due today and how many are past their date: counts alone."""
    counting = counting_actor([office.pk])
    with acting_as(counting):
        return count_due_follow_ups(counting, office.pk, today)


def list_todays_manifests(actor: Actor, office: Office, today: date) -> list[Manifest]:
    """Return the lists of an office for today and those that were left open, the next one first; raises NotAllowed."""
    found = list_manifests(actor).filter(office_id=office.pk)
    still_open = Q(status=Manifest.Status.OPEN, expected_day__lt=today)
    return list(found.filter(Q(expected_day=today) | still_open).order_by("expected_at", "pk")[:MOST_LISTS])


def _tell_waits(load: Sequence[StageLoad]) -> list[Notice]:
    return [
        Notice(
            "person",
            ngettext(
                "%(number)s person waits too long in %(stage)s",
                "%(number)s people wait too long in %(stage)s",
                stage.late,
            )
            % {"number": stage.late, "stage": stage.stage.label},
            _("More than %(minutes)s minutes.") % {"minutes": stage.limit_minutes},
        )
        for stage in load
        if stage.late
    ]


def _tell_interpreters(number: int) -> list[Notice]:
    if not number:
        return []
    title = ngettext("%(number)s person waits for an interpreter", "%(number)s people wait for an interpreter", number)
    return [Notice("river", title % {"number": number}, _("Filter the queue by “Other language”."))]


def _tell_manifests(actor: Actor, office: Office, now: datetime) -> list[Notice]:
    left_open = (
        list_manifests(actor)
        .filter(office_id=office.pk, status=Manifest.Status.OPEN, expected_at__lt=now, expected__gt=0)
        .count()
    )
    if not left_open:
        return []
    title = ngettext("%(number)s list is not closed", "%(number)s lists are not closed", left_open)
    text = _("Its time has passed and people on it are still expected.")
    return [Notice("", title % {"number": left_open}, text, "reception:manifests")]


def _tell_needs(actor: Actor, office: Office, today: date) -> list[Notice]:
    overdue = count_pending(actor, office.pk, NeedFilter(), today).overdue
    if not overdue:
        return []
    title = ngettext("%(number)s need is past its day", "%(number)s needs are past their day", overdue)
    return [Notice("river", title % {"number": overdue}, _("Somebody must act or plan it again."), "needs:list")]


def _tell_follow_ups(actor: Actor, due: tuple[int, int]) -> list[Notice]:
    today, past = due
    if not today + past:
        return []
    title = ngettext("%(number)s follow-up is due", "%(number)s follow-ups are due", today + past)
    text = _("%(today)s for today, %(past)s from days before.") % {"today": today, "past": past}
    url_name = "counselling:follow_ups" if actor.may(RECORD_OUTCOME) else ""
    return [Notice("river", title % {"number": today + past}, text, url_name)]
