"""What else happens when a file is reserved. Rooms above register what they hold of a person outside of the file."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from puente.people.opening import OpenedPerson
from puente.platform.policy import Actor

Step = Callable[[Actor, OpenedPerson, datetime], None]


def _do_nothing(actor: Actor, opened: OpenedPerson, now: datetime) -> None:
    """Leave things as they are."""


@dataclass(frozen=True)
class ReservationSteps:
    """What one room does in the transaction of a reservation, of its end, and of the correction of anybody."""

    reserved: Step = _do_nothing
    released: Step = _do_nothing
    corrected: Step = _do_nothing


_steps: dict[str, ReservationSteps] = {}


def register_reservation_steps(room: str, steps: ReservationSteps) -> None:
    """Set what a room does; once, when the room is made ready."""
    _steps[room] = steps


def reservation_steps() -> tuple[ReservationSteps, ...]:
    """Return what all rooms do."""
    return tuple(_steps.values())
