"""Reading exports of protected data: what was asked, by whom, and how it stands. Never what is in them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from puente.platform.policy import Actor, NotAllowed
from puente.protection.exporting import ExportKind, ExportReason, find_kind
from puente.protection.models import ExportState, ProtectedExport
from puente.protection.policies import APPROVE_EXPORT, ASK_EXPORT
from puente.protection.sealed_requests import EXPORT, unseal_answer, unseal_request
from puente.protection.selectors.screenings import name_officers

#: The newest first; ids break ties.
ORDER = ("-asked_at", "id")


@dataclass(frozen=True)
class ShownExport:
    """An export as a list shows it."""

    row: ProtectedExport
    kind: ExportKind
    state: ExportState
    asked_by: str
    decided_by: str


@dataclass(frozen=True)
class ReadExport:
    """An export with what it is for and what was answered, unsealed."""

    shown: ShownExport
    reason: ExportReason
    words: str
    answer: str


def list_exports(actor: Actor) -> QuerySet[ProtectedExport]:
    """Return the exports that were asked for in the actor's offices, the newest first; raises NotAllowed."""
    if not actor.may(ASK_EXPORT) and not actor.may(APPROVE_EXPORT):
        raise NotAllowed(ASK_EXPORT.name)
    asked = ProtectedExport.objects.visible_to(actor, ASK_EXPORT)
    found = asked | ProtectedExport.objects.visible_to(actor, APPROVE_EXPORT)
    return found.select_related("office").order_by(*ORDER)


def list_to_decide(actor: Actor) -> QuerySet[ProtectedExport]:
    """Return what others asked for and the actor may decide, the longest wait first."""
    waiting = ProtectedExport.objects.visible_to(actor, APPROVE_EXPORT).undecided()
    return waiting.exclude(asked_by=actor.id).select_related("office").order_by("asked_at", "id")


def show_exports(rows: list[ProtectedExport], now: datetime) -> list[ShownExport]:
    """Return rows as a list shows them, with names of staff in one query."""
    names = name_officers(one for row in rows for one in (row.asked_by, row.decided_by) if one)
    return [
        ShownExport(
            row, find_kind(row.kind), row.state(now), names.get(row.asked_by, ""),
            names.get(row.decided_by, "") if row.decided_by else "",
        )
        for row in rows
    ]  # fmt: skip


def read_export(actor: Actor, export_id: UUID, now: datetime) -> ReadExport:
    """Return an export of the actor's offices with what it is for; raises NotAllowed, also where there is none."""
    row = list_exports(actor).filter(pk=export_id).first()
    if row is None:
        raise NotAllowed(ASK_EXPORT.name)
    asked = unseal_request(EXPORT, row)
    (shown,) = show_exports([row], now)
    return ReadExport(shown, ExportReason(asked["reason"]), asked["words"], unseal_answer(EXPORT, row))
