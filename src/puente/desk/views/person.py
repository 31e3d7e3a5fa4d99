"""The person's page: the journey, what they need, what happened, and how they may be reached."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from puente.audit.policies import VIEW_EVENTS
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.desk.links import find_step
from puente.desk.selectors.journey import Journey, read_journey
from puente.desk.selectors.people import list_introductions_of, list_outcomes_of, summarise_profile
from puente.desk.selectors.timeline import KINDS, PURPOSES, Entry, Kind, read_timeline
from puente.needs.policies import VIEW_NEEDS
from puente.needs.selectors import list_needs_of
from puente.people.catalogue import languages
from puente.people.evidence import SEXES, describe_birth
from puente.people.models import Person
from puente.people.panels import IdentityPanel, build_panel
from puente.people.purposes import usual_purpose
from puente.people.services import OpenedPerson, birth_of, open_person
from puente.platform.policy import Actor
from puente.web.parts import HistoryDay, HistoryEntry, Tab, build_pills


@login_required
@require_safe
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open a person's file for the purpose of the reader's work, which is noted with their name."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    purpose = usual_purpose(actor)
    opened = open_person(actor=actor, person_id=person_id, purpose=purpose, now=now)
    panel = build_panel(actor, opened, timezone.localdate(now))
    needs = list_needs_of(actor, person_id)
    journey = read_journey(actor, person_id, opened.identity.name, needs, now)
    timeline = read_timeline(actor, opened, panel.versions)
    shown = _filter(timeline, request.GET.get("history", ""), journey)
    introductions = list_introductions_of(actor, person_id)
    place = getattr(journey.latest, "place", None)
    context = {
        "panel": panel,
        "person": opened.person,
        "purpose": PURPOSES[purpose],
        "summary": _summarise(opened, panel),
        "journey": journey,
        "turn": journey.latest.turn if journey.latest else "",
        "step": find_step(actor, place) if place is not None and not place.has_left else None,
        "needs": needs if actor.may(VIEW_NEEDS) else None,
        "profile": summarise_profile(actor, opened) if actor.may(VIEW_PROFILE) else None,
        "introductions": introductions if actor.may(VIEW_INTRODUCTIONS) else None,
        "outcomes": list_outcomes_of(actor, person_id),
        "days": _group_by_day(shown, journey, now),
        "history_pills": build_pills(request, "history", _list_filters(actor, timeline, journey)),
        "tabs": _list_tabs(actor, person_id, len(needs)),
    }
    request.section = "people:search"  # type: ignore[attr-defined]
    return render(request, "desk/person.html", context)


def _summarise(opened: OpenedPerson, panel: IdentityPanel) -> list[str]:
    """Return what stands under the name: age and birth date, sex, languages."""
    person = opened.person
    birth = describe_birth(birth_of(person, opened.identity))
    words = [", ".join(filter(None, (panel.age, birth)))]
    if person.sex != Person.Sex.UNKNOWN:
        words.append(str(SEXES[person.sex]).lower())
    spoken = [languages()[code].label.lower() for code in person.languages if code in languages()]
    if spoken:
        words.append(_("speaks %(languages)s") % {"languages": ", ".join(spoken)})
    if person.needs_interpreter:
        words.append(_("needs an interpreter"))
    return [text for text in words if text]


def _list_tabs(actor: Actor, person_id: UUID, needs: int) -> list[Tab]:
    tabs = [
        Tab(_("Summary"), reverse("desk:person", args=[person_id]), is_current=True),
        Tab(_("Who they are"), reverse("people:identity", args=[person_id])),
    ]
    if actor.may(VIEW_NEEDS):
        tabs.append(Tab(_("Needs"), reverse("needs:person", args=[person_id]), count=needs))
    if actor.may(VIEW_PROFILE):
        tabs.append(Tab(_("Work profile"), reverse("counselling:profile", args=[person_id])))
    tabs.append(Tab(_("Permissions"), reverse("people:consents", args=[person_id])))
    return tabs


def _list_filters(actor: Actor, timeline: Sequence[Entry], journey: Journey) -> list[tuple[str, str | Promise, int]]:
    filters: list[tuple[str, str | Promise, int]] = [("", _("Everything"), len(timeline))]
    if len(journey.returns) > 1:
        filters.append(("this", _("This return"), len(_filter(timeline, "this", journey))))
    for kind in Kind:
        # Whoever may read it sees the filter of every person alike, also where it would show nothing.
        if kind is Kind.OPENING and not actor.may(VIEW_EVENTS):
            continue
        if kind is Kind.INTRODUCTION and not actor.may(VIEW_INTRODUCTIONS):
            continue
        filters.append((kind.value, KINDS[kind][0], sum(entry.kind is kind for entry in timeline)))
    return filters


def _filter(timeline: Sequence[Entry], wanted: str, journey: Journey) -> list[Entry]:
    if wanted == "this" and journey.latest is not None:
        return [entry for entry in timeline if entry.at >= journey.latest.arrived_at]
    if wanted in tuple(Kind):
        return [entry for entry in timeline if entry.kind == wanted]
    return list(timeline)


def _group_by_day(entries: Sequence[Entry], journey: Journey, now: datetime) -> list[HistoryDay]:
    today = timezone.localdate(now)
    arrived = {timezone.localdate(found.arrival.arrived_at): found for found in journey.returns}
    days = []
    for day, found in groupby(entries, key=lambda entry: timezone.localdate(entry.at)):
        title = date_format(day, "DATE_FORMAT")
        note = ""
        if day in arrived:
            number = arrived[day].number
            note = ngettext("return number %(number)s", "return number %(number)s", number) % {"number": number}
            note += f" · {arrived[day].arrival.point.municipality.name}"
        lines = [
            HistoryEntry(
                time_format(timezone.localtime(entry.at), "TIME_FORMAT"),
                entry.title,
                KINDS[entry.kind][1],
                entry.text,
                entry.who,
                corrections=[
                    (time_format(timezone.localtime(at), "TIME_FORMAT"), earlier) for at, earlier in entry.corrections
                ],
            )
            for entry in found
        ]
        days.append(HistoryDay(_("Today, %(day)s") % {"day": title} if day == today else title, lines, note, day))
    return days
