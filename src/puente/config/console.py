"""The subcommands of `puente`."""

import argparse
from collections.abc import Callable

from rich.console import Console

from puente.config import campaigns, processes
from puente.platform.embedded_postgres import DatabaseUnavailable
from puente.platform.keys import KeysUnavailable
from puente.rights.ledger import LedgerBroken

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
    _add_keys(commands)
    audit = _add(commands, "audit", processes.audit, "sign, check and export the record of events")
    audit.add_argument("what", choices=["head", "verify", "export"])
    audit.add_argument("--out", metavar="FILE", help="head, export: write here instead of printing")
    audit.add_argument("--head", metavar="FILE", help="verify: heads that were kept elsewhere")
    audit.add_argument("--file", metavar="FILE", help="verify: check an export instead of the database")
    audit.add_argument("--key", metavar="FINGERPRINT", help="verify --file: of the installation that signed the heads")
    audit.add_argument("--office", metavar="CODE", help="head, export: one office alone")
    audit.add_argument("--json", action="store_true", help="verify: print one JSON object alone")
    canaries = _add(commands, "plant", processes.plant, "invent people whose files nobody has a reason to open")
    canaries.add_argument("--office", metavar="CODE", required=True)
    canaries.add_argument("--number", type=int, default=3)
    rights = _add(commands, "rights", processes.replay_erasures, "hold the ledger of erasures against the database")
    rights.add_argument("what", choices=["replay"])
    _add_campaign(commands)
    manage = _add(commands, "manage", processes.manage, "run a Django management command")
    manage.add_argument("rest", nargs=argparse.REMAINDER)
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options, console) or 0)
    except (DatabaseUnavailable, KeysUnavailable, LedgerBroken) as problem:
        console.print(f"[bold red]{problem}[/]")
        return 1


def _add_campaign(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "plan the spots of a campaign from a folder of files"
    parsers = commands.add_parser("campaign", help=text, description=text).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    plan = _add(parsers, "plan", campaigns.plan, "find the plan with the best reach under the rules of an instance")
    plan.add_argument("--instance", required=True, metavar="DIR", help="folder with campaign.json, outlets.csv …")
    plan.add_argument("--model", choices=["grp", "respondents"], default="grp", help="what reach is read from")
    plan.add_argument("--times", type=int, default=1, metavar="K", help="plan for K+ reach (respondents)")
    plan.add_argument("--gap", type=float, default=0.001, help="stop when proved this near to the best, as a share")
    plan.add_argument("--seconds", type=float, default=60.0, help="stop after so long")
    plan.add_argument("--seed", type=int, default=0)
    plan.add_argument("--json", action="store_true", help="print the plan as one JSON object")


def _add_keys(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "look after the keys: rotate, retire, split into recovery sheets, recover"
    parsers = commands.add_parser("keys", help=text, description=text).add_subparsers(
        dest="action", required=True, metavar="ACTION"
    )
    care = processes.care_for_keys
    _add(parsers, "status", care, "show every key with the rows it wraps and its age")
    _add(parsers, "complete", care, "add to key files of an earlier version what they lack")
    for name, text in (
        ("rotate", "make a new current key and wrap everything with it, while the product goes on"),
        ("rewrap", "wrap with the current key what an older one still wraps; goes on where it was broken off"),
    ):
        realm = _add(parsers, name, care, text)
        realm.add_argument("--realm", choices=["office", "vault"], help="one realm alone; both without it")
    _add(parsers, "retire", care, "destroy an old key that wraps nothing any more").add_argument("name")
    split = _add(parsers, "split", care, "write the keys onto recovery sheets")
    split.add_argument("--shares", type=int, default=5)
    split.add_argument("--needed", type=int, default=3)
    split.add_argument("--to", required=True, help="folder for the sheets, on a medium that is destroyed afterwards")
    split.add_argument("--language", choices=["es", "en", "fr"], default="es")
    recover = _add(parsers, "recover", care, "rebuild the key files from recovery sheets")
    recover.add_argument("files", nargs="*", help="text files with scanned codes; without them the sheets are typed")


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    function: Callable[[argparse.Namespace, Console], int | None],
    text: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=function)
    return parser
