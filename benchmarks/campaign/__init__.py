"""Planning, proving and measuring a campaign, by letter.

`PUENTE_BENCH_CAMPAIGN=small` measures a quarter of the market, for a machine that others use.
"""

import json as json_format
import os
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.campaign.logs import ZONE, draw_log, score
from benchmarks.campaign.market import Market, make_market
from benchmarks.campaign.naive import solve_naively
from benchmarks.campaign.published import list_published
from puente.engines.reach.audit import audit_plan
from puente.engines.reach.effect.calls import interrupt_series
from puente.engines.reach.effect.counts import Family
from puente.engines.reach.effect.power import draw_calls
from puente.engines.reach.effect.surveys import Respondents as Survey
from puente.engines.reach.effect.surveys import difference_in_differences
from puente.engines.reach.instance import Goal
from puente.engines.reach.kernels import compile_ahead
from puente.engines.reach.models import CanonicalExpansion, Metheringham, Model, Respondents, Sainsbury
from puente.engines.reach.planner.calendar import find_room
from puente.engines.reach.planner.greedy import plan_greedily
from puente.engines.reach.planner.planning import open_columns, plan_campaign
from puente.engines.reach.planner.respondents import PanelReach
from puente.engines.reach.planner.rules import make_packing
from puente.engines.reach.planner.stages import Effort
from puente.engines.reach.reconciliation.matching import reconcile

Figures = dict[str, float | int | str | None]

SMALL = {"outlets": 20, "programmes": 10, "people": 10_000}
BUDGETS = (15_000, 40_000, 120_000)
NAIVE_SECONDS = 60.0


def run(json: bool) -> None:
    """Measure every letter and print tables, or one JSON object."""
    small = os.environ.get("PUENTE_BENCH_CAMPAIGN") == "small"
    letters: dict[str, Callable[[bool], Figures]] = {
        "a": plan_by_curves,
        "b": plan_on_panel,
        "c": compare_models,
        "d": plan_three_plus,
        "e": reproduce,
        "f": read_logs,
        "g": simulate_effects,
    }
    compile_ahead()
    figures = {letter: measure(small) for letter, measure in letters.items()}
    if json:
        print(json_format.dumps({**figures, "size": "small" if small else "full"}))
        return
    console = Console(width=None if sys.stdout.isatty() else 120)
    for letter, own in figures.items():
        table = Table(title=f"{letter}: {letters[letter].__doc__}".split("\n")[0], title_justify="left")
        table.add_column("measured")
        table.add_column("", justify="right")
        for name, figure in own.items():
            table.add_row(name, f"{figure:.4g}" if isinstance(figure, float) else str(figure))
        console.print(table)


