"""Matching and allocation beside their peers, row by row of the table in docs/benchmarks.md; --json prints one object.

PUENTE_BENCH_SCALE makes every size smaller (0.1: a tenth), PUENTE_BENCH_ROWS names the rows to run (abcdefghij without
it). The run fails when a certificate does. Peers need the extra `matching`; one that is not installed is left out.
"""

import json as json_format
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.matching.market import NOW, SEED, Year, make_year, read_shape
from benchmarks.matching.measure import SCALE, run_apart, scale, take_turns, time_it
from benchmarks.matching.peers import (
    LIMIT,
    WORDS,
    make_polars_tables,
    make_text_index,
    prepare_people,
    rank_by_text,
    rank_with_numpy,
    rank_with_polars,
)
from benchmarks.matching.solvers import write_problem
from benchmarks.matching.worlds import SWAPPED, make_world
from puente.engines.matching import shortlist
from puente.engines.matching.allocation.certificate import certify
from puente.engines.matching.allocation.floors import (
    allocate_with_floors,
    find_first_come,
    find_group_floors,
    keep_individual_floors,
)
from puente.engines.matching.allocation.problem import AllocationProblem, find_values, select_people
from puente.engines.matching.allocation.solve import allocate
from puente.engines.matching.allocation.standing import Standing
from puente.engines.matching.bulk.pairs import find_open_pairs
from puente.engines.matching.bulk.people import read_profile, select_rows
from puente.engines.matching.bulk.ranking import rank_people
from puente.engines.matching.cohort import make_problem
from puente.engines.matching.online.placing import place_greedily, place_in_hindsight, place_year

Figures = dict[str, Any]
ROWS = "abcdefghj"
WORLDS = int(os.environ.get("PUENTE_BENCH_WORLDS", "6"))


def run(*, json: bool) -> None:
    """Measure the rows asked for and print them."""
    measures = {
        "a": measure_flow,
        "b": measure_linear_programs,
        "c": measure_year,
        "d": measure_lists,
        "e": measure_one_person,
        "f": measure_online,
        "g": measure_day,
        "h": measure_floors,
        "j": measure_violations,
    }
    wanted = os.environ.get("PUENTE_BENCH_ROWS", ROWS)
    figures = {letter: measure() for letter, measure in measures.items() if letter in wanted}
    figures["run"] = {"scale": SCALE, "seed": SEED, "shape": read_shape()[1], "cores": os.cpu_count()}
    if json:
        print(json_format.dumps(figures))
        return
    table = Table(title=f"Matching and allocation, sizes x {SCALE:g}")
    for name in ("row", "figure", "value"):
        table.add_column(name)
    for letter, row in figures.items():
        for name, value in row.items():
            table.add_row(letter, name, f"{value:,.6g}" if isinstance(value, float) else str(value))
    Console().print(table)


def _make_market(people: int, openings: int) -> tuple[Year, AllocationProblem]:
    """Return a year and the allocation problem of its lists of 50."""
    year = make_year(scale(people), scale(openings))
    return year, make_problem(rank_people(year.people, year.layout, now=NOW, limit=50, threads=2), year.layout)


def _divide(first: Figures, second: Figures, name: str) -> float | None:
    return first[name] / second[name] if name in first and name in second else None


def measure_flow() -> Figures:
    """a: the auction beside OR-tools' min-cost flow on the same pairs."""
    _, problem = _make_market(200_000, 40_000)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        write_problem(problem, path)
        runs = take_turns(["auction", "flow"], path)
    ours, flow = runs["auction"], runs["flow"]
    if "value" in flow:
        assert ours["value"] <= flow["value"] <= ours["bound"], "the certificate does not hold"
    return {
        "work": f"{problem.people:,} people, {problem.openings:,} openings, {problem.opening.size:,} pairs",
        "cpu_ratio": _divide(flow, ours, "cpu"),
        "memory_ratio": _divide(ours, flow, "memory_gb"),
        "gap": ours["gap"],
        "true_gap": 1 - ours["value"] / flow["value"] if "value" in flow else None,
        "cpu_seconds": ours["cpu"],
        "flow_cpu_seconds": flow.get("cpu", flow.get("error")),
        "memory_gb": ours["memory_gb"],
    }


def measure_linear_programs() -> Figures:
    """b: the auction beside general linear programming."""
    _, problem = _make_market(20_000, 16_000)
    limit = 90 * max(SCALE, 0.2)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        write_problem(problem, path)
        ours = run_apart("auction", path)
        pdlp, highs = run_apart("pdlp", path), run_apart("highs", path, limit)
        again = run_apart("auction", path)
    ours = min(ours, again, key=lambda one: one["cpu"])
    return {
        "work": f"{problem.people:,} people, {problem.opening.size:,} pairs",
        "cpu_ratio": _divide(pdlp, ours, "cpu"),
        "highs_ratio": _divide(highs, ours, "cpu"),
        "highs_finished": highs.get("finished"),
        "cpu_seconds": ours["cpu"],
        "pdlp_cpu_seconds": pdlp.get("cpu", pdlp.get("error")),
    }


