"""Loading a sender's list whole or not at all, and reconciling it with who arrives."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.engines.identity.keys import search_keys
from puente.offices.models import Office, ReceptionPoint
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.keys import load_keyring
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.platform.sealing import create_data_key, seal_document, unseal_document, unwrap_key, wrap_key
from puente.platform.uploads import Table, TableRow, UploadLimits, read_table
from puente.reception.lists import Line, Reading, guess_columns, read_lines
from puente.reception.models import ColumnMapping, LineSearchKey, Manifest, ManifestDraft, ManifestLine
from puente.reception.payload import FieldProblem, InvalidPayload
from puente.reception.policies import LOAD_MANIFEST

UPLOADED = register_verb("manifest.uploaded", gettext_noop("uploaded a list to check it"))
LOADED = register_verb("manifest.loaded", gettext_noop("loaded a list"))
CLOSED = register_verb("manifest.closed", gettext_noop("closed a list"))
RECONCILED = register_verb("manifest.reconciled", gettext_noop("found the person on a list"))

#: A list is a bus or a flight; a longer one is a mistake.
LIMITS = UploadLimits(file_bytes=5 * 2**20, rows=2_000, columns=60, cell_characters=1_000)
DRAFT_LIFE = timedelta(hours=24)
LINE_TAKEN = _("That line of the list belongs to another person already. Choose again")


class ListNotLoaded(Exception):
    """The list cannot be loaded as it is; nothing was written. `message` says what to change."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(str(message))
        self.message = message


@dataclass(frozen=True)
class ListFacts:
    """What an officer says of a list beside its rows."""

    sender: str
    kind: Manifest.Kind
    point: str
    expected_at: datetime


@transaction.atomic
def upload_list(*, actor: Actor, office_id: UUID, content: bytes, facts: ListFacts, now: datetime) -> ManifestDraft:
    """Read an uploaded list and keep it, sealed, until its columns are confirmed.

    The columns are those kept for the sender, or a guess.

    Raises:
        UnreadableFile: where the file is no table.
        ListNotLoaded: where the same file was loaded before, or the point is unknown.
        NotAllowed: where the actor loads no lists in this office.
    """
    require_in_office(actor, LOAD_MANIFEST, office_id)
    digest = _digest(content)
    if Manifest.objects.filter(office_id=office_id, digest=digest).exists():
        raise ListNotLoaded(_("This list was loaded before. Look for it among the lists"))
    if not ReceptionPoint.objects.filter(pk=facts.point).exists():
        raise ListNotLoaded(_("Choose the point where the people of the list arrive"))
    table = read_table(content, LIMITS)
    ManifestDraft.objects.filter(office_id=office_id, uploaded_at__lt=now - DRAFT_LIFE).delete()
    draft_id, data_key = make_id(), create_data_key()
    key_name, wrapped = wrap_key(load_keyring(), data_key, f"manifest_draft|{draft_id}")
    kept = ColumnMapping.objects.filter(office_id=office_id, sender=facts.sender).first()
    fits = kept is not None and set(kept.columns.values()) <= set(table.header)
    draft = ManifestDraft.objects.create(
        id=draft_id, office_id=office_id, sender=facts.sender, kind=facts.kind, point_id=facts.point,
        expected_at=facts.expected_at, digest=digest,
        mapping=kept.columns if kept and fits else guess_columns(table.header),
        surnames_first=kept.surnames_first if kept else True,
        key_name=key_name, wrapped_key=wrapped,
        sealed=seal_document(data_key, _table_to_json(table), f"manifest_draft|{draft_id}|table"),
        uploaded_at=now, uploaded_by=actor.id,
    )  # fmt: skip
    record_event(
        actor=actor, verb=UPLOADED, record_type="manifest_draft", record_id=draft.pk, office_id=office_id,
        purpose=Purpose.RECEPTION, at=now, detail={"rows": len(table.rows)},
    )  # fmt: skip
    return draft


