"""TF-IDF over the character n-grams of words, with an inverted index in NumPy."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 3, 5


def cut_ngrams(folded: str) -> Counter[str]:
    """Count the n-grams of 3 to 5 characters inside each word of a folded text; a space marks both ends of a word."""
    counts: Counter[str] = Counter()
    for word in folded.split():
        padded = f" {word} "
        for length in range(SHORTEST, LONGEST + 1):
            if len(padded) <= length:
                counts[padded] += 1
                break
            counts.update(padded[start : start + length] for start in range(len(padded) - length + 1))
    return counts


class CharacterNgrams:
    """Cosine similarity between a text and many documents in the space of TF-IDF weighted n-grams.

    The weight of an n-gram is its count times `1 + ln((1 + documents) / (1 + documents that hold it))`; vectors have
    length 1 (the usual smoothed form, Salton and Buckley 1988).
    """

    def __init__(self, documents: Sequence[str]) -> None:
        """Index folded documents; their positions are what `score` answers with."""
        counted = [cut_ngrams(document) for document in documents]
        holders: Counter[str] = Counter()
        for counts in counted:
            holders.update(counts.keys())
        self._size = len(documents)
        self._weights = {ngram: 1.0 + float(np.log((1 + self._size) / (1 + held))) for ngram, held in holders.items()}
        positions: dict[str, list[int]] = {ngram: [] for ngram in holders}
        values: dict[str, list[float]] = {ngram: [] for ngram in holders}
        for position, counts in enumerate(counted):
            for ngram, value in self._weigh(counts).items():
                positions[ngram].append(position)
                values[ngram].append(value)
        self._postings = {
            ngram: (np.array(positions[ngram], dtype=np.intp), np.array(values[ngram])) for ngram in holders
        }

    def score(self, folded: str) -> NDArray[np.float64]:
        """Return the cosine similarity (0 to 1) of a folded text to every document, shape (documents,)."""
        scores = np.zeros(self._size)
        for ngram, value in self._weigh(cut_ngrams(folded)).items():
            if ngram in self._postings:
                positions, values = self._postings[ngram]
                # a document stands once in a posting list, so that plain indexed addition is right
                scores[positions] += value * values
        return scores

    def _weigh(self, counts: Counter[str]) -> dict[str, float]:
        rarest = 1.0 + float(np.log(1 + self._size))
        vector = {ngram: count * self._weights.get(ngram, rarest) for ngram, count in counts.items()}
        length = sum(value * value for value in vector.values()) ** 0.5
        return {ngram: value / length for ngram, value in vector.items()}