def measure_year() -> Figures:
    """c: score, allocate, certify over all pairs and explain, in a process of its own on two threads."""
    people, openings = scale(500_000), scale(100_000)
    year = run_apart("year", people, openings, 2)
    if "error" in year:
        raise RuntimeError(year["error"])
    return {
        "work": f"{people:,} people, {openings:,} openings, {year['pairs']:,} pairs",
        "seconds": year["wall"],
        "memory_gb": year["memory_gb"],
        "gap": year["gap"],
        "cpu_seconds": year["cpu"],
        "placed": year["placed"],
        "stages": year["stages"],
    }


def measure_lists() -> Figures:
    """d: exact lists of 20 for everybody; peers on samples, by processor seconds a person."""
    year = make_year(scale(500_000), scale(100_000))
    rank_people(select_rows(year.people, np.arange(50)), year.layout, now=NOW, limit=LIMIT)
    ranked, wall, cpu = time_it(lambda: rank_people(year.people, year.layout, now=NOW, limit=LIMIT, threads=2))
    rng = np.random.default_rng(SEED)
    sample = np.sort(rng.choice(len(year.people), min(1_000, len(year.people)), replace=False))
    asked = prepare_people(year, sample)
    packed = year.layout.index.packed
    columns = {name: packed[name].copy() for name in packed.dtype.names}
    lists, _, numpy_cpu = time_it(lambda: [rank_with_numpy(year, one, columns) for one in asked])
    ours = [ranked.row[person][ranked.row[person] >= 0].tolist() for person in sample]
    differences = sum(own != other.tolist() for own, other in zip(ours, lists, strict=True))
    figures: Figures = {
        "work": f"{len(year.people):,} people, {len(packed):,} openings",
        "numpy_ratio": numpy_cpu / sample.size / (cpu / len(year.people)),
        "polars_ratio": None,
        "differences": differences,
        "compared": sample.size,
        "microseconds_a_person": cpu / len(year.people) * 1e6,
        "wall_seconds": wall,
        "threads_gain": cpu / wall,
    }
    try:
        few = sample[:200]
        tables = make_polars_tables(year, few)
        best, _, polars_cpu = time_it(lambda: rank_with_polars(year, tables, few))
    except ImportError:
        return figures
    figures["differences"] += sum(best[number] != ours[number] for number in range(few.size))
    figures["polars_ratio"] = polars_cpu / few.size / (cpu / len(year.people))
    return figures


def measure_one_person() -> Figures:
    """e: one person's list, explained, beside BM25 and cosine over all openings."""
    year = make_year(2_000, scale(100_000))
    index, similarity = year.layout.index, year.layout.similarity
    profiles = [read_profile(year.people, person, index.municipalities) for person in range(2_000)]
    shortlist(profiles[0], index, similarity, now=NOW)
    ours = [time_it(lambda one=one: shortlist(one, index, similarity, now=NOW))[1] * 1000 for one in profiles]
    text = make_text_index(len(index))
    rng = np.random.default_rng(SEED)
    theirs = []
    for _ in range(200):
        words, vector = rng.integers(0, WORDS, 6), text.vectors[rng.integers(len(text.vectors))]
        theirs.append(time_it(lambda words=words, vector=vector: rank_by_text(text, words, vector))[1] * 1000)
    return {
        "work": f"{len(index):,} openings",
        "p99_ms": float(np.percentile(ours, 99)),
        "p50_ms": float(np.percentile(ours, 50)),
        "text_p99_ms": float(np.percentile(theirs, 99)),
        "text_p50_ms": float(np.percentile(theirs, 50)),
    }


def measure_online() -> Figures:
    """f: years placed day by day, as a share of what hindsight would reach; as expected and otherwise."""
    scenarios: dict[str, dict[str, Any]] = {
        "as_expected": {},
        "quarter_more": {"count": 1.25},
        "quarter_less": {"count": 0.75},
        "swapped": {"kinds": SWAPPED},
    }
    figures: Figures = {"work": f"{WORLDS} years of 300 to 500 cases, 20 places, each way"}
    lowest = {}
    for name, change in scenarios.items():
        shares, greedy = [], []
        for seed in range(WORLDS):
            year = make_world(seed, **change)
            best = place_in_hindsight(year)[0].value
            shares.append(place_year(year, trajectories=20, seed=seed).value / best)
            greedy.append(place_greedily(year).value / best)
        lowest[name] = min(shares)
        figures[name] = [round(share, 4) for share in shares]
        figures[f"{name}_greedy"] = float(np.mean(greedy))
    figures["worst"] = lowest.pop("as_expected")
    figures["worst_shifted"] = min(lowest.values())
    return figures