def open_draft(*, actor: Actor, draft_id: UUID) -> tuple[ManifestDraft, Table]:
    """Return a draft and its table; raises NotAllowed, also where there is none."""
    draft = ManifestDraft.objects.visible_to(actor, LOAD_MANIFEST).filter(pk=draft_id).first()
    if draft is None:
        raise NotAllowed(LOAD_MANIFEST.name)
    data_key = unwrap_key(load_keyring(), draft.key_name, bytes(draft.wrapped_key), f"manifest_draft|{draft.pk}")
    content = unseal_document(data_key, bytes(draft.sealed), f"manifest_draft|{draft.pk}|table")
    rows = tuple(TableRow(number, tuple(cells)) for number, cells in content["rows"])
    return draft, Table(tuple(content["header"]), rows)


@transaction.atomic
def map_columns(
    *, actor: Actor, draft_id: UUID, columns: Mapping[str, str], surnames_first: bool
) -> tuple[ManifestDraft, Reading]:
    """Say which column of a draft holds what, and return the dry run; raises NotAllowed."""
    draft, table = open_draft(actor=actor, draft_id=draft_id)
    draft.mapping = {part: name for part, name in columns.items() if name in table.header}
    draft.surnames_first = surnames_first
    draft.save(update_fields=["mapping", "surnames_first"])
    return draft, read_lines(table, draft.mapping, surnames_first=surnames_first)


@transaction.atomic
def load_list(*, actor: Actor, draft_id: UUID, now: datetime) -> Manifest:
    """Load a draft with its confirmed columns: all of its rows, or none.

    Raises:
        ListNotLoaded: where a row cannot be loaded.
        NotAllowed: also where there is no such draft.
    """
    draft, table = open_draft(actor=actor, draft_id=draft_id)
    reading = read_lines(table, draft.mapping, surnames_first=draft.surnames_first)
    if reading.errors:
        first = reading.errors[0].message
        raise ListNotLoaded(_("The list was not loaded. %(first)s. Nothing was saved.") % {"first": first})
    if not reading.lines:
        raise ListNotLoaded(_("The list was not loaded: no row holds a name. Choose the columns again."))
    manifest_id, data_key = make_id(), create_data_key()
    key_name, wrapped = wrap_key(load_keyring(), data_key, f"manifest|{manifest_id}")
    office = Office.objects.select_for_update().get(pk=draft.office_id)
    day = timezone.localdate(draft.expected_at, ZoneInfo(office.time_zone))
    manifest = Manifest.objects.create(
        id=manifest_id, office_id=draft.office_id, sender=draft.sender, kind=draft.kind, point_id=draft.point_id,
        expected_at=draft.expected_at, expected_day=day, label=_make_label(office, day), digest=draft.digest,
        mapping=draft.mapping, key_name=key_name, wrapped_key=wrapped, loaded_at=now, loaded_by=actor.id,
    )  # fmt: skip
    _write_lines(manifest, data_key, reading)
    ColumnMapping.objects.update_or_create(
        office_id=draft.office_id, sender=draft.sender,
        defaults={
            "columns": draft.mapping, "surnames_first": draft.surnames_first, "changed_at": now,
            "changed_by": actor.id,
        },
    )  # fmt: skip
    draft.delete()
    record_event(
        actor=actor, verb=LOADED, record_type="manifest", record_id=manifest.pk, office_id=manifest.office_id,
        purpose=Purpose.RECEPTION, at=now, detail={"lines": len(reading.lines)},
    )  # fmt: skip
    return manifest


@transaction.atomic
def discard_draft(*, actor: Actor, draft_id: UUID) -> None:
    """Throw an uploaded list away; raises NotAllowed, also where there is none."""
    draft, _table = open_draft(actor=actor, draft_id=draft_id)
    draft.delete()


