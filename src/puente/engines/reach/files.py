"""Reading an instance from a folder. The format is described in docs/subsystems/reach.md."""

import csv
import hashlib
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from puente.engines.reach.instance import (
    MINUTES_A_DAY,
    Audience,
    Blackout,
    Booking,
    Goal,
    Instance,
    InstanceProblem,
    Material,
    Outlet,
    Phase,
    Programme,
    Site,
    Step,
)
from puente.engines.reach.numbers import Floats
from puente.engines.reach.panel import Panel

T = TypeVar("T")
WEEK = "MTWTFSS"
NO_LIMIT = 10**6
KNOWN_SETTINGS = {
    "sites", "audiences", "phases", "budget", "site_phase_budgets", "blackouts", "earliest", "latest", "goals", "slack",
    "fairness",
}  # fmt: skip


class Row:
    """A row of a file or an object of the settings, which names itself in every complaint."""

    def __init__(self, where: str, values: dict[str, Any]) -> None:
        self.where = where
        self.values = values

    def read(self, name: str, convert: Callable[[str], T], default: T | None = None, *, optional: bool = False) -> T:
        """Return a converted value; a missing one is the default where one is given or the value is optional."""
        text = self.values.get(name)
        if text is None or text == "":
            if default is not None or optional:
                return default  # type: ignore[return-value]
            raise InstanceProblem(f"{self.where}: “{name}” is missing.")
        try:
            return convert(str(text).strip())
        except (ValueError, InvalidOperation, KeyError) as problem:
            raise InstanceProblem(f"{self.where}: “{name}” cannot be “{text}” ({problem}).") from None


def read_instance(folder: Path) -> Instance:
    """Read `campaign.json`, `outlets.csv`, `programmes.csv` and, where they exist, the other files of a folder.

    Raises:
        InstanceProblem: a file, column or value is missing or wrong; the message names file, row and column.
    """
    settings = _read_settings(folder / "campaign.json")
    top = Row("campaign.json", settings)
    site_rows = [Row(f"campaign.json, site {i + 1}", row) for i, row in enumerate(_list(settings, "sites"))]
    audience_rows = [Row(f"campaign.json, audience {i + 1}", row) for i, row in enumerate(_list(settings, "audiences"))]
    phase_rows = [Row(f"campaign.json, phase {i + 1}", row) for i, row in enumerate(_list(settings, "phases"))]
    sites = tuple(_read_site(row) for row in site_rows)
    audiences = tuple(Audience(row.read("id", str), row.read("weight", _positive, 1.0)) for row in audience_rows)
    phases = tuple(
        Phase(
            row.read("id", str),
            row.read("first", date.fromisoformat),
            row.read("last", date.fromisoformat),
            row.read("budget", _cents, optional=True),
        )
        for row in phase_rows
    )
    site_index = _index([site.id for site in sites], "campaign.json, sites")
    audience_ids = [audience.id for audience in audiences]
    _index(audience_ids, "campaign.json, audiences")
    phase_index = _index([phase.id for phase in phases], "campaign.json, phases")
    outlets = tuple(_read_outlet(row, site_index) for row in _read_rows(folder / "outlets.csv"))
    outlet_index = _index([outlet.id for outlet in outlets], "outlets.csv")
    steps = _read_rows(folder / "rates.csv", optional=True)
    outlets = _add_steps(outlets, steps, outlet_index)
    programme_rows = _read_rows(folder / "programmes.csv")
    programmes = tuple(_read_programme(row, outlet_index) for row in programme_rows)
    programme_index = _index([programme.id for programme in programmes], "programmes.csv")
    instance = Instance(
        sites=sites,
        audiences=audiences,
        population=_by_audience(site_rows, "population", audience_ids, 0.0),
        shape=_by_audience(site_rows, "shape", audience_ids, 0.6),
        ceiling=_by_audience(site_rows, "ceiling", audience_ids, 1.0),
        phases=phases,
        outlets=outlets,
        programmes=programmes,
        rating=np.array([[row.read(f"rating:{name}", float, 0.0) for name in audience_ids] for row in programme_rows]),
        budget=top.read("budget", _cents),
        site_phase_budget={
            (row.read("site", site_index.__getitem__), row.read("phase", phase_index.__getitem__)): row.read(
                "budget", _cents
            )
            for row in _rows_of(settings, "site_phase_budgets")
        },
        blackouts=tuple(
            Blackout(
                row.read("first", date.fromisoformat),
                row.read("last", date.fromisoformat),
                row.read("site", site_index.__getitem__, optional=True),
                row.read("outlet", outlet_index.__getitem__, optional=True),
            )
            for row in _rows_of(settings, "blackouts")
        ),
        earliest=top.read("earliest", _minutes, 0),
        latest=top.read("latest", _minutes, MINUTES_A_DAY),
        materials=tuple(_read_material(row) for row in _read_rows(folder / "materials.csv", optional=True)),
        goals=_read_goals(settings),
        slack=top.read("slack", float, 0.0),
    )
    fixed = tuple(
        Booking(
            row.read("programme", programme_index.__getitem__),
            (row.read("date", date.fromisoformat) - instance.first_day).days,
            row.read("spots", _count, 1),
            row.read("free", _yes, False),
        )
        for row in _read_rows(folder / "fixed.csv", optional=True)
    )
    return Instance(**{**{name: getattr(instance, name) for name in Instance.__dataclass_fields__}, "fixed": fixed})


