"""How long does one person's shortlist take, explained? Beside a full pass in numpy that finds the same.

Openings and people are synthetic: 32 states by Zipf's law, 2,478 municipalities, 490 occupations, wages around the
real board's. The numpy peer does the same work as the compiled pass (rules, value, hidden counts, one more), looks
at every row, and is compared field by field; the explanation in words is in the engine's time and not in the peer's.
"""

import json as json_format
import sys
from dataclasses import dataclass
from datetime import date
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from puente.engines.matching import (
    Answers,
    Kind,
    Municipalities,
    OccupationSimilarity,
    OpeningIndex,
    OpeningTable,
    PastJob,
    PersonProfile,
    PlaceChoice,
    Weights,
    index_openings,
    shortlist,
)
from puente.engines.matching.constraints import LEGAL_WEEK_HOURS, WORD_BITS, WORDS, Hours, Rule, find_bit
from puente.engines.matching.index import MILLION, NO_WAGE
from puente.engines.matching.preparation import Preparation, prepare
from puente.engines.matching.scan import NEAR_IDENTICAL, WAGE_SHIFT, Asker, Scan, scan_openings

Columns = dict[str, NDArray[np.generic]]

SIZES = (36_795, 100_000)
PEOPLE = 2_000
PEOPLE_OF_PEER = 200
STATES, MUNICIPALITIES, OCCUPATIONS = 32, 2_478, 490
NOW = date(2026, 11, 23)
LIMIT = 10
SEED = 20261123


def run(json: bool) -> None:
    """Measure every size and print a table, or one JSON object."""
    figures = {str(size): measure(size) for size in SIZES}
    if json:
        print(json_format.dumps(figures))
        return
    table = Table(title=f"A shortlist of {LIMIT}, explained: milliseconds for one person, one thread")
    for name in (
        "openings",
        "people",
        "p50",
        "p95",
        "p99",
        "p99 named places",
        "p99 anywhere",
        "pass p50",
        "numpy p50",
        "numpy ÷ engine",
    ):
        table.add_column(name, justify="right")
    for size, figure in figures.items():
        table.add_row(
            f"{int(size):,}",
            f"{PEOPLE:,}",
            *(
                f"{figure[name]:.3f}"
                for name in ("p50", "p95", "p99", "named_p99", "anywhere_p99", "pass_p50", "numpy_p50")
            ),
            f"{figure['ratio']:.1f}",
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)
    identical = " and ".join(f"{figure['identical']:.0f} of {figure['compared']:.0f}" for figure in figures.values())
    print(f"Results identical to the numpy pass: {identical}.")


def measure(size: int) -> dict[str, float]:
    """Return times in milliseconds for one number of openings, and how many results equal the peer's."""
    rng = np.random.default_rng(SEED)
    municipalities = make_municipalities(rng)
    similarity = make_similarity(rng)
    start = perf_counter()
    index = index_openings(make_table(rng, size, municipalities), municipalities, OCCUPATIONS)
    seconds_to_index = perf_counter() - start
    people = [make_profile(rng, municipalities) for _ in range(PEOPLE)]
    shortlist(people[0], index, similarity, now=NOW)  # compiles, or reads what was compiled
    times = [time_shortlist(profile, index, similarity) for profile in people]
    named = [time for time, profile in zip(times, people, strict=True) if profile.places]
    anywhere = [time for time, profile in zip(times, people, strict=True) if not profile.places]
    columns = {name: index.packed[name].copy() for name in index.packed.dtype.names}
    pairs = [compare_with_numpy(profile, index, similarity, columns) for profile in people[:PEOPLE_OF_PEER]]
    engine = np.array(times[:PEOPLE_OF_PEER])
    numpy_times = np.array([pair.numpy_milliseconds for pair in pairs])
    return {
        "p50": float(np.percentile(times, 50)),
        "p95": float(np.percentile(times, 95)),
        "p99": float(np.percentile(times, 99)),
        "slowest": max(times),
        "named_p99": float(np.percentile(named, 99)),
        "anywhere_p50": float(np.percentile(anywhere, 50)),
        "anywhere_p99": float(np.percentile(anywhere, 99)),
        "pass_p50": float(np.median([pair.pass_milliseconds for pair in pairs])),
        "numpy_p50": float(np.median(numpy_times)),
        # Sum over sum: the same people, both whole.
        "ratio": float(numpy_times.sum() / engine.sum()),
        "identical": sum(pair.identical for pair in pairs),
        "compared": len(pairs),
        "index_seconds": seconds_to_index,
    }


