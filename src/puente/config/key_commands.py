"""`puente keys`: the care of the keys, from the command line of the server."""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.utils import translation
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from puente.platform.key_files import KeyAge, add_key, create_key_files, list_keys, remove_key
from puente.platform.keys import KeysUnavailable, Realm, key_file, vault_key_file
from puente.platform.recovery_sheets import LineWrong, print_sheet, read_letters, read_line, recover_keys, split_keys
from puente.platform.rewrapping import count_outdated, count_uses, retire_key, rewrap_all
from puente.platform.sealing import SealBroken
from puente.platform.secret_sharing import Share, SharesWrong

#: After so many days a wrapping key should have been changed.
OLD_AFTER = 365


def find_files() -> dict[Realm, Path]:
    """Return where the key files of the two realms stand."""
    return {Realm.OFFICE: key_file(), Realm.VAULT: vault_key_file()}


def find_realms(options: argparse.Namespace) -> list[Realm]:
    """Return the realms that are asked for, of those whose keys this installation holds."""
    return [realm for realm, file in find_files().items() if file.exists() and options.realm in (None, realm)]


def find_keys() -> list[KeyAge]:
    """Return every wrapping key that this installation holds; raises KeysUnavailable."""
    return [key for realm, file in find_files().items() if file.exists() for key in list_keys(realm, file)]


def describe_keys() -> Table:
    """Return the table of keys: name, whether it is the current one, how many rows it wraps, its age."""
    uses, keys = count_uses(), find_keys()
    table = Table("key", "", "rows", "made on", box=None)
    for key in keys:
        state = "current" if key.is_current else "old"
        table.add_row(key.name, state, f"{uses.pop(key.name, 0):,}", str(key.made_on or "not known"))
    for name, rows in sorted(uses.items()):
        table.add_row(name, "[bold red]no file holds it[/]", f"{rows:,}", "")
    return table


def find_key_problems() -> list[str]:
    """Return what should be done about the keys, in words; nothing where all is well."""
    uses, keys = count_uses(), find_keys()
    held = {key.name for key in keys}
    problems = [f"{rows:,} rows are wrapped by {name}, which no file holds" for name, rows in uses.items()
                if name not in held]  # fmt: skip
    today = datetime.now(UTC).date()
    for key in keys:
        if key.is_current and key.made_on and (today - key.made_on).days > OLD_AFTER:
            problems.append(f"{key.name} is older than a year: puente keys rotate --realm {key.realm}")
        if not key.is_current and uses.get(key.name):
            problems.append(f"{uses[key.name]:,} rows are still wrapped by {key.name}: puente keys rewrap")
        if not key.is_current and not uses.get(key.name):
            problems.append(f"{key.name} wraps nothing any more: puente keys retire {key.name}")
    return problems


def show_status(options: argparse.Namespace, console: Console) -> int:
    """Print the keys with their counts and ages, and what should be done."""
    console.print(describe_keys())
    for problem in find_key_problems():
        console.print(f"[bold]{problem}[/]")
    return 0


def complete(options: argparse.Namespace, console: Console) -> int:
    """Add to key files of an earlier version what they lack."""
    create_key_files(key_file(), vault_key_file())
    console.print("The key files are complete.")
    return 0


def rotate(options: argparse.Namespace, console: Console) -> int:
    """Make a new current key and wrap everything with it, while the product goes on."""
    for realm in find_realms(options):
        if left := count_outdated(realm):
            console.print(f"[bold red]{left:,} rows are not under the current {realm} key yet: puente keys rewrap.[/]")
            return 1
    for realm in find_realms(options):
        name = add_key(find_files()[realm], realm)
        console.print(f"{name} is the current {realm} key.")
    return rewrap(options, console)


def rewrap(options: argparse.Namespace, console: Console) -> int:
    """Wrap with the current keys whatever is still under an older one; what was broken off goes on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        for realm in find_realms(options):
            task = progress.add_task(f"{realm} keys", total=count_outdated(realm))
            try:
                for rows in rewrap_all(realm):
                    progress.advance(task, rows)
            except SealBroken:
                console.print(
                    "[bold red]A data key cannot be opened with the key that its row names. Nothing was lost; look at"
                    " the rows of that key, and at the backups.[/]"
                )
                return 1
    console.print("Everything is wrapped by the current keys. An old key goes with: puente keys retire NAME")
    return 0


def retire(options: argparse.Namespace, console: Console) -> int:
    """Destroy an old key that wraps nothing any more."""
    realm = Realm(options.name.partition("-")[0]) if options.name.partition("-")[0] in list(Realm) else None
    if realm is None:
        raise KeysUnavailable(f"{options.name} is no name of a key. Names look like office-1 and vault-2.")
    retire_key(options.name, lambda: remove_key(find_files()[realm], options.name))
    console.print(
        f"{options.name} is gone from its file. Destroy its copies too: what it wrapped in old backups, and in what the"
        " database has not overwritten yet, opens to nobody then."
    )
    return 0


def split(options: argparse.Namespace, console: Console) -> int:
    """Write one recovery sheet per share."""
    files = {realm: file for realm, file in find_files().items() if file.exists()}
    try:
        shares = split_keys(files, shares=options.shares, needed=options.needed)
    except ValueError:
        console.print("[bold red]At least 2 sheets are needed, and there must be as many or more of them.[/]")
        return 1
    folder = Path(options.to)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with translation.override(options.language):
        for share in shares:
            file = folder / f"recovery-{share.number}-of-{options.shares}.pdf"
            file.touch(mode=0o600)
            file.write_bytes(print_sheet(share, made_on=datetime.now(UTC).date(), place=settings.ALLOWED_HOSTS[0]))
            console.print(str(file))
    console.print("Print each sheet once, give each to another institution, and destroy these files (shred -u).")
    return 0


def recover(options: argparse.Namespace, console: Console) -> int:
    """Rebuild the key files from scanned codes in files, or from typed lines."""
    shares: list[Share] = []
    try:
        for name in options.files:
            shares.append(read_letters(Path(name).read_text()))
        while not shares or len({share.number for share in shares}) < shares[0].needed:
            console.print(f"\nSheet {len(shares) + 1}: scan its code, or type it line by line.")
            shares.append(type_sheet(lambda number: console.input(f"{number:02d}  "), console.print))
        written = recover_keys(shares, find_files())
    except SharesWrong as problem:
        console.print(f"[bold red]{problem}[/]")
        return 1
    for file in written:
        console.print(f"{file} is there again.")
    return 0


def type_sheet(ask: Callable[[int], str], tell: Callable[[str], None]) -> Share:
    """Read one sheet: the whole code at once, or line by line until an empty one; a wrong line is asked for again.

    Raises:
        SharesWrong: where all lines are right and are no sheet.
    """
    lines: list[str] = []
    while True:
        text = ask(len(lines) + 1).strip()
        if not text:
            return read_letters("".join(lines))
        if not lines and len(text) > 200:
            return read_letters(text)
        try:
            lines.append(read_line(len(lines) + 1, text))
        except (LineWrong, SharesWrong) as problem:
            tell(str(problem))


ACTIONS: dict[str, Callable[[argparse.Namespace, Console], int]] = {
    "status": show_status,
    "complete": complete,
    "rotate": rotate,
    "rewrap": rewrap,
    "retire": retire,
    "split": split,
    "recover": recover,
}