def read_panels(folder: Path, instance: Instance) -> list[Panel] | None:
    """Read one `panel_SITE.npz` for each site, or return None where there is none.

    Each file holds `weight` (people,), `member` (audiences, people), `chance` (programmes of the site in the order of
    programmes.csv, people) and `respondents`.
    """
    if not list(folder.glob("panel_*.npz")):
        return None
    panels = []
    for index, site in enumerate(instance.sites):
        name = f"panel_{site.id}.npz"
        if not (folder / name).is_file():
            raise InstanceProblem(f"{name} is missing: either every site has a panel, or none.")
        try:
            with np.load(folder / name, allow_pickle=False) as file:
                panel = Panel(
                    file["weight"].astype(np.float64),
                    file["member"].astype(np.bool_),
                    file["chance"].astype(np.float32),
                    int(file["respondents"]),
                )
        except (KeyError, ValueError, OSError) as problem:
            raise InstanceProblem(f"{name}: {problem}") from None
        expected = (len(instance.audiences), int((instance.site_of == index).sum()))
        if (panel.member.shape[0], panel.chance.shape[0]) != expected:
            raise InstanceProblem(f"{name}: expected {expected[0]} audiences and {expected[1]} programmes.")
        panels.append(panel)
    return panels


def hash_instance(folder: Path) -> str:
    """Return the SHA-256 over the names and bytes of all files of the instance."""
    digest = hashlib.sha256()
    for file in sorted(folder.iterdir()):
        if file.suffix in {".json", ".csv", ".npz"}:
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _read_settings(file: Path) -> dict[str, Any]:
    try:
        settings = json.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise InstanceProblem("campaign.json is missing.") from None
    except (json.JSONDecodeError, UnicodeDecodeError) as problem:
        raise InstanceProblem(f"campaign.json is not readable: {problem}.") from None
    if not isinstance(settings, dict):
        raise InstanceProblem("campaign.json must hold one object.")
    unknown = sorted(set(settings) - KNOWN_SETTINGS)
    if unknown:
        raise InstanceProblem(
            f"campaign.json: “{unknown[0]}” is not known. Known: {', '.join(sorted(KNOWN_SETTINGS))}."
        )
    refuse_ratio(settings.get("fairness"))
    return settings


def refuse_ratio(fairness: object) -> None:
    """Raise InstanceProblem for a fairness rule that compares sites with their average.

    Such a rule cannot be planned honestly: the average is itself a concave curve on the wrong side of the inequality,
    so the region is not convex; a solver that works with tangents would then report good sites lower than they are
    and hand back a plan that breaks the rule.
    """
    if fairness is None:
        return
    raise InstanceProblem(
        "A fairness rule relative to the average (“each site at least 90 % of the mean”) is refused: it can be met by"
        " making good sites worse, and no solver can prove a plan under it. Give each site a “floor”, the"
        " least reach it must have, or put “weakest_site” first among the goals."
    )


def _read_site(row: Row) -> Site:
    languages = row.values.get("languages") or {}
    if not isinstance(languages, dict) or any(not isinstance(share, int | float) for share in languages.values()):
        raise InstanceProblem(f"{row.where}: “languages” must be an object of language and share.")
    return Site(
        row.read("id", str), row.read("budget", _cents, optional=True), row.read("floor", _share, 0.0), languages
    )


def _read_outlet(row: Row, sites: dict[str, int]) -> Outlet:
    return Outlet(
        id=row.read("id", str),
        site=row.read("site", sites.__getitem__),
        spots_per_day=row.read("spots_per_day", _count, NO_LIMIT),
        free_quota=row.read("free_quota", _count, 0),
        earliest=row.read("earliest", _minutes, 0),
        latest=row.read("latest", _minutes, MINUTES_A_DAY),
        credit=row.read("credit", _cents, optional=True),
    )


