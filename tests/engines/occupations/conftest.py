"""The index and the table of similarities over the tables that the product ships."""

import os
from pathlib import Path

import pytest

import puente
from puente.engines.occupations import (
    OccupationIndex,
    SimilarityTable,
    read_lexicon,
    read_neighbours,
    read_pairs,
    read_rank_words,
    read_ranks,
    read_unit_groups,
)

CONTENT = Path(puente.__file__).parent / "content/occupations"


@pytest.fixture(scope="session")
def content() -> Path:
    """The folder of the shipped tables."""
    return CONTENT


@pytest.fixture(scope="session")
def index() -> OccupationIndex:
    """The index that the product uses."""
    return OccupationIndex.build(
        read_unit_groups(CONTENT / "sinco.csv"),
        read_lexicon(CONTENT / "lexicon.csv"),
        read_rank_words(CONTENT / "rank_words.csv"),
        read_ranks(CONTENT / "ranks.csv"),
    )


@pytest.fixture(scope="session")
def similarities() -> SimilarityTable:
    """The table of similarities that the product uses."""
    return SimilarityTable.build(
        read_unit_groups(CONTENT / "sinco.csv"),
        read_pairs(CONTENT / "sinco_isco.csv"),
        read_neighbours(CONTENT / "neighbours.csv"),
    )


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data, or a skip that says so."""
    folder = os.environ.get("PUENTE_REALDATA")
    if not folder:
        pytest.skip("PUENTE_REALDATA is not set: the job board is not here")
    return Path(folder)
