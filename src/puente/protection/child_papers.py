"""The papers about a child: the record of the hand-over to DIF, and the notice to the prosecutor's office.

Each holds the fewest fields that its receiver needs. The notice carries the child's reference unless the officer says
that the office opens its file by name; neither carries a word of what the child told.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from puente.engines.identity.names import display_name
from puente.people.opening import OpenedPerson
from puente.people.pseudonyms import reference_of
from puente.platform.documents import render_pdf
from puente.protection.child_records import ChildFile, DifHandover, ProsecutorNotice
from puente.protection.forms.children import FORMS
from puente.protection.opening import OpenedCase

TEMPLATE = Path(__file__).with_name("documents") / "child_paper.typ"
#: What of a record goes on its paper, in this order.
FIELDS = {
    "dif_handover": ("arrived_at", "handed_over_at", "handed_over_by", "received_by", "institution", "place",
                     "is_centre", "legal_basis"),
    "prosecutor_notice": ("arrived_at", "notified_at", "office", "received_by", "folio", "whereabouts"),
}  # fmt: skip


def make_paper(topic: str, opened: OpenedCase, file: ChildFile, person: OpenedPerson | None, now: datetime) -> bytes:
    """Return a paper as PDF, in Spanish: it goes to an authority of Mexico.

    Args:
        topic: `dif_handover` or `prosecutor_notice`; the file holds one.
        person: for the name and the birth date; None where the paper carries the reference alone.

    Raises:
        LookupError: where the case holds no such record.
    """
    written = file.find(topic)
    if written is None:
        raise LookupError(topic)
    with translation.override("es"):
        return render_pdf(TEMPLATE, describe_paper(topic, written.record, opened, file, person, now))


def describe_paper(
    topic: str,
    record: DifHandover | ProsecutorNotice,
    opened: OpenedCase,
    file: ChildFile,
    person: OpenedPerson | None,
    now: datetime,
) -> dict[str, Any]:
    """Return what stands on a paper, in the language in force."""
    form = FORMS[topic](topic)
    fields = [(form.fields[name], getattr(record, name)) for name in FIELDS[topic]]
    said = [(str(field.label), form.say(field, value)) for field, value in fields]
    if isinstance(record, DifHandover):
        title = _("Record of the hand-over of a child to DIF")
    else:
        title = _("Notice of a child in need of protection")
    return {
        "language": "es",
        "office": opened.case.office.label,
        "date": date_format(timezone.localdate(now), "SHORT_DATE_FORMAT"),
        "page": _("Page"),
        "title": title,
        "reference": [_("Reference"), reference_of(opened.case.person_id)],
        "child": [list(pair) for pair in _describe_child(file, opened, person)],
        "facts": [list(pair) for pair in said if pair[1]],
        "signatures": [_("Hands over: name and signature"), _("Receives: name and signature")],
        "care": _("This paper is about a child. Show it to nobody who need not know."),
    }


def _describe_child(file: ChildFile, opened: OpenedCase, person: OpenedPerson | None) -> list[tuple[str, str]]:
    told: list[tuple[str, str]] = []
    if person is not None:
        told.append((_("Name"), display_name(person.identity.name) or _("No established identity")))
    if opened.case.person.birth_year is not None:
        told.append((_("Year of birth"), str(opened.case.person.birth_year)))
    situation = file.find("child")
    if situation is not None:
        form = FORMS["child"]("child")
        told.append((_("The child is"), form.say(form.fields["status"], situation.record.status)))
    return told
