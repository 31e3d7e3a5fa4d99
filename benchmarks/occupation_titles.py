"""How well job titles are turned into SINCO codes, beside character TF-IDF over the official titles alone.

`run(json)` prints a table, or one JSON object. Titles: benchmarks/occupation_titles/titles.csv (LABELLING.md says how
they were labelled). Where PUENTE_REALDATA points to the real data, the national job board is coded too.
"""

import csv
import gzip
import json as json_format
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from puente.engines.occupations import (
    OccupationIndex,
    UnitGroup,
    read_lexicon,
    read_rank_words,
    read_ranks,
    read_unit_groups,
)
from puente.engines.occupations.ngrams import CharacterNgrams
from puente.engines.occupations.text import fold, make_keys

LABELS = Path(__file__).parent / "occupation_titles"
CONTENT = Path(__file__).resolve().parent.parent / "src/puente/content/occupations"
BOARD = "labour/portal_del_empleo_201808.csv.gz"

Coder = Callable[[str], list[str]]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A title and the codes that are right for it (none: it says too little)."""

    title: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Result:
    """What one coder reached on one set of titles; parts of one."""

    coder: str
    titles: str
    count: int
    top_1: float
    top_5: float
    abstained: float
    milliseconds: float


def load_index() -> OccupationIndex:
    """Build the index from the tables that the project ships."""
    return OccupationIndex.build(
        read_unit_groups(CONTENT / "sinco.csv"),
        read_lexicon(CONTENT / "lexicon.csv"),
        read_rank_words(CONTENT / "rank_words.csv"),
        read_ranks(CONTENT / "ranks.csv"),
    )


def read_titles(split: str) -> list[Labelled]:
    """Read one half of the labelled titles."""
    with (LABELS / "titles.csv").open(newline="", encoding="utf-8") as file:
        return [
            Labelled(row["title"], frozenset(row["codes"].split(";")))
            for row in csv.DictReader(file)
            if row["split"] == split
        ]


def read_board(folder: Path) -> list[str]:
    """Read the titles of the national job board."""
    with gzip.open(folder / BOARD, "rt", newline="", encoding="utf-8") as file:
        return [row["offer"] for row in csv.DictReader(file)]


def read_offers(board: Sequence[str]) -> list[Labelled]:
    """Join the labelled offers to their titles in the board."""
    with (LABELS / "offers.csv").open(newline="", encoding="utf-8") as file:
        return [
            Labelled(board[int(row["row"])], frozenset(filter(None, row["codes"].split(";"))))
            for row in csv.DictReader(file)
        ]


def make_baseline(groups: Sequence[UnitGroup]) -> Coder:
    """Return character TF-IDF over the official titles alone."""
    ngrams = CharacterNgrams([fold(group.title) for group in groups])

    def code(title: str) -> list[str]:
        scores = ngrams.score(fold(title))
        return [groups[position].code for position in np.argsort(-scores, kind="stable")[:5] if scores[position] > 0]

    return code


def measure(coder: str, code: Coder, name: str, titles: Sequence[Labelled]) -> Result:
    """Code every title and compare; a title without codes is right when nothing is suggested."""
    code(titles[0].title)
    start = time.perf_counter()
    answers = [code(labelled.title) for labelled in titles]
    seconds = time.perf_counter() - start
    first = [
        bool(labelled.codes & set(answer[:1])) or not (labelled.codes or answer)
        for labelled, answer in zip(titles, answers, strict=True)
    ]
    fifth = [
        bool(labelled.codes & set(answer)) or not (labelled.codes or answer)
        for labelled, answer in zip(titles, answers, strict=True)
    ]
    count = len(titles)
    return Result(
        coder,
        name,
        count,
        sum(first) / count,
        sum(fifth) / count,
        sum(not answer for answer in answers) / count,
        1000 * seconds / count,
    )


def run(json: bool) -> None:
    """Measure and print."""
    start = time.perf_counter()
    index = load_index()
    build_seconds = time.perf_counter() - start
    lexicon = read_lexicon(CONTENT / "lexicon.csv")
    known = {make_keys(entry.phrase) for entry in lexicon}

    def suggest(title: str) -> list[str]:
        return [candidate.code for candidate in index.suggest(title).candidates]

    baseline = make_baseline(read_unit_groups(CONTENT / "sinco.csv"))
    results = []
    for split in ("dev", "test"):
        titles = read_titles(split)
        unseen = [labelled for labelled in titles if make_keys(labelled.title) not in known]
        results.append(measure("TF-IDF of titles", baseline, split, titles))
        results.append(measure("puente", suggest, split, titles))
        results.append(measure("puente", suggest, f"{split}, not in the lexicon", unseen))

    board_figures = {}
    if "PUENTE_REALDATA" in os.environ:
        board = read_board(Path(os.environ["PUENTE_REALDATA"]))
        offers = read_offers(board)
        results.append(measure("TF-IDF of titles", baseline, "offers of the board", offers))
        results.append(measure("puente", suggest, "offers of the board", offers))
        start = time.perf_counter()
        answers = index.suggest_many(board)
        board_figures = {
            "offers": len(board),
            "distinct": len({fold(title) for title in board}),
            "suggested": sum(bool(answer.candidates) for answer in answers) / len(board),
            "questions": sum(answer.question is not None for answer in answers) / len(board),
            "seconds": time.perf_counter() - start,
        }

    if json:
        print(
            json_format.dumps(
                {
                    "phrases": len(lexicon),
                    "build_seconds": build_seconds,
                    "results": [asdict(result) for result in results],
                    "board": board_figures,
                }
            )
        )
        return
    print(f"{len(lexicon)} phrases, index built in {build_seconds:.2f} s")
    print(f"{'coder':18} {'titles':28} {'count':>5} {'top-1':>7} {'top-5':>7} {'silent':>7} {'ms':>6}")
    for result in results:
        print(
            f"{result.coder:18} {result.titles:28} {result.count:5} {result.top_1:7.1%} {result.top_5:7.1%} "
            f"{result.abstained:7.1%} {result.milliseconds:6.2f}"
        )
    if board_figures:
        print(
            "board: {offers} offers, {distinct} distinct titles, {suggested:.1%} coded, {questions:.1%} with a "
            "question, {seconds:.1f} s".format(**board_figures)
        )
    else:
        print("board: skipped, PUENTE_REALDATA is not set")
