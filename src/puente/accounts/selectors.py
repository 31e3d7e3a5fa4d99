from datetime import datetime

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.platform.policy import Actor, Grant, Membership


def build_actor(user: User, now: datetime, step_up_at: datetime | None = None) -> Actor:
    """Return what the access rule must know of a member of staff: live memberships and grants."""
    memberships = [
        membership
        for membership in user.memberships.order_by("valid_from", "id")
        if membership.valid_to is None or membership.valid_to >= now.date()
    ]
    return Actor(
        id=user.id,
        name=user.name,
        memberships=tuple(
            Membership(m.office_id, ROLES[m.role].actions, ROLES[m.role].clearance) for m in memberships
        ),
        grants=tuple(
            Grant(grant.person_id, grant.expires_at) for grant in user.grants.filter(expires_at__gt=now)
        ),
        step_up_at=step_up_at,
        home_office_id=memberships[0].office_id if memberships else None,
    )
