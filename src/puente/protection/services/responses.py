"""How soon the office responds to whom is handed over: counts alone, and small ones hidden."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from puente.engines.disclosure import THRESHOLD
from puente.platform.policy import Actor

#: The upper ends of the bands, in hours; the last band is open.
BANDS = (4, 24, 72)


@dataclass(frozen=True)
class ResponseFigures:
    """From hand-over to the first entry of a case, in a period: how many, within how many hours.

    A band with a small number is joined with the next ones until it is large enough; `bands` are (hours, count),
    the last with None for hours where it has no upper end. Empty where all together are small.
    """

    answered: int | None
    median_hours: float | None
    bands: tuple[tuple[int | None, int], ...]


def count_responses(*, actor: Actor, office_id: UUID, since: datetime, until: datetime) -> ResponseFigures:
    """Return how soon an office responded to those handed over in a period.

    The database counts (`puente_response_hours`) and hands out hours of an office's responses without any id, to
    nobody but who sees the office's pilot or lists its cases.

    Args:
        since, until: when the hand-over was sent; `until` is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT hours FROM puente_response_hours(%s, %s, %s) AS hours", [office_id, since, until])
        hours = sorted(float(row[0]) for row in cursor.fetchall())
    return band_responses(hours)


def band_responses(hours: list[float], threshold: int = THRESHOLD) -> ResponseFigures:
    """Return figures of sorted hours in which no number is below the threshold."""
    if len(hours) < threshold:
        return ResponseFigures(None, None, ())
    ends: tuple[int | None, ...] = (*BANDS, None)
    counts: list[tuple[int | None, int]] = []
    waiting, start = 0, 0.0
    for end in ends:
        waiting += sum(start <= one < (end if end is not None else float("inf")) for one in hours)
        start = float(end) if end is not None else start
        if waiting >= threshold:
            counts.append((end, waiting))
            waiting = 0
    if waiting and counts:
        # What is left over is too small to stand alone: the last band takes it and has no upper end any more.
        counts[-1] = (None, counts[-1][1] + waiting)
    middle = len(hours) // 2
    median = hours[middle] if len(hours) % 2 else (hours[middle - 1] + hours[middle]) / 2
    return ResponseFigures(len(hours), round(median, 1), tuple(counts))
