"""What reception holds of a person, for the copy of their file.

The mark "continues with another service" is left out: it belongs to the reserved part.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from puente.offices.models import ReceptionPoint
from puente.people.file_parts import FileEntry
from puente.people.opening import OpenedPerson
from puente.platform.policy import Actor
from puente.reception import catalogue
from puente.reception.history import REASONS
from puente.reception.models import Arrival, ArrivalVersion, StageEvent
from puente.reception.selectors.arrivals import (
    find_services_given,
    list_returns,
    list_stage_events,
    list_versions,
    read_immediate_need,
)


def read_arrivals(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every return of a person: what was written down, services, stages, corrections."""
    points = {point.pk: point.label for point in ReceptionPoint.objects.all()}
    entries = []
    for arrival in list(list_returns(actor, opened.person.pk).select_related("person", "office"))[::-1]:
        versions = list_versions(actor, arrival.pk)
        entries.append(_tell_arrival(actor, arrival, versions[0], points))
        entries += [_tell_correction(later, earlier, points) for later, earlier in pairwise(versions)][::-1]
    return entries


def _tell_arrival(actor: Actor, arrival: Arrival, version: ArrivalVersion, points: dict[str, str]) -> FileEntry:
    labels = catalogue.services()
    given = [code for code, mark in find_services_given(actor, arrival.pk).items() if mark.is_given]
    stages = [event for event in list_stage_events(actor, arrival.pk) if event.kind in ("entered", "left")]
    need = read_immediate_need(actor, arrival)
    facts = [
        (_("Office"), arrival.office.label),
        (_("Turn"), arrival.turn),
        *_describe(version.facts, points),
        (_("Services given"), ", ".join(labels[code].label if code in labels else code for code in given)),
        (_("What was needed at once"), need),
        (
            _("Stages"),
            "; ".join(f"{_write(event.at)}: {_name_stage(event)}" for event in stages),
        ),
    ]
    data = {
        "id": str(arrival.pk),
        "turn": arrival.turn,
        "facts": version.facts,
        "services": given,
        "immediate_need": need,
        "stages": [{"at": event.at.isoformat(), "kind": event.kind, "stage": event.stage} for event in stages],
        "age_at_arrival": arrival.age_at_arrival,
    }
    return FileEntry(points.get(arrival.point_id, ""), arrival.arrived_at, [row for row in facts if row[1]], data)


def _name_stage(event: StageEvent) -> str:
    return str(event.get_stage_display()) if event.kind == StageEvent.Kind.ENTERED else _("left the building")


def _tell_correction(later: ArrivalVersion, earlier: ArrivalVersion, points: dict[str, str]) -> FileEntry:
    before = dict(_describe(earlier.facts, points))
    changed = [
        (name, _("%(after)s, before: %(before)s") % {"after": text or "–", "before": before.get(name) or "–"})
        for name, text in _describe(later.facts, points)
        if text != before.get(name)
    ]
    title = _("Corrected: %(reason)s") % {"reason": REASONS[later.reason]}
    return FileEntry(title, later.made_at, changed, {"reason": later.reason, "before": earlier.facts})


def _describe(facts: dict[str, str], points: dict[str, str]) -> list[tuple[str, str]]:
    def label(entries: dict[str, catalogue.Entry], code: str) -> str:
        return entries[code].label if code in entries else code

    return [
        (_("Point"), points.get(facts["point"], facts["point"])),
        (_("Arrived"), _write(datetime.fromisoformat(facts["arrived_at"]))),
        (_("Handed over by"), label(catalogue.authorities(), facts["handed_over_by"])),
        (_("With whom"), label(catalogue.accompaniments(), facts["accompaniment"])),
        (_("Left from"), label(catalogue.us_states(), facts["last_us_state"])),
        (_("Time in the United States"), label(catalogue.times_in_us(), facts["time_in_us"])),
    ]


def _write(at: datetime) -> str:
    return str(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT"))
