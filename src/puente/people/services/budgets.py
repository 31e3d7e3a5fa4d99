"""How many files one member of staff opens in an hour: more is a clear page, and somebody is told."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop

from puente.audit.models import Alert
from puente.audit.selectors import list_own_events
from puente.audit.services import raise_alert, record_event
from puente.audit.verbs import register_verb
from puente.platform.policy import Actor, BudgetSpent, Purpose

OPENED = register_verb("person.opened", gettext_noop("opened the file"), opens=True)
SPENT = register_verb("person.open_limited", gettext_noop("reached the limit of files opened per hour"))
WINDOW = timedelta(hours=1)


def spend_opening(*, actor: Actor, person_id: UUID, purpose: Purpose, now: datetime) -> None:
    """Refuse the file of one more person where the actor opened those of `settings.OPENS_PER_HOUR` others in an hour.

    A file that was opened within the hour stays open to work on. Called outside the transaction that opens, so that
    the event of the refusal stays.

    Raises:
        BudgetSpent.
    """
    since = now - WINDOW
    opened = set(list_own_events(actor, OPENED).filter(at__gt=since).order_by().values_list("person_id", flat=True))
    if person_id in opened or len(opened) < settings.OPENS_PER_HOUR:
        return
    if not list_own_events(actor, SPENT).filter(at__gt=since).exists():
        event = record_event(
            actor=actor, verb=SPENT, record_type="person", record_id=None, purpose=purpose, at=now,
            detail={"people": len(opened)},
        )  # fmt: skip
        raise_alert(actor=actor, kind=Alert.Kind.OPEN_BUDGET, event=event, detail={"people": len(opened)}, at=now)
    raise BudgetSpent
