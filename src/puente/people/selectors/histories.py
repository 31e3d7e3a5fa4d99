"""Earlier returns of people. The room above that records arrivals registers how they are read."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from puente.platform.policy import Actor


@dataclass(frozen=True)
class EarlierReturn:
    """One earlier return, as history and without blame: when, where, and the stage that was reached."""

    arrived_at: datetime
    point: str
    stage: str | None = None


ReturnsReader = Callable[[Actor, Collection[UUID]], Mapping[UUID, Sequence[EarlierReturn]]]
_readers: list[ReturnsReader] = []


def register_returns(reader: ReturnsReader) -> None:
    """Set how earlier returns are read: for some people at once, only what the actor may see, the latest first."""
    _readers[:] = [reader]


def list_returns(actor: Actor, person_ids: Collection[UUID]) -> Mapping[UUID, Sequence[EarlierReturn]]:
    """Return the earlier returns of people; a person without any may be left out."""
    return _readers[0](actor, person_ids) if _readers and person_ids else {}
