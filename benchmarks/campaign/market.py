"""The invented market of the benchmark: 4 sites, 60 outlets × 20 programmes × 28 days, 3 audiences, 50,000 people.

Ratings, loyalty and prices are drawn; the median station stands near the top of what was measured in Ciudad Juárez in
2019 (a rating of 0.7 for the first). No rate card of real stations was found: prices follow ratings, with noise.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from puente.engines.reach.instance import Audience, Goal, Instance, Outlet, Phase, Programme, Site
from puente.engines.reach.panel import Panel

WEIGHTS = (0.40, 0.35, 0.25)
CEILINGS = (0.45, 0.35, 0.30, 0.25)
SIZES = (1_250_000, 600_000, 420_000, 280_000)
DAYPARTS = 6
FIRST = date(2027, 2, 1)


@dataclass(frozen=True)
class Market:
    """An instance and the panels of its sites."""

    instance: Instance
    panels: list[Panel]


def make_market(
    budget: int,
    *,
    sites: int = 4,
    outlets: int = 60,
    programmes: int = 20,
    days: int = 28,
    people: int = 50_000,
    seed: int = 7,
    goals: tuple[Goal, ...] = (Goal.VALUE, Goal.COST),
) -> Market:
    """Draw a market. budget: whole currency units."""
    rng = np.random.default_rng(seed)
    share = np.array(SIZES[:sites]) / sum(SIZES[:sites])
    population = np.outer(np.array(SIZES[:sites]), [0.28, 0.30, 0.06]) * rng.uniform(0.9, 1.1, (sites, 3))
    stations, bands, rating, panels = [], [], [], []
    per_site = outlets // sites
    for site in range(sites):
        panel = draw_panel(rng, round(people * share[site]), per_site, programmes)
        own = np.stack([panel.ratings(a, np.arange(per_site * programmes)) for a in range(3)], axis=1)
        rating.append(own)
        panels.append(panel)
        price = own @ WEIGHTS * 170_000 * SIZES[site] / SIZES[0] * rng.lognormal(0, 0.35, len(own)) + 40
        for station in range(per_site):
            stations.append(Outlet(f"{site + 1}-{station + 1:02}", site, spots_per_day=6))
            for band in range(programmes):
                bands.append(
                    Programme(
                        f"{site + 1}-{station + 1:02}-{band + 1:02}",
                        len(stations) - 1,
                        draw_weekdays(rng),
                        5 * 60 + band * 57,
                        round(float(price[station * programmes + band])) * 100,
                        spots_per_day=2,
                        spots_total=20,
                    )
                )
    instance = Instance(
        sites=tuple(Site(f"site-{i + 1}", budget=round(budget * CEILINGS[i]) * 100) for i in range(sites)),
        audiences=tuple(Audience(n, w) for n, w in zip(("youth", "women", "migrants"), WEIGHTS, strict=True)),
        population=np.round(population),
        shape=np.full((sites, 3), 0.6),
        ceiling=np.ones((sites, 3)),
        phases=(Phase("one", FIRST, FIRST + timedelta(days=days - 1)),),
        outlets=tuple(stations),
        programmes=tuple(bands),
        rating=np.concatenate(rating).astype(np.float64),
        budget=budget * 100,
        earliest=6 * 60,
        latest=23 * 60,
        goals=goals,
    )
    return Market(instance, panels)


def draw_weekdays(rng: np.random.Generator) -> tuple[bool, ...]:
    """Draw the days on which a programme runs: weekdays, the weekend, or every day but one."""
    kind = rng.choice(3, p=[0.55, 0.2, 0.25])
    if kind == 0:
        return (True,) * 5 + (False,) * 2
    if kind == 1:
        return (False,) * 5 + (True,) * 2
    off = int(rng.integers(7))
    return tuple(day != off for day in range(7))


def draw_panel(rng: np.random.Generator, people: int, outlets: int, programmes: int) -> Panel:
    """Draw respondents: gamma loyalty to each outlet × availability in each part of the day × the programme's pull."""
    loyalty = rng.gamma(0.5, 2.0, (outlets, people))
    available = rng.gamma(2.0, 0.5, (DAYPARTS, people))
    member = np.stack([rng.random(people) < 0.28, rng.random(people) < 0.30, rng.random(people) < 0.06])
    taste = 1 + 0.5 * rng.normal(size=(3, outlets)).clip(-1.5, 1.5)
    station = np.repeat(rng.lognormal(np.log(0.008), 0.8, outlets), programmes)
    pull = station * rng.lognormal(0, 0.5, outlets * programmes)
    outlet = np.repeat(np.arange(outlets), programmes)
    part = np.tile(np.arange(programmes) * DAYPARTS // programmes, outlets)
    liking: NDArray[np.float64] = np.ones((outlets, people))
    for audience in range(3):
        liking *= np.where(member[audience][None, :], taste[audience][:, None], 1.0)
    pressure = pull[:, None] * (loyalty * liking)[outlet] * available[part]
    return Panel(np.ones(people), member, (1 - np.exp(-pressure)).astype(np.float32), respondents=people)
