"""What protection decides to hand out of its own part of a file: to the officer in charge alone, or nothing at all."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from puente.people.file_parts import FileEntry
from puente.people.models import Assignment
from puente.people.opening import OpenedPerson
from puente.platform.policy import Actor
from puente.protection.handovers import read_handover
from puente.protection.models import Case, Handover
from puente.protection.policies import VIEW_CASE, VIEW_HANDOVERS
from puente.protection.wording import REASONS, SERVICES


def read_reserved_part(actor: Actor, opened: OpenedPerson) -> Sequence[FileEntry] | None:
    """Return the hand-overs and the dates of the case, for the officer in charge.

    What was told in the case stays in it. None for everybody else, whether or not there is anything.
    """
    in_charge = Assignment.objects.filter(person=opened.person, user_id=actor.id, ended_at=None).exists()
    sent = Handover.objects.visible_to(actor, VIEW_HANDOVERS).filter(person=opened.person)
    if not in_charge:
        sent = sent.filter(acknowledgement__by=actor.id)
    entries = [_tell_handover(row) for row in sent.order_by("sent_at", "id")]
    for case in Case.objects.visible_to(actor, VIEW_CASE).filter(person=opened.person).order_by("opened_at"):
        data = {"opened_at": case.opened_at.isoformat(), "is_open": case.closed_at is None}
        entries.append(FileEntry(_("Case of this office"), case.opened_at, [], data))
    return entries or None


def _tell_handover(row: Handover) -> FileEntry:
    content = read_handover(row)
    facts = [
        (_("Reason"), "; ".join(str(REASONS[reason]) for reason in content.reasons)),
        (_("In words"), content.note),
    ]
    data = {"service": content.service, "reasons": list(content.reasons), "note": content.note}
    return FileEntry(str(SERVICES[content.service]), row.sent_at, [fact for fact in facts if fact[1]], data)
