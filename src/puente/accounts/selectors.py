from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from puente.accounts.grants import is_genuine
from puente.accounts.models import OfficeMembership, User
from puente.accounts.policies import MANAGE_STAFF
from puente.accounts.roles import ROLES
from puente.platform.policy import Action, Actor, Grant, Membership, NotAllowed, Purpose, Sensitivity


def build_actor(user: User, now: datetime, step_up_at: datetime | None = None) -> Actor:
    """Return what the access rule must know of a member of staff: memberships and live grants."""
    memberships = list(user.memberships.order_by("since", "id"))
    return Actor(
        id=user.id,
        name=user.name,
        memberships=tuple(Membership(m.office_id, ROLES[m.role].actions, ROLES[m.role].clearance) for m in memberships),
        grants=tuple(
            Grant(grant.person_id, grant.expires_at, Purpose(grant.purpose), Sensitivity(grant.clearance), grant.pk)
            for grant in user.grants.filter(expires_at__gt=now)
            if is_genuine(grant)
        ),
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


def name_staff(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of members of staff, also of those who left."""
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))


def name_staff_of(offices: Collection[UUID]) -> list[tuple[UUID, str]]:
    """Return everybody who has a role in some offices as (id, name), by name."""
    in_office = OfficeMembership.objects.filter(user=OuterRef("pk"), office_id__in=offices)
    return list(User.objects.filter(Exists(in_office)).order_by("name", "pk").values_list("pk", "name"))


def find_welcomed(user_id: str, token: str) -> User | None:
    """Return who was invited by a link, while the link holds: 3 days, and until a password is set."""
    try:
        user = User.objects.filter(pk=UUID(user_id), is_active=True).first()
    except ValueError:
        return None
    return user if user is not None and default_token_generator.check_token(user, token) else None


def find_by_email(email: str) -> User | None:
    """Return the member of staff of an e-mail, signed in or not."""
    return User.objects.filter(email=email.lower()).first()


def list_members_who_may(action: Action, office_id: UUID | None = None) -> QuerySet[User]:
    """Return the active members of staff to whom a role gives an action, in one office or in any."""
    roles = [key for key, role in ROLES.items() if action.name in role.actions]
    memberships = OfficeMembership.objects.filter(user=OuterRef("pk"), role__in=roles)
    if office_id is not None:
        memberships = memberships.filter(office_id=office_id)
    return User.objects.filter(Exists(memberships), is_active=True).order_by("name", "id")
