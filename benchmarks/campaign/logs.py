"""Invented airing logs: what was booked, what the station wrote down, and what truly became of each spot."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from puente.engines.reach.reconciliation.matching import Tolerance, broadcast_day
from puente.engines.reach.reconciliation.records import Aired, Booked, Finding, Status, to_instants

ZONE = "America/Ciudad_Juarez"
MATERIALS = ("courage", "question", "call", "story")
# The clock is set back on 1 November 2026; the flight lies around it.
FIRST = date(2026, 10, 26)


@dataclass
class Log:
    """Bookings, the log, the days it covers, and the truth by id of booking or line."""

    booked: list[Booked]
    aired: list[Aired]
    covered: set[tuple[str, date]]
    truth: dict[str, Status]
    twins: dict[str, str]


def draw_log(seed: int, *, outlets: int = 25, days: int = 10, spots: int = 6, without_log: float = 0.02) -> Log:
    """Draw a log: 6 % missed, 5 % moved by 45–150 min, 2 % wrong material, 2 % twins, 2 % cut short, clocks off."""
    rng = np.random.default_rng(seed)
    zone = ZoneInfo(ZONE)
    booked, truth, twins = [], {}, {}
    aired: list[Aired] = []
    covered: set[tuple[str, date]] = set()
    for outlet in range(outlets):
        usual = rng.normal(0, 8)
        for number in range(days):
            day = FIRST + timedelta(days=number)
            name = f"outlet-{outlet}"
            present = rng.random() >= without_log
            if present:
                covered.add((name, day))
            offset = usual + rng.normal(0, 3)
            lines: list[tuple[datetime, str, int, str, Status | None]] = []
            # From 6 in the morning to 2 at night: over midnight, and on one night into the hour that comes twice.
            for place, minute in enumerate(np.sort(rng.choice(1200 // 40, spots, replace=False)) * 40):
                start = datetime(day.year, day.month, day.day, 6, tzinfo=zone).astimezone(UTC)
                start += timedelta(minutes=int(minute))
                own = Booked(f"b{outlet}-{number}-{place}", name, start, str(rng.choice(MATERIALS)), 30)
                booked.append(own)
                if not present:
                    truth[own.id] = Status.NO_LOG
                    continue
                lines += draw_spot(rng, own, truth)
            lines.sort(key=lambda line: line[0])
            clock = [(line[0] + timedelta(minutes=offset)).astimezone(zone).replace(tzinfo=None) for line in lines]
            for instant, (_, material, seconds, of, status) in zip(to_instants(clock, ZONE), lines, strict=True):
                line_id = f"a{len(aired)}"
                aired.append(Aired(line_id, name, instant, material, seconds))
                if status is not None:
                    truth[line_id] = status
                    twins[line_id] = of
    return Log(booked, aired, covered, truth, twins)


def draw_spot(
    rng: np.random.Generator, own: Booked, truth: dict[str, Status]
) -> list[tuple[datetime, str, int, str, Status | None]]:
    """Draw what the log says of one booking; a line's own status is given where it is a twin."""
    jitter = timedelta(minutes=float(rng.normal(0, 1.5)))
    kind = rng.random()
    if kind < 0.06:
        truth[own.id] = Status.MISSED
        return []
    if kind < 0.11:
        truth[own.id] = Status.MOVED
        sign = -1 if rng.random() < 0.5 else 1
        return [(own.start + sign * timedelta(minutes=float(rng.uniform(45, 150))), own.material, 30, own.id, None)]
    if kind < 0.13:
        truth[own.id] = Status.WRONG_MATERIAL
        other = str(rng.choice([name for name in MATERIALS if name != own.material]))
        return [(own.start + jitter, other, 30, own.id, None)]
    if kind < 0.15:
        truth[own.id] = Status.TRUNCATED
        return [(own.start + jitter, own.material, int(rng.integers(5, 25)), own.id, None)]
    truth[own.id] = Status.AIRED
    line = (own.start + jitter, own.material, 30, own.id, None)
    if kind < 0.17:
        twin = own.start + jitter + timedelta(minutes=float(rng.uniform(1, 10)))
        return [line, (twin, own.material, 30, own.id, Status.DUPLICATE)]
    return [line]


def score(log: Log, findings: list[Finding], *, by_row: bool) -> tuple[float, float]:
    """Return precision and recall over everything that went wrong: missed, moved, wrong material, cut short, twins.

    Which of two bookings of one material on one day was missed, and which was moved, nothing in a log can tell. So
    findings are counted by outlet, day and material; `by_row` asks for the very booking all the same.
    """
    bookings = {own.id: own for own in log.booked}
    wrong = set(Status) - {Status.AIRED, Status.NO_LOG}
    true = Counter((key_of(bookings[name], by_row), status) for name, status in log.truth.items() if name in bookings)
    true += Counter((key_of(bookings[of], False), Status.DUPLICATE) for of in log.twins.values())
    lines = {line.id: line for line in log.aired}
    found: Counter[tuple[tuple[str, ...], Status]] = Counter()
    for finding in findings:
        if finding.booked is not None:
            found[key_of(bookings[finding.booked], by_row), finding.status] += 1
        elif finding.aired is not None:
            line = lines[finding.aired]
            found[(line.outlet, day_of(line.start), str(line.material)), finding.status] += 1
    hits = sum((true & found)[key] for key in found if key[1] in wrong)
    return (
        hits / sum(count for key, count in found.items() if key[1] in wrong),
        hits / sum(count for key, count in true.items() if key[1] in wrong),
    )


def key_of(own: Booked, by_row: bool) -> tuple[str, ...]:
    """Return what a finding is counted under."""
    return (own.id,) if by_row else (own.outlet, day_of(own.start), own.material)


def day_of(instant: datetime) -> str:
    """Return the broadcast day of an instant."""
    return broadcast_day(instant, ZoneInfo(ZONE), Tolerance().day_begins).isoformat()
