"""The subcommands of `puente`."""

import argparse
from collections.abc import Callable

from rich.console import Console

from puente.config import processes
from puente.platform.embedded_postgres import DatabaseUnavailable
from puente.platform.keys import KeysUnavailable

console = Console(highlight=False)


def run(arguments: list[str]) -> int:
    """Parse the command line and run one subcommand; returns the exit code."""
    parser = argparse.ArgumentParser(prog="puente", description="Reception and reintegration of returned people.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add(commands, "prepare", processes.prepare, "compile catalogues and kernels, collect static files")
    serve = _add(commands, "serve", processes.serve, "run database, web server and worker until Ctrl-C")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on")
    serve.add_argument("--demo", action="store_true", help="load demo data and demo accounts into an empty database")
    serve.add_argument("--empty", action="store_true", help="no demo people: offices, places and accounts alone")
    _add(commands, "worker", processes.work, "run the worker of background jobs alone")
    _add(commands, "migrate", processes.migrate, "bring the database up to date, as its owner")
    demo = _add(commands, "demo", processes.load_demo, "load demo data into a database")
    demo.add_argument("--people", type=int, default=160)
    load = _add(commands, "load", processes.load, "load a file: places, openings …")
    load.add_argument("what", choices=["content", "vacancies"])
    load.add_argument("file", nargs="?")
    load.add_argument("--json", action="store_true", help="print the counts as one JSON object")
    load.add_argument("--dry-run", action="store_true", help="report and write nothing")
    _add(commands, "doctor", processes.examine, "check database, roles, keys and files")
    manage = _add(commands, "manage", processes.manage, "run a Django management command")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options, console) or 0)
    except (DatabaseUnavailable, KeysUnavailable) as problem:
        console.print(f"[bold red]{problem}[/]")
        return 1


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    function: Callable[[argparse.Namespace, Console], int | None],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=function)
    return parser
