import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from puente.engines.occupations.ngrams import CharacterNgrams, cut_ngrams

WORDS = st.text("abcdeñ", min_size=1, max_size=8)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


def test_ngrams_stay_inside_words_and_mark_their_ends() -> None:
    assert cut_ngrams("sol a") == Counter({" so": 1, "sol": 1, "ol ": 1, " sol": 1, "sol ": 1, " sol ": 1, " a ": 1})


def naive_cosine(documents: list[str], query: str) -> list[float]:
    """Compute the same score from its definition, with dense vectors over all n-grams."""
    counted = [cut_ngrams(document) for document in documents]
    vocabulary = sorted(set().union(cut_ngrams(query), *counted))
    weights = [
        1 + math.log((1 + len(documents)) / (1 + sum(ngram in counts for counts in counted))) for ngram in vocabulary
    ]

    def embed(counts: Counter[str]) -> np.ndarray:
        vector = np.array([counts[ngram] * weight for ngram, weight in zip(vocabulary, weights, strict=True)])
        return vector / np.linalg.norm(vector)

    return [float(embed(cut_ngrams(query)) @ embed(counts)) for counts in counted]


@given(st.lists(TEXTS, min_size=1, max_size=6), TEXTS)
def test_scores_equal_the_definition(documents: list[str], query: str) -> None:
    assert CharacterNgrams(documents).score(query) == pytest.approx(naive_cosine(documents, query))


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_a_document_is_most_like_itself(documents: list[str]) -> None:
    scores = CharacterNgrams(documents).score(documents[0])
    assert scores[0] == pytest.approx(1)
    assert scores.max() <= 1 + 1e-9
    assert scores.min() >= 0
