"""Reading an instance from a folder. The format is described in docs/subsystems/reach.md."""

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

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
from puente.engines.reach.rows import (
    KNOWN,
    NO_LIMIT,
    Row,
    index_of,
    list_objects,
    read_cents,
    read_count,
    read_minutes,
    read_positive,
    read_rows,
    read_share,
    read_weekdays,
    read_yes,
    refuse_unknown,
    rows_of,
)


def read_instance(folder: Path) -> Instance:
    """Read `campaign.json`, `outlets.csv`, `programmes.csv` and, where they exist, the other files of a folder.

    Raises:
        InstanceProblem: a file, column or value is missing or wrong; the message names file, row and column.
    """
    settings = _read_settings(folder / "campaign.json")
    top = Row("campaign.json", settings)
    site_rows = [Row(f"campaign.json, site {i + 1}", row) for i, row in enumerate(list_objects(settings, "sites"))]
    audience_rows = [
        Row(f"campaign.json, audience {i + 1}", row) for i, row in enumerate(list_objects(settings, "audiences"))
    ]
    phase_rows = [Row(f"campaign.json, phase {i + 1}", row) for i, row in enumerate(list_objects(settings, "phases"))]
    sites = tuple(_read_site(row) for row in site_rows)
    audiences = tuple(Audience(row.read("id", str), row.read("weight", read_positive, 1.0)) for row in audience_rows)
    phases = tuple(
        Phase(
            row.read("id", str),
            row.read("first", date.fromisoformat),
            row.read("last", date.fromisoformat),
            row.read("budget", read_cents, optional=True),
        )
        for row in phase_rows
    )
    site_index = index_of([site.id for site in sites], "campaign.json, sites")
    audience_ids = [audience.id for audience in audiences]
    index_of(audience_ids, "campaign.json, audiences")
    phase_index = index_of([phase.id for phase in phases], "campaign.json, phases")
    outlets = tuple(_read_outlet(row, site_index) for row in read_rows(folder / "outlets.csv"))
    outlet_index = index_of([outlet.id for outlet in outlets], "outlets.csv")
    steps = read_rows(folder / "rates.csv", optional=True)
    outlets = _add_steps(outlets, steps, outlet_index)
    programme_rows = read_rows(folder / "programmes.csv", more=[f"rating:{name}" for name in audience_ids])
    programmes = tuple(_read_programme(row, outlet_index) for row in programme_rows)
    programme_index = index_of([programme.id for programme in programmes], "programmes.csv")
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
        budget=top.read("budget", read_cents),
        site_phase_budget={
            (row.read("site", site_index.__getitem__), row.read("phase", phase_index.__getitem__)): row.read(
                "budget", read_cents
            )
            for row in rows_of(settings, "site_phase_budgets")
        },
        blackouts=tuple(
            Blackout(
                row.read("first", date.fromisoformat),
                row.read("last", date.fromisoformat),
                row.read("site", site_index.__getitem__, optional=True),
                row.read("outlet", outlet_index.__getitem__, optional=True),
            )
            for row in rows_of(settings, "blackouts")
        ),
        earliest=top.read("earliest", read_minutes, 0),
        latest=top.read("latest", read_minutes, MINUTES_A_DAY),
        materials=tuple(_read_material(row) for row in read_rows(folder / "materials.csv", optional=True)),
        goals=_read_goals(settings),
        slack=top.read("slack", float, 0.0),
    )
    fixed = tuple(
        Booking(
            row.read("programme", programme_index.__getitem__),
            (row.read("date", date.fromisoformat) - instance.first_day).days,
            row.read("spots", read_count, 1),
            row.read("free", read_yes, False),
        )
        for row in read_rows(folder / "fixed.csv", optional=True)
    )
    return replace(instance, fixed=fixed)


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
    refuse_unknown("campaign.json", settings, KNOWN["campaign.json"])
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
        row.read("id", str),
        row.read("budget", read_cents, optional=True),
        row.read("floor", read_share, 0.0),
        languages,
    )


def _read_outlet(row: Row, sites: dict[str, int]) -> Outlet:
    return Outlet(
        id=row.read("id", str),
        site=row.read("site", sites.__getitem__),
        spots_per_day=row.read("spots_per_day", read_count, NO_LIMIT),
        free_quota=row.read("free_quota", read_count, 0),
        earliest=row.read("earliest", read_minutes, 0),
        latest=row.read("latest", read_minutes, MINUTES_A_DAY),
        credit=row.read("credit", read_cents, optional=True),
    )


def _add_steps(outlets: tuple[Outlet, ...], rows: list[Row], index: dict[str, int]) -> tuple[Outlet, ...]:
    steps: dict[int, list[Step]] = {}
    for row in rows:
        steps.setdefault(row.read("outlet", index.__getitem__), []).append(
            Step(row.read("spots", read_count), row.read("discount", read_share))
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
        changed.append(replace(outlet, steps=own))
    return tuple(changed)


def _read_programme(row: Row, outlets: dict[str, int]) -> Programme:
    return Programme(
        id=row.read("id", str),
        outlet=row.read("outlet", outlets.__getitem__),
        weekdays=row.read("weekdays", read_weekdays, (True,) * 7),
        start=row.read("start", read_minutes),
        price=row.read("price", read_cents),
        spots_per_day=row.read("spots_per_day", read_count, NO_LIMIT),
        spots_total=row.read("spots_total", read_count, NO_LIMIT),
    )


def _read_material(row: Row) -> Material:
    return Material(
        id=row.read("id", str),
        language=row.read("language", str),
        seconds=row.read("seconds", read_count),
        share=row.read("share", read_positive, 1.0),
        first=row.read("first", date.fromisoformat, date.min),
        last=row.read("last", date.fromisoformat, date.max),
        earliest=row.read("earliest", read_minutes, 0),
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


def _by_audience(rows: list[Row], name: str, audiences: list[str], default: float) -> Floats:
    """Read a number for each audience of each site: one object by audience, or one number for all of them."""
    values = []
    for row in rows:
        given = row.values.get(name, default)
        by_audience = given if isinstance(given, dict) else dict.fromkeys(audiences, given)
        own = Row(f"{row.where}, {name}", by_audience)
        values.append([own.read(audience, float, default) for audience in audiences])
    return np.array(values, dtype=np.float64).reshape(len(rows), len(audiences))
