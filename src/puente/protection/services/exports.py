"""Taking protected data out of the office: one person asks, another one lets them, it is produced once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_noop

from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.offices.selectors import get_office
from puente.people.models import Person
from puente.platform.ids import make_id
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office
from puente.protection.exporting import ExportReason, Row, find_kind
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


class ExportDecided(Exception):
    """There is no such request that the actor may decide."""


class ExportGone(Exception):
    """It was not approved, its time is over, or it was fetched already."""


class TooFewCases(Exception):
    """So few cases would be told of that the export would tell who it is about."""


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
        NotAllowed: also without a step-up.
        ValueError: for no field, one that the kind does not have, or fewer than all of a standard's.
        TooFewCases: opened in the period, by the calendar of the office.
    """
    require_in_office(actor, ASK_EXPORT, office_id)
    if not actor.has_stepped_up(now):
        raise NotAllowed(ASK_EXPORT.name)
    kind, fields = find_kind(facts.kind), set(facts.fields)
    if not fields or fields - set(kind.fields) or (kind.is_standard and fields != set(kind.fields)):
        raise ValueError("fields that this export does not have")
    if _cases(actor, get_office(office_id), facts.first_day, facts.last_day).count() < FEWEST_CASES:
        raise TooFewCases
    export_id = make_id()
    asked = ProtectedExport.objects.create(
        id=export_id, office_id=office_id, kind=facts.kind, first_day=facts.first_day, last_day=facts.last_day,
        fields=[code for code in kind.fields if code in fields], asked_at=now, asked_by=actor.id,
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
        ExportGone. NotAllowed: without a step-up.
        TooFewCases: where so few of the cases have something to tell; then it is not used up.
    """
    if not actor.has_stepped_up(now):
        raise NotAllowed(ASK_EXPORT.name)
    asked = (
        ProtectedExport.objects.visible_to(actor, ASK_EXPORT)
        .filter(pk=export_id, asked_by=actor.id, is_approved=True, expires_at__gt=now, produced_at=None)
        .select_for_update(of=("self",))
        .select_related("office")
        .first()
    )
    if asked is None:
        raise ExportGone
    rows = [
        {field: row.get(field, "") for field in asked.fields}
        for case in _cases(actor, asked.office, asked.first_day, asked.last_day)
        if (opened := _open_for_export(case)) is not None
        for row in find_kind(asked.kind).describe(opened)
    ]
    if len(rows) < FEWEST_CASES:
        raise TooFewCases
    # Sorted, so that the order of the rows tells nothing of the order of the cases.
    rows.sort(key=lambda row: tuple(row.values()))
    asked.produced_at, asked.rows = now, len(rows)
    asked.save(update_fields=["produced_at", "rows"])
    _record(actor, PRODUCED, asked, now)
    return asked, rows


def _cases(actor: Actor, office: Office, first_day: date, last_day: date) -> QuerySet[Case]:
    # By the clock of the office, as the database's own rule reads the period (`puente_exports`).
    opened_on = TruncDate("opened_at", tzinfo=ZoneInfo(office.time_zone))
    cases = Case.objects.listed_for(actor, LIST_CASES).filter(office=office).alias(opened_on=opened_on)
    within: QuerySet[Case] = cases.filter(opened_on__range=(first_day, last_day)).order_by("id")
    return within


def _open_for_export(case: Case) -> OpenedCase | None:
    """Return a case with the keys that an approved export opens; None where the person was erased."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_erased, sex, nationality_id FROM puente_export_facts(%s)", [case.pk])
        is_erased, sex, nationality = cursor.fetchone()
    if is_erased:
        return None
    # Not the row of the person, which nobody reads for an export: what an export may tell of them.
    case.person = Person(id=case.person_id, sex=sex, nationality_id=nationality)
    # No event for each case: the export has one of its own, and row-level security let only this export in.
    return OpenedCase(case, Purpose.PROTECTION, open_compartments(case, Purpose.PROTECTION), case.opened_at)


def _record(actor: Actor, verb: str, asked: ProtectedExport, now: datetime) -> None:
    record_event(
        actor=actor, verb=verb, record_type="protected_export", record_id=asked.pk, office_id=asked.office_id,
        purpose=Purpose.STATISTICS, at=now, detail={"kind": asked.kind, "fields": asked.fields},
    )  # fmt: skip
