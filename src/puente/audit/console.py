"""`puente audit`: heads, checks and exports of the record of events, from a terminal."""

import argparse
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

from django.utils import timezone
from rich.console import Console

from puente.audit.heads import SignedHead, UnreadableHeads, read_heads, write_heads
from puente.audit.services.chain import (
    Checked,
    check_chains,
    check_export,
    export_chains,
    keep_verification,
    signed_head_of,
    take_heads,
)
from puente.engines.audit_chain import FIELDS, LinkedEvent
from puente.platform.keys import load_keyring
from puente.platform.signing import fingerprint_of


class WrongInput(ValueError):
    """What was asked for cannot be done; the message says what to change."""


def run_audit(options: argparse.Namespace, console: Console, *, offices: Mapping[str, UUID]) -> int:
    """Carry out `head`, `verify` or `export`; returns the exit code: 1 for a wrong input, 2 for a broken chain.

    Args:
        offices: the ids of offices by code.
    """
    try:
        if options.what == "head":
            return _write_head(options, console, offices)
        if options.what == "export":
            return _export(options, console, offices)
        return _verify(options, console, offices)
    except (WrongInput, UnreadableHeads, OSError) as problem:
        Console(stderr=True, highlight=False).print(f"[bold red]{problem}[/]")
        return 1


def _write_head(options: argparse.Namespace, console: Console, offices: Mapping[str, UUID]) -> int:
    chain = _find_chain(options, offices)
    heads = [signed_head_of(row) for row in take_heads(now=timezone.now()) if chain in (None, row.chain)]
    _write(write_heads(load_keyring(), heads), options.out, console)
    return 0


def _export(options: argparse.Namespace, console: Console, offices: Mapping[str, UUID]) -> int:
    rows = export_chains(_find_chain(options, offices))
    if not options.out:
        for row in rows:
            print(write_row(row))
        return 0
    number = 0
    with Path(options.out).open("x", encoding="utf-8") as file:
        for row in rows:
            file.write(write_row(row) + "\n")
            number += 1
    console.print(f"{number:,} events written to {options.out}.")
    return 0


def _verify(options: argparse.Namespace, console: Console, offices: Mapping[str, UUID]) -> int:
    heads: list[SignedHead] = []
    public_key = b""
    if options.head:
        heads, public_key = read_heads(Path(options.head).read_text(encoding="utf-8"))
    if options.file:
        # The file names its own key: only the fingerprint, told in another way, says whose it is.
        if heads and fingerprint_of(public_key) != options.key:
            raise WrongInput("Give the fingerprint of the installation that signed the heads: --key 0123456789abcdef")
        with Path(options.file).open(encoding="utf-8") as file:
            checked = check_export(read_rows(file), heads, public_key)
    else:
        checked = check_chains(heads=heads)
        keep_verification(checked=checked, now=timezone.now())
    names = {str(pk): code for code, pk in offices.items()}
    if options.json:
        print(json.dumps(_describe(checked, names)))
    else:
        _print(checked, names, console)
    return 0 if checked.is_sound else 2


def write_row(row: LinkedEvent) -> str:
    """Return one exported row: its place, its hashes and the texts that were hashed."""
    content = {
        "chain": row.chain,
        "seq": row.seq,
        "event": row.event_id,
        "previous": row.previous.hex(),
        "hash": row.hash.hex(),
        "values": row.values,
    }
    return json.dumps(content, ensure_ascii=False)


def read_rows(lines: Iterator[str]) -> Iterator[LinkedEvent]:
    """Yield what `write_row` wrote; raises WrongInput that names the line."""
    for number, line in enumerate(lines, start=1):
        try:
            content = json.loads(line)
            values = None if content["values"] is None else tuple(content["values"])
            if values is not None and len(values) != len(FIELDS):
                raise ValueError
            yield LinkedEvent(
                str(content["chain"]), int(content["seq"]), str(content["event"]),
                bytes.fromhex(content["previous"]), bytes.fromhex(content["hash"]), values,
            )  # fmt: skip
        except (KeyError, TypeError, ValueError) as problem:
            raise WrongInput(f"Line {number} is no event of an export.") from problem


def _find_chain(options: argparse.Namespace, offices: Mapping[str, UUID]) -> UUID | None:
    if not options.office:
        return None
    if options.office not in offices:
        raise WrongInput(f"There is no office {options.office}. Choose one of: {', '.join(sorted(offices))}.")
    return offices[options.office]


def _write(text: str, out: str | None, console: Console) -> None:
    if not out:
        print(text, end="")
        return
    with Path(out).open("x", encoding="utf-8") as file:
        file.write(text)
    console.print(f"Written to {out}. Keep it outside of this machine.")


def _describe(checked: Checked, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "is_sound": checked.is_sound,
        "events": checked.events,
        "seconds": round(checked.seconds, 2),
        "findings": [
            {
                "office": names.get(found.chain, ""),
                "kind": found.kind.value,
                "first_bad_row": found.seq,
                "until": found.until,
                "event": found.event_id,
            }
            for found in checked.findings
        ],
    }


def _print(checked: Checked, names: Mapping[str, str], console: Console) -> None:
    console.print(f"{checked.events:,} events in {len(checked.reports)} chains, {checked.seconds:.1f} s.")
    if checked.is_sound:
        console.print("[green]Nothing was changed, deleted, inserted or reordered.[/]")
    for found in checked.findings:
        place = "in no place" if found.seq is None else f"first at {found.seq}"
        if found.until:
            place = f"between {found.seq} and {found.until}"
        office = names.get(found.chain, "no office")
        console.print(f"[bold red]{office}: {found.kind.value}, {place}[/]" + (f" ({found.event_id})" if found.event_id
                      else ""))  # fmt: skip
