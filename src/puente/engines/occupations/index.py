"""Suggest SINCO unit groups for a job told in a person's own words.

Three steps, the surest first:

1. the lexicon: phrases that share words with the title, scored by a weighted Tversky index;
2. ranks: a helper or a supervisor of a known trade, by a table of rules, when no phrase names it;
3. character n-grams over official titles and lexicon phrases, for what is spelt in a way nobody foresaw.

The index abstains when nothing is near, and names the two codes to ask about when two are close.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from puente.engines.occupations.catalogue import LexiconEntry, Rank, RankRule, RankWord, UnitGroup
from puente.engines.occupations.ngrams import CharacterNgrams
from puente.engines.occupations.text import fold, keep_telling_words, make_key, make_keys

Source = Literal["exact_lexicon", "lexicon", "ngram"]

NEAR_ENOUGH = 0.36  # read by eye on the job board: below it about half of the suggestions are wrong
ASK_BELOW = 0.05  # two codes closer than this are put to the person as a question
LATER_CODE = 0.04  # what each later code of one phrase loses against the first
MISSING_QUERY_WORD = 0.6  # Tversky: the weight of a word of the title that the phrase lacks
MISSING_PHRASE_WORD = 1.0  # Tversky: the weight of a word of the phrase that the title lacks
UNKNOWN_WORD = 0.5  # an unknown word counts as this part of a known word of median weight
MOST_UNKNOWN_WORDS = 3  # a long advertisement does not drown the words that are known
NOT_OPENING = 0.95  # Spanish titles open with the word that names the occupation: a phrase that has it elsewhere,
WITHOUT_OPENING = 0.85  # or not at all, is farther
OFFICIAL = 0.95  # an official title yields to a phrase of the lexicon: "Pintores" are artists there
DERIVED = 0.92  # a code derived by a rank rule yields to a phrase that names it
NGRAM = 0.85  # similar letters are weaker evidence than the same words
ENOUGH = 0.9  # from here on letters have nothing to add
SIMILAR_SPELLING = 0.8  # normalised similarity from which an unknown word is read as a known one
SHORTEST_MISSPELLING = 5  # shorter words differ by a letter without being misspellings
FAINT = 0.15  # what scores less is not looked at
CONSIDERED = 32  # best phrases looked at in one step


@dataclass(frozen=True, slots=True)
class Candidate:
    """One suggested unit group: its code, a score from 0 to 1, what found it, and the phrase that matched."""

    code: str
    score: float
    source: Source
    matched: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Candidates, best first (none: the index abstains), and the pair of codes to ask about when two are close."""

    candidates: tuple[Candidate, ...]
    question: tuple[str, str] | None


NOTHING = Suggestion((), None)