@transaction.atomic
def close_manifest(*, actor: Actor, manifest_id: UUID, now: datetime) -> Manifest:
    """Close a list: whoever has not arrived is absent. A closed one stays as it is; raises NotAllowed."""
    manifest = (
        Manifest.objects.visible_to(actor, LOAD_MANIFEST).select_for_update(of=("self",)).filter(pk=manifest_id).first()
    )
    if manifest is None:
        raise NotAllowed(LOAD_MANIFEST.name)
    if manifest.status == Manifest.Status.CLOSED:
        return manifest  # type: ignore[no-any-return]
    absent = manifest.lines.filter(status=ManifestLine.Status.EXPECTED).update(status=ManifestLine.Status.ABSENT)
    manifest.status, manifest.closed_at, manifest.closed_by = Manifest.Status.CLOSED, now, actor.id
    manifest.save(update_fields=["status", "closed_at", "closed_by"])
    record_event(
        actor=actor, verb=CLOSED, record_type="manifest", record_id=manifest.pk, office_id=manifest.office_id,
        purpose=Purpose.RECEPTION, at=now, detail={"absent": absent},
    )  # fmt: skip
    return manifest  # type: ignore[no-any-return]


def claim_line(
    *, actor: Actor, office_id: UUID, line_id: UUID | None, person: Person, now: datetime
) -> ManifestLine | None:
    """Note that a person is the one of a line, as part of a registration; an absent line may still arrive.

    Raises:
        InvalidPayload: where another person has the line, or there is none in this office.
    """
    if line_id is None:
        return None
    line = ManifestLine.objects.select_for_update().filter(pk=line_id, office_id=office_id).first()
    if line is None or line.status == ManifestLine.Status.ARRIVED:
        raise InvalidPayload([FieldProblem("arrival.line_id", LINE_TAKEN)])
    line.status, line.person, line.reconciled_at, line.reconciled_by = (
        ManifestLine.Status.ARRIVED, person, now, actor.id,
    )  # fmt: skip
    line.save(update_fields=["status", "person", "reconciled_at", "reconciled_by"])
    record_event(
        actor=actor, verb=RECONCILED, record_type="manifest", record_id=line.manifest_id, person_id=person.pk,
        office_id=office_id, purpose=Purpose.RECEPTION, at=now, detail={"row": line.row_number},
    )  # fmt: skip
    return line  # type: ignore[no-any-return]


def unseal_line(data_key: bytes, line: ManifestLine) -> Line:
    """Return what a line says; raises SealBroken."""
    return Line.from_json(unseal_document(data_key, bytes(line.sealed), f"manifest_line|{line.pk}"))


def open_manifest_key(manifest: Manifest) -> bytes:
    """Return the data key of a list that the caller was allowed to read."""
    return unwrap_key(load_keyring(), manifest.key_name, bytes(manifest.wrapped_key), f"manifest|{manifest.pk}")


def _write_lines(manifest: Manifest, data_key: bytes, reading: Reading) -> None:
    hash_search_key = load_keyring().hash_search_key
    lines, keys = [], []
    for said in reading.lines:
        line_id = make_id()
        lines.append(
            ManifestLine(
                id=line_id, manifest=manifest, office_id=manifest.office_id, row_number=said.row_number,
                sealed=seal_document(data_key, said.to_json(), f"manifest_line|{line_id}"),
            )
        )  # fmt: skip
        hashes = {hash_search_key(key) for key in search_keys(said.name, said.birth_date, None)}
        keys += [LineSearchKey(key=key, line_id=line_id, office_id=manifest.office_id) for key in sorted(hashes)]
    ManifestLine.objects.bulk_create(lines)
    LineSearchKey.objects.bulk_create(keys, batch_size=5_000)


def _make_label(office: Office, day: Any) -> str:
    count = Manifest.objects.filter(office=office, expected_day=day).count()
    letters = chr(ord("A") + count % 26) * (count // 26 + 1)
    return f"{day:%m%d}-{letters}"


def _digest(content: bytes) -> bytes:
    # Keyed, so that nobody can tell from the database which file was loaded.
    return hmac.digest(load_keyring().index_key, content, hashlib.sha256)


def _table_to_json(table: Table) -> dict[str, Any]:
    return {"header": table.header, "rows": [[row.number, row.cells] for row in table.rows]}
