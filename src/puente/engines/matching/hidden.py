"""The openings behind a count of hidden ones: which they are, best first."""

from collections.abc import Collection
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from puente.engines.matching.constraints import LEGAL_WEEK_HOURS, WORD_BITS, Hours, Rule, find_bit, find_position
from puente.engines.matching.index import MILLION, NO_WAGE, OpeningIndex
from puente.engines.matching.openings import Kind
from puente.engines.matching.preparation import Preparation, prepare
from puente.engines.matching.profile import PersonProfile
from puente.engines.matching.scan import WAGE_SHIFT
from puente.engines.matching.value import OccupationSimilarity
from puente.engines.matching.weights import Weights


def list_hidden(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    rule: Rule,
    detail: int,
    *,
    now: date,
    limit: int = 50,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
    kinds: Collection[Kind] = tuple(Kind),
) -> tuple[Any, ...]:
    """Return the ids of the openings whose first broken rule is the given one, best first.

    They are those that `Hidden.first` of `shortlist` counts, which says what the other arguments are. Raises
    ValueError as `shortlist` does.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    asked = prepare(profile, openings, similarity, now, weights, kinds)
    rows = np.concatenate([np.arange(start, end) for start, end in asked.ranges]).astype(np.int64)
    remote = rows >= openings.remote_start
    packed, places = openings.packed[rows], asked.packed_places[openings.packed["place"][rows]]
    considered = (remote | places["allowed"]) & ~places["never"] & (packed["last_day"] >= asked.asker.today)
    considered &= (asked.asker.kinds >> packed["kind"].astype(np.int64)) & 1 != 0
    first, second = find_broken_of(packed, asked)
    word, bit = divmod(find_position(rule, detail), WORD_BITS)
    lowest = (first & -first) == 1 << bit if word == 0 else (first == 0) & ((second & -second) == 1 << bit)
    found = np.flatnonzero(considered & lowest)
    value = _value(packed[found], places[found], remote[found], asked)
    order = np.lexsort((packed["id_rank"][found], -value))[:limit]
    return tuple(openings.table.id[rows[found[order]]].tolist())


def find_broken_of(packed: NDArray[np.void], asked: Preparation) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the words of broken rules of each pair, as the compiled `find_broken` does for one pair."""
    asker = asked.asker
    first = packed["asked_first"] & asker.lacking_first
    second = packed["asked_second"] & asker.lacking_second
    if asker.age >= 0:
        first |= np.where(asker.age < packed["minimum_age"], find_bit(Rule.TOO_YOUNG), 0)
        first |= np.where(asker.age > packed["maximum_age"], find_bit(Rule.TOO_OLD), 0)
    second |= np.where(asker.household_size > packed["household_places"], find_bit(Rule.HOUSEHOLD), 0)
    beyond = np.where(
        packed["hours"] <= LEGAL_WEEK_HOURS,
        find_bit(Rule.HOURS, Hours.WITHIN_LEGAL_WEEK),
        find_bit(Rule.HOURS, Hours.BEYOND_LEGAL_WEEK),
    )
    second |= np.where(packed["hours"] > asker.max_hours, beyond, 0)
    second |= np.where(packed["wage"] < asker.wage_limit, find_bit(Rule.WAGE), 0)
    return first, second


def _value(
    packed: NDArray[np.void], places: NDArray[np.void], remote: NDArray[np.bool_], asked: Preparation
) -> NDArray[np.int64]:
    """Return the value of each pair in millionths, as the compiled `value_opening` does for one."""
    asker = asked.asker
    above = np.clip(packed["wage_logarithm"].astype(np.int64) - asker.wage_reference, -MILLION, MILLION)
    wage = np.where(packed["wage_logarithm"] == NO_WAGE, 0, above * asker.wage_weight >> WAGE_SHIFT)
    value: NDArray[np.int64] = (
        asked.occupation[packed["sinco"]]
        + wage
        + np.where(remote, asker.remote_nearness, places["nearness"])
        + np.where(remote, asker.remote_preference, places["preference"])
        + packed["comfort"].astype(np.int64) * asker.comfort_weight
        + packed["housing"].astype(np.int64) * asker.housing_weight
    )
    return value
