"""What a session holds of its sign-in, and whether it still stands."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from puente.accounts.models import User

LAST_ACTIVE = "last_active"
LOCKED = "locked"
SECOND_FACTOR = "second_factor"
SIGNED_IN_AT = "signed_in_at"
STAMP = "stamp"


class Ending(StrEnum):
    """Why a session no longer stands."""

    ELSEWHERE = "elsewhere"
    REVOKED = "revoked"
    TOO_OLD = "too_old"


def mark_session(session: SessionBase, stamp: UUID, now: datetime) -> None:
    """Write into a new session which sign-in it belongs to and when that was; activity never moves the hour."""
    session[STAMP] = str(stamp)
    session[SIGNED_IN_AT] = now.timestamp()


def find_ending(session: SessionBase, user: User, now: datetime) -> Ending | None:
    """Return why the session of a signed-in member of staff has ended, or None while it stands."""
    if user.session_stamp is None:
        return Ending.REVOKED
    if session.get(STAMP) != str(user.session_stamp):
        return Ending.ELSEWHERE
    age = now.timestamp() - session.get(SIGNED_IN_AT, 0)
    return Ending.TOO_OLD if age > settings.SESSION_LIMIT.total_seconds() else None


def is_idle(session: SessionBase, now: datetime) -> bool:
    """Tell whether nobody did anything for longer than the idle limit."""
    last: Any = session.get(LAST_ACTIVE)
    return last is not None and now.timestamp() - last > settings.IDLE_LIMIT.total_seconds()
