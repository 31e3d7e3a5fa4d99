from django.db import transaction

from puente.accounts.models import OfficeMembership, User
from puente.accounts.roles import ROLES
from puente.offices.models import Office


@transaction.atomic
def create_staff(
    *, email: str, name: str, roles: list[tuple[str, Office]], password: str | None = None, is_demo: bool = False
) -> User:
    """Create a member of staff with roles in offices; raises KeyError for an unknown role."""
    user = User.objects.create_user(email=email, name=name, password=password, is_demo=is_demo)
    for key, office in roles:
        OfficeMembership.objects.create(user=user, office=office, role=ROLES[key].key)
    return user
