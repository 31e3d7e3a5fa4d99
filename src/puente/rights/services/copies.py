"""The copy of a person's file: on paper in their language, or as JSON; only for an accepted request, always noted."""

import hashlib
import json
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines.identity.names import display_name
from puente.offices.models import Office
from puente.people.file_parts import FileEntry, FilePart, read_file, read_reserved
from puente.people.opening import OpenedPerson
from puente.people.services import read_person
from puente.platform.documents import render_pdf
from puente.platform.ids import make_id
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.reception.slip import choose_language
from puente.rights.models import FileCopy, RequestEvent, RightsRequest
from puente.rights.policies import HANDLE_REQUEST, copying_actor
from puente.rights.services.requests import RequestImpossible, append_event, lock_request

COPIED = register_verb("rights.copied", gettext_noop("made a copy of the file for the person"))
TEMPLATE = Path(__file__).parents[1] / "documents" / "copy.typ"
#: No I, L, O, U: a receipt is read aloud.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FORMAT_OF_JSON = "puente-file-copy-1"


@transaction.atomic
def make_copy(
    *, actor: Actor, request_id: UUID, file_format: str, with_reserved: bool = False, now: datetime
) -> tuple[FileCopy, bytes]:
    """Make a copy of the file of an accepted request for access.

    Args:
        file_format: one of `FileCopy.Format`.
        with_reserved: also what protection hands out; it decides by itself whether this actor gets anything.

    Returns:
        What is kept of the copy (receipt number, digest), and the file, which is kept nowhere.

    Raises:
        NotAllowed; RequestImpossible: not_accepted, not_access.
    """
    request, person = lock_request(actor, HANDLE_REQUEST, request_id, now)
    if request.kind != RightsRequest.Kind.ACCESS:
        raise RequestImpossible("not_access")
    if request.state != RightsRequest.State.ACCEPTED:
        raise RequestImpossible("not_accepted")
    opened, receipt = read_person(person), make_receipt()
    language = choose_language(person.languages)
    with translation.override(language):
        parts = _read_parts(actor, opened, with_reserved)
        if file_format == FileCopy.Format.JSON:
            content = _write_json(parts, receipt, now)
        else:
            content = render_pdf(TEMPLATE, _describe(parts, opened, request, receipt, now))
    copy = FileCopy.objects.create(
        id=make_id(), request=request, person=person, office_id=request.office_id, receipt=receipt,
        format=FileCopy.Format(file_format), language=language, digest=hashlib.sha256(content).digest(),
        made_at=now, made_by=actor.id,
    )  # fmt: skip
    append_event(request, RequestEvent.Kind.COPIED, "", actor, now, person)
    record_event(
        actor=actor, verb=COPIED, record_type="rights_request", record_id=request.pk, person_id=person.pk,
        office_id=request.office_id, purpose=Purpose.RIGHTS, at=now,
        detail={"format": copy.format, "receipt": receipt, "digest": hashlib.sha256(content).hexdigest()},
    )  # fmt: skip
    return copy, content


def make_receipt() -> str:
    """Return a new random receipt number such as `7F2K-Q9ME`."""
    letters = "".join(secrets.choice(ALPHABET) for _number in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _read_parts(actor: Actor, opened: OpenedPerson, with_reserved: bool) -> list[FilePart]:
    widened = copying_actor(actor, Office.objects.values_list("pk", flat=True))
    with acting_as(widened):
        parts = read_file(widened, opened)
    return [*parts, *read_reserved(actor, opened)] if with_reserved else parts


def _write_json(parts: list[FilePart], receipt: str, now: datetime) -> bytes:
    content = {
        "format": FORMAT_OF_JSON,
        "receipt": receipt,
        "made_at": now.isoformat(),
        "left_out": _tell_left_out(),
        "parts": [
            {"name": part.name, "title": part.title, "entries": [_entry_to_json(entry) for entry in part.entries]}
            for part in parts
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()


def _entry_to_json(entry: FileEntry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "at": entry.at.isoformat() if entry.at else None,
        "facts": [{"label": str(label), "text": text} for label, text in entry.facts],
        "data": entry.data,
    }


def _describe(
    parts: list[FilePart], opened: OpenedPerson, request: RightsRequest, receipt: str, now: datetime
) -> dict[str, Any]:
    made = date_format(timezone.localtime(now), "DATE_FORMAT")
    return {
        "language": translation.get_language(),
        "office": request.office.label,
        "date": made,
        "sheet": _("Sheet {here} of {all}"),
        "title": _("Copy of your file"),
        "name": display_name(opened.identity.name) or _("No established identity"),
        "introduction": _(
            "This is what this office holds of you. It is yours. Keep it in a safe place: it says that you returned."
        ),
        "mark": _("Copy %(receipt)s for the person alone") % {"receipt": receipt},
        "nothing": _("Nothing is written down here."),
        "parts": [
            {
                "title": part.title,
                "entries": [
                    {
                        "title": entry.title,
                        "when": _write_when(entry.at),
                        "facts": [[str(label), str(text)] for label, text in entry.facts],
                    }
                    for entry in part.entries
                ],
            }
            for part in parts
        ],
        "left_out_title": _("What this copy leaves out"),
        "left_out": _tell_left_out(),
        "rights_title": _("What you may ask for next"),
        "rights": [
            _("That something wrong is corrected."),
            _("That your data are no longer used for something."),
            _("That your file is erased."),
        ],
        "receipt_title": _("Receipt"),
        "receipt_text": _("I received this copy, number %(receipt)s, on %(day)s.") % {"receipt": receipt, "day": made},
        "signature": _("Name and signature, or thumbprint"),
    }


def _tell_left_out() -> list[str]:
    return [
        _("What is about other people: family, witnesses, who travels with you, and the names of the staff."),
        _("The reserved part, if there is one. Ask the protection officer of the office in person."),
        _("Where you must never be sent: nobody should read it on paper."),
    ]


def _write_when(at: datetime | None) -> str:
    return str(date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")) if at else ""