class OccupationIndex:
    """An index over official titles and a lexicon. Build it once with `build`; it is read-only afterwards."""

    def __init__(
        self,
        phrases: Sequence[LexiconEntry],
        trust: NDArray[np.float64],
        rank_words: Iterable[RankWord],
        rank_rules: Iterable[RankRule],
    ) -> None:
        """Index phrases, each with the factor of its scores; use `build`, which adds the official titles."""
        self._phrases = phrases
        self._keys = [make_keys(phrase.phrase) for phrase in phrases]
        self._trust = trust
        self._exact: dict[str, list[int]] = {}
        for position, phrase in enumerate(phrases):
            self._exact.setdefault(fold(phrase.phrase), []).append(position)

        holders = Counter(key for keys in self._keys for key in set(keys))
        self._weights = {key: float(np.log(1 + len(phrases) / held)) for key, held in holders.items()}
        self._known_by_letter: dict[str, list[str]] = {}
        for key in self._weights:
            self._known_by_letter.setdefault(key[:1], []).append(key)
        self._unknown_weight = UNKNOWN_WORD * float(np.median(list(self._weights.values()))) if holders else 0.0
        self._phrase_weights = np.array([sum(self._weights[key] for key in set(keys)) for keys in self._keys])
        postings: dict[str, list[int]] = {key: [] for key in holders}
        opening: dict[str, list[int]] = {}
        for position, keys in enumerate(self._keys):
            for key in set(keys):
                postings[key].append(position)
            opening.setdefault(keys[0], []).append(position)
        self._postings = {key: np.array(held, dtype=np.intp) for key, held in postings.items()}
        self._opening = {key: np.array(held, dtype=np.intp) for key, held in opening.items()}

        self._ranks: dict[str, Rank] = {make_key(fold(word.word)): word.rank for word in rank_words}
        # the longest prefix decides, as 7134 does before 713
        self._rules = sorted(rank_rules, key=lambda rule: len(rule.prefix), reverse=True)
        self._ngrams = CharacterNgrams([_fold_telling(phrase.phrase) for phrase in phrases])
        self._readings: dict[str, tuple[str, float]] = {}

    @classmethod
    def build(
        cls,
        titles: Iterable[UnitGroup],
        lexicon: Iterable[LexiconEntry],
        rank_words: Iterable[RankWord] = (),
        rank_rules: Iterable[RankRule] = (),
    ) -> "OccupationIndex":
        """Build the index.

        Args:
            titles: the official unit groups.
            lexicon: phrases with their codes; every code must be one of `titles`.
            rank_words: words for helpers and supervisors.
            rank_rules: the code of the helper or supervisor of a group of occupations.

        Raises:
            ValueError: a phrase or rule names a code that is no unit group, or a phrase has no letter or digit.
        """
        groups, entries, rules = list(titles), list(lexicon), list(rank_rules)
        codes = {group.code for group in groups}
        for entry in entries:
            if unknown := set(entry.codes) - codes:
                raise ValueError(f"the phrase {entry.phrase!r} names codes that are no unit group: {sorted(unknown)}")
        for rule in rules:
            if rule.code not in codes:
                raise ValueError(f"the rule {rule.rank} {rule.prefix} names a code that is no unit group: {rule.code}")
        phrases = entries + [LexiconEntry(group.title, (group.code,)) for group in groups]
        for phrase in phrases:
            if not fold(phrase.phrase):
                raise ValueError(f"the phrase {phrase.phrase!r} has no letter or digit")
        trust = np.array([1.0] * len(entries) + [OFFICIAL] * len(groups))
        return cls(phrases, trust, rank_words, rules)

    def suggest(self, text: str, limit: int = 5) -> Suggestion:
        """Suggest at most `limit` unit groups for one job title in anybody's words (Spanish, English or between)."""
        folded = fold(text)
        if not folded or not self._phrases:
            return NOTHING
        best: dict[str, Candidate] = {}
        keys = self._read_all(make_keys(text))
        _keep_best(best, self._find_exact(folded))
        _keep_best(best, self._find_in_lexicon(keys))
        _keep_best(best, self._derive_from_rank(keys))
        if max((candidate.score for candidate in best.values()), default=0.0) < ENOUGH:
            _keep_best(best, self._find_similar_letters(folded))
        ranked = sorted(best.values(), key=lambda candidate: (-candidate.score, candidate.code))[:limit]
        if not ranked or ranked[0].score < NEAR_ENOUGH:
            return NOTHING
        close = len(ranked) > 1 and ranked[0].score - ranked[1].score < ASK_BELOW
        return Suggestion(tuple(ranked), (ranked[0].code, ranked[1].code) if close else None)

    def suggest_many(self, texts: Iterable[str], limit: int = 5) -> list[Suggestion]:
        """Suggest for many titles, in their order; titles that differ only in case or accents are worked out once."""
        done: dict[str, Suggestion] = {}
        answers = []
        for text in texts:
            folded = fold(text)
            if folded not in done:
                done[folded] = self.suggest(text, limit)
            answers.append(done[folded])
        return answers

    def _read_all(self, keys: Iterable[str]) -> dict[str, float]:
        """Return each different key once, in order, with the certainty that it is the word that was meant."""
        read: dict[str, float] = {}
        for key in keys:
            known, certainty = self._read(key)
            read.setdefault(known, certainty)
        return read

    def _read(self, key: str) -> tuple[str, float]:
        """Return the known key that an unknown one is most likely a misspelling of (else the key itself)."""
        if key in self._weights or len(key) < SHORTEST_MISSPELLING:
            return key, 1.0
        if key not in self._readings:
            alike = self._known_by_letter.get(key[:1], [])  # people seldom miss the first sound of a word
            found = process.extractOne(key, alike, scorer=OSA.normalized_similarity, score_cutoff=SIMILAR_SPELLING)
            self._readings[key] = (found[0], found[1]) if found else (key, 1.0)
        return self._readings[key]

    def _find_exact(self, folded: str) -> list[Candidate]:
        return [
            candidate
            for position in self._exact.get(folded, ())
            for candidate in self._name_codes(position, 1.0, "exact_lexicon")
        ]

    def _find_in_lexicon(self, keys: Mapping[str, float]) -> list[Candidate]:
        scores = self._score_phrases(keys)
        return [
            candidate
            for position in _take_highest(scores)
            for candidate in self._name_codes(int(position), min(0.99, float(scores[position])), "lexicon")
        ]

    def _score_phrases(self, keys: Mapping[str, float]) -> NDArray[np.float64]:
        """Return the Tversky index of the title with every phrase, shape (phrases,)."""
        shared = np.zeros(len(self._phrases))
        known = [key for key in keys if key in self._weights]
        total = sum(self._weights[key] for key in known)
        total += self._unknown_weight * min(len(keys) - len(known), MOST_UNKNOWN_WORDS)
        for key in known:
            shared[self._postings[key]] += keys[key] * self._weights[key]
        missing = MISSING_QUERY_WORD * (total - shared) + MISSING_PHRASE_WORD * (self._phrase_weights - shared)
        scores: NDArray[np.float64] = shared / (shared + missing)
        return scores * self._weigh_opening(next(iter(keys), ""))

    def _weigh_opening(self, first: str) -> NDArray[np.float64]:
        """Return the factor of each phrase for what it makes of the first word of the title, shape (phrases,)."""
        if first not in self._opening:
            return np.ones(len(self._phrases))
        factors = np.full(len(self._phrases), WITHOUT_OPENING)
        factors[self._postings[first]] = NOT_OPENING
        factors[self._opening[first]] = 1.0
        return factors

    def _derive_from_rank(self, keys: Mapping[str, float]) -> list[Candidate]:
        """Read "ayudante de X" as the helpers of what X alone would be."""
        ranks = [self._ranks[key] for key in keys if key in self._ranks]
        trade = {key: certainty for key, certainty in keys.items() if key not in self._ranks}
        if not ranks or not trade:
            return []
        derived = []
        for candidate in self._find_in_lexicon(trade):
            rule = self._find_rule(ranks[0], candidate.code)
            if rule:
                derived.append(replace(candidate, code=rule.code, score=DERIVED * candidate.score))
        return derived

    def _find_rule(self, rank: Rank, code: str) -> RankRule | None:
        return next((rule for rule in self._rules if rule.rank == rank and code.startswith(rule.prefix)), None)

    def _find_similar_letters(self, folded: str) -> list[Candidate]:
        scores = NGRAM * self._ngrams.score(_fold_telling(folded))
        return [
            candidate
            for position in _take_highest(scores)
            for candidate in self._name_codes(int(position), float(scores[position]), "ngram")
        ]

    def _name_codes(self, position: int, score: float, source: Source) -> list[Candidate]:
        phrase = self._phrases[position]
        score *= float(self._trust[position])
        return [
            Candidate(code, score * (1 - LATER_CODE * place), source, phrase.phrase)
            for place, code in enumerate(phrase.codes)
        ]


def _fold_telling(text: str) -> str:
    return " ".join(keep_telling_words(fold(text)))


def _take_highest(scores: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions of the highest scores that matter, at most CONSIDERED of them."""
    positions = np.flatnonzero(scores >= FAINT)
    return positions[np.argsort(-scores[positions], kind="stable")[:CONSIDERED]]


def _keep_best(best: dict[str, Candidate], candidates: Iterable[Candidate]) -> None:
    for candidate in candidates:
        held = best.get(candidate.code)
        if held is None or candidate.score > held.score:
            best[candidate.code] = candidate
