"""The independent auditor: it looks at a plan alone, checks every rule again, and works out every figure again.

It shares no code with the planner, on purpose: what the planner believes of prices, days, room or reach is not asked.
Only the description of the instance is common ground. It is written to be read beside the rules, not to be fast.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log1p

from puente.engines.reach.instance import Booking, Instance
from puente.engines.reach.panel import Panel

ROUNDING = 1e-9


@dataclass(frozen=True)
class Broken:
    """A rule that a plan breaks, and where."""

    rule: str
    where: str
    found: float
    allowed: float


@dataclass(frozen=True)
class Figures:
    """What a plan amounts to. cost: cents; the others by site, outlet, or (site, audience), by id.

    contacts: GRPs divided by 100. reach: of the GRP curve, or of the panels where these were given.
    """

    spots: int
    free_spots: int
    cost: int
    cost_by_site: dict[str, int]
    cost_by_phase: dict[str, int]
    cost_by_outlet: dict[str, int]
    contacts: dict[tuple[str, str], float]
    reach: dict[tuple[str, str], float]
    site_reach: dict[str, float]
    value: float


@dataclass(frozen=True)
class Audit:
    """All broken rules, and all figures."""

    broken: tuple[Broken, ...]
    figures: Figures


def audit_plan(
    instance: Instance,
    bookings: Iterable[Booking],
    materials: Iterable[tuple[int, int, int]] = (),
    panels: list[Panel] | None = None,
) -> Audit:
    """Check a plan against every rule of its instance and work out its figures.

    Args:
        bookings: what is booked, fixed airings included.
        materials: (programme, day, material) of each airing, for the rules of materials.
        panels: one of each site; then reach is counted on people instead of read from the curve.
    """
    plan = sorted(bookings)
    figures = _figure(instance, plan, panels)
    broken = [
        *_check_places(instance, plan),
        *_check_caps(instance, plan),
        *_check_money(instance, plan, figures),
        *_check_floors(instance, figures),
        *_check_fixed(instance, plan),
        *_check_materials(instance, plan, list(materials)),
    ]
    return Audit(tuple(broken), figures)


def _day(instance: Instance, day: int) -> date:
    return instance.phases[0].first + timedelta(days=day)


def _check_places(instance: Instance, plan: list[Booking]) -> list[Broken]:
    broken = []
    fixed = Counter((b.programme, b.day, b.free) for b in instance.fixed for _ in range(b.spots))
    for booking in plan:
        programme = instance.programmes[booking.programme]
        outlet = instance.outlets[programme.outlet]
        day = _day(instance, booking.day)
        where = f"{programme.id} {day}"
        if booking.spots <= 0:
            broken.append(Broken("spots", where, booking.spots, 1))
        if booking.spots <= fixed[booking.programme, booking.day, booking.free]:
            continue  # stands whatever is planned
        if not any(phase.first <= day <= phase.last for phase in instance.phases):
            broken.append(Broken("phase", where, 0, 0))
        if not programme.weekdays[day.weekday()]:
            broken.append(Broken("weekday", where, day.weekday(), 0))
        if programme.start < instance.earliest or programme.start < outlet.earliest:
            broken.append(Broken("window", where, programme.start, max(instance.earliest, outlet.earliest)))
        if programme.start >= instance.latest or programme.start >= outlet.latest:
            broken.append(Broken("window", where, programme.start, min(instance.latest, outlet.latest)))
        for blackout in instance.blackouts:
            here = blackout.site in (None, outlet.site) and blackout.outlet in (None, programme.outlet)
            if here and blackout.first <= day <= blackout.last:
                broken.append(Broken("blackout", where, 0, 0))
    return broken


def _check_caps(instance: Instance, plan: list[Booking]) -> list[Broken]:
    in_programme: Counter[tuple[int, int]] = Counter()
    on_outlet: Counter[tuple[int, int]] = Counter()
    in_total: Counter[int] = Counter()
    free: Counter[int] = Counter()
    for booking in plan:
        outlet = instance.programmes[booking.programme].outlet
        in_programme[booking.programme, booking.day] += booking.spots
        on_outlet[outlet, booking.day] += booking.spots
        in_total[booking.programme] += booking.spots
        free[outlet] += booking.spots if booking.free else 0
    kept: Counter[tuple[str, int, int]] = Counter()
    for booking in instance.fixed:
        outlet = instance.programmes[booking.programme].outlet
        for key in (
            ("programme", booking.programme, booking.day), ("outlet", outlet, booking.day),
            ("total", booking.programme, 0), ("free", outlet, 0 if booking.free else 1),
        ):  # fmt: skip
            kept[key] += booking.spots
    broken = []
    for (programme, day), spots in in_programme.items():
        allowed = max(instance.programmes[programme].spots_per_day, kept["programme", programme, day])
        if spots > allowed:
            where = f"{instance.programmes[programme].id} {_day(instance, day)}"
            broken.append(Broken("spots per programme and day", where, spots, allowed))
    for (outlet, day), spots in on_outlet.items():
        allowed = max(instance.outlets[outlet].spots_per_day, kept["outlet", outlet, day])
        if spots > allowed:
            where = f"{instance.outlets[outlet].id} {_day(instance, day)}"
            broken.append(Broken("spots per outlet and day", where, spots, allowed))
    for programme, spots in in_total.items():
        allowed = max(instance.programmes[programme].spots_total, kept["total", programme, 0])
        if spots > allowed:
            broken.append(Broken("spots per programme", instance.programmes[programme].id, spots, allowed))
    for outlet, spots in free.items():
        allowed = max(instance.outlets[outlet].free_quota, kept["free", outlet, 0])
        if spots > allowed:
            broken.append(Broken("free quota", instance.outlets[outlet].id, spots, allowed))
    return broken


def _charge(instance: Instance, plan: list[Booking]) -> list[tuple[Booking, int]]:
    """Return each paid booking with its cost in cents; fixed airings at the plain rate, others at the step reached."""
    paid = Counter[int]()
    for booking in plan:
        if not booking.free:
            paid[instance.programmes[booking.programme].outlet] += booking.spots
    fixed = Counter((b.programme, b.day) for b in instance.fixed if not b.free for _ in range(b.spots))
    charged = []
    for booking in plan:
        if booking.free:
            continue
        programme = instance.programmes[booking.programme]
        steps = [s for s in instance.outlets[programme.outlet].steps if paid[programme.outlet] >= s.spots]
        off = max((round(step.discount * 10_000) for step in steps), default=0)
        reduced = (programme.price * (10_000 - off) + 5_000) // 10_000
        plain = min(fixed[booking.programme, booking.day], booking.spots)
        fixed[booking.programme, booking.day] -= plain
        charged.append((booking, plain * programme.price + (booking.spots - plain) * reduced))
    return charged


def _check_money(instance: Instance, plan: list[Booking], figures: Figures) -> list[Broken]:
    broken = []
    if figures.cost > instance.budget:
        broken.append(Broken("budget", "campaign", figures.cost, instance.budget))
    for site in instance.sites:
        if site.budget is not None and figures.cost_by_site.get(site.id, 0) > site.budget:
            broken.append(Broken("site budget", site.id, figures.cost_by_site[site.id], site.budget))
    for phase in instance.phases:
        if phase.budget is not None and figures.cost_by_phase.get(phase.id, 0) > phase.budget:
            broken.append(Broken("phase budget", phase.id, figures.cost_by_phase[phase.id], phase.budget))
    both: Counter[tuple[int, int]] = Counter()
    new: Counter[int] = Counter()
    fixed = Counter((b.programme, b.day) for b in instance.fixed if not b.free for _ in range(b.spots))
    for booking, cost in _charge(instance, plan):
        outlet = instance.programmes[booking.programme].outlet
        day = _day(instance, booking.day)
        for index, phase in enumerate(instance.phases):
            if phase.first <= day <= phase.last:
                both[instance.outlets[outlet].site, index] += cost
        own = min(fixed[booking.programme, booking.day], booking.spots)
        fixed[booking.programme, booking.day] -= own
        new[outlet] += cost - own * instance.programmes[booking.programme].price
    for (site_index, phase_index), allowed in instance.site_phase_budget.items():
        if both[site_index, phase_index] > allowed:
            where = f"{instance.sites[site_index].id} {instance.phases[phase_index].id}"
            broken.append(Broken("site and phase budget", where, both[site_index, phase_index], allowed))
    for index, station in enumerate(instance.outlets):
        if station.credit is not None and new[index] > station.credit:
            broken.append(Broken("credit", station.id, new[index], station.credit))
    return broken


def _check_floors(instance: Instance, figures: Figures) -> list[Broken]:
    return [
        Broken("floor", site.id, figures.site_reach[site.id], site.floor)
        for site in instance.sites
        if site.id in figures.site_reach and figures.site_reach[site.id] < site.floor - ROUNDING
    ]


def _check_fixed(instance: Instance, plan: list[Booking]) -> list[Broken]:
    booked = Counter((b.programme, b.day, b.free) for b in plan for _ in range(b.spots))
    wanted = Counter((b.programme, b.day, b.free) for b in instance.fixed for _ in range(b.spots))
    return [
        Broken("fixed airing", f"{instance.programmes[key[0]].id} {_day(instance, key[1])}", booked[key], count)
        for key, count in wanted.items()
        if booked[key] < count
    ]


def _check_materials(instance: Instance, plan: list[Booking], airings: list[tuple[int, int, int]]) -> list[Broken]:
    if not instance.materials:
        return []
    broken = []
    booked = Counter((b.programme, b.day) for b in plan for _ in range(b.spots))
    given = Counter((programme, day) for programme, day, _ in airings)
    for key in booked.keys() | given.keys():
        if booked[key] != given[key]:
            where = f"{instance.programmes[key[0]].id} {_day(instance, key[1])}"
            broken.append(Broken("materials", where, given[key], booked[key]))
    last: dict[int, int] = {}
    for programme, day, material in sorted(airings, key=lambda a: (a[1], instance.programmes[a[0]].start, a[0])):
        own, outlet = instance.materials[material], instance.programmes[programme].outlet
        where = f"{own.id} in {instance.programmes[programme].id} {_day(instance, day)}"
        if not _may_air(instance, material, programme, day):
            broken.append(Broken("material rights, hour or language", where, 0, 0))
        others = [m for m in range(len(instance.materials)) if m != material and _may_air(instance, m, programme, day)]
        if last.get(outlet) == material and others:
            broken.append(Broken("same material twice in a row", where, 2, 1))
        last[outlet] = material
    return broken


def _may_air(instance: Instance, material: int, programme: int, day: int) -> bool:
    own = instance.materials[material]
    languages = instance.sites[instance.outlets[instance.programmes[programme].outlet].site].languages
    spoken = not languages or languages.get(own.language, 0) > 0
    hour = instance.programmes[programme].start >= own.earliest
    return spoken and hour and own.first <= _day(instance, day) <= own.last


def _figure(instance: Instance, plan: list[Booking], panels: list[Panel] | None) -> Figures:
    by_site: Counter[str] = Counter()
    by_phase: Counter[str] = Counter()
    by_outlet: Counter[str] = Counter()
    for booking, cost in _charge(instance, plan):
        outlet = instance.outlets[instance.programmes[booking.programme].outlet]
        by_outlet[outlet.id] += cost
        by_site[instance.sites[outlet.site].id] += cost
        day = _day(instance, booking.day)
        for phase in instance.phases:
            if phase.first <= day <= phase.last:
                by_phase[phase.id] += cost
    contacts: dict[tuple[str, str], float] = {}
    reach: dict[tuple[str, str], float] = {}
    site_reach: dict[str, float] = {}
    value = whole = 0.0
    for s, site in enumerate(instance.sites):
        reached = people = 0.0
        for a, audience in enumerate(instance.audiences):
            important = audience.weight * float(instance.population[s][a])
            if important <= 0:
                continue
            heard = 0.0
            for booking in plan:
                if instance.outlets[instance.programmes[booking.programme].outlet].site == s:
                    heard += booking.spots * float(instance.rating[booking.programme][a])
            shape, ceiling = float(instance.shape[s][a]), float(instance.ceiling[s][a])
            contacts[site.id, audience.id] = heard
            if panels is None:
                share = ceiling * (1 - exp(-shape * log1p(heard / (ceiling * shape))))
            else:
                share = _count_people(instance, plan, s, a, panels[s])
            reach[site.id, audience.id] = share
            reached += important * share
            people += important
        if people > 0:
            site_reach[site.id] = reached / people
        value += reached
        whole += people
    return Figures(
        sum(b.spots for b in plan),
        sum(b.spots for b in plan if b.free),
        sum(by_outlet.values()),
        dict(by_site),
        dict(by_phase),
        dict(by_outlet),
        contacts,
        reach,
        site_reach,
        value / whole,
    )


def _count_people(instance: Instance, plan: list[Booking], site: int, audience: int, panel: Panel) -> float:
    """Return the share of an audience's people who hear a spot: 1 − Π (1 − chance)^spots, person by person."""
    position = {
        index: place
        for place, index in enumerate(
            j for j, p in enumerate(instance.programmes) if instance.outlets[p.outlet].site == site
        )
    }
    missed = panel.weight * 0 + 1
    for booking in plan:
        if booking.programme in position:
            missed = missed * (1 - panel.chance[position[booking.programme]].astype(float)) ** booking.spots
    weight = panel.weight * panel.member[audience]
    return float(weight @ (1 - missed) / weight.sum())