def _add_steps(outlets: tuple[Outlet, ...], rows: list[Row], index: dict[str, int]) -> tuple[Outlet, ...]:
    steps: dict[int, list[Step]] = {}
    for row in rows:
        steps.setdefault(row.read("outlet", index.__getitem__), []).append(
            Step(row.read("spots", _count), row.read("discount", _share))
        )
    changed = []
    for position, outlet in enumerate(outlets):
        own = tuple(sorted(steps.get(position, []), key=lambda step: step.spots))
        if any(step.spots < 2 for step in own) or len({step.spots for step in own}) < len(own):
            raise InstanceProblem(
                f"rates.csv: the steps of {outlet.id} must begin at 2 spots or more, each at another."
            )
        if [step.discount for step in own] != sorted(step.discount for step in own):
            raise InstanceProblem(f"rates.csv: the discounts of {outlet.id} must rise with the number of spots.")
        changed.append(Outlet(**{**outlet.__dict__, "steps": own}))
    return tuple(changed)


def _read_programme(row: Row, outlets: dict[str, int]) -> Programme:
    return Programme(
        id=row.read("id", str),
        outlet=row.read("outlet", outlets.__getitem__),
        weekdays=row.read("weekdays", _weekdays, (True,) * 7),
        start=row.read("start", _minutes),
        price=row.read("price", _cents),
        spots_per_day=row.read("spots_per_day", _count, NO_LIMIT),
        spots_total=row.read("spots_total", _count, NO_LIMIT),
    )


def _read_material(row: Row) -> Material:
    return Material(
        id=row.read("id", str),
        language=row.read("language", str),
        seconds=row.read("seconds", _count),
        share=row.read("share", _positive, 1.0),
        first=row.read("first", date.fromisoformat, date.min),
        last=row.read("last", date.fromisoformat, date.max),
        earliest=row.read("earliest", _minutes, 0),
    )


def _read_goals(settings: dict[str, Any]) -> tuple[Goal, ...]:
    names = settings.get("goals")
    if names is None:
        return tuple(Goal)
    try:
        goals = tuple(Goal(name) for name in names)
    except (ValueError, TypeError):
        known = ", ".join(Goal)
        raise InstanceProblem(f"campaign.json: “goals” must be a list of: {known}.") from None
    if not goals or list(goals) != sorted(set(goals), key=list(Goal).index):
        raise InstanceProblem(f"campaign.json: “goals” must keep this order: {', '.join(Goal)}.")
    return goals


def _read_rows(file: Path, *, optional: bool = False) -> list[Row]:
    if not file.is_file():
        if optional:
            return []
        raise InstanceProblem(f"{file.name} is missing.")
    with file.open(newline="", encoding="utf-8-sig") as stream:
        return [Row(f"{file.name}, row {number}", row) for number, row in enumerate(csv.DictReader(stream), start=2)]


def _list(settings: dict[str, Any], name: str) -> list[dict[str, Any]]:
    rows = settings.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InstanceProblem(f"campaign.json: “{name}” must be a list of objects.")
    return rows


def _rows_of(settings: dict[str, Any], name: str) -> list[Row]:
    return [Row(f"campaign.json, {name} {number}", row) for number, row in enumerate(_list(settings, name), start=1)]


def _by_audience(rows: list[Row], name: str, audiences: list[str], default: float) -> Floats:
    """Read a number for each audience of each site: one object by audience, or one number for all of them."""
    values = []
    for row in rows:
        given = row.values.get(name, default)
        by_audience = given if isinstance(given, dict) else dict.fromkeys(audiences, given)
        own = Row(f"{row.where}, {name}", by_audience)
        values.append([own.read(audience, float, default) for audience in audiences])
    return np.array(values, dtype=np.float64).reshape(len(rows), len(audiences))


def _index(ids: list[str], where: str) -> dict[str, int]:
    index = {name: position for position, name in enumerate(ids)}
    if not ids:
        raise InstanceProblem(f"{where}: there is no row.")
    if len(index) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise InstanceProblem(f"{where}: “{twice}” stands there twice.")
    return index


def _cents(text: str) -> int:
    amount = Decimal(text) * 100
    if not amount.is_finite() or amount < 0 or amount != int(amount):
        raise ValueError("an amount with at most two decimals, 0 or more")
    return int(amount)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    total = int(hours) * 60 + int(minutes)
    if not 0 <= total <= MINUTES_A_DAY or not 0 <= int(minutes) < 60:
        raise ValueError("a time of day as 21:30")
    return total


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise ValueError("a whole number, 0 or more")
    return number


def _share(text: str) -> float:
    number = float(text)
    if not 0 <= number < 1:
        raise ValueError("a share from 0 to below 1")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError("a positive number")
    return number


def _yes(text: str) -> bool:
    return {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}[text.lower()]


def _weekdays(text: str) -> tuple[bool, ...]:
    """Read seven characters, Monday first: a letter where the programme runs, a hyphen where not: MTWTF--."""
    if len(text) != len(WEEK) or any(own not in (day, "-") for own, day in zip(text.upper(), WEEK, strict=True)):
        raise ValueError("seven characters, Monday first, as MTWTF--")
    return tuple(letter != "-" for letter in text)
