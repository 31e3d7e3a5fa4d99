"""`puente match`: the matching engine on files, without a database and without the web."""

import argparse
import csv
import json
import time
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.utils import timezone
from rich.console import Console

from puente.engines.matching import Municipalities, OccupationSimilarity, index_openings
from puente.engines.matching.allocation.explaining import explain_proposal
from puente.engines.matching.allocation.floors import (
    FLOOR_SHARE,
    FairAllocation,
    allocate_with_floors,
    find_group_floors,
)
from puente.engines.matching.bulk.layout import lay_out
from puente.engines.matching.cohort import CohortMatch, match_cohort
from puente.engines.matching.cohort_files import (
    CohortPeople,
    UnreadableTable,
    Vocabulary,
    read_openings,
    read_people,
)
from puente.engines.matching.online.instance import read_instance
from puente.engines.matching.online.placing import (
    PlacedYear,
    place_greedily,
    place_in_hindsight,
    place_year,
)
from puente.engines.occupations import SimilarityTable, read_neighbours, read_pairs, read_unit_groups
from puente.opportunities.requirements import LANGUAGES, list_licences
from puente.platform.paths import CONTENT
from puente.platform.spreadsheets import write_csv

MILLION = 1_000_000


def match(options: argparse.Namespace, console: Console) -> int:
    """Allocate a cohort given as files, or place a year of arrivals; returns the exit code."""
    try:
        if options.what == "online":
            return _match_online(options, console)
        return _match_cohort(options, console)
    except ValueError as problem:
        console.print(f"[bold red]{problem}[/]")
        return 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what `puente match` understands."""
    parser.add_argument("what", nargs="?", choices=["online"], help="online: place a year of arrivals day by day")
    parser.add_argument("--people", metavar="FILE", help="people.csv, one row a person")
    parser.add_argument("--openings", metavar="FILE", help="openings.csv, one row an opening")
    parser.add_argument("--out", metavar="DIR", help="folder for proposals.csv, openings.csv and result.json")
    parser.add_argument("--day", type=date.fromisoformat, help="the day that counts as today")
    parser.add_argument("--gap", type=float, default=1e-4, help="how far from the best at most, as a share")
    parser.add_argument("--employer-limit", type=int, metavar="N", help="at most N of the cohort with one employer")
    parser.add_argument("--seed", type=int, default=0, help="draws the order of bids, and the futures of a year")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--instance", metavar="DIR", help="online: folder with utilities, capacities, sizes …")
    parser.add_argument("--pool", metavar="DIR", help="online: folder with the cases of another time")
    parser.add_argument("--trajectories", type=int, default=20, help="online: futures drawn each night")
    parser.add_argument("--json", action="store_true", help="print one JSON object alone")


@lru_cache(maxsize=1)
def read_vocabulary() -> Vocabulary:
    """Return the codes that files may use, from the content of the product."""
    states = _read_column("places/states.csv", "code")
    rows = _read_rows("places/municipalities.csv")
    positions = {code: number for number, code in enumerate(states)}
    seats = Municipalities(
        np.array([positions[row["code"][:2]] for row in rows]),
        np.array([float(row["latitude"]) for row in rows]),
        np.array([float(row["longitude"]) for row in rows]),
    )
    return Vocabulary(
        licences={code: bit for bit, code in enumerate(list_licences())},
        languages={code: bit for bit, code in enumerate(LANGUAGES)},
        occupations=_read_similarity()[1],
        states=positions,
        municipalities={row["code"]: number for number, row in enumerate(rows)},
        seats=seats,
    )


def read_similarity() -> OccupationSimilarity:
    """Return how near each occupation of the vocabulary is to each other one."""
    return _read_similarity()[0]


@lru_cache(maxsize=1)
def _read_similarity() -> tuple[OccupationSimilarity, dict[str, int]]:
    folder = CONTENT / "occupations"
    table = SimilarityTable.build(
        read_unit_groups(folder / "sinco.csv"),
        read_pairs(folder / "sinco_isco.csv"),
        read_neighbours(folder / "neighbours.csv"),
    )
    return OccupationSimilarity(table.matrix.astype(np.float32)), dict(table.positions)


def _match_cohort(options: argparse.Namespace, console: Console) -> int:
    if not (options.people and options.openings and options.out):
        raise UnreadableTable("say --people FILE, --openings FILE and --out DIR")
    began = time.perf_counter()
    vocabulary = read_vocabulary()
    similarity = read_similarity()
    people = read_people(Path(options.people), vocabulary)
    openings = read_openings(Path(options.openings), vocabulary)
    layout = lay_out(index_openings(openings, vocabulary.seats, len(similarity.matrix)), similarity)
    result = match_cohort(
        people.table,
        layout,
        now=options.day or timezone.localdate(),
        gap=options.gap,
        employer_limit=options.employer_limit,
        seed=options.seed,
        threads=options.threads,
    )
    fair = _keep_floors(result, people, options) if people.groups else None
    out = Path(options.out)
    out.mkdir(parents=True, exist_ok=True)
    identifiers = layout.index.table.id
    _write(out / "proposals.csv", _list_proposals(people.id, identifiers, result, fair))
    _write(out / "openings.csv", _list_openings(identifiers, result, fair))
    summary = _summarise(result, fair, people) | {"seconds": round(time.perf_counter() - began, 3)}
    (out / "result.json").write_text(json.dumps(summary, indent=1) + "\n")
    if options.json:
        print(json.dumps(summary))
        return 0
    console.print(
        f"{summary['placed']:,} of {summary['people']:,} people have a proposal; the value of the model lies within "
        f"{summary['gap']:.4%} of the best there is. Written to {out}."
    )
    return 0


def _keep_floors(result: CohortMatch, people: CohortPeople, options: argparse.Namespace) -> FairAllocation:
    floors = find_group_floors(result.problem, people.group)
    return allocate_with_floors(
        result.problem, people.group, floors, gap=options.gap, seed=options.seed, threads=options.threads
    )


def _list_proposals(
    people: Sequence[str], identifiers: Any, result: CohortMatch, fair: FairAllocation | None
) -> Iterable[Sequence[Any]]:
    yield "person", "opening", "value", "price", "people_who_want_it", "places", "nearly_as_good"
    allocation = fair.allocation if fair else result.allocation
    for number, person in enumerate(people):
        proposal = explain_proposal(result.problem, allocation, number, result.rivals)
        others = ";".join(str(identifiers[choice.opening]) for choice in proposal.alternatives)
        chosen = proposal.chosen
        if chosen is None:
            yield person, "", "", "", "", "", others
        else:
            yield (
                person, str(identifiers[chosen.opening]), chosen.value / MILLION, chosen.price / MILLION, chosen.rivals,
                chosen.places, others,
            )  # fmt: skip


def _list_openings(identifiers: Any, result: CohortMatch, fair: FairAllocation | None) -> Iterable[Sequence[Any]]:
    allocation = fair.allocation if fair else result.allocation
    taken = np.bincount(allocation.assigned[allocation.assigned >= 0], minlength=len(identifiers))
    yield "opening", "places", "taken", "price", "people_who_want_it"
    for number, name in enumerate(identifiers):
        price = int(allocation.price[number]) / MILLION
        yield str(name), int(result.problem.capacity[number]), int(taken[number]), price, int(result.rivals[number])


def _summarise(result: CohortMatch, fair: FairAllocation | None, people: CohortPeople) -> dict[str, Any]:
    allocation = fair.allocation if fair else result.allocation
    certificate = fair.certificate if fair else result.certificate
    return {
        "people": result.problem.people,
        "openings": result.problem.openings,
        "pairs": int(result.problem.opening.size),
        "placed": allocation.placed,
        "value": certificate.value / MILLION,
        "bound": certificate.bound / MILLION,
        "gap": certificate.gap,
        "seed": allocation.seed,
        "inputs": allocation.inputs_digest,
        "engine": allocation.version,
        "groups": [
            {
                "group": people.groups[floor.group],
                "people": floor.people,
                "floor": floor.floor / MILLION,
                "reached": floor.reached / MILLION,
                "kept": floor.is_kept,
            }
            for floor in (fair.floors if fair else ())
        ],
        "floor_share": FLOOR_SHARE if fair else None,
        "meaning": "value of the model's own objective; no promise of employment",
    }


def _match_online(options: argparse.Namespace, console: Console) -> int:
    if not options.instance:
        raise UnreadableTable("say --instance DIR")
    began = time.perf_counter()
    year = read_instance(Path(options.instance), Path(options.pool) if options.pool else None)
    online = place_year(year, trajectories=options.trajectories, seed=options.seed)
    seconds = time.perf_counter() - began
    greedy = place_greedily(year)
    hindsight, bound = place_in_hindsight(year)
    best = max(hindsight.value, online.value, greedy.value)

    def share(placed: PlacedYear) -> float:
        return placed.value / best if best else 1.0

    result = {
        "online": online.value,
        "hindsight": best,
        "bound": bound,
        "greedy": greedy.value,
        "ratio": share(online),
        "ratio_to_bound": online.value / bound if bound else 1.0,
        "greedy_ratio": share(greedy),
        "cases": year.cases.cases,
        "placed": int((online.assigned >= 0).sum()),
        "seconds": round(seconds, 3),
        "assigned": online.assigned.tolist(),
        "prices": np.round(online.price, 6).tolist(),
    }
    if options.json:
        print(json.dumps(result))
        return 0
    console.print(
        f"{result['placed']:,} of {result['cases']:,} cases placed day by day reach {result['ratio']:.1%} of what "
        f"somebody would who knew the whole year; each taking the best left would reach {result['greedy_ratio']:.1%}."
    )
    return 0


def _write(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(write_csv(rows))


def _read_rows(name: str) -> list[dict[str, str]]:
    with (CONTENT / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _read_column(name: str, column: str) -> list[str]:
    return [row[column] for row in _read_rows(name)]
