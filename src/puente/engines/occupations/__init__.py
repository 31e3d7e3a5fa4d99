"""Occupations: from a job in a person's own words to SINCO codes, and how near two occupations are."""

from puente.engines.occupations.catalogue import (
    LexiconEntry,
    Neighbours,
    RankRule,
    RankWord,
    UnitGroup,
    read_lexicon,
    read_neighbours,
    read_pairs,
    read_rank_words,
    read_ranks,
    read_unit_groups,
)
from puente.engines.occupations.index import Candidate, OccupationIndex, Suggestion
from puente.engines.occupations.similarity import SimilarityTable, occupation_similarity

__all__ = [
    "Candidate",
    "LexiconEntry",
    "Neighbours",
    "OccupationIndex",
    "RankRule",
    "RankWord",
    "SimilarityTable",
    "Suggestion",
    "UnitGroup",
    "occupation_similarity",
    "read_lexicon",
    "read_neighbours",
    "read_pairs",
    "read_rank_words",
    "read_ranks",
    "read_unit_groups",
]
