"""The fixed cast of the tests: people with different rights, always the same."""

from dataclasses import dataclass

from django.utils import timezone

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.offices.models import Office
from puente.platform.policy import Actor

PASSWORD = "un puente de cinco claros"


@dataclass(frozen=True)
class Cast:
    """Actors and users by role at the bridge office; `far_reception` and `far_counsellor` work in Tapachula."""

    bridge: Office
    tapachula: Office
    users: dict[str, User]
    actors: dict[str, Actor]

    def __getattr__(self, role: str) -> Actor:
        try:
            return self.actors[role]
        except KeyError:
            raise AttributeError(role) from None


def build_cast() -> Cast:
    """Create the staff of the cast in two of the offices that the content brings."""
    bridge = Office.objects.get(code="juarez")
    tapachula = Office.objects.get(code="tapachula")
    users = {
        key: create_staff(
            email=f"{key}@puente.test", name=key.title(), roles=[(key, bridge)], password=PASSWORD, is_demo=True
        )
        for key in ROLES
    }
    for key in ("reception", "counsellor"):
        users[f"far_{key}"] = create_staff(
            email=f"far-{key}@puente.test", name=f"Far {key}", roles=[(key, tapachula)], password=PASSWORD, is_demo=True
        )
    actors = {key: build_actor(user, timezone.now()) for key, user in users.items()}
    return Cast(bridge, tapachula, users, actors)
