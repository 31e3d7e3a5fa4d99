"""Everything that writes staff, roles and access grants."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.accounts.grants import prove_grant
from puente.accounts.models import AccessGrant, OfficeMembership, User
from puente.accounts.policies import MANAGE_STAFF
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.platform.policy import Actor, NotAllowed, Purpose, Sensitivity, require_in_office
from puente.platform.row_security import acting_as

INVITED = register_verb("staff.invited", gettext_noop("invited a member of staff"))
ROLES_CHANGED = register_verb("staff.roles_changed", gettext_noop("changed the roles of a member of staff"))
DEACTIVATED = register_verb("staff.deactivated", gettext_noop("closed the account of a member of staff"))
SESSION_ENDED = register_verb("staff.session_ended", gettext_noop("ended the session of a member of staff"))
LINK_MADE = register_verb("staff.link_made", gettext_noop("made a link for a new password of a member of staff"))
PASSWORD_SET = register_verb("staff.password_set", gettext_noop("set a password by the link"))
STEPPED_UP = register_verb("staff.stepped_up", gettext_noop("proved once more who they are"))


class LastAdministrator(Exception):
    """The change would leave an office without anybody who manages its staff."""


@transaction.atomic
def create_staff(
    *, email: str, name: str, roles: list[tuple[str, Office]], password: str | None = None, is_demo: bool = False
) -> User:
    """Create a member of staff at set-up; raises KeyError for an unknown role."""
    user = User.objects.create_user(email=email, name=name, password=password, is_demo=is_demo)
    for key, office in roles:
        OfficeMembership.objects.create(user=user, office=office, role=ROLES[key].key)
    return user


@transaction.atomic
def invite_staff(*, actor: Actor, office_id: UUID, email: str, name: str, roles: Iterable[str]) -> User:
    """Create a member of staff without a password; a link lets them set one, then a second factor.

    Raises:
        NotAllowed, KeyError for an unknown role, IntegrityError where the e-mail is taken.
    """
    require_in_office(actor, MANAGE_STAFF, office_id)
    user = User.objects.create_user(email=email, name=name)
    for key in roles:
        OfficeMembership.objects.create(user=user, office_id=office_id, role=ROLES[key].key)
    record_event(
        actor=actor, verb=INVITED, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION, detail={"roles": sorted(roles)},
    )  # fmt: skip
    return user


@transaction.atomic
def set_roles(*, actor: Actor, user: User, office_id: UUID, roles: Iterable[str]) -> None:
    """Give a member of staff exactly these roles in an office.

    Raises:
        NotAllowed: also for one's own roles, so that nobody widens them alone.
        LastAdministrator, KeyError.
    """
    require_in_office(actor, MANAGE_STAFF, office_id)
    if user.id == actor.id:
        raise NotAllowed(MANAGE_STAFF.name)
    wanted = {ROLES[key].key for key in roles}
    memberships = {m.role: m for m in user.memberships.select_for_update().filter(office_id=office_id)}
    for role in memberships.keys() - wanted:
        memberships[role].delete()
    for role in wanted - memberships.keys():
        OfficeMembership.objects.create(user=user, office_id=office_id, role=role)
    _require_an_administrator(office_id)
    _end_session(user)
    record_event(
        actor=actor, verb=ROLES_CHANGED, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION, detail={"before": sorted(memberships), "after": sorted(wanted)},
    )  # fmt: skip


@transaction.atomic
def deactivate_staff(*, actor: Actor, user: User, office_id: UUID) -> None:
    """Close an account; what its owner did stays in the trail.

    Raises:
        NotAllowed: also for one's own account; LastAdministrator.
    """
    require_in_office(actor, MANAGE_STAFF, office_id)
    if user.id == actor.id or not user.memberships.filter(office_id=office_id).exists():
        raise NotAllowed(MANAGE_STAFF.name)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_session(user)
    _require_an_administrator(office_id)
    record_event(
        actor=actor, verb=DEACTIVATED, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION,
    )  # fmt: skip


@transaction.atomic
def end_session(*, actor: Actor, user: User, office_id: UUID) -> None:
    """End the session of a member of staff at its next request; raises NotAllowed."""
    _require_member(actor, user, office_id)
    _end_session(user)
    record_event(
        actor=actor, verb=SESSION_ENDED, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION,
    )  # fmt: skip


@transaction.atomic
def allow_new_password(*, actor: Actor, user: User, office_id: UUID) -> None:
    """Let a link be made with which a member of staff sets a new password; their second factor stays as it is.

    The session ends, since whoever asks has lost the password, or fears for it.

    Raises:
        NotAllowed: also for oneself and for a closed account.
    """
    _require_member(actor, user, office_id)
    if user.id == actor.id or not user.is_active:
        raise NotAllowed(MANAGE_STAFF.name)
    _end_session(user)
    record_event(
        actor=actor, verb=LINK_MADE, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION,
    )  # fmt: skip


@transaction.atomic
def set_password(*, user: User, password: str, now: datetime) -> None:
    """Set the password that a member of staff chose by their link, which it uses up; every session ends."""
    user.set_password(password)
    user.session_stamp = None
    user.save(update_fields=["password", "session_stamp"])
    actor = build_actor(user, now)
    with acting_as(actor):
        record_event(
            actor=actor, verb=PASSWORD_SET, record_type="staff", record_id=user.id, purpose=Purpose.ADMINISTRATION,
            at=now,
        )  # fmt: skip


def begin_session(user: User) -> UUID:
    """Return the stamp of a new sign-in; the session of an earlier one ends at its next request."""
    user.session_stamp = uuid4()
    user.save(update_fields=["session_stamp"])
    return user.session_stamp


def finish_session(user: User, stamp: str) -> None:
    """Note that a member of staff signed out; the session of a later sign-in stays."""
    User.objects.filter(pk=user.pk, session_stamp=stamp).update(session_stamp=None)


def _end_session(user: User) -> None:
    user.session_stamp = None
    user.save(update_fields=["session_stamp"])


def _require_member(actor: Actor, user: User, office_id: UUID) -> None:
    require_in_office(actor, MANAGE_STAFF, office_id)
    if not user.memberships.filter(office_id=office_id).exists():
        raise NotAllowed(MANAGE_STAFF.name)


def _require_an_administrator(office_id: UUID) -> None:
    managers = [key for key, role in ROLES.items() if MANAGE_STAFF.name in role.actions]
    if not OfficeMembership.objects.filter(office_id=office_id, role__in=managers, user__is_active=True).exists():
        raise LastAdministrator


def record_step_up(*, actor: Actor, now: datetime) -> None:
    """Leave an event that the actor proved once more who they are."""
    record_event(
        actor=actor, verb=STEPPED_UP, record_type="staff", record_id=actor.id, purpose=Purpose.ADMINISTRATION, at=now
    )


def grant_access(
    *,
    actor: Actor,
    user_id: UUID,
    person_id: UUID,
    purpose: Purpose,
    nonce: UUID,
    clearance: Sensitivity,
    expires_at: datetime,
) -> AccessGrant:
    """Give a member of staff a right on one person's records; the caller has checked who may, and leaves the event.

    Args:
        nonce: the request that is answered; a second answer raises IntegrityError.
    """  # fmt: skip
    grant = AccessGrant(
        user_id=user_id, person_id=person_id, granted_by=actor.id, purpose=purpose, clearance=clearance, nonce=nonce,
        expires_at=expires_at,
    )  # fmt: skip
    grant.proof = prove_grant(grant)
    grant.save(force_insert=True)
    return grant
