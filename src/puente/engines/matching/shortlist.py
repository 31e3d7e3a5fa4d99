"""One person's shortlist: the best few open places, why, what is hidden and what one step more would open."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import numpy as np

from puente.engines.matching.constraints import (
    HIGHEST_ENGLISH,
    HIGHEST_SCHOOLING,
    RULE_AT,
    Hours,
    Rule,
    find_position,
)
from puente.engines.matching.explanation import Entry, explain_entries
from puente.engines.matching.index import OpeningIndex, index_openings
from puente.engines.matching.openings import Kind, Municipalities, OpeningTable
from puente.engines.matching.preparation import prepare
from puente.engines.matching.profile import PersonProfile
from puente.engines.matching.scan import Scan, scan_openings
from puente.engines.matching.value import OccupationSimilarity
from puente.engines.matching.weights import Weights

# Goes up with every change that can alter a result: a stored shortlist is replayed with the engine it names.
ENGINE_VERSION = "1"

# What one step can change. A language takes years and a body is what it is, so neither is offered as a step.
_STEPS_BY_BIT = (Rule.LICENCE, Rule.DOCUMENT, Rule.SCHEDULE)


@dataclass(frozen=True, slots=True)
class Hidden:
    """Openings hidden by one rule: counted where it is the first one broken, and where it is the only one."""

    rule: Rule
    detail: int
    first: int
    alone: int


@dataclass(frozen=True, slots=True)
class OneMore:
    """What one step more would open: how many openings, the best, and its place in the list (None: none)."""

    rule: Rule
    detail: int
    more: int
    best: Any
    rank: int | None


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The answer for one person, with all it takes to replay it."""

    entries: tuple[Entry, ...]
    open_count: int
    hidden: tuple[Hidden, ...]
    one_more: tuple[OneMore, ...]
    inputs_digest: str
    weights_version: str
    engine_version: str


def shortlist(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    *,
    now: date,
    limit: int = 10,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
    kinds: Collection[Kind] = tuple(Kind),
    digest_key: bytes = b"",
) -> Shortlist:
    """Return the best open places for one person, explained.

    Arguments: the profile; the openings (`index_openings`); the similarity of occupations; the day; how many to
    list; the weights; the kinds of opening wanted; a secret of up to 64 bytes for the digest (without one,
    somebody who knows the rest of the profile could try out the places never to send to).
    Openings outside the places the person named are not considered and not counted. Raises ValueError when
    the profile names a place or an occupation that does not exist, or limit is below 1.
    """
    if limit < 1:
        raise ValueError("limit must be at least 1")
    asked = prepare(profile, openings, similarity, now, weights, kinds)
    found = scan_openings(
        openings.packed,
        openings.group_start,
        asked.packed_places,
        asked.occupation,
        asked.asker,
        asked.ranges,
        openings.remote_start,
        limit,
    )
    return Shortlist(
        entries=explain_entries(profile, openings, similarity, weights, asked, found),
        open_count=found.open_count,
        hidden=_count_hidden(found),
        one_more=_find_one_more(profile, openings, found),
        inputs_digest=_digest_inputs(profile, openings, similarity, weights, now, limit, kinds, digest_key),
        weights_version=weights.version,
        engine_version=ENGINE_VERSION,
    )


def one_more(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    *,
    now: date,
    limit: int = 10,
    weights: Weights = Weights(),  # noqa: B008 (frozen)
    kinds: Collection[Kind] = tuple(Kind),
) -> tuple[OneMore, ...]:
    """Return what each single licence, document, level or concession on the week would open; most first.

    The same as `shortlist(...).one_more`, arguments and errors alike.
    """
    return shortlist(profile, openings, similarity, now=now, limit=limit, weights=weights, kinds=kinds).one_more


def compile_ahead() -> None:
    """Compile the scan, or read what was compiled before: for set-up, so that no officer waits for it."""
    nowhere = Municipalities(np.zeros(1, np.int16), np.zeros(1), np.zeros(1))
    columns: dict[str, Any] = {column.name: np.zeros(0, np.int64) for column in fields(OpeningTable)}
    index = index_openings(OpeningTable(**columns), nowhere, occupations=1)
    shortlist(PersonProfile(), index, OccupationSimilarity(np.ones((1, 1), np.float32)), now=date(2026, 1, 1))


def _count_hidden(found: Scan) -> tuple[Hidden, ...]:
    first, alone = found.hidden_first.tolist(), found.hidden_alone.tolist()
    return tuple(
        Hidden(rule, detail, first[position], alone[position])
        for position, (rule, detail) in RULE_AT.items()
        if first[position]
    )


def _find_one_more(profile: PersonProfile, openings: OpeningIndex, found: Scan) -> tuple[OneMore, ...]:
    """Return the steps that would open something: those whose bit is the only one that hides an opening."""
    next_levels = _find_next_levels(profile)
    more, rank = found.hidden_alone.tolist(), found.alone_rank.tolist()
    positions = [
        position
        for position, (rule, _) in RULE_AT.items()
        if more[position] and (rule in _STEPS_BY_BIT or position in next_levels)
    ]
    best = openings.table.id[found.alone_row[positions]].tolist()
    steps = [
        OneMore(*RULE_AT[position], more=more[position], best=name, rank=rank[position] or None)
        for position, name in zip(positions, best, strict=True)
    ]
    return tuple(sorted(steps, key=lambda step: -step.more))


def _find_next_levels(profile: PersonProfile) -> set[int]:
    """Return the positions of one level more, and of a week up to the legal length."""
    positions = {find_position(Rule.HOURS, Hours.WITHIN_LEGAL_WEEK)}
    if profile.schooling is not None and profile.schooling < HIGHEST_SCHOOLING:
        positions.add(find_position(Rule.SCHOOLING, profile.schooling + 1))
    if profile.english is not None and profile.english < HIGHEST_ENGLISH:
        positions.add(find_position(Rule.ENGLISH, profile.english + 1))
    return positions


def _digest_inputs(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    weights: Weights,
    now: date,
    limit: int,
    kinds: Collection[Kind],
    key: bytes,
) -> str:
    """Return a keyed digest of everything the answer depends on, so that a replay can be checked."""
    never_send = (sorted(profile.never_send_states), sorted(profile.never_send_municipalities))
    request = (ENGINE_VERSION, profile, never_send, weights, now, limit, sorted(set(kinds)))
    digest = hashlib.blake2b(repr(request).encode(), key=key, digest_size=32)
    digest.update(openings.digest + similarity.digest)
    return digest.hexdigest()