def time_shortlist(profile: PersonProfile, index: OpeningIndex, similarity: OccupationSimilarity) -> float:
    start = perf_counter()
    shortlist(profile, index, similarity, now=NOW, limit=LIMIT)
    return (perf_counter() - start) * 1000


@dataclass
class Pair:
    """One person, both ways."""

    pass_milliseconds: float
    numpy_milliseconds: float
    identical: bool


def compare_with_numpy(
    profile: PersonProfile, index: OpeningIndex, similarity: OccupationSimilarity, columns: Columns
) -> Pair:
    start = perf_counter()
    asked = prepare(profile, index, similarity, NOW, Weights(), tuple(Kind))
    prepared = perf_counter()
    ours = scan_openings(
        index.packed,
        index.group_start,
        asked.packed_places,
        asked.occupation,
        asked.asker,
        asked.ranges,
        index.remote_start,
        LIMIT,
    )
    scanned = perf_counter()
    theirs = scan_with_numpy(columns, asked, index.remote_start)
    end = perf_counter()
    identical = all(np.array_equal(a, b) for a, b in zip(ours, theirs, strict=True))
    return Pair((scanned - prepared) * 1000, (prepared - start + end - scanned) * 1000, identical)


def scan_with_numpy(openings: Columns, asked: Preparation, remote_start: int) -> Scan:
    """Find what `scan_openings` finds, over all rows at once."""
    asker, places = asked.asker, asked.packed_places
    remote = np.arange(len(openings["place"])) >= remote_start
    considered = (
        (remote | places["allowed"][openings["place"]])
        & (openings["last_day"] >= asker.today)
        & ((asker.kinds >> openings["kind"]) & 1 != 0)
        & ~places["never"][openings["place"]]
    )
    first, second = find_broken_with_numpy(openings, asker)
    values, terms = value_with_numpy(openings, asked, remote)
    is_open = considered & (first | second == 0)
    broken = considered & ~is_open
    word = np.where(first != 0, first, second)
    position = np.bitwise_count((word & -word) - 1).astype(np.int64) + np.where(first != 0, 0, WORD_BITS)
    alone = broken & (np.bitwise_count(first) + np.bitwise_count(second) == 1)
    alone_row = np.full(WORDS * WORD_BITS, -1, dtype=np.int64)
    alone_value = np.zeros(WORDS * WORD_BITS, dtype=np.int64)
    rows = np.flatnonzero(alone)
    best_last = rows[np.lexsort((-openings["id_rank"][rows], values[rows]))]
    alone_row[position[best_last]] = best_last
    alone_value[position[best_last]] = values[best_last]
    rows = np.flatnonzero(is_open)
    top = choose_few(openings, rows[np.lexsort((openings["id_rank"][rows], -values[rows]))])
    return Scan(
        open_count=rows.size,
        term_sums=terms[:, rows].sum(axis=1),
        hidden_first=np.bincount(position[broken], minlength=WORDS * WORD_BITS),
        hidden_alone=np.bincount(position[alone], minlength=WORDS * WORD_BITS),
        alone_row=alone_row,
        alone_value=alone_value,
        alone_rank=rank_newcomers(openings, alone_row, alone_value, top, values[top]),
        top_row=top,
        top_value=values[top],
        top_terms=terms[:, top].T,
        top_alike=np.bincount(openings["group"][rows], minlength=int(openings["group"][-1]) + 1)[
            openings["group"][top]
        ],
    )


def find_broken_with_numpy(openings: Columns, asker: Asker) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    first = openings["asked_first"] & asker.lacking_first
    second = openings["asked_second"] & asker.lacking_second
    if asker.age >= 0:
        first = first | np.where(asker.age < openings["minimum_age"], find_bit(Rule.TOO_YOUNG), 0)
        first = first | np.where(asker.age > openings["maximum_age"], find_bit(Rule.TOO_OLD), 0)
    second = second | np.where(asker.household_size > openings["household_places"], find_bit(Rule.HOUSEHOLD), 0)
    hours = np.where(
        openings["hours"] <= LEGAL_WEEK_HOURS,
        find_bit(Rule.HOURS, Hours.WITHIN_LEGAL_WEEK),
        find_bit(Rule.HOURS, Hours.BEYOND_LEGAL_WEEK),
    )
    second = second | np.where(openings["hours"] > asker.max_hours, hours, 0)
    return first, second | np.where(openings["wage"] < asker.wage_limit, find_bit(Rule.WAGE), 0)


