"""Importing a file of openings: upload, choose columns, check (a dry run), load. Nothing is ever half-loaded."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import perf_counter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.timezone import localdate

from puente.audit.services import record_event
from puente.offices.selectors import load_place_index
from puente.opportunities.imports.drafts import Issue
from puente.opportunities.imports.interpret import Findings, Knowledge, Report, interpret
from puente.opportunities.imports.mapping import Mapping, Options
from puente.opportunities.imports.reading import pack, read_openings_file, unpack
from puente.opportunities.imports.writing import find_alike, write_openings, write_report
from puente.opportunities.models import ImportBatch, ImportFile, ImportSource, Occupation, TitleDecision
from puente.opportunities.policies import IMPORT_OPENINGS, require_right
from puente.opportunities.selectors.catalogues import get_occupation_index
from puente.opportunities.services.titles import queue_titles
from puente.opportunities.verbs import IMPORT_CHECKED, IMPORT_LOADED, IMPORT_STARTED, SOURCE_MAPPED
from puente.platform.policy import Actor, Purpose
from puente.platform.row_security import acting_as
from puente.platform.uploads import Table, UnreadableFile

State = ImportBatch.State


class NotReady(Exception):
    """The batch is not in a state in which this can be done."""


@dataclass(frozen=True)
class _Outcome:
    findings: Findings
    issues: list[Issue]
    counts: dict[str, int]


@transaction.atomic
def create_source(*, actor: Actor, name: str, now: datetime, mapping: Mapping | None = None) -> ImportSource:
    """Create a source of openings under a name; a source of that name is returned as it is."""
    require_right(actor, IMPORT_OPENINGS)
    source, _is_new = ImportSource.objects.get_or_create(
        code=slugify(name)[:60] or "source",
        defaults={
            "name": name[:120], "updated_at": now, "updated_by": actor.id,
            "columns": mapping.columns if mapping else {}, "options": mapping.options.to_json() if mapping else {},
        },
    )  # fmt: skip
    return source


@transaction.atomic
def start_import(*, actor: Actor, source_id: UUID, content: bytes, table: Table, now: datetime) -> ImportBatch:
    """Keep an uploaded file and what `read_openings_file` read of it under its source, not loaded yet."""
    require_right(actor, IMPORT_OPENINGS)
    source = ImportSource.objects.get(pk=source_id)
    batch = ImportBatch.objects.create(
        source=source, digest=sha256(content).hexdigest(), columns=source.columns, options=source.options,
        total=len(table.rows), started_at=now, made_by=actor.id,
    )  # fmt: skip
    ImportFile.objects.create(batch=batch, content=pack(content))
    _record(actor, IMPORT_STARTED, batch, {"rows": len(table.rows)})
    return batch


@transaction.atomic
def choose_columns(*, actor: Actor, batch_id: UUID, mapping: Mapping, now: datetime) -> ImportBatch:
    """Save the mapping of a batch, for its source too, and have the file checked; raises WrongMapping."""
    require_right(actor, IMPORT_OPENINGS)
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.is_running or batch.state == State.LOADED:
        raise NotReady(batch.state)
    mapping.find_positions(read_openings_file(unpack(bytes(batch.file.content))).header)
    batch.columns, batch.options = mapping.columns, mapping.options.to_json()
    ImportSource.objects.filter(pk=batch.source_id).update(
        columns=batch.columns, options=batch.options, updated_at=now, updated_by=actor.id
    )
    _record(actor, SOURCE_MAPPED, batch, {"columns": len(mapping.columns)})
    return _queue(batch, State.CHECKING)


@transaction.atomic
def request_load(*, actor: Actor, batch_id: UUID) -> ImportBatch:
    """Have a checked batch loaded."""
    require_right(actor, IMPORT_OPENINGS)
    batch = ImportBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != State.CHECKED:
        raise NotReady(batch.state)
    return _queue(batch, State.LOADING)


def carry_out(*, actor: Actor, batch_id: UUID, now: datetime) -> None:
    """Check or load a batch that was asked for: what the worker does. A failure is told on the batch."""
    require_right(actor, IMPORT_OPENINGS)
    batch = ImportBatch.objects.select_related("source").get(pk=batch_id)
    if not batch.is_running:
        return
    content = unpack(bytes(batch.file.content))

    def report(done: int, total: int) -> None:
        ImportBatch.objects.filter(pk=batch_id).update(done=done, total=total)

    try:
        run_import(actor=actor, batch=batch, table=read_openings_file(content), now=now, report=report)
    except UnreadableFile as problem:
        fail_import(batch_id, str(problem), now)


def run_import(
    *, actor: Actor, batch: ImportBatch, table: Table, now: datetime, report: Report | None = None
) -> dict[str, int]:
    """Check (state CHECKING) or load (state LOADING) a table; returns its counts.

    All reading is done before the one transaction in which everything is written.
    """
    require_right(actor, IMPORT_OPENINGS)
    began = perf_counter()
    mapping = Mapping(batch.columns, Options.from_json(batch.options))
    outcome = _examine(batch, table, mapping, now, report)
    with transaction.atomic(), acting_as(actor):
        # Two loads of one source wait for each other; of others they do not.
        ImportSource.objects.select_for_update().get(pk=batch.source_id)
        ids: dict[str, UUID] = {}
        if batch.state == State.LOADING:
            written = write_openings(batch, outcome.findings.drafts, now)
            ids = written.ids
            queue_titles(findings=outcome.findings, now=now)
            outcome.counts.update(
                created=written.created, updated=written.updated, unchanged=written.unchanged, closed=written.closed
            )
            ImportFile.objects.filter(batch=batch).delete()
        write_report(batch, outcome.findings, outcome.issues, ids)
        is_loaded = batch.state == State.LOADING
        batch.state = State.LOADED if is_loaded else State.CHECKED
        batch.counts, batch.finished_at, batch.problem = outcome.counts, now, ""
        batch.done = batch.total = outcome.findings.rows
        batch.seconds = round(perf_counter() - began, 3)
        batch.save()
        _record(actor, IMPORT_LOADED if is_loaded else IMPORT_CHECKED, batch, outcome.counts)
    return outcome.counts


def check_file(
    *, actor: Actor, source: ImportSource, table: Table, now: datetime, report: Callable[[int, int], None] | None = None
) -> dict[str, int]:
    """Return the counts that loading a table would give; writes nothing."""
    require_right(actor, IMPORT_OPENINGS)
    mapping = Mapping(source.columns, Options.from_json(source.options))
    return _examine(ImportBatch(source=source), table, mapping, now, report).counts


def fail_import(batch_id: UUID, problem: str, now: datetime) -> None:
    """Tell on a batch why it was not loaded."""
    ImportBatch.objects.filter(pk=batch_id).update(state=State.FAILED, problem=problem[:300], finished_at=now)


def _examine(batch: ImportBatch, table: Table, mapping: Mapping, now: datetime, report: Report | None) -> _Outcome:
    decided = TitleDecision.objects.filter(state=TitleDecision.State.DECIDED)
    knowledge = Knowledge(
        places=load_place_index(),
        occupations=get_occupation_index(),
        codes=frozenset(Occupation.objects.values_list("code", flat=True)),
        decisions=dict(decided.values_list("title_key", "occupation_id")),
    )
    findings = interpret(table, mapping, knowledge, localdate(now), report)
    alike = find_alike(batch, findings.drafts)
    issues = [*findings.issues, *alike]
    return _Outcome(findings, issues, _count(findings, alike, now))


def _count(findings: Findings, alike: list[Issue], now: datetime) -> dict[str, int]:
    drafts, today = findings.drafts, localdate(now)
    return {
        "rows": findings.rows,
        "offers": len(drafts),
        "rejected": findings.rows - len(drafts),
        "municipality": sum(draft.municipality is not None for draft in drafts),
        "occupation_suggested": sum(draft.occupation is not None for draft in drafts),
        "occupation_queued": sum(draft.occupation is None for draft in drafts),
        "expired": sum(draft.valid_until is not None and draft.valid_until < today for draft in drafts),
        "aliases": len(findings.aliases),
        "offers_by_alias": sum(findings.aliases.values()),
        "alike": len(alike),
        "unresolved": sum(issue.kind == "unresolved" for issue in findings.issues),
        "notes": sum(issue.kind == "note" for issue in findings.issues),
    }


def _queue(batch: ImportBatch, state: Any) -> ImportBatch:
    from puente.opportunities.jobs import run_batch

    batch.state, batch.done, batch.problem = state, 0, ""
    batch.save()
    run_batch.defer(batch_id=str(batch.pk))
    return batch


def _record(actor: Actor, verb: str, batch: ImportBatch, counts: dict[str, int]) -> None:
    record_event(
        actor=actor, verb=verb, record_type="import_batch", record_id=batch.pk,
        purpose=Purpose.ADMINISTRATION, detail=counts,
    )  # fmt: skip
