"""Small invented markets for the tests of the campaign engine."""

from dataclasses import replace
from datetime import date

import numpy as np

from puente.engines.reach.instance import (
    Audience,
    Booking,
    Goal,
    Instance,
    Material,
    Outlet,
    Phase,
    Programme,
    Site,
    Step,
)
from puente.engines.reach.panel import Panel

MONDAY = date(2027, 2, 1)
EVERY_DAY = (True,) * 7


def make_tiny(seed: int, **changes: object) -> Instance:
    """Draw two sites, three programmes, two days, and whatever rules chance adds: small enough to try every plan."""
    rng = np.random.default_rng(seed)
    steps = (Step(int(rng.integers(2, 4)), 0.25),) if rng.random() < 0.5 else ()
    outlets = (
        Outlet("radio", 0, spots_per_day=int(rng.integers(1, 4)), free_quota=int(rng.integers(0, 2)), steps=steps),
        Outlet("tv", 1, spots_per_day=2, free_quota=0),
    )
    programmes = tuple(
        Programme(
            f"p{index}",
            outlet,
            (bool(rng.random() < 0.8), True, True, True, True, True, True),
            600 + 60 * index,
            int(rng.integers(50, 400)) * 100 + 1,
            spots_per_day=int(rng.integers(1, 3)),
            spots_total=int(rng.integers(1, 4)),
        )
        for index, outlet in enumerate((0, 0, 1))
    )
    two_phases = rng.random() < 0.4
    phases = (
        (Phase("one", MONDAY, MONDAY, 40_000), Phase("two", date(2027, 2, 2), date(2027, 2, 2)))
        if two_phases
        else (Phase("one", MONDAY, date(2027, 2, 2)),)
    )
    instance = Instance(
        sites=(Site("juarez", budget=60_000 if rng.random() < 0.5 else None), Site("tapachula")),
        audiences=(Audience("youth", 1.0), Audience("women", 0.5)),
        population=rng.integers(0, 5, (2, 2)) * 100.0 + 10,
        shape=rng.uniform(0.3, 1.5, (2, 2)),
        ceiling=rng.uniform(0.5, 1, (2, 2)),
        phases=phases,
        outlets=outlets,
        programmes=programmes,
        rating=rng.uniform(0.01, 0.3, (3, 2)),
        budget=int(rng.integers(200, 1200)) * 100,
        site_phase_budget={(1, 0): 30_000} if rng.random() < 0.3 else {},
        goals=(Goal.VALUE,),
    )
    return replace(instance, **changes)  # type: ignore[arg-type]


def make_town(**changes: object) -> Instance:
    """Return one site with two stations over two weeks, with materials in two languages."""
    instance = Instance(
        sites=(Site("juarez", languages={"es": 3, "tar": 1}),),
        audiences=(Audience("youth", 2.0), Audience("women", 1.0)),
        population=np.array([[1000.0, 2000.0]]),
        shape=np.full((1, 2), 0.6),
        ceiling=np.ones((1, 2)),
        phases=(Phase("one", MONDAY, date(2027, 2, 14)),),
        outlets=(
            Outlet("a", 0, spots_per_day=3, free_quota=4),
            Outlet("b", 0, spots_per_day=4, steps=(Step(10, 0.2),)),
        ),
        programmes=tuple(
            Programme(f"{'ab'[index // 3]}{index % 3}", index // 3, EVERY_DAY, 480 + 240 * (index % 3), price, 2, 12)
            for index, price in enumerate((9_000, 20_000, 45_000, 12_050, 30_000, 60_000))
        ),
        rating=np.array([[0.01, 0.02], [0.03, 0.03], [0.06, 0.05], [0.02, 0.01], [0.05, 0.02], [0.07, 0.08]]),
        budget=600_000,
        materials=(
            Material("courage", "es", 30, share=2.0),
            Material("question", "es", 30),
            Material("rarámuri", "tar", 30),
        ),
        goals=(Goal.VALUE, Goal.COST),
    )
    return replace(instance, **changes)  # type: ignore[arg-type]


def draw_panel(seed: int, people: int, outlet: np.ndarray, respondents: int = 400) -> Panel:
    """Draw respondents by loyalty to outlets and availability by part of the day; two audiences: all, about half."""
    rng = np.random.default_rng(seed)
    loyalty = rng.gamma(0.6, 1 / 0.6, (int(outlet.max()) + 1, people))
    rating = rng.uniform(0.005, 0.03, len(outlet))
    available = rng.gamma(2, 0.5, (6, people))
    pressure = rating[:, None] * loyalty[outlet] * available[np.arange(len(outlet)) % 6]
    member = np.stack([np.ones(people, dtype=bool), rng.random(people) < 0.5])
    member[1, 0] = True
    return Panel(rng.uniform(0.5, 2, people), member, (1 - np.exp(-pressure)).astype(np.float32), respondents)


def book(instance: Instance, *rows: tuple[str, int, int]) -> tuple[Booking, ...]:
    """Return bookings from (programme id, day, spots)."""
    ids = [programme.id for programme in instance.programmes]
    return tuple(Booking(ids.index(name), day, spots) for name, day, spots in rows)
