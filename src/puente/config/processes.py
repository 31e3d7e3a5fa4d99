"""What the subcommands of `puente` do: the processes of an installation and their care."""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from rich.console import Console

from puente.platform import embedded_postgres, key_files, keys
from puente.platform.paths import PACKAGE, find_home

STOP_SECONDS = 15


def prepare(options: argparse.Namespace, console: Console) -> None:
    """Do once what nobody at a desk should wait for: catalogues, kernels, static files."""
    from puente.platform.catalogues import compile_catalogues

    find_home().mkdir(mode=0o700, parents=True, exist_ok=True)
    compiled = compile_catalogues(PACKAGE)
    if compiled:
        console.print(f"Compiled {compiled} language catalogues.")
    with console.status("Compiling kernels …"):
        from puente.engines import matching
        from puente.engines.reach import kernels

        matching.compile_ahead()
        kernels.compile_ahead()
    django.setup()
    call_command("collectstatic", interactive=False, verbosity=0)


def serve(options: argparse.Namespace, console: Console) -> int:
    """Run database, worker and web server; Ctrl-C or SIGTERM ends all of them cleanly."""
    if options.demo:
        os.environ["PUENTE_DEMO"] = "true"
        key_files.create_key_files(keys.key_file(), keys.vault_key_file())
    for name in ("SIGTERM", "SIGHUP"):
        signal.signal(getattr(signal, name), _interrupt)
    try:
        with _database(console):
            migrate(options, console)
            _keep_erased(console)
            if options.demo:
                from puente.config.demo import load_demo_data, print_accounts

                load_demo_data(console, with_people=not options.empty)
            address = f"http://localhost:{options.port}/"
            with _children(options) as children:
                _wait_until_it_answers(children["web"], options.port)
                console.print(f"\n[bold]Puente runs at {address}[/]   (Ctrl-C stops it)\n")
                if options.demo:
                    print_accounts(console)
                while all(child.poll() is None for child in children.values()):
                    time.sleep(0.3)
                dead = next(name for name, child in children.items() if child.poll() is not None)
                console.print(f"[bold red]The {dead} process ended. Stopping; start again to repair.[/]")
                return 1
    except KeyboardInterrupt:
        console.print("\nStopped.")
    return 0


def work(options: argparse.Namespace, console: Console) -> None:
    """Run the worker of background jobs."""
    django.setup()
    _keep_erased(console)
    call_command("procrastinate", "worker")


def migrate(options: argparse.Namespace, console: Console) -> None:
    """Apply the migrations as the owner role."""
    with _database(console):
        django.setup()
        with console.status("Bringing the database up to date …"):
            call_command("migrate", database="owner", interactive=False, verbosity=0)


def load_demo(options: argparse.Namespace, console: Console) -> None:
    """Load demo data."""
    with _database(console):
        django.setup()
        from puente.config.demo import load_demo_data

        load_demo_data(console, with_people=True, people=options.people)


def load(options: argparse.Namespace, console: Console) -> int:
    """Load content or a file of openings."""
    with _database(console):
        django.setup()
        if options.what == "content":
            from puente.config.content import load_content

            load_content(console)
            return 0
        from puente.opportunities.console import load_vacancies

        return load_vacancies(options, console)


def audit(options: argparse.Namespace, console: Console) -> int:
    """Sign, check or export the record of events; an export is checked without a database."""
    if options.file:
        django.setup()
        from puente.audit.console import run_audit

        return run_audit(options, console, offices={})
    with _database(console):
        django.setup()
        from puente.audit.console import run_audit
        from puente.offices.models import Office

        return run_audit(options, console, offices=dict(Office.objects.values_list("code", "pk")))


def plant(options: argparse.Namespace, console: Console) -> int:
    """Invent people whose files nobody has a reason to open."""
    with _database(console):
        django.setup()
        from puente.people.console import plant_from_console

        return plant_from_console(options, console)


def examine(options: argparse.Namespace, console: Console) -> int:
    """Check what an installation rests on, and say what to mend."""
    with _database(console):
        django.setup()
        from puente.config.doctor import examine_installation

        return examine_installation(console)


def care_for_keys(options: argparse.Namespace, console: Console) -> int:
    """Carry out one of the `puente keys` commands; those that read the database run as its owner."""
    from contextlib import nullcontext

    with _database(console) if options.action in ("status", "rotate", "rewrap", "retire") else nullcontext():
        django.setup()
        from puente.config import key_commands

        return key_commands.ACTIONS[options.action](options, console)


def replay_erasures(options: argparse.Namespace, console: Console) -> None:
    """Erase again whoever a restored backup brought back, and say so."""
    with _database(console):
        django.setup()
        if not _keep_erased(console):
            console.print("The ledger of erasures and the database agree. Nobody is back.")


def manage(options: argparse.Namespace, console: Console) -> None:
    """Run one of Django's own commands."""
    with _database(console):
        django.setup()
        from django.core.management import execute_from_command_line

        execute_from_command_line(["puente manage", *options.rest])


def _keep_erased(console: Console) -> bool:
    """Hold the ledger of erasures against the database before anybody works; tell whether something was mended."""
    from django.utils import timezone

    from puente.rights.services.erasures import Replay, replay_ledger

    replay = replay_ledger(now=timezone.now())
    if replay.erased_again:
        console.print(f"[bold]Erased again {replay.erased_again} people whom a restored backup had brought back.[/]")
    if lines := replay.lines_added_to_table + replay.lines_added_to_file:
        console.print(f"Completed the ledger of erasures by {lines} lines.")
    return replay != Replay()


@contextmanager
def _database(console: Console) -> Iterator[None]:
    """Have the embedded database run for a block, unless `DATABASE_URL` names another server."""
    if "DATABASE_URL" in os.environ:
        yield
        return
    cluster = embedded_postgres.describe(find_home())
    with embedded_postgres.running(cluster):
        yield


@contextmanager
def _children(options: argparse.Namespace) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    environment = os.environ | {"PUENTE_POOL": "true", "PYTHONUNBUFFERED": "1"}
    commands = {
        "web": [
            sys.executable, "-m", "gunicorn", "puente.config.wsgi", "--bind", f"{options.host}:{options.port}",
            "--workers", "2", "--threads", "8", "--worker-class", "gthread", "--timeout", "60",
            "--graceful-timeout", "10", "--log-level", "warning", "--no-control-socket",
        ],
        "worker": [str(Path(sys.executable).with_name("puente")), "worker"],
    }  # fmt: skip
    # Groups of their own: the terminal's Ctrl-C reaches us, and we end them in order.
    children = {
        name: subprocess.Popen(command, env=environment, start_new_session=True) for name, command in commands.items()
    }
    try:
        yield children
    finally:
        for child in children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in children.values():
            try:
                child.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(child.pid, signal.SIGKILL)


def _wait_until_it_answers(web: "subprocess.Popen[bytes]", port: int) -> None:
    import socket

    while web.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
