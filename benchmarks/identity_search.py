"""Is the person found? Recall of the search keys and the ranking on damaged questions, and their time.

In memory: keys in a dict, so the figures are of the engine alone, without database, hashing and unsealing.
Keys and caps are the product's own (`puente.people.selectors`): at most 300 people per key, 200 ranked.
"""

from __future__ import annotations

import json as json_format
import statistics
import sys
from collections import Counter
from collections.abc import Callable
from random import Random
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks.synthetic_people import NameFrequencies, ask_with_damage, load_frequencies, make_people
from puente.engines.identity.evidence import Likelihood, rank
from puente.engines.identity.facts import Candidate, PersonQuery
from puente.engines.identity.keys import query_keys, search_keys
from puente.engines.identity.names import PersonName

PEOPLE = 20_000
QUERIES = 1_000
SEED = 20261123
MOST_PER_KEY = 300
MOST_CANDIDATES = 200
SHOWN = 5
BROAD_KINDS = ("si", "s")
TIMES = ("ranking_p50_ms", "p50_ms", "p95_ms")
SHARES = ("recall_at_5", "recall_of_keys", "very_likely", "wrong_among_very_likely")


def run(json: bool, people_count: int = PEOPLE, query_count: int = QUERIES) -> dict[str, object]:
    """Measure, print a table (or one JSON object) and return the figures."""
    frequencies = load_frequencies()
    people = make_people(people_count, seed=SEED, frequencies=frequencies)
    start = perf_counter()
    index, keys_per_person = _build_index(people)
    figures: dict[str, object] = {
        "people": people_count,
        "queries": query_count,
        "surnames_to_draw_from": len(frequencies.surnames.words),
        "keys_per_person_mean": round(statistics.fmean(keys_per_person), 1),
        "keys_per_person_max": max(keys_per_person),
        "index_seconds": round(perf_counter() - start, 2),
    }
    figures["cases"] = {
        name: _measure(people, index, _choose_queries(people, frequencies, query_count, ask))
        for name, ask in _cases(frequencies).items()
    }
    if json:
        print(json_format.dumps(figures))
    else:
        _print_table(figures)
    return figures


Ask = Callable[[Candidate, Random], PersonQuery]


def _cases(frequencies: NameFrequencies) -> dict[str, Ask]:
    def ask(with_day: bool, with_state: bool) -> Ask:
        return lambda person, random: ask_with_damage(
            person, random, frequencies, with_day=with_day, with_state=with_state
        )

    def ask_name_alone(person: Candidate, random: Random) -> PersonQuery:
        return PersonQuery(ask_with_damage(person, random, frequencies, with_day=False, with_state=False).name)

    def ask_while_typing(person: Candidate, random: Random) -> PersonQuery:
        """Surnames, three letters of the given name, and the year: what stands in the box half-way."""
        name = person.name
        typed = PersonName(name.given[:3], name.first_surname, name.second_surname)
        return PersonQuery(typed, ask(False, False)(person, random).birth, is_typing=True)

    return {
        "name + birth date": ask(True, False),
        "name + birth date + state": ask(True, True),
        "name + year + state": ask(False, True),
        "name + year": ask(False, False),
        "name alone": ask_name_alone,
        "surnames + 3 letters + year, typing": ask_while_typing,
    }


def _build_index(people: list[Candidate]) -> tuple[dict[str, list[int]], list[int]]:
    index: dict[str, list[int]] = {}
    keys_per_person = []
    for i, person in enumerate(people):
        keys = search_keys(person.name, person.birth, person.birth_state)
        keys_per_person.append(len(keys))
        for key in keys:
            index.setdefault(key, []).append(i)
    return index, keys_per_person


def _choose_queries(
    people: list[Candidate], frequencies: NameFrequencies, count: int, ask: Ask
) -> list[tuple[str, PersonQuery]]:
    random = Random(SEED + 1)
    return [(person.id, ask(person, random)) for person in random.sample(people, count)]


def _measure(
    people: list[Candidate], index: dict[str, list[int]], queries: list[tuple[str, PersonQuery]]
) -> dict[str, float]:
    found = candidates_found = very_likely = wrongly_very_likely = 0
    seconds: list[float] = []
    ranking_seconds: list[float] = []
    for wanted, query in queries:
        start = perf_counter()
        hits: Counter[int] = Counter()
        for key in query_keys(query):
            weight = 1 if key.partition("|")[0] in BROAD_KINDS else 4
            for i in index.get(key, ())[:MOST_PER_KEY]:
                hits[i] += weight
        candidates = [people[i] for i, _ in hits.most_common(MOST_CANDIDATES)]
        ranking_start = perf_counter()
        best = rank(query, candidates, SHOWN)
        ranking_seconds.append(perf_counter() - ranking_start)
        seconds.append(perf_counter() - start)
        candidates_found += any(candidate.id == wanted for candidate in candidates)
        found += any(comparison.candidate_id == wanted for comparison in best)
        if best and best[0].likelihood is Likelihood.VERY_LIKELY:
            very_likely += 1
            wrongly_very_likely += best[0].candidate_id != wanted
    count = len(queries)
    return {
        "recall_at_5": found / count,
        "recall_of_keys": candidates_found / count,
        "very_likely": very_likely / count,
        "wrong_among_very_likely": wrongly_very_likely / max(very_likely, 1),
        "ranking_p50_ms": _quantile_ms(ranking_seconds, 0.5),
        "p50_ms": _quantile_ms(seconds, 0.5),
        "p95_ms": _quantile_ms(seconds, 0.95),
    }


def _quantile_ms(seconds: list[float], share: float) -> float:
    return round(sorted(seconds)[int(len(seconds) * share)] * 1000, 2)


def _print_table(figures: dict[str, object]) -> None:
    table = Table(
        title=f"Search of {figures['people']:,} people, {figures['queries']:,} damaged questions each; "
        f"{figures['keys_per_person_mean']} keys a person (at most {figures['keys_per_person_max']})"
    )
    table.add_column("what is asked")
    for column in ("in first 5", "in candidates", "top is very likely", "of these wrong", *TIMES):
        table.add_column(column, justify="right")
    cases = figures["cases"]
    assert isinstance(cases, dict)
    for name, case in cases.items():
        table.add_row(
            name,
            *(f"{case[key]:.1%}" for key in SHARES),
            *(f"{case[key]:.2f}" for key in TIMES),
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)
