"""After how many minutes a wait is called long. The room that lets an office choose registers how it is read."""

from collections.abc import Callable, Mapping
from uuid import UUID

from puente.reception.models import Stage

#: Where an office chose nothing.
LIMITS: Mapping[str, int] = {
    Stage.ARRIVAL: 20,
    Stage.NEEDS: 30,
    Stage.COUNSELLING: 45,
    Stage.JOURNEY: 120,
    Stage.FOLLOW_UP: 24 * 60,
}

LimitsReader = Callable[[UUID], Mapping[str, int]]
_readers: list[LimitsReader] = []


def register_wait_limits(reader: LimitsReader) -> None:
    """Set how an office's own limits are read: stage → minutes, for the stages it chose."""
    _readers[:] = [reader]


def find_wait_limits(office_id: UUID) -> Mapping[str, int]:
    """Return after how many minutes a wait is called long in each stage of an office."""
    chosen = _readers[0](office_id) if _readers else {}
    return {stage: chosen.get(stage, LIMITS[stage]) for stage in Stage}
