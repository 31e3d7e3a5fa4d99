"""`puente campaign`: planning spots from files, without a database."""

import argparse
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


def plan(options: argparse.Namespace, console: Console) -> int:
    """Plan an instance from a folder, have it audited, print it; 2 for input that cannot be planned."""
    from puente.engines.reach.audit import audit_plan
    from puente.engines.reach.files import hash_instance, read_instance, read_panels
    from puente.engines.reach.instance import InstanceProblem
    from puente.engines.reach.planner.planning import open_columns, plan_campaign
    from puente.engines.reach.planner.respondents import PanelReach
    from puente.engines.reach.planner.stages import Effort
    from puente.engines.reach.reporting import describe_plan

    folder = Path(options.instance)
    try:
        if options.times < 1 or options.gap < 0 or options.seconds <= 0:
            raise InstanceProblem("--times is 1 or more, --gap 0 or more, and --seconds above 0.")
        instance = read_instance(folder)
        panels = read_panels(folder, instance) if options.model == "respondents" else None
        if options.model == "respondents" and panels is None:
            raise InstanceProblem("The respondent model needs a panel_SITE.npz for each site.")
        if options.times > 1 and panels is None:
            raise InstanceProblem("A frequency above 1 needs the respondent model: add --model respondents.")
        model = panels and PanelReach(instance, open_columns(instance), panels, times=options.times)
        found = plan_campaign(instance, Effort(options.gap, options.seconds, options.seed), model or None)
        airings = [(a.programme, a.day, a.material) for a in found.airings if a.material is not None]
        audit = audit_plan(instance, found.bookings, airings, panels)
    except InstanceProblem as problem:
        if options.json:
            print(json.dumps({"error": str(problem)}, ensure_ascii=False))
        else:
            console.print(f"[bold red]{problem}[/]")
        return 2
    described = describe_plan(instance, found, audit, hash_instance(folder))
    if options.json:
        print(json.dumps(described, ensure_ascii=False))
    else:
        _show(described, console)
    return 1 if audit.broken else 0


def _show(described: dict[str, Any], console: Console) -> None:
    figures, certificate = described["figures"], described["certificate"]
    table = Table("site", "reach", "cost")
    for site, reach in figures["site_reach"].items():
        table.add_row(site, f"{reach:.1%}", f"{figures['cost_by_site'].get(site, 0):,.2f}")
    console.print(table)
    console.print(f"{figures['spots']} spots, {figures['free_spots']} of them free; cost {figures['cost']:,.2f}")
    console.print(f"Weighted reach {figures['value']:.2%}, {certificate['statement']}.")
    console.print(f"Broken rules: {len(described['broken'])}. The whole plan: --json.")
