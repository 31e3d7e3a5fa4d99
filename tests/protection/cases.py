"""Opening a case in tests."""

from datetime import datetime

from django.utils import timezone

from puente.platform.policy import Actor, Purpose
from puente.protection.models import Case
from puente.protection.opening import OpenedCase
from puente.protection.services import open_case


def open_for(
    actor: Actor, case: Case, purpose: Purpose = Purpose.PROTECTION, now: datetime | None = None
) -> OpenedCase:
    """Return a case opened by an actor, inside `acting_as(actor)`."""
    return open_case(actor=actor, case_id=case.pk, purpose=purpose, now=now or timezone.now())
