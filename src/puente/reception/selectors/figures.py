"""Counts of arrivals and waits over a period: numbers alone, no person. Called under an actor that only counts."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from puente.platform.policy import Actor, NotAllowed
from puente.reception.models import Stage
from puente.reception.policies import VIEW_ARRIVALS
from puente.reception.selectors.queue import AWAY

#: The age groups of the migration institute's tables; "" is an unknown age.
AGE_GROUPS = ("0-11", "12-17", "18+", "")

COUNT_ARRIVALS = """
SELECT grouping(point, hour, day, sex, age, state), point, hour, day, sex, age, state, count(*)
FROM (
    SELECT arrival.point_id AS point,
        extract(hour FROM arrival.arrived_at AT TIME ZONE %(zone)s)::integer AS hour,
        (arrival.arrived_at AT TIME ZONE %(zone)s)::date AS day,
        coalesce(person.sex, 'U') AS sex,
        CASE WHEN arrival.age_at_arrival IS NULL THEN '' WHEN arrival.age_at_arrival < 12 THEN '0-11'
            WHEN arrival.age_at_arrival < 18 THEN '12-17' ELSE '18+' END AS age,
        coalesce(person.home_state_id, '') AS state
    FROM reception_arrival AS arrival LEFT JOIN people_person AS person ON person.id = arrival.person_id
    WHERE arrival.office_id = %(office)s AND arrival.arrived_at >= %(since)s AND arrival.arrived_at < %(until)s
) AS event
GROUP BY GROUPING SETS ((), (point), (hour), (day), (sex, age), (state))
"""

MEASURE_WAITS = """
WITH step AS (
    SELECT moved.stage, moved.kind, moved.at,
        lead(moved.at) OVER (PARTITION BY moved.arrival_id ORDER BY moved.at, moved.id) AS until
    FROM reception_arrival AS arrival JOIN reception_stageevent AS moved ON moved.arrival_id = arrival.id
    WHERE arrival.office_id = %(office)s AND arrival.arrived_at >= %(since)s AND arrival.arrived_at < %(until)s
        AND moved.kind IN ('entered', 'left')
)
SELECT stage, count(*),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM until - at) / 60),
    percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM until - at) / 60)
FROM step WHERE kind = 'entered' AND until IS NOT NULL
GROUP BY stage
"""

LIST_ASSISTED = """
SELECT DISTINCT arrival.person_id
FROM reception_arrival AS arrival JOIN people_person AS person ON person.id = arrival.person_id
WHERE arrival.office_id = %(office)s AND arrival.arrived_at >= %(since)s AND arrival.arrived_at < %(until)s
    AND person.home_state_id = ANY (%(states)s)
"""


@dataclass(frozen=True)
class ArrivalFigures:
    """How many arrivals an office had in a period: in all, and by one thing at a time."""

    total: int = 0
    by_point: dict[str, int] = field(default_factory=dict)
    by_hour: dict[int, int] = field(default_factory=dict)
    by_day: dict[date, int] = field(default_factory=dict)
    by_sex_and_age: dict[tuple[str, str], int] = field(default_factory=dict)
    by_state: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StageWait:
    """How long people stood in one stage, from entering to leaving it, in minutes: the middle one, and 9 of 10."""

    stage: Stage
    people: int
    median: float
    ninth_decile: float


def count_arrivals(actor: Actor, office_id: UUID, since: datetime, until: datetime, zone: str) -> ArrivalFigures:
    """Return the counts of an office from `since` to before `until`.

    Args:
        zone: the time zone by whose clock hours and days are told.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    _require(actor, office_id)
    found: dict[str, dict] = defaultdict(dict)  # type: ignore[type-arg]
    total = 0
    values: dict[str, Any] = {"office": office_id, "since": since, "until": until, "zone": zone}
    with connection.cursor() as cursor:
        cursor.execute(COUNT_ARRIVALS, values)
        for grouping, point, hour, day, sex, age, state, number in cursor.fetchall():
            # A bit is 0 where the column is one of the grouping set, from the last to the first argument.
            match ~grouping & 0b111111:
                case 0b100000:
                    found["by_point"][point] = number
                case 0b010000:
                    found["by_hour"][hour] = number
                case 0b001000:
                    found["by_day"][day] = number
                case 0b000110:
                    found["by_sex_and_age"][sex, age] = number
                case 0b000001:
                    found["by_state"][state] = number
                case _:
                    total = number
    return ArrivalFigures(total, **found)


def measure_waits(actor: Actor, office_id: UUID, since: datetime, until: datetime) -> list[StageWait]:
    """Return how long the people who arrived from `since` to before `until` stood in each stage in the building.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    _require(actor, office_id)
    with connection.cursor() as cursor:
        cursor.execute(MEASURE_WAITS, {"office": office_id, "since": since, "until": until})
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
    return [
        StageWait(stage, rows[stage][0], float(rows[stage][1]), float(rows[stage][2]))
        for stage in Stage
        if stage in rows and stage not in AWAY
    ]


def list_assisted(actor: Actor, office_id: UUID, since: datetime, until: datetime, states: list[str]) -> list[UUID]:
    """Return the ids of the people of some states of origin who arrived in a period, each once.

    Raises:
        NotAllowed: where the actor sees no arrivals in the office.
    """
    _require(actor, office_id)
    with connection.cursor() as cursor:
        cursor.execute(LIST_ASSISTED, {"office": office_id, "since": since, "until": until, "states": list(states)})
        return [row[0] for row in cursor.fetchall()]


def _require(actor: Actor, office_id: UUID) -> None:
    if office_id not in actor.offices_for(VIEW_ARRIVALS):
        raise NotAllowed(VIEW_ARRIVALS.name)
