"""Who works in protection, and who is in charge of whom: ids and names of staff, nothing of a case."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.people.models import Assignment
from puente.protection.policies import WRITE_CASE


@dataclass(frozen=True)
class InCharge:
    """Somebody in charge of a person, since when."""

    user_id: UUID
    name: str
    since: datetime


def list_officers(office_id: UUID) -> list[User]:
    """Return the active staff of an office who may be in charge of a case, by name."""
    roles = [key for key, role in ROLES.items() if WRITE_CASE.name in role.actions]
    found = User.objects.filter(is_active=True, memberships__office_id=office_id, memberships__role__in=roles)
    return list(found.distinct().order_by("name", "id"))


def list_in_charge(person_ids: Collection[UUID]) -> dict[UUID, list[InCharge]]:
    """Return who is in charge of some people, as far as the actor may know it."""
    rows = list(Assignment.objects.filter(person_id__in=person_ids, ended_at=None).order_by("assigned_at", "id"))
    names = name_staff({row.user_id for row in rows})
    found: dict[UUID, list[InCharge]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(InCharge(row.user_id, names.get(row.user_id, ""), row.assigned_at))
    return found


def name_staff(user_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the names of members of staff."""
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "name"))
