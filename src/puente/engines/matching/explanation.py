"""The listed openings in a form that can be told: terms, reasons, open questions, and how many more alike."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from puente.engines.matching.index import MILLION, OpeningFacts, OpeningIndex
from puente.engines.matching.openings import UNKNOWN, Kind
from puente.engines.matching.preparation import Preparation
from puente.engines.matching.profile import PastJob, PersonProfile, find_unanswered
from puente.engines.matching.questions import find_questions
from puente.engines.matching.reasons import Question, Reason, Support, find_reasons
from puente.engines.matching.scan import Scan
from puente.engines.matching.value import OccupationSimilarity, Term
from puente.engines.matching.weights import Weights

_TERM_NAMES = tuple(term.name.lower() for term in Term)
_COMFORTABLE = 10


@dataclass(frozen=True, slots=True)
class Entry:
    """An opening in the list. Terms add up to value; more_like_this counts near-identical ones not listed."""

    id: Any
    value: float
    terms: dict[str, float]
    reasons: tuple[Reason, ...]
    to_confirm: tuple[Question, ...]
    more_like_this: int


def explain_entries(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    weights: Weights,
    asked: Preparation,
    found: Scan,
) -> tuple[Entry, ...]:
    """Return the listed openings, explained, in their order."""
    means = [total // max(found.open_count, 1) for total in found.term_sums.tolist()]
    unanswered = find_unanswered(profile)
    listed = openings.read_facts(found.top_row)
    alike_listed = Counter(opening.group for opening in listed)
    last_of_group = {opening.group: number for number, opening in enumerate(listed)}
    entries = []
    for number, (opening, value, terms, alike) in enumerate(
        zip(listed, found.top_value.tolist(), found.top_terms.tolist(), found.top_alike.tolist(), strict=True)
    ):
        best = int(asked.best_job[opening.sinco])
        past_job = profile.jobs[best] if best >= 0 else None
        support = _find_support(profile, openings, similarity, weights, asked, opening, past_job)
        # The rest of a group is told once, behind the last of its listed openings.
        is_last_alike = last_of_group[opening.group] == number
        entries.append(
            Entry(
                id=opening.id,
                value=value / MILLION,
                terms={name: term / MILLION for name, term in zip(_TERM_NAMES, terms, strict=True)},
                reasons=find_reasons(terms, means, support),
                to_confirm=find_questions(profile, unanswered, opening, past_job),
                more_like_this=alike - alike_listed[opening.group] if is_last_alike else 0,
            )
        )
    return tuple(entries)


def _find_support(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    weights: Weights,
    asked: Preparation,
    opening: OpeningFacts,
    past_job: PastJob | None,
) -> Support:
    reference = openings.median_wage if profile.wage_floor is None else profile.wage_floor
    return Support(
        past_job=past_job,
        same_work=past_job is not None and past_job.sinco == opening.sinco,
        similarity=float(similarity.matrix[past_job.sinco, opening.sinco]) if past_job else 0.0,
        similar_enough=weights.similar_enough,
        pesos_above=opening.wage - reference if opening.kind == Kind.VACANCY else 0.0,
        floor_known=profile.wage_floor is not None,
        remote=opening.row >= openings.remote_start,
        kilometres=float(asked.places.kilometres[opening.place]),
        near_km=weights.near_km,
        place_rank=int(asked.places.rank[opening.place]),
        regular_week=opening.hours > 0 and opening.comfort == _COMFORTABLE,
        household_places=None if opening.household_places == UNKNOWN else opening.household_places,
    )
