"""Everything that writes staff, roles and access grants."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_noop

from puente.accounts.models import OfficeMembership, User
from puente.accounts.policies import MANAGE_STAFF
from puente.accounts.roles import ROLES
from puente.audit.services import record_event
from puente.audit.verbs import register_verb
from puente.offices.models import Office
from puente.platform.policy import Actor, NotAllowed, Purpose, require_in_office

INVITED = register_verb("staff.invited", gettext_noop("invited a member of staff"))
ROLES_CHANGED = register_verb("staff.roles_changed", gettext_noop("changed the roles of a member of staff"))
DEACTIVATED = register_verb("staff.deactivated", gettext_noop("closed the account of a member of staff"))


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
    _require_an_administrator(office_id)
    record_event(
        actor=actor, verb=DEACTIVATED, record_type="staff", record_id=user.id, office_id=office_id,
        purpose=Purpose.ADMINISTRATION,
    )  # fmt: skip


def _require_an_administrator(office_id: UUID) -> None:
    managers = [key for key, role in ROLES.items() if MANAGE_STAFF.name in role.actions]
    if not OfficeMembership.objects.filter(office_id=office_id, role__in=managers, user__is_active=True).exists():
        raise LastAdministrator
