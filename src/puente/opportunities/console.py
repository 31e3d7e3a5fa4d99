"""`puente load vacancies FILE`: the same import as on the page, from a terminal."""

import argparse
import json
from pathlib import Path
from time import perf_counter
from uuid import UUID

from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table as Lines

from puente.offices.models import Office
from puente.opportunities.imports.mapping import Mapping, WrongMapping, guess_columns
from puente.opportunities.imports.reading import read_openings_file
from puente.opportunities.models import ImportBatch, ImportSource, Occupation
from puente.opportunities.policies import IMPORT_OPENINGS
from puente.opportunities.services import imports
from puente.platform.policy import Actor, system_actor
from puente.platform.row_security import acting_as
from puente.platform.uploads import UnreadableFile

#: The actor of commands that an operator of the machine gives; it may load openings and nothing else.
CONSOLE_ACTOR = UUID("00000000-0000-7000-8000-00000000c0de")
PRINTED = ("rows", "municipality", "occupation_suggested", "rejected", "seconds")


def load_vacancies(options: argparse.Namespace, console: Console) -> int:
    """Load a file of openings into its source, found by its columns; returns the exit code.

    Args:
        options: `file` (CSV, CSV.GZ or XLSX), `json` (print one JSON object alone), `dry_run` (write nothing).
    """
    try:
        counts = _load(options, console)
    except (UnreadableFile, WrongMapping, FileNotFoundError, IsADirectoryError, _NothingToLoadInto) as problem:
        Console(stderr=True, highlight=False).print(f"[bold red]{problem}[/]")
        return 1
    if options.json:
        print(json.dumps(counts))
    else:
        _print(counts, console)
    return 0


class _NothingToLoadInto(Exception):
    """The installation lacks what openings are joined to."""


def _load(options: argparse.Namespace, console: Console) -> dict[str, float]:
    began = perf_counter()
    if not options.file:
        raise FileNotFoundError("Name the file to load: puente load vacancies FILE")
    actor = build_console_actor()
    content = Path(options.file).read_bytes()
    now = timezone.now()
    table = read_openings_file(content)
    source = find_source(actor, table.header, Path(options.file), dry_run=options.dry_run)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
        console=Console(stderr=True) if options.json else console,
    )  # fmt: skip
    with bar:
        task = bar.add_task(source.name, total=len(table.rows))

        def report(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        if options.dry_run:
            counts = imports.check_file(actor=actor, source=source, table=table, now=now, report=report)
        else:
            with acting_as(actor):
                batch = imports.start_import(actor=actor, source_id=source.pk, content=content, table=table, now=now)
            batch.state = ImportBatch.State.LOADING
            counts = imports.run_import(actor=actor, batch=batch, table=table, now=now, report=report)
    return {**counts, "seconds": round(perf_counter() - began, 2)}


def build_console_actor() -> Actor:
    """Return the actor of the console; raises where offices or occupations are not loaded yet."""
    offices = list(Office.objects.values_list("pk", flat=True))
    if not offices or not Occupation.objects.exists():
        raise _NothingToLoadInto("Places and occupations are not loaded. Run first: puente load content")
    return system_actor("console", CONSOLE_ACTOR, [IMPORT_OPENINGS], offices)


def find_source(actor: Actor, header: tuple[str, ...], file: Path, *, dry_run: bool) -> ImportSource:
    """Return the saved source whose columns a file has, or a new one with its columns guessed by their names.

    A dry run leaves the new one unsaved.

    Raises:
        WrongMapping: when not even the column of the title can be told.
    """
    fitting = [
        source
        for source in ImportSource.objects.all()
        if source.columns and set(source.columns.values()) <= set(header)
    ]
    if fitting:
        return max(fitting, key=lambda source: len(source.columns))
    columns = guess_columns(header)
    mapping = Mapping(columns)
    mapping.find_positions(header)
    name = file.name.split(".")[0].replace("_", " ")
    if dry_run:
        return ImportSource(name=name, columns=columns, options=mapping.options.to_json())
    return imports.create_source(actor=actor, name=name, now=timezone.now(), mapping=mapping)


def _print(counts: dict[str, float], console: Console) -> None:
    lines = Lines(box=None, show_header=False)
    lines.add_column(justify="right")
    lines.add_column()
    for name, count in counts.items():
        lines.add_row(f"{count:,}", f"[bold]{name}[/]" if name in PRINTED else name)
    console.print(lines)
