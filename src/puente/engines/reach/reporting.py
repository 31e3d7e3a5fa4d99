"""A plan and its audit as plain values, for JSON."""

from dataclasses import asdict
from typing import Any

from puente.engines.reach.audit import Audit
from puente.engines.reach.instance import Instance
from puente.engines.reach.planner.planning import Plan


def describe_plan(instance: Instance, plan: Plan, audit: Audit, instance_hash: str) -> dict[str, Any]:
    """Return a plan, its certificate and what the auditor found. Amounts are in currency units, reach in fractions."""
    figures = audit.figures
    certificate = asdict(plan.certificate)
    certificate["stages"] = [{**asdict(stage), "goal": stage.goal.value} for stage in plan.certificate.stages]
    return {
        "certificate": {**certificate, "instance": instance_hash},
        "broken": [asdict(broken) for broken in audit.broken],
        "figures": {
            "spots": figures.spots,
            "free_spots": figures.free_spots,
            "cost": figures.cost / 100,
            "cost_by_site": {name: cost / 100 for name, cost in figures.cost_by_site.items()},
            "cost_by_phase": {name: cost / 100 for name, cost in figures.cost_by_phase.items()},
            "cost_by_outlet": {name: cost / 100 for name, cost in figures.cost_by_outlet.items()},
            "value": figures.value,
            "site_reach": figures.site_reach,
            "reach": _nest(figures.reach),
            "grp": _nest({key: 100 * contacts for key, contacts in figures.contacts.items()}),
        },
        "bookings": [
            {
                "outlet": instance.outlets[instance.programmes[booking.programme].outlet].id,
                "programme": instance.programmes[booking.programme].id,
                "date": instance.date_of(booking.day).isoformat(),
                "spots": booking.spots,
                "free": booking.free,
            }
            for booking in plan.bookings
        ],
        "airings": [
            {
                "programme": instance.programmes[airing.programme].id,
                "date": instance.date_of(airing.day).isoformat(),
                "material": None if airing.material is None else instance.materials[airing.material].id,
                "free": airing.free,
            }
            for airing in plan.airings
        ],
    }


def _nest(figures: dict[tuple[str, str], float]) -> dict[str, dict[str, float]]:
    nested: dict[str, dict[str, float]] = {}
    for (site, audience), figure in figures.items():
        nested.setdefault(site, {})[audience] = figure
    return nested
