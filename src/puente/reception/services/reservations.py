"""What reception holds of a person outside of their file: the line of a list that they were found on."""

from datetime import datetime
from uuid import UUID

from puente.offices.models import Office
from puente.people.opening import OpenedPerson
from puente.people.reservation_steps import ReservationSteps
from puente.platform.policy import Actor, system_actor
from puente.platform.row_security import acting_as
from puente.platform.sealing import seal_document, unseal_document
from puente.reception.models import LineSearchKey, ManifestLine
from puente.reception.policies import LOAD_MANIFEST, SEAL_LINES, VIEW_MANIFESTS
from puente.reception.services.manifests import bind_line, open_manifest_key

SEALING = UUID("01990000-0000-7000-8000-00000000c11e")


def seal_lines(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """Seal a reserved person's lines under the person's own key and drop their search keys."""
    with acting_as(_sealing_actor()):
        for line in _lines_of(opened, is_under_person_key=False):
            content = unseal_document(open_manifest_key(line.manifest), bytes(line.sealed), bind_line(line.pk))
            _write(line, opened.data_key, content, is_under_person_key=True)
            LineSearchKey.objects.filter(line=line).delete()


def return_lines(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """Seal the lines of somebody who is reserved no longer under the key of their list again.

    Their search keys are not made anew: the search of lines leaves out whoever arrived.
    """
    with acting_as(_sealing_actor()):
        for line in _lines_of(opened, is_under_person_key=True):
            content = unseal_document(opened.data_key, bytes(line.sealed), bind_line(line.pk))
            _write(line, open_manifest_key(line.manifest), content, is_under_person_key=False)


STEPS = ReservationSteps(reserved=seal_lines, released=return_lines)


def _sealing_actor() -> Actor:
    # The officer who reserves reads no lists, so the product does it for them, in whichever office the list is.
    offices = Office.objects.values_list("pk", flat=True)
    return system_actor("sealing of lines", SEALING, (VIEW_MANIFESTS, LOAD_MANIFEST, SEAL_LINES), offices)


def _lines_of(opened: OpenedPerson, *, is_under_person_key: bool) -> list[ManifestLine]:
    found = ManifestLine.objects.filter(person_id=opened.person.pk, is_under_person_key=is_under_person_key)
    # What is past its time was emptied: nothing is left to seal otherwise.
    return list(found.exclude(sealed=b"").select_related("manifest").select_for_update(of=("self",)))


def _write(line: ManifestLine, data_key: bytes, content: object, *, is_under_person_key: bool) -> None:
    line.sealed = seal_document(data_key, content, bind_line(line.pk))
    line.is_under_person_key = is_under_person_key
    line.save(update_fields=["sealed", "is_under_person_key"])
