"""What is worked out once for a person before the openings are looked at."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.index import OpeningIndex
from puente.engines.matching.openings import UNKNOWN, Kind
from puente.engines.matching.profile import PersonProfile, find_lacking
from puente.engines.matching.scan import PACKED_PLACE, WAGE_SHIFT, Asker
from puente.engines.matching.value import (
    OccupationSimilarity,
    PlaceValue,
    rank_places,
    to_millionths,
    value_occupations,
    value_places,
)
from puente.engines.matching.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class Preparation:
    """The person as the scan sees them, the rows to look at, and what the explanation needs again."""

    asker: Asker
    packed_places: NDArray[np.void]
    occupation: NDArray[np.int64]
    ranges: NDArray[np.int64]
    best_job: NDArray[np.int64]
    places: PlaceValue


def prepare(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    now: date,
    weights: Weights,
    kinds: Collection[Kind],
) -> Preparation:
    """Work out what the scan needs to know of a person. Raises ValueError as `shortlist` does."""
    _check_references(profile, openings, similarity)
    allowed = _find_allowed(profile, openings)
    occupation, best_job = value_occupations(profile, similarity, weights)
    places = value_places(profile, openings, weights, np.flatnonzero(allowed))
    lacking_first, lacking_second = find_lacking(profile)
    reference = openings.median_wage if profile.wage_floor is None else profile.wage_floor
    asker = Asker(
        lacking_first=lacking_first,
        lacking_second=lacking_second,
        age=UNKNOWN if profile.age is None else profile.age,
        household_size=profile.household_size or 0,
        max_hours=math.inf if profile.max_hours is None else float(profile.max_hours),
        wage_limit=-math.inf if profile.wage_floor is None else float(profile.wage_floor - profile.wage_give),
        today=int(np.datetime64(now, "D").astype(np.int64)),
        kinds=sum(1 << kind for kind in set(kinds)),
        remote_nearness=to_millionths(weights.nearness),
        remote_preference=to_millionths(weights.preference) if profile.places else 0,
        wage_weight=round(weights.wage * 2**WAGE_SHIFT),
        wage_reference=to_millionths(math.log2(reference)),
        comfort_weight=to_millionths(weights.schedule / 10),
        housing_weight=to_millionths(weights.housing),
    )
    packed = np.zeros(openings.places, dtype=PACKED_PLACE)
    packed["nearness"] = places.nearness
    packed["preference"] = places.preference
    packed["allowed"] = allowed
    packed["never"] = _find_never(profile, openings)
    return Preparation(asker, packed, occupation, _find_ranges(profile, openings), best_job, places)


def _check_references(profile: PersonProfile, openings: OpeningIndex, similarity: OccupationSimilarity) -> None:
    if len(similarity.matrix) != openings.occupations:
        raise ValueError("the similarity of occupations and the openings count occupations differently")
    if any(job.sinco >= openings.occupations for job in profile.jobs):
        raise ValueError("a past job names an occupation that does not exist")
    states = {choice.state for choice in profile.places} | profile.never_send_states
    municipalities = {choice.municipality for choice in profile.places} | profile.never_send_municipalities
    if not all(state is None or 0 <= state < openings.states for state in states):
        raise ValueError("the profile names a state that does not exist")
    count = len(openings.municipalities.state)
    if not all(place is None or 0 <= place < count for place in municipalities):
        raise ValueError("the profile names a municipality that does not exist")


def _find_allowed(profile: PersonProfile, openings: OpeningIndex) -> NDArray[np.bool_]:
    """Return which places the person would live in; all, when they were not asked.

    "Somewhere in the state" stays in question when one of its municipalities was named: what the employer did
    not say hides nothing.
    """
    if not profile.places:
        return np.ones(openings.places, dtype=bool)
    allowed = rank_places(profile, openings) > 0
    for state in _find_states(profile, openings):
        allowed[openings.find_place(state)] = True
    allowed[openings.find_place(UNKNOWN)] = True
    return allowed


def _find_states(profile: PersonProfile, openings: OpeningIndex) -> set[int]:
    """Return the states of the places that the person named."""
    states = {choice.state for choice in profile.places if choice.state is not None}
    municipalities = [choice.municipality for choice in profile.places if choice.municipality is not None]
    return states | set(openings.municipalities.state[municipalities].tolist()) if municipalities else states


def _find_never(profile: PersonProfile, openings: OpeningIndex) -> NDArray[np.bool_]:
    """Return the places never to send to, and the stand-ins that could turn out to be one of them."""
    never = np.zeros(openings.places, dtype=bool)
    for state in profile.never_send_states:
        never[openings.places_of_state[state]] = True
    for municipality in profile.never_send_municipalities:
        never[municipality] = True
        never[openings.find_place(int(openings.municipalities.state[municipality]))] = True
    never[openings.find_place(UNKNOWN)] = bool(never.any())
    return never


def _find_ranges(profile: PersonProfile, openings: OpeningIndex) -> NDArray[np.int64]:
    """Return the runs of rows to look at: named states, openings of unknown state, remote ones."""
    start = openings.block_start
    named = _find_states(profile, openings) if profile.places else set(range(openings.states))
    blocks = [*sorted(named), openings.states, openings.states + 1]
    return np.array([(start[block], start[block + 1]) for block in blocks], dtype=np.int64)
