from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from puente.accounts.models import OfficeMembership, User
from puente.accounts.policies import MANAGE_STAFF
from puente.accounts.roles import ROLES
from puente.platform.policy import Actor, Grant, Membership, NotAllowed


def build_actor(user: User, now: datetime, step_up_at: datetime | None = None) -> Actor:
    """Return what the access rule must know of a member of staff: memberships and live grants."""
    memberships = list(user.memberships.order_by("since", "id"))
    return Actor(
        id=user.id,
        name=user.name,
        memberships=tuple(Membership(m.office_id, ROLES[m.role].actions, ROLES[m.role].clearance) for m in memberships),
        grants=tuple(Grant(grant.person_id, grant.expires_at) for grant in user.grants.filter(expires_at__gt=now)),
        step_up_at=step_up_at,
        home_office_id=memberships[0].office_id if memberships else None,
    )


def name_attempt(request: HttpRequest, credentials: dict[str, str] | None = None) -> str | None:
    """Return the account that a sign-in tries, for counting failures."""
    tried = (credentials or {}).get("email") or request.POST.get("login")
    return tried.lower() if tried else None


def has_second_factor(user: User) -> bool:
    """Tell whether a member of staff set up an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def list_staff(actor: Actor) -> QuerySet[User]:
    """Return the members of staff of the offices whose staff the actor manages.

    Raises:
        NotAllowed: where the actor manages no staff.
    """
    offices = actor.offices_for(MANAGE_STAFF)
    if not offices:
        raise NotAllowed(MANAGE_STAFF.name)
    in_office = OfficeMembership.objects.filter(user=OuterRef("pk"), office_id__in=offices)
    return User.objects.filter(Exists(in_office)).prefetch_related("memberships__office", "authenticator_set")


def find_welcomed(user_id: str, token: str) -> User | None:
    """Return who was invited by a link, while the link holds: 3 days, and until a password is set."""
    try:
        user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None
