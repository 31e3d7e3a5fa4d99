"""What the room of needs holds of a person, for the copy of their file.

Questions whose answer may send a hand-over are left out, whatever was said: they belong to the reserved part.
"""

from collections.abc import Sequence

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from puente.instruments.services import open_response
from puente.needs.models import Need, NeedEvent
from puente.needs.policies import VIEW_NEEDS
from puente.needs.selectors import label_services, list_assessments
from puente.needs.services.assessment import AREA, is_reserved
from puente.needs.services.tracking import NOTE, REASON
from puente.needs.wording import describe_reply
from puente.people.file_parts import FileEntry
from puente.people.opening import OpenedPerson
from puente.people.sealed import unseal_note
from puente.platform.policy import Actor


def read_assessments(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every assessment with each answer and its earlier versions."""
    entries = []
    for response in list_assessments(actor, opened.person.pk)[::-1]:
        said = open_response(actor=actor, area=AREA, response_id=response.pk)
        language = get_language() or "es"
        facts, data = [], []
        for question in said.definition.questions:
            versions = said.answers.get(question.name, [])
            if is_reserved(question) or not versions:
                continue
            text = describe_reply(question, versions[-1].reply)
            before = [describe_reply(question, version.reply) for version in versions[:-1]]
            if before:
                text = _("%(after)s, before: %(before)s") % {"after": text, "before": "; ".join(before)}
            facts.append((question.label.say(language), text))
            data.append(
                {
                    "question": question.name,
                    "versions": [
                        version.reply.to_json() | {"at": version.at.isoformat(), "reason": version.reason}
                        for version in versions
                    ],
                }
            )
        title = said.definition.title.say(language)
        entries.append(FileEntry(title, response.started_at, facts, {"status": response.status, "answers": data}))
    return entries


def read_needs(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry]:
    """Return every need with what happened to it; members of staff are not named."""
    visible = Need.objects.visible_to(actor, VIEW_NEEDS).filter(person_id=opened.person.pk)
    events: dict[object, list[NeedEvent]] = {}
    for event in NeedEvent.objects.visible_to(actor, VIEW_NEEDS).filter(person_id=opened.person.pk):
        events.setdefault(event.need_id, []).append(event)
    services = label_services()
    return [
        _tell_need(need, sorted(events.get(need.pk, []), key=lambda event: (event.at, event.pk)), opened, services)
        for need in visible.select_related("kind", "office").order_by("created_at", "id")
    ]


def _tell_need(need: Need, events: list[NeedEvent], opened: OpenedPerson, services: dict[str, str]) -> FileEntry:
    key = opened.data_key
    note = str(unseal_note(key, NOTE, need.pk, bytes(need.note))) if need.note else ""
    reasons = {
        event.pk: str(unseal_note(key, REASON, event.pk, bytes(event.reason))) for event in events if event.reason
    }
    happened = [
        " ".join(
            filter(
                None,
                [
                    formats.date_format(event.at, "SHORT_DATE_FORMAT"),
                    str(NeedEvent.Kind(event.kind).label),
                    f"«{reasons[event.pk]}»" if event.pk in reasons else "",
                ],
            )
        )
        for event in events
    ]
    facts = [
        (_("Office"), need.office.label),
        (_("State"), str(need.get_status_display())),
        (_("Urgency"), str(need.get_urgency_display())),
        (_("Service that acts"), services.get(need.service_id, need.service_id)),
        (_("In your words"), note),
        (_("What happened"), "; ".join(happened)),
    ]
    data = {
        "kind": need.kind_id, "status": need.status, "urgency": need.urgency, "service": need.service_id,
        "due_on": need.due_on.isoformat(), "note": note,
        "events": [
            {"at": event.at.isoformat(), "kind": event.kind, "reason": reasons.get(event.pk, "")} for event in events
        ],
    }  # fmt: skip
    return FileEntry(need.kind.label, need.created_at, [row for row in facts if row[1]], data)