def measure_day() -> Figures:
    """g: a day's arrivals at the prices that stand, certified, beside a solution from nothing."""
    _, problem = _make_market(200_000, 40_000)
    day = scale(2_000, 20)
    people = np.random.default_rng(SEED).permutation(problem.people)
    new, before = people[:day], np.sort(people[day:])
    earlier = allocate(select_people(problem, before), gap=5e-5)
    assigned = np.full(problem.people, -1, np.int32)
    assigned[before] = earlier.assigned
    earlier = replace(earlier, assigned=assigned)
    epsilon = max(1, int(4e-4 * problem.value.mean()))
    times, gaps = [], []
    for _ in range(3):
        standing = Standing(problem, before, earlier, epsilon)
        # Everybody's best pairs come to hand, as they are after a day's work.
        standing.certify()
        standing.refresh()
        _, _, cpu = time_it(lambda standing=standing: (standing.arrive(new), standing.certify()))
        times.append(cpu)
        gaps.append(standing.certify().gap)
    cold = min(time_it(lambda: allocate(problem, gap=max(gaps[0], 1e-4)))[2] for _ in range(2))
    proof = certify(problem, standing.assigned, standing.price)
    assert proof.gap <= gaps[0] + 1e-9, "the certificate does not hold"
    return {
        "work": f"{day:,} arrivals to {before.size:,} people",
        "ratio": cold / min(times),
        "gap": gaps[0],
        "milliseconds": min(times) * 1000,
        "cold_milliseconds": cold * 1000,
    }


def measure_floors() -> Figures:
    """h: three groups with floors of 95 %, and nobody below what first come, first served would have given them."""
    year, problem = _make_market(100_000, 20_000)
    # Groups by how many kinds of work they have done: who has done one has less to choose from.
    group = (year.people.job_sinco >= 0).sum(axis=1) - 1
    order = np.random.default_rng(SEED).permutation(problem.people)
    turn = find_values(problem, find_first_come(problem, order))
    free = allocate(problem, gap=1e-3)
    floors = find_group_floors(problem, group)
    fair = allocate_with_floors(problem, group, floors)
    slack = int(0.1 * turn[turn > 0].mean())
    floored = keep_individual_floors(problem, turn - slack)
    fair_floored = allocate_with_floors(floored, group, find_group_floors(floored, group))
    values = find_values(problem, fair_floored.allocation.assigned)
    return {
        "work": f"{problem.people:,} people, {problem.opening.size:,} pairs",
        "cost": 1 - fair.certificate.value / free.certificate.value,
        "below_floor": int(((values > 0) & (values < turn - slack)).sum()),
        "groups_below": sum(not floor.is_kept for floor in (*fair.floors, *fair_floored.floors)),
        "cost_with_own_floors": 1 - fair_floored.certificate.value / free.certificate.value,
        "placed": fair_floored.allocation.placed,
        "placed_free": free.placed,
    }


def measure_violations() -> Figures:
    """j: pairs that the engine calls open although a rule forbids them, by an independent check in numpy."""
    year = make_year(scale(50_000), scale(100_000))
    pairs, chunk = scale(100_000_000, 1_000_000), 1_000_000
    rng = np.random.default_rng(SEED)
    violations = checked = opened = 0
    while checked < pairs:
        # Half of the pairs inside a state the person named: elsewhere nothing is open at all.
        person = rng.integers(0, len(year.people), chunk)
        row = rng.integers(0, len(year.layout.index), chunk)
        state = year.people.place_state[person, 0]
        start, end = year.layout.index.block_start[state], year.layout.index.block_start[state + 1]
        inside = (rng.random(chunk) < 0.5) & (end > start)
        row = np.where(inside, start + (rng.random(chunk) * (end - start)).astype(np.int64), row)
        is_open = find_open_pairs(year.people, year.layout, person, row, now=NOW)
        violations += int((is_open & _is_forbidden(year, person, row)).sum())
        opened += int(is_open.sum())
        checked += chunk
    return {"work": f"{checked:,} pairs, {opened:,} of them open", "violations": violations}


def _is_forbidden(year: Year, person: Any, row: Any) -> Any:
    """The rules over again, from the tables as they came, with numpy alone."""
    people, openings = year.people, year.layout.index.table
    municipality, state = openings.municipality[row], openings.state[row]
    bad = (municipality >= 0) & (municipality == people.never_municipality[person, 0])
    bad |= ~(people.place_state[person] == state[:, None]).any(axis=1) & (people.place_state[person] >= 0).any(axis=1)
    for asked, lacking in (
        (openings.licences, people.licences_no),
        (openings.documents, people.documents_no),
        (openings.languages, people.languages_no),
        (openings.physical, people.physical_no),
        (openings.schedule, people.schedule_no),
    ):
        bad |= (asked[row] & lacking[person]) != 0
    bad |= (openings.schooling[row] > people.schooling[person]) | (openings.english[row] > people.english[person])
    bad |= people.age[person] < openings.minimum_age[row]
    bad |= openings.hours[row] > people.max_hours[person]
    bad |= openings.wage[row] < people.wage_floor[person] - people.wage_give[person]
    bad |= openings.housing[row] & (openings.household_places[row] < people.household_size[person])
    return bad
