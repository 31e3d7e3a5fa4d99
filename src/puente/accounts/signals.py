"""What happens at the doors: each sign-in, sign-out, failure and change of a factor leaves an event.

Failures are noted for known and unknown accounts alike, so that the answer takes as long for both.
"""

from typing import Any
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import password_changed
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from axes.signals import user_locked_out
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from puente.accounts import services
from puente.accounts.models import User
from puente.accounts.selectors import build_actor, find_by_email
from puente.accounts.sessions import SIGNED_IN_AT, STAMP, mark_session
from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.platform.policy import Actor, Purpose, system_actor
from puente.platform.row_security import acting_as

SIGNED_IN = register_verb("staff.signed_in", gettext_noop("signed in"))
SIGNED_OUT = register_verb("staff.signed_out", gettext_noop("signed out"))
SIGN_IN_FAILED = register_verb("staff.sign_in_failed", gettext_noop("failed to sign in"))
LOCKED_OUT = register_verb("staff.locked_out", gettext_noop("was locked out after too many attempts"))
FACTOR_ADDED = register_verb("staff.factor_added", gettext_noop("added a second factor"))
FACTOR_REMOVED = register_verb("staff.factor_removed", gettext_noop("removed a second factor"))
FACTOR_RENEWED = register_verb("staff.factor_renewed", gettext_noop("made new recovery codes"))
PASSWORD_CHANGED = register_verb("staff.password_changed", gettext_noop("changed the own password"))

#: Acts where nobody has signed in yet.
DOOR = UUID("00000000-0000-7000-8000-0000000d0042")


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, user: User, **_rest: Any) -> None:
    """Mark the new session; the one of an earlier sign-in ends, with a word about it to both."""
    now = timezone.now()
    if user.session_stamp is not None and hasattr(request, "_messages"):
        messages.info(request, _("You had not signed out elsewhere. That session is ended."))
    mark_session(request.session, services.begin_session(user), now)
    kinds = [record.get("type") or record["method"] for record in get_authentication_records(request, user)]
    _record(build_actor(user, now), SIGNED_IN, user, {"by": kinds})


@receiver(user_logged_out)
def finish(sender: Any, request: HttpRequest, user: User | None, **_rest: Any) -> None:
    """Note who signed out, and take the stamp back where the session held it."""
    if user is None:
        return
    now = timezone.now()
    began = request.session.get(SIGNED_IN_AT)
    if stamp := request.session.get(STAMP):
        services.finish_session(user, stamp)
    _record(
        build_actor(user, now), SIGNED_OUT, user, {"minutes": int(now.timestamp() - began) // 60 if began else None}
    )


@receiver(user_login_failed)
def fail(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """Note a wrong password, on an account that exists or on none."""
    user = find_by_email(str(credentials.get("email") or credentials.get("username") or ""))
    _record_at_the_door(SIGN_IN_FAILED, user, {"step": "password"})


@receiver(authentication_failed)
def fail_second_factor(sender: Any, request: HttpRequest, user: User, **_rest: Any) -> None:
    """Note a wrong code or a passkey that does not fit."""
    _record_at_the_door(SIGN_IN_FAILED, user, {"step": "second_factor"})


@receiver(user_locked_out)
def lock_out(sender: Any, request: HttpRequest, username: str, **_rest: Any) -> None:
    """Note that an account, known or not, takes no more attempts for a while."""
    _record_at_the_door(LOCKED_OUT, find_by_email(username or ""), {})


@receiver(authenticator_added)
def add_factor(sender: Any, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    """Note a new second factor."""
    _record(build_actor(user, timezone.now()), FACTOR_ADDED, user, {"kind": authenticator.type})


@receiver(authenticator_removed)
def remove_factor(sender: Any, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    """Note that a second factor is gone."""
    _record(build_actor(user, timezone.now()), FACTOR_REMOVED, user, {"kind": authenticator.type})


@receiver(authenticator_reset)
def renew_factor(sender: Any, request: HttpRequest, user: User, authenticator: Any, **_rest: Any) -> None:
    """Note new recovery codes."""
    _record(build_actor(user, timezone.now()), FACTOR_RENEWED, user, {"kind": authenticator.type})


@receiver(password_changed)
def change_password(sender: Any, request: HttpRequest, user: User, **_rest: Any) -> None:
    """Note a changed password."""
    _record(build_actor(user, timezone.now()), PASSWORD_CHANGED, user, {})


def _record_at_the_door(verb: str, user: User | None, detail: dict[str, Any]) -> None:
    _record(system_actor("door", DOOR, [], []), verb, user, detail)


def _record(actor: Actor, verb: str, user: User | None, detail: dict[str, Any]) -> None:
    office_id = user.memberships.order_by("since", "id").values_list("office_id", flat=True).first() if user else None
    with acting_as(actor):
        record_event(
            actor=actor, verb=verb, record_type="staff", record_id=user.id if user else None, office_id=office_id,
            purpose=Purpose.ADMINISTRATION, detail=detail,
        )  # fmt: skip
