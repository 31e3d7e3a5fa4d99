"""The catalogues of occupations that titles are looked up in, built once a process."""

from functools import lru_cache

from puente.engines.occupations import (
    OccupationIndex,
    Suggestion,
    read_lexicon,
    read_rank_words,
    read_ranks,
    read_unit_groups,
)
from puente.opportunities.models import Occupation
from puente.platform.paths import CONTENT


@lru_cache(maxsize=1)
def get_occupation_index() -> OccupationIndex:
    """Return the index that suggests SINCO codes for job titles."""
    folder = CONTENT / "occupations"
    return OccupationIndex.build(
        read_unit_groups(folder / "sinco.csv"),
        read_lexicon(folder / "lexicon.csv"),
        read_rank_words(folder / "rank_words.csv"),
        read_ranks(folder / "ranks.csv"),
    )


def suggest_occupations(words: str, limit: int = 5) -> tuple[list[Occupation], Suggestion]:
    """Return the occupations near some words, best first, and the suggestion they come from."""
    suggestion = get_occupation_index().suggest(words, limit)
    occupations = Occupation.objects.select_related("main_group").in_bulk(
        [candidate.code for candidate in suggestion.candidates]
    )
    found = [occupations[c.code] for c in suggestion.candidates if c.code in occupations]
    return found, suggestion
