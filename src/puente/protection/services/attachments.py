"""Pictures of papers: written anew without metadata, sealed under a compartment, opened only through the case."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.verbs import register_verb
from puente.platform.ids import make_id
from puente.platform.images import ImageLimits, reencode_image
from puente.platform.policy import Actor, NotAllowed, Sensitivity, require
from puente.platform.sealing import seal, unseal
from puente.protection.case_file import Attachment, Topic, read_case_file
from puente.protection.models import AttachedFile
from puente.protection.opening import OpenedCase, read_entries, record_of_case
from puente.protection.policies import WRITE_CASE
from puente.protection.sealed import Compartment
from puente.protection.services.cases import record_in_case, write_entry

OPENED = register_verb(
    "attachment.opened", gettext_noop("opened an attachment of the case"), sensitivity=Sensitivity.SEALED, opens=True
)
#: Where a picture of a paper may lie.
COMPARTMENTS = (Compartment.TESTIMONY, Compartment.HEALTH)
LIMITS = ImageLimits(file_bytes=10 * 2**20)
MOST_FILES = 40


class TooManyFiles(Exception):
    """The case holds as many attachments as one may."""


@transaction.atomic
def attach_image(
    *, actor: Actor, opened: OpenedCase, compartment: Compartment, title: str, content: bytes, now: datetime
) -> UUID:
    """Keep a picture, written anew and sealed; returns the id of the file.

    Args:
        content: the uploaded file.

    Raises:
        UnreadableFile: with a message for who sent it. TooManyFiles, NotAllowed.
    """
    require(actor, WRITE_CASE, record_of_case(opened.case), opened.purpose, now)
    if compartment not in COMPARTMENTS or not opened.has(compartment):
        raise NotAllowed(WRITE_CASE.name)
    if AttachedFile.objects.filter(case=opened.case).count() >= MOST_FILES:
        raise TooManyFiles
    image = reencode_image(content, LIMITS)
    file_id = make_id()
    AttachedFile.objects.create(
        id=file_id, case=opened.case, person_id=opened.case.person_id, compartment=compartment, made_at=now,
        made_by=actor.id, sealed=seal(opened.keys[compartment], image.content, _bind(opened, file_id)),
    )  # fmt: skip
    write_entry(
        actor=actor, opened=opened, compartment=compartment, topic=Topic.ATTACHMENT, now=now,
        content={
            "file": str(file_id), "title": title, "width": image.width, "height": image.height,
            "media_type": image.media_type, "size": len(image.content),
        },
    )  # fmt: skip
    return file_id


@transaction.atomic
def open_attachment(*, actor: Actor, opened: OpenedCase, file_id: UUID, now: datetime) -> tuple[Attachment, bytes]:
    """Return an attachment with its bytes, and leave an event that says so; raises NotAllowed."""
    shown = find_attachment(opened, file_id)
    row = AttachedFile.objects.filter(pk=file_id, case=opened.case, compartment=shown.compartment).first()
    if row is None:
        raise NotAllowed(WRITE_CASE.name)
    record_in_case(actor, OPENED, opened.case, opened.purpose, now)
    return shown, unseal(opened.keys[shown.compartment], bytes(row.sealed), _bind(opened, file_id))


def find_attachment(opened: OpenedCase, file_id: UUID) -> Attachment:
    """Return what an attachment shows; raises NotAllowed where the purpose opens none of that id."""
    for one in read_case_file(read_entries(opened, Topic.ATTACHMENT)).attachments:
        if one.id == file_id:
            return one
    raise NotAllowed(WRITE_CASE.name)


def _bind(opened: OpenedCase, file_id: UUID) -> str:
    return f"case_file|{opened.case.pk}|{file_id}"
