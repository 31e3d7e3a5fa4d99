"""Which aired spot is which booked one: per outlet and day, the assignment with the least total displacement.

A station's log is evidence, not truth: its clock may be off, it may have holes. So the clock's offset is estimated
first, and a booking without a match is only *missed* where a log covers the day; elsewhere there is *no log*.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy.optimize import linear_sum_assignment

from puente.engines.reach.numbers import Flags, Floats
from puente.engines.reach.reconciliation.records import Aired, Booked, Finding, Status


@dataclass(frozen=True)
class Tolerance:
    """How far apart is still the same spot, in minutes, and what costs how much.

    on_time: within this of the booked time, or inside the programme, a spot is aired as booked. longest: a spot
    displaced further is not the booked one. wrong_material: what another material costs, as minutes of displacement;
    it must lie in the place of the booked one, within `in_place`.
    largest_offset: no station's clock is off by more. twin: a second airing this near a matched one is its duplicate.
    twin_moved: what it costs, in minutes, to take such a one for another booking that was moved there.
    whole: share of the booked seconds below which a spot is truncated.
    """

    on_time: float = 15.0
    longest: float = 180.0
    wrong_material: float = 25.0
    in_place: float = 6.0
    largest_offset: float = 75.0
    twin: float = 12.0
    twin_moved: float = 20.0
    whole: float = 0.95
    day_begins: int = 4


LARGE = 1e6
# An offset is believed when so many spots agree on it, and more than a third of those booked.
VOTES = 3
# Votes for an offset are counted in a window of this many minutes.
WINDOW = 6.0
# The offset of a clock nothing is known of.
NONE_KNOWN = 0.0


def reconcile(
    booked: Sequence[Booked],
    aired: Sequence[Aired],
    covered: Collection[tuple[str, date]],
    zone: str,
    tolerance: Tolerance = Tolerance(),
) -> list[Finding]:
    """Match aired spots to booked ones and say what became of each.

    Args:
        covered: (outlet, broadcast day) pairs for which there is a log, even an empty one.
        zone: time zone of the outlets; a broadcast day begins at `tolerance.day_begins` there.

    Returns:
        One finding for each booking, then one for each aired spot that belongs to none.
    """
    place = ZoneInfo(zone)
    bookings: dict[tuple[str, date], list[Booked]] = defaultdict(list)
    airings: dict[tuple[str, date], list[Aired]] = defaultdict(list)
    for spot in booked:
        bookings[spot.outlet, broadcast_day(spot.start, place, tolerance.day_begins)].append(spot)
    for line in aired:
        airings[line.outlet, broadcast_day(line.start, place, tolerance.day_begins)].append(line)
    logs = set(covered) | set(airings)
    offsets = _estimate_offsets(bookings, airings, tolerance)
    findings: dict[str, Finding] = {}
    rest: list[Finding] = []
    for key in sorted(bookings.keys() | airings.keys()):
        own, lines = bookings[key], airings[key]
        if key not in logs:
            findings |= {spot.id: Finding(Status.NO_LOG, spot.id, None) for spot in own}
            continue
        matched, left = _match_day(own, lines, offsets[key], tolerance)
        findings |= {str(finding.booked): finding for finding in matched}
        rest += left
    rest = _match_across_days(booked, aired, findings, rest, tolerance)
    return [findings[spot.id] for spot in booked] + rest


def broadcast_day(instant: datetime, zone: ZoneInfo, begins: int) -> date:
    """Return the broadcast day of an instant: what airs after midnight belongs to the evening before."""
    return (instant.astimezone(zone).replace(tzinfo=None) - timedelta(hours=begins)).date()


def _minutes(own: Sequence[Booked | Aired], origin: datetime) -> Floats:
    return np.array([(spot.start - origin).total_seconds() / 60 for spot in own])


def _estimate_offsets(
    bookings: dict[tuple[str, date], list[Booked]], airings: dict[tuple[str, date], list[Aired]], tolerance: Tolerance
) -> dict[tuple[str, date], float]:
    """Return how many minutes each log's clock is ahead, by outlet and day.

    Every pair of a booked and an aired spot of one material votes for the offset between them; true pairs agree, others
    scatter. A day with too few agreeing votes takes the offset of its outlet.
    """
    votes: dict[tuple[str, date], Floats] = {}
    by_outlet: dict[str, list[Floats]] = defaultdict(list)
    booked: Counter[str] = Counter()
    for key in bookings.keys() | airings.keys():
        own, lines = bookings.get(key, []), airings.get(key, [])
        votes[key] = np.zeros(0)
        if own and lines:
            origin = own[0].start
            apart = _displacement(own, _minutes(lines, origin), origin)
            same = _same_material(own, lines) & (np.abs(apart) <= tolerance.largest_offset)
            votes[key] = apart[same]
            by_outlet[key[0]].append(votes[key])
            booked[key[0]] += len(own)
    usual = {name: _believe(np.concatenate(own), booked[name], NONE_KNOWN) for name, own in by_outlet.items()}
    return {key: _believe(own, len(bookings.get(key, [])), usual.get(key[0], NONE_KNOWN)) for key, own in votes.items()}


def _believe(votes: Floats, booked: int, otherwise: float) -> float:
    """Return the offset on which enough votes agree, or what stands otherwise."""
    offset, agreeing = _agree(votes)
    return offset if agreeing >= VOTES and 3 * agreeing > booked else otherwise


def _displacement(own: Sequence[Booked], when: Floats, origin: datetime) -> Floats:
    """Return how late each aired minute is for each booking, (booked, aired); anywhere in its programme is not late."""
    start = _minutes(own, origin)[:, None]
    end = start + np.array([spot.minutes for spot in own])[:, None]
    return np.asarray(when[None, :] - np.minimum(np.maximum(when[None, :], start), end))


def _same_material(own: Sequence[Booked], lines: Sequence[Aired]) -> Flags:
    return np.array([[line.material in (None, spot.material) for line in lines] for spot in own], dtype=np.bool_)


def _agree(votes: Floats) -> tuple[float, int]:
    """Return the offset on which most votes agree, nearest to none where several do, and how many agree."""
    if votes.size == 0:
        return NONE_KNOWN, 0
    ordered = np.sort(votes)
    count = np.searchsorted(ordered, ordered + WINDOW, side="right") - np.arange(len(ordered))
    most = np.flatnonzero(count == count.max())
    groups = [ordered[first : first + count[first]] for first in most]
    best = min(groups, key=lambda group: abs(float(np.median(group))))
    return float(np.median(best)), int(count.max())


def _match_day(
    own: list[Booked], lines: list[Aired], offset: float, tolerance: Tolerance
) -> tuple[list[Finding], list[Finding]]:
    """Match the spots of one outlet and day. offset: minutes that the log's clock is ahead."""
    pairs: dict[int, int] = {}
    late = np.zeros((len(own), len(lines)))
    same = np.zeros((len(own), len(lines)), dtype=np.bool_)
    twins: set[int] = set()
    if own and lines:
        origin = own[0].start
        late = _displacement(own, _minutes(lines, origin) - offset, origin)
        same = _same_material(own, lines)
        on_time = np.where(same & (np.abs(late) <= tolerance.on_time), np.abs(late), LARGE)
        pairs = _assign(on_time, tolerance.on_time + 1)
        free = sorted(set(range(len(lines))) - set(pairs.values()))
        twins = {
            column
            for column in free
            if any(same[r, column] and _apart(lines[column], lines[c]) <= tolerance.twin for r, c in pairs.items())
        }
        # What is left aired at another time, or another material in the place of the booked one.
        cost = np.abs(late) + np.where(same, 0, tolerance.wrong_material)
        cost[:, sorted(twins)] += tolerance.twin_moved
        cost[np.abs(late) > np.where(same, tolerance.longest, tolerance.in_place)] = LARGE
        cost[list(pairs), :] = LARGE
        cost[:, list(pairs.values())] = LARGE
        pairs |= _assign(cost, tolerance.longest + 1)
    matched = []
    for row, spot in enumerate(own):
        if row not in pairs:
            matched.append(Finding(Status.MISSED, spot.id, None))
            continue
        column = pairs[row]
        status = _judge(spot, lines[column], float(late[row, column]), bool(same[row, column]), tolerance)
        matched.append(Finding(status, spot.id, lines[column].id, float(late[row, column])))
    left = [
        Finding(Status.DUPLICATE if column in twins else Status.UNBOOKED, None, lines[column].id)
        for column in sorted(set(range(len(lines))) - set(pairs.values()))
    ]
    return matched, left


