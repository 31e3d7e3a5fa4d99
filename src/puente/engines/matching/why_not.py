"""Why one opening is not open to somebody: the rules it breaks, and what flipping one of them would open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from puente.engines.matching.bulk.layout import BulkLayout
from puente.engines.matching.bulk.people import PeopleTable, select_rows
from puente.engines.matching.bulk.ranking import rank_people
from puente.engines.matching.constraints import RULE_AT, WORD_BITS, Rule
from puente.engines.matching.hidden import find_broken_of
from puente.engines.matching.index import OpeningIndex
from puente.engines.matching.openings import Kind
from puente.engines.matching.preparation import prepare
from puente.engines.matching.profile import PersonProfile
from puente.engines.matching.value import OccupationSimilarity
from puente.engines.matching.weights import Weights


@dataclass(frozen=True, slots=True)
class BrokenRule:
    """A rule that an opening breaks for somebody; detail says which licence, document, level and so on."""

    rule: Rule
    detail: int


def find_broken_rules(
    profile: PersonProfile,
    openings: OpeningIndex,
    similarity: OccupationSimilarity,
    opening_id: Any,
    *,
    now: date,
) -> tuple[BrokenRule, ...] | None:
    """Return the rules one opening breaks for one person, in their stated order; none when it is open to them.

    None when the opening is not in question at all: outside the places they named, over, or not there. A place never to
    send to gives None too: why is nobody's business. Raises ValueError as `shortlist` does.
    """
    rows = np.flatnonzero(openings.table.id == opening_id)
    if rows.size == 0:
        return None
    asked = prepare(profile, openings, similarity, now, Weights(), tuple(Kind))
    packed = openings.packed[rows]
    place = asked.packed_places[packed["place"]][0]
    remote = rows[0] >= openings.remote_start
    if place["never"] or not (remote or place["allowed"]) or packed["last_day"][0] < asked.asker.today:
        return None
    broken = []
    for word, bits in enumerate(find_broken_of(packed, asked)):
        rest = int(bits[0])
        while rest:
            broken.append(BrokenRule(*RULE_AT[word * WORD_BITS + (rest & -rest).bit_length() - 1]))
            rest &= rest - 1
    return tuple(broken)


_COLUMN_OF_RULE = {
    Rule.LICENCE: "licences_no",
    Rule.DOCUMENT: "documents_no",
    Rule.SCHEDULE: "schedule_no",
}


def flip_answer(people: PeopleTable, rule: Rule, detail: int) -> PeopleTable:
    """Return people as they would be if none of them lacked one licence or document, or refused one schedule.

    The columns of the others are shared. Raises ValueError for a rule that no course or concession changes.
    """
    if rule not in _COLUMN_OF_RULE:
        raise ValueError(f"{rule} is nothing that one step changes: choose a licence, a document or a schedule")
    changed = select_rows(people, np.arange(len(people)))
    column = getattr(changed, _COLUMN_OF_RULE[rule])
    column &= ~(np.int64(1) << detail)
    return changed


@dataclass(frozen=True, slots=True)
class Opened:
    """What one answer flipped would do for a cohort: who lacks it, how many would get a better best opening."""

    lacking: int
    better_off: int
    mean_gain: float


def find_opened(
    people: PeopleTable, layout: BulkLayout, rule: Rule, detail: int, *, now: date, threads: int = 1
) -> Opened:
    """Return what a licence, document or concession would open for a cohort, each person looked at alone.

    mean_gain is the rise in the value of the best opening, over those who would be better off. Raises ValueError as
    `flip_answer` does.
    """
    flipped = flip_answer(people, rule, detail)
    lacks = (getattr(people, _COLUMN_OF_RULE[rule]) >> detail) & 1 == 1
    rows = np.flatnonzero(lacks)
    if rows.size == 0:
        return Opened(0, 0, 0.0)
    before = rank_people(select_rows(people, rows), layout, now=now, limit=1, threads=threads)
    after = rank_people(select_rows(flipped, rows), layout, now=now, limit=1, threads=threads)
    gain = after.value[:, 0].astype(np.int64) - before.value[:, 0]
    better = (gain > 0) | ((before.row[:, 0] < 0) & (after.row[:, 0] >= 0))
    return Opened(rows.size, int(better.sum()), float(gain[better].mean() / 1e6) if better.any() else 0.0)
