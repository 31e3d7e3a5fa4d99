"""Taking protected data out of the office: one person asks, another one lets them, it is produced once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.protection.exporting import Row, find_kind
from puente.protection.models import Case, ProtectedExport
from puente.protection.opening import OpenedCase, open_compartments
from puente.protection.policies import APPROVE_EXPORT, ASK_EXPORT, LIST_CASES
from puente.protection.sealed_requests import EXPORT, seal_answer, seal_request

ASKED = register_verb("export.asked", gettext_noop("asked to take protected data out"))
APPROVED = register_verb("export.approved", gettext_noop("let protected data be taken out"))
REFUSED = register_verb("export.refused", gettext_noop("did not let protected data be taken out"))
PRODUCED = register_verb("export.produced", gettext_noop("took protected data out"))
#: How long an approved export may be fetched.
VALIDITY = timedelta(hours=4)
#: An export of a case or two would tell who it is about.
FEWEST_CASES = 5


class ExportReason(StrEnum):
    """What protected data are taken out for."""

    PARTNER = "partner"
    STATISTICS = "statistics"
    REVIEW = "review"


class ExportDecided(Exception):
    """There is no such request that the actor may decide."""


class ExportGone(Exception):
    """It was not approved, its time is over, or it was fetched already."""


class TooFewCases(Exception):
    """So few cases fall into the period that the export would tell who it is about."""


@dataclass(frozen=True)
class ExportFacts:
    """What is asked for: a kind of export, the fields, cases opened from one day to another, and what for."""

    kind: str
    fields: tuple[str, ...]
    first_day: date
    last_day: date
    reason: ExportReason
    words: str


@transaction.atomic
def ask_export(*, actor: Actor, office_id: UUID, facts: ExportFacts, now: datetime) -> ProtectedExport:
    """Ask another person to let protected data be taken out.

    Raises:
        NotAllowed: also without a step-up. ValueError: for a field that the kind does not have, or none at all.
        TooFewCases.
    """
    require_in_office(actor, ASK_EXPORT, office_id)
    if not actor.has_stepped_up(now):
        raise NotAllowed(ASK_EXPORT.name)
    if not facts.fields or set(facts.fields) - set(find_kind(facts.kind).fields):
        raise ValueError("fields that this export does not have")
    if _cases(actor, office_id, facts.first_day, facts.last_day).count() < FEWEST_CASES:
        raise TooFewCases
    export_id = make_id()
    asked = ProtectedExport.objects.create(
        id=export_id, office_id=office_id, kind=facts.kind, fields=list(facts.fields), first_day=facts.first_day,
        last_day=facts.last_day, asked_at=now, asked_by=actor.id,
        **seal_request(EXPORT, export_id, {"reason": facts.reason, "words": facts.words}),
    )  # fmt: skip
    _record(actor, ASKED, asked, now)
    return asked


@transaction.atomic
def decide_export(*, actor: Actor, export_id: UUID, approve: bool, words: str, now: datetime) -> ProtectedExport:
    """Let protected data be taken out, for a few hours and once, or refuse it; never by who asked.

    Raises:
        ExportDecided: also where the actor asked for it, or there is none. NotAllowed: without a step-up.
    """
    if not actor.may(APPROVE_EXPORT) or not actor.has_stepped_up(now):
        raise NotAllowed(APPROVE_EXPORT.name)
    found = ProtectedExport.objects.visible_to(actor, APPROVE_EXPORT).undecided().exclude(asked_by=actor.id)
    asked: ProtectedExport | None = found.select_for_update(of=("self",)).filter(pk=export_id).first()
    if asked is None:
        raise ExportDecided
    asked.is_approved, asked.decided_at, asked.decided_by = approve, now, actor.id
    asked.expires_at = now + VALIDITY if approve else None
    asked.sealed_answer = seal_answer(EXPORT, asked, words)
    asked.save(update_fields=["is_approved", "decided_at", "decided_by", "expires_at", "sealed_answer"])
    _record(actor, APPROVED if approve else REFUSED, asked, now)
    return asked


@transaction.atomic
def produce_export(*, actor: Actor, export_id: UUID, now: datetime) -> tuple[ProtectedExport, Sequence[Row]]:
    """Return the rows of an approved export, once; only to who asked for it. Nothing of it is kept.

    Raises:
        ExportGone, NotAllowed: without a step-up.
    """
    if not actor.has_stepped_up(now):
        raise NotAllowed(ASK_EXPORT.name)
    asked = (
        ProtectedExport.objects.visible_to(actor, ASK_EXPORT)
        .filter(pk=export_id, asked_by=actor.id, is_approved=True, expires_at__gt=now, produced_at=None)
        .select_for_update(of=("self",))
        .first()
    )
    if asked is None:
        raise ExportGone
    rows = [
        {field: row.get(field, "") for field in asked.fields}
        for case in _cases(actor, asked.office_id, asked.first_day, asked.last_day)
        for row in find_kind(asked.kind).describe(_open_for_export(case))
    ]
    # Sorted, so that the order of the rows tells nothing of the order of the cases.
    rows.sort(key=lambda row: tuple(row.values()))
    asked.produced_at, asked.rows = now, len(rows)
    asked.save(update_fields=["produced_at", "rows"])
    _record(actor, PRODUCED, asked, now)
    return asked, rows


def _cases(actor: Actor, office_id: UUID, first_day: date, last_day: date):  # type: ignore[no-untyped-def]
    return (
        Case.objects.listed_for(actor, LIST_CASES)
        .filter(office_id=office_id, opened_at__date__gte=first_day, opened_at__date__lte=last_day)
        .order_by("id")
    )


def _open_for_export(case: Case) -> OpenedCase:
    # No event for each case: the export has one of its own, and row-level security let only this export in.
    return OpenedCase(case, Purpose.PROTECTION, open_compartments(case, Purpose.PROTECTION), case.opened_at)


def _record(actor: Actor, verb: str, asked: ProtectedExport, now: datetime) -> None:
    record_event(
        actor=actor, verb=verb, record_type="protected_export", record_id=asked.pk, office_id=asked.office_id,
        purpose=Purpose.STATISTICS, at=now, detail={"kind": asked.kind, "fields": asked.fields},
    )  # fmt: skip