def value_with_numpy(
    openings: Columns, asked: Preparation, remote: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    asker, places = asked.asker, asked.packed_places
    above = np.clip(openings["wage_logarithm"].astype(np.int64) - asker.wage_reference, -MILLION, MILLION)
    terms = np.stack(
        [
            asked.occupation[openings["sinco"]],
            np.where(openings["wage_logarithm"] == NO_WAGE, 0, above * asker.wage_weight >> WAGE_SHIFT),
            np.where(remote, asker.remote_nearness, places["nearness"][openings["place"]]),
            np.where(remote, asker.remote_preference, places["preference"][openings["place"]]),
            openings["comfort"] * np.int64(asker.comfort_weight),
            openings["housing"] * np.int64(asker.housing_weight),
        ]
    )
    return terms.sum(axis=0), terms


def rank_newcomers(
    openings: Columns,
    alone_row: NDArray[np.int64],
    alone_value: NDArray[np.int64],
    top: NDArray[np.int64],
    top_value: NDArray[np.int64],
) -> NDArray[np.int64]:
    later_id = openings["id_rank"][top] < openings["id_rank"][alone_row][:, None]
    ahead = (top_value > alone_value[:, None]) | ((top_value == alone_value[:, None]) & later_id)
    alike = ahead & (openings["group"][top] == openings["group"][alone_row][:, None])
    fits = (alone_row >= 0) & (ahead.sum(axis=1) < LIMIT) & (alike.sum(axis=1) < NEAR_IDENTICAL)
    return np.where(fits, ahead.sum(axis=1) + 1, 0)


def choose_few(openings: Columns, ranked: NDArray[np.int64]) -> NDArray[np.int64]:
    chosen: list[int] = []
    groups: list[int] = []
    for row in ranked:
        if len(chosen) == LIMIT:
            break
        group = int(openings["group"][row])
        if groups.count(group) < NEAR_IDENTICAL:
            chosen.append(int(row))
            groups.append(group)
    return np.array(chosen, dtype=np.int64)


def make_municipalities(rng: np.random.Generator) -> Municipalities:
    state = np.sort(np.concatenate([np.arange(STATES), rng.integers(0, STATES, MUNICIPALITIES - STATES)]))
    centre = np.stack([rng.uniform(16, 31, STATES), rng.uniform(-115, -88, STATES)])
    scatter = rng.normal(0, 0.8, (2, MUNICIPALITIES))
    return Municipalities(state, centre[0, state] + scatter[0], centre[1, state] + scatter[1])


def make_similarity(rng: np.random.Generator) -> OccupationSimilarity:
    """Draw similarities high within an occupation's tenth of the catalogue, low elsewhere."""
    division = np.arange(OCCUPATIONS) * 10 // OCCUPATIONS
    matrix = rng.beta(1.5, 8, (OCCUPATIONS, OCCUPATIONS)) + 0.35 * (division[:, None] == division[None, :])
    matrix = np.minimum(matrix, 1).astype(np.float32)
    np.fill_diagonal(matrix, 1)
    return OccupationSimilarity(matrix)


def draw_by_zipf(rng: np.random.Generator, count: int, size: int, exponent: float) -> NDArray[np.int64]:
    share = 1 / np.arange(1, count + 1) ** exponent
    return rng.choice(count, size, p=share / share.sum())


def draw_mask(rng: np.random.Generator, size: int, shares: list[float]) -> NDArray[np.int64]:
    return ((rng.random((size, len(shares))) < shares) * (1 << np.arange(len(shares)))).sum(axis=1)


def make_table(rng: np.random.Generator, size: int, municipalities: Municipalities) -> OpeningTable:
    state = draw_by_zipf(rng, STATES, size, 0.7)
    starts = np.searchsorted(municipalities.state, np.arange(STATES + 1))
    width = starts[state + 1] - starts[state]
    municipality = starts[state] + (rng.random(size) ** 3 * width).astype(np.int64)
    hazardous = rng.random(size) < 0.08
    return OpeningTable(
        id=np.arange(size, dtype=np.int64),
        kind=rng.choice(3, size, p=[0.94, 0.05, 0.01]),
        employer=rng.integers(0, size // 3, size),
        sinco=np.where(rng.random(size) < 0.05, -1, draw_by_zipf(rng, OCCUPATIONS, size, 0.8)),
        wage=np.where(rng.random(size) < 0.02, np.nan, np.round(np.exp(rng.normal(9.05, 0.35, size)), -2)),
        state=state,
        municipality=np.where(rng.random(size) < 0.005, -1, municipality),
        licences=draw_mask(rng, size, [0.06, 0.04, 0.02, 0.02, 0.01, 0.01, 0.01, 0.01]),
        documents=draw_mask(rng, size, [0.2, 0.5, 0.3, 0.3, 0.4, 0.2, 0.25, 0.1]),
        schooling=rng.choice(9, size, p=[0.15, 0.05, 0.15, 0.3, 0.2, 0.05, 0.05, 0.04, 0.01]),
        english=rng.choice(7, size, p=[0.88, 0.02, 0.03, 0.03, 0.02, 0.01, 0.01]),
        languages=draw_mask(rng, size, [0.005] * 5),
        minimum_age=np.where(hazardous, 18, -1),
        maximum_age=np.full(size, -1),
        schedule=draw_mask(rng, size, [0.2, 0.12, 0.25]),
        hours=np.where(rng.random(size) < 0.03, np.nan, rng.choice([24.0, 40.0, 48.0, 54.0, 60.0], size)),
        physical=draw_mask(rng, size, [0.15, 0.4, 0.06, 0.1, 0.08, 0.1, 0.1, 0.05, 0.08, 0.2]),
        housing=rng.random(size) < 0.03,
        household_places=rng.integers(1, 6, size),
        remote=rng.random(size) < 0.01,
        places_left=rng.integers(1, 12, size),
        valid_until=np.datetime64("2026-11-18") + rng.integers(0, 60, size),
    )


def make_profile(rng: np.random.Generator, municipalities: Municipalities) -> PersonProfile:
    """Draw a person: 70 % name one state, 28 % several, 2 % were not asked where they would live."""
    home = int(rng.integers(MUNICIPALITIES))
    state = int(municipalities.state[home])
    number = int(rng.choice([0, 1, 2, 3, 5], p=[0.02, 0.7, 0.18, 0.07, 0.03]))
    others = draw_by_zipf(rng, STATES, max(number - 1, 0), 0.7).tolist()
    no = draw_mask(rng, 1, [0.5] * 8)[0]
    no_papers = draw_mask(rng, 1, [0.1, 0.1, 0.3, 0.3, 0.3, 0.2, 0.4, 0.1])[0]
    refused = draw_mask(rng, 1, [0.3, 0.4, 0.2])[0]
    return PersonProfile(
        jobs=tuple(
            PastJob(int(sinco), float(rng.uniform(0.5, 15)))
            for sinco in draw_by_zipf(rng, OCCUPATIONS, int(rng.integers(1, 4)), 0.8)
        ),
        licences=Answers(yes=0, no=int(no)),
        documents=Answers(yes=255 & ~int(no_papers), no=int(no_papers)),
        languages=Answers(yes=0, no=31),
        physical=Answers(no=int(draw_mask(rng, 1, [0.15, 0.05, 0.2, 0.1, 0.05, 0.02, 0.1, 0.02, 0.3, 0.05])[0])),
        schedule=Answers(yes=7 & ~int(refused), no=int(refused)),
        schooling=int(rng.integers(2, 7)),
        english=int(rng.integers(0, 6)),
        age=int(rng.integers(18, 60)),
        household_size=int(rng.integers(1, 6)),
        max_hours=float(rng.choice([40, 48, 60])),
        wage_floor=float(rng.choice([6000, 7500, 9000, 11000])),
        wage_give=500.0,
        places=tuple(PlaceChoice(state=int(choice)) for choice in [state, *others])[:number],
        home=(float(municipalities.latitude[home]), float(municipalities.longitude[home])),
        never_send_municipalities=frozenset(rng.integers(0, MUNICIPALITIES, int(rng.random() < 0.2)).tolist()),
    )