def draw(budget: int, small: bool, goals: tuple[Goal, ...] = (Goal.VALUE, Goal.COST)) -> Market:
    """Draw the market of the benchmark."""
    return make_market(budget // 4 if small else budget, goals=goals, **(SMALL if small else {}))


def plan_by_curves(small: bool) -> Figures:
    """GRP model: 4 sites, 60 outlets × 20 programmes × 28 days, 3 audiences; seconds and gap are the worst of all."""
    figures: Figures = {"seconds": 0.0, "gap": 0.0, "broken": 0}
    for budget in BUDGETS:
        add_plan(figures, f"{budget // 1000}k", draw(budget, small))
    add_plan(figures, "40k_weakest_site_first", draw(40_000, small, tuple(Goal)))
    naive = solve_naively(draw(40_000, small).instance, NAIVE_SECONDS / 4 if small else NAIVE_SECONDS)
    figures["naive_40k_variables"] = naive.variables
    figures["naive_40k_seconds"] = naive.seconds
    figures["naive_40k_value"] = naive.value
    figures["naive_40k_gap"] = None if naive.value is None else naive.bound / naive.value - 1
    return figures


def add_plan(figures: Figures, name: str, market: Market) -> None:
    """Plan one market and add what was measured; `seconds` and `gap` are the worst over all plans."""
    start = perf_counter()
    plan = plan_campaign(market.instance, Effort(gap=1e-3, seconds=60))
    seconds = perf_counter() - start
    audit = audit_plan(market.instance, plan.bookings)
    figures["seconds"] = max(float(figures["seconds"] or 0), seconds)
    figures["gap"] = max(float(figures["gap"] or 0), plan.certificate.gap)
    figures["broken"] = int(figures["broken"] or 0) + len(audit.broken)
    figures |= {
        f"{name}_seconds": seconds,
        f"{name}_gap": plan.certificate.gap,
        f"{name}_spots": audit.figures.spots,
        f"{name}_value": audit.figures.value,
        f"{name}_greedy_value": plan.certificate.greedy_value,
    }


def plan_on_panel(small: bool) -> Figures:
    """Respondent model, 50,000 people: budget 120k for 1 %, 15k for 0.2 %."""
    figures: Figures = {}
    for budget, gap, seconds in ((120_000, 0.01, 60.0), (15_000, 0.002, 180.0)):
        market = draw(budget, small, (Goal.VALUE,))
        start = perf_counter()
        model = PanelReach(market.instance, open_columns(market.instance), market.panels)
        plan = plan_campaign(market.instance, Effort(gap, seconds), model)
        name = f"{budget // 1000}k"
        figures[f"gap_{name}"] = plan.certificate.gap
        figures[f"seconds_{name}"] = perf_counter() - start
        audit = audit_plan(market.instance, plan.bookings, (), market.panels)
        figures[f"broken_{name}"] = len(audit.broken)
        figures[f"spots_{name}"] = audit.figures.spots
        figures[f"value_{name}"] = audit.figures.value
        figures[f"greedy_value_{name}"] = plan.certificate.greedy_value
    return figures


def compare_models(small: bool) -> Figures:
    """Mean error of 1+ reach against the panel, in per cent, plans of 20 to 400 spots over the four sites."""
    market = draw(40_000, small)
    sites = [np.flatnonzero(market.instance.site_of == site) for site in range(len(market.panels))]
    rng = np.random.default_rng(5)
    errors: dict[str, list[float]] = {"canex": [], "metheringham": [], "sainsbury": []}
    by_size: Figures = {}
    for spots in (20, 60, 150, 400):
        own: dict[str, list[float]] = {name: [] for name in errors}
        for _ in range(5 if small else 12):
            drawn = rng.choice(len(market.instance.programmes), spots)
            plan = np.bincount(drawn, minlength=len(market.instance.programmes))
            true = reach_of(market, plan, sites, Respondents)
            own["canex"].append(reach_of(market, plan, sites, CanonicalExpansion) / true - 1)
            own["metheringham"].append(reach_of(market, plan, sites, Metheringham) / true - 1)
            own["sainsbury"].append(reach_of(market, plan, sites, Sainsbury) / true - 1)
        for name, found in own.items():
            errors[name] += found
            by_size[f"{name}_{spots}_spots"] = 100 * float(np.mean(np.abs(found)))
    return {name: 100 * float(np.mean(np.abs(found))) for name, found in errors.items()} | by_size


def reach_of(market: Market, plan: np.ndarray, sites: list[np.ndarray], kind: Any) -> float:
    """Return the 1+ reach of a plan in the first audience over all sites, by one vehicle model."""
    reached = 0.0
    for site, panel in enumerate(market.panels):
        own = sites[site]
        model: Model = kind(panel, market.instance.outlet_of[own]) if kind is CanonicalExpansion else kind(panel)
        people = market.instance.population[site, 0]
        reached += people * (1 - float(model.distribution(plan[own], 0)[0]))
    return reached / float(market.instance.population[:, 0].sum())


def plan_three_plus(small: bool) -> Figures:
    """3+ reach at a small budget (40k): planned over the envelope against greedy on 3+ itself."""
    market = draw(40_000, small, (Goal.VALUE,))
    instance, columns = market.instance, open_columns(market.instance)
    packing = make_packing(instance, find_room(instance), columns)
    none = np.zeros(len(instance.sites))
    true = PanelReach(instance, columns, market.panels, times=3, envelope=False)
    greedy = true.achieve(plan_greedily(true, columns, packing, floors=none, weakest_first=False, reached=none))
    model = PanelReach(instance, columns, market.panels, times=3)
    start = perf_counter()
    plan = plan_campaign(instance, Effort(gap=0.01, seconds=30), model)
    return {
        "better": plan.certificate.achieved / greedy - 1,
        "planned": plan.certificate.achieved,
        "greedy": greedy,
        "bound": plan.certificate.stages[0].bound,
        "seconds": perf_counter() - start,
        "statement": plan.certificate.statement,
    }


def reproduce(small: bool) -> Figures:
    """Published examples, to the printed digits."""
    rows = list_published()
    wrong = [what for what, printed, found in rows if printed != found]
    return {"wrong": len(wrong), "examples": len(rows), "which": ", ".join(wrong) or "none"}


def read_logs(small: bool) -> Figures:
    """1,500 bookings with misses, moves, twins, wrong material, drift, the hour that comes twice, and midnight."""
    scores, dense, times = [], [], []
    for seed in range(3 if small else 10):
        log = draw_log(seed)
        start = perf_counter()
        findings = reconcile(log.booked, log.aired, log.covered, ZONE)
        times.append(perf_counter() - start)
        scores.append((*score(log, findings, by_row=False), *score(log, findings, by_row=True)))
        crowded = draw_log(seed, outlets=10, spots=15)
        found = reconcile(crowded.booked, crowded.aired, crowded.covered, ZONE)
        dense.append(score(crowded, found, by_row=False))
    precision, recall, row_precision, row_recall = np.mean(scores, axis=0)
    dense_precision, dense_recall = np.mean(dense, axis=0)
    return {
        "precision": float(precision),
        "recall": float(recall),
        "seconds": float(np.median(times)),
        "bookings": 1_500,
        "precision_by_row": float(row_precision),
        "recall_by_row": float(row_recall),
        "precision_15_spots_a_day": float(dense_precision),
        "recall_15_spots_a_day": float(dense_recall),
    }


def simulate_effects(small: bool) -> Figures:
    """Interrupted series on placebo dates (32.1 calls a week, dispersion 2.36); DiD with 6 to 14 clusters."""
    rng = np.random.default_rng(17)
    rounds = 300 if small else 2_000
    shown = {Family.NEGATIVE_BINOMIAL: 0, Family.QUASI: 0, Family.POISSON: 0}
    for _ in range(rounds):
        counts = draw_calls(rng, np.full(104, 32.1), 2.36)
        date = int(rng.integers(26, 78))
        for family in shown:
            shown[family] += interrupt_series(counts, date, family=family).change.p < 0.05
    figures: Figures = {"false_positive": shown[Family.NEGATIVE_BINOMIAL] / rounds}
    covered = {clusters: cover(rng, clusters, rounds) for clusters in (6, 8, 10, 14)}
    figures["coverage"] = float(np.mean(list(covered.values())))
    figures["false_positive_quasi"] = shown[Family.QUASI] / rounds
    figures["false_positive_plain_poisson"] = shown[Family.POISSON] / rounds
    return figures | {f"coverage_{clusters}_clusters": share for clusters, share in covered.items()}


def cover(rng: np.random.Generator, clusters: int, rounds: int, *, lift: float = 0.1, people: int = 60) -> float:
    """Return how often the interval of a difference of differences holds the true lift."""
    held = 0
    for _ in range(rounds):
        cluster = np.repeat(np.arange(clusters), 2 * people)
        wave = np.tile(np.repeat([0, 1], people), clusters)
        exposed = cluster < clusters // 2
        level, drift = rng.normal(0.45, 0.05, clusters), rng.normal(0.02, 0.04, clusters)
        share = np.clip(level[cluster] + wave * (drift[cluster] + lift * exposed), 0.01, 0.99)
        answer = (rng.random(len(share)) < share).astype(np.float64)
        difference = difference_in_differences(Survey(cluster, wave, exposed, answer))
        held += difference.low <= lift <= difference.high
    return held / rounds