def _assign(cost: Floats, unmatched: float) -> dict[int, int]:
    """Return the assignment of rows to columns with the least cost; a row may stay alone at the price given."""
    rows, columns = cost.shape
    alone = np.full((rows, rows), LARGE)
    np.fill_diagonal(alone, unmatched)
    found = zip(*linear_sum_assignment(np.hstack([cost, alone])), strict=True)
    return {int(row): int(column) for row, column in found if column < columns and cost[row, column] < LARGE}


def _match_across_days(
    booked: Sequence[Booked],
    aired: Sequence[Aired],
    findings: dict[str, Finding],
    rest: list[Finding],
    tolerance: Tolerance,
) -> list[Finding]:
    """Take spots that moved over the end of a broadcast day for what they are; returns what is still left."""
    lines = {line.id: line for line in aired}
    missed = [spot for spot in booked if findings[spot.id].status == Status.MISSED]
    stray = [lines[str(own.aired)] for own in rest if own.status == Status.UNBOOKED]
    if not missed or not stray:
        return rest
    origin = missed[0].start
    late = _displacement(missed, _minutes(stray, origin), origin)
    outlets = np.array([[spot.outlet == line.outlet for line in stray] for spot in missed])
    fits = outlets & _same_material(missed, stray) & (np.abs(late) <= tolerance.longest)
    pairs = _assign(np.where(fits, np.abs(late), LARGE), tolerance.longest + 1)
    for row, column in pairs.items():
        spot, line = missed[row], stray[column]
        status = _judge(spot, line, float(late[row, column]), True, tolerance)
        findings[spot.id] = Finding(status, spot.id, line.id, float(late[row, column]))
    taken = {stray[column].id for column in pairs.values()}
    return [own for own in rest if own.aired not in taken]


def _apart(one: Aired, other: Aired) -> float:
    return abs((one.start - other.start).total_seconds()) / 60


def _judge(spot: Booked, line: Aired, late: float, same: bool, tolerance: Tolerance) -> Status:
    """Return the gravest thing that is wrong with a matched spot: the material, then its length, then its time."""
    if not same:
        return Status.WRONG_MATERIAL
    if line.seconds is not None and line.seconds < tolerance.whole * spot.seconds:
        return Status.TRUNCATED
    return Status.AIRED if abs(late) <= tolerance.on_time else Status.MOVED
