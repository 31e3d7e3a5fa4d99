"""Terms and holidays."""

from datetime import date

from puente.platform.policy import Action, Actor, NotAllowed
from puente.rights.deadlines import add_working_days
from puente.rights.models import Deadline, Holiday


def list_holidays() -> list[Holiday]:
    """Return the holidays in force, the earliest first."""
    return list(Holiday.objects.filter(is_removed=False))


def list_deadlines() -> list[Deadline]:
    """Return the terms in the order in which they run."""
    order = list(Deadline.Code)
    return sorted(Deadline.objects.all(), key=lambda deadline: order.index(Deadline.Code(deadline.code)))


def find_due_date(code: Deadline.Code, start: date) -> date:
    """Return the last day of a term that begins to run after `start`."""
    days = Deadline.objects.values_list("working_days", flat=True).get(pk=code)
    return add_working_days(start, days, {holiday.day for holiday in list_holidays()})


def find_deadline(actor: Actor, action: Action, code: str) -> Deadline:
    """Return one term; raises NotAllowed, also where there is none."""
    deadline = Deadline.objects.filter(pk=code).first()
    if deadline is None or not actor.may(action):
        raise NotAllowed(action.name)
    return deadline
