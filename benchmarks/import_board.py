"""Rows a second of the import of the 2018 board, beside a bare COPY of the same rows in the same run.

The import reads the packed file in a process of its own, joins places, suggests occupations, looks for offers
alike, and writes with its report; then it is made again, when nothing changed. The bare COPY puts the finished rows
into an unlogged table of the same columns without an index: the floor that no import can pass.
Needs the folder of real data: PUENTE_REALDATA.
"""

import argparse
import io
import os
import sys
from contextlib import redirect_stdout
from json import dumps, loads
from pathlib import Path
from time import perf_counter

BOARD = Path(os.environ.get("PUENTE_REALDATA", "absent")) / "labour" / "portal_del_empleo_201808.csv.gz"
DATABASE = "bench_import_board"
RUNS = 3


def run(*, json: bool) -> None:
    """Measure and print; with `json` one object alone."""
    if not BOARD.exists():
        sys.exit("PUENTE_REALDATA names no folder with the board of 2018.")
    _prepare_database()
    results = [_measure() for _ in range(RUNS)]
    best = {name: min(result[name] for result in results) for name in ("copy", "read", "import", "again", "table")}
    rows = results[0]["rows"]
    figures = {
        "rows": rows,
        "import_seconds": round(best["import"], 2),
        "import_rows_a_second": round(rows / best["import"]),
        "import_again_seconds": round(best["again"], 2),
        "import_again_rows_a_second": round(rows / best["again"]),
        "read_file_seconds": round(best["read"], 2),
        "bare_copy_seconds": round(best["copy"], 3),
        "bare_copy_rows_a_second": round(rows / best["copy"]),
        "opening_table_seconds": round(best["table"], 3),
        "runs": RUNS,
    }
    if json:
        print(dumps(figures))
        return
    for name, value in figures.items():
        print(f"{name.replace('_', ' '):32}{value:>12,}")


def _prepare_database() -> None:
    from puente.platform import embedded_postgres, keys
    from puente.platform.paths import find_home

    if not keys.key_file().exists():
        keys.create_key_file(keys.key_file())
    cluster = embedded_postgres.describe(find_home())
    embedded_postgres.start(cluster)
    embedded_postgres.drop_database(cluster, DATABASE)
    embedded_postgres.create_database(cluster, DATABASE)
    os.environ["PUENTE_DATABASE"] = DATABASE
    import django

    django.setup()
    from django.core.management import call_command

    from puente.config.content import load_content

    call_command("migrate", database="owner", interactive=False, verbosity=0)
    load_content()


def _measure() -> dict[str, float]:
    from django.db import connection
    from django.utils import timezone

    from puente.accounts.roles import Liaison
    from puente.offices.models import Office
    from puente.opportunities.console import CONSOLE_ACTOR
    from puente.opportunities.imports.reading import read_openings_file
    from puente.opportunities.models import ImportBatch, Opening
    from puente.opportunities.selectors.market import load_opening_table
    from puente.platform.policy import Actor, Membership

    Opening.objects.all().delete()
    ImportBatch.objects.all().delete()
    actor = Actor(CONSOLE_ACTOR, "bench", (Membership(Office.objects.first().pk, Liaison.actions, Liaison.clearance),))
    read = _time(lambda: read_openings_file(BOARD.read_bytes()))
    counts, first = _load_board()
    _counts, again = _load_board()
    table = _time(lambda: load_opening_table(actor, timezone.now()))
    with connection.cursor() as cursor:
        with cursor.copy("COPY opportunities_opening TO STDOUT") as out:
            rows = b"".join(bytes(chunk) for chunk in out)
        began = perf_counter()
        with cursor.copy("COPY opportunities_staged FROM STDIN") as into:
            into.write(rows)
        bare = perf_counter() - began
        cursor.execute("DELETE FROM opportunities_staged")
    return {"rows": counts["rows"], "read": read, "import": first, "again": again, "copy": bare, "table": table}


def _load_board() -> tuple[dict[str, int], float]:
    from rich.console import Console

    from puente.opportunities.console import load_vacancies

    printed = io.StringIO()
    began = perf_counter()
    with redirect_stdout(printed):
        load_vacancies(argparse.Namespace(file=str(BOARD), json=True, dry_run=False), Console(quiet=True))
    return loads(printed.getvalue()), perf_counter() - began


def _time(work: object) -> float:
    began = perf_counter()
    work()  # type: ignore[operator]
    return perf_counter() - began
