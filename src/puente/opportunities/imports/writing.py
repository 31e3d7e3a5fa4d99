"""Writing drafts: one COPY into a staging table, one INSERT … ON CONFLICT, all in the caller's transaction."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puente.engines.occupations.text import fold
from puente.opportunities.imports.drafts import Draft, Issue
from puente.opportunities.imports.interpret import Findings, find_likeness
from puente.opportunities.models import Employer, ImportAlias, ImportBatch, ImportRow, Opening
from puente.platform.ids import make_id

TABLE = "opportunities_opening"
STAGED = "opportunities_staged"

#: Columns that a person holds together by changing one of them (`Opening.held_fields`).
GROUPS: dict[str, tuple[str, ...]] = {
    "offer": ("kind", "title", "title_key", "employer_id", "search_text", "description"),
    "occupation": ("occupation_id", "occupation_state"),
    "money": ("wage_min", "wage_max", "cost", "support_amount"),
    "place": ("state_id", "municipality_id", "is_remote"),
    "hours": ("weekdays", "starts_at", "ends_at", "hours_a_week", "works_nights", "rotates"),
    "requirements": ("schooling", "english", "licences", "languages", "documents", "physical"),
    "age": ("age_min", "age_max", "age_ground"),
    "conditions": ("housing", "household_places", "places"),
    "dates": ("valid_from", "valid_until"),
    "standing": ("is_open",),
}
_FROM_FILE = [column for group in GROUPS.values() for column in group]
_KEPT = ["id", "source_id", "source_key", "batch_id", "places_filled", "held_fields", "created_at"]
_STAMPS = ["updated_at", "updated_by"]
_COLUMNS = [*_KEPT, *_FROM_FILE, "duplicate_key", *_STAMPS]


@dataclass(frozen=True)
class Written:
    """What a load did to the openings of its source."""

    created: int
    updated: int
    unchanged: int
    closed: int
    ids: dict[str, UUID]


def write_openings(batch: ImportBatch, drafts: list[Draft], now: datetime) -> Written:
    """Write the drafts of a batch: new keys are inserted, known ones updated where something differs."""
    ids: dict[str, UUID] = dict(Opening.objects.filter(source=batch.source_id).values_list("source_key", "id"))
    known = len(ids.keys() & {draft.key for draft in drafts})
    employers = _find_employers(batch, drafts, now)
    with connection.cursor() as cursor:
        copy = f"COPY {STAGED} ({', '.join(_COLUMNS)}) FROM STDIN"
        with cursor.copy(copy) as rows:
            for draft in drafts:
                opening_id = ids.setdefault(draft.key, make_id())
                rows.write_row(_to_row(batch, draft, opening_id, employers, now))
        cursor.execute(_UPSERT, [batch.pk])
        touched = cursor.rowcount
        closed = _close_absent(cursor, batch, now) if batch.options.get("is_full_list") else 0
        cursor.execute(f"DELETE FROM {STAGED} WHERE batch_id = %s", [batch.pk])
    created = len(drafts) - known
    return Written(created, touched - created, len(drafts) - touched, closed, ids)


def write_report(batch: ImportBatch, findings: Findings, issues: Iterable[Issue], ids: dict[str, UUID]) -> None:
    """Replace the report of a batch: its rows that need an eye, and the aliases of places it used."""
    ImportRow.objects.filter(batch=batch).delete()
    ImportAlias.objects.filter(batch=batch).delete()
    columns = "batch_id, number, kind, reason, text, opening_id"
    with connection.cursor() as cursor, cursor.copy(f"COPY {ImportRow._meta.db_table} ({columns}) FROM STDIN") as rows:
        for issue in issues:
            text = issue.text.replace("\0", "")
            rows.write_row((batch.pk, issue.number, issue.kind, issue.reason, text, ids.get(issue.key)))
    ImportAlias.objects.bulk_create(
        ImportAlias(
            batch=batch, written=written[:120], written_state=state[:60],
            municipality_id=alias.code if len(alias.code) == 5 else None,
            state_id=alias.code if len(alias.code) == 2 else None,
            reason=alias.reason, source=alias.source, offers=offers,
        )
        for (written, state, alias), offers in findings.aliases.items()
    )  # fmt: skip


def find_alike(batch: ImportBatch, drafts: list[Draft]) -> list[Issue]:
    """Return an issue for each draft that is like another of the file, or like an opening of another source."""
    rows_of: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        rows_of[find_likeness(draft)].append(draft)
    elsewhere = Counter(
        Opening.objects.filter(duplicate_key__in=rows_of, is_open=True)
        .exclude(source=batch.source_id)
        .values_list("duplicate_key", flat=True)
    )
    return [
        Issue(draft.number, "duplicate", "alike", f"{draft.title} ×{len(alike) + elsewhere[likeness]}"[:300], draft.key)
        for likeness, alike in rows_of.items()
        if len(alike) + elsewhere[likeness] > 1
        for draft in alike
    ]


def _find_employers(batch: ImportBatch, drafts: list[Draft], now: datetime) -> dict[str, UUID]:
    names: dict[str, str] = {}
    for draft in drafts:
        if key := fold(draft.employer)[:160]:
            names.setdefault(key, draft.employer)
    Employer.objects.bulk_create(
        [Employer(name=name, name_key=key, created_at=now, created_by=batch.made_by) for key, name in names.items()],
        ignore_conflicts=True,
    )
    return dict(Employer.objects.filter(name_key__in=names).values_list("name_key", "id"))


def _to_row(
    batch: ImportBatch, draft: Draft, opening_id: UUID, employers: dict[str, UUID], now: datetime
) -> tuple[Any, ...]:
    employer_key = fold(draft.employer)[:160]
    return (
        opening_id, batch.source_id, draft.key, batch.pk, 0, [], now,
        draft.kind, draft.title, draft.title_key, employers.get(employer_key),
        f"{draft.title_key} {employer_key}".strip(),
        draft.description,
        draft.occupation, draft.occupation_state,
        draft.wage_min, draft.wage_max, draft.cost, draft.support_amount,
        draft.state, draft.municipality, draft.is_remote,
        draft.weekdays, draft.starts_at, draft.ends_at, draft.hours_a_week, draft.works_nights, draft.rotates,
        draft.schooling, draft.english, draft.licences, draft.languages, draft.documents, draft.physical,
        draft.age_min, draft.age_max, draft.age_ground,
        draft.housing, draft.household_places, draft.places,
        draft.valid_from, draft.valid_until, True,
        find_likeness(draft), now, batch.made_by,
    )  # fmt: skip


def _write_upsert() -> str:
    held = {
        column: f"CASE WHEN '{group}' = ANY (o.held_fields) THEN o.{column} ELSE excluded.{column} END"
        for group, columns in GROUPS.items()
        for column in columns
    }
    held["duplicate_key"] = "CASE WHEN o.held_fields = '{}' THEN excluded.duplicate_key ELSE o.duplicate_key END"
    changes = [f"{column} = {value}" for column, value in held.items()]
    changes += [f"{column} = excluded.{column}" for column in ("batch_id", *_STAMPS)]
    return (
        f"INSERT INTO {TABLE} AS o ({', '.join(_COLUMNS)}) SELECT {', '.join(_COLUMNS)} FROM {STAGED}"
        f" WHERE batch_id = %s ON CONFLICT (source_id, source_key) WHERE source_id IS NOT NULL"
        f" DO UPDATE SET {', '.join(changes)}"
        f" WHERE ({', '.join(f'o.{column}' for column in held)}) IS DISTINCT FROM ({', '.join(held.values())})"
    )


_UPSERT = _write_upsert()


def _close_absent(cursor: Any, batch: ImportBatch, now: datetime) -> int:
    cursor.execute(
        f"UPDATE {TABLE} AS o SET is_open = false, updated_at = %s, updated_by = %s"
        f" WHERE o.source_id = %s AND o.is_open AND NOT 'standing' = ANY (o.held_fields) AND NOT EXISTS"
        f" (SELECT 1 FROM {STAGED} AS s WHERE s.batch_id = %s AND s.source_key = o.source_key)",
        [now, batch.made_by, batch.source_id, batch.pk],
    )
    return int(cursor.rowcount)
