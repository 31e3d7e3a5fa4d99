"""The fixed cast of the tests: people with different rights, always the same."""

from dataclasses import dataclass

from django.utils import timezone

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.offices.models import Municipality, Office, State
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
    """Create the offices, if they are missing, and the staff of the cast."""
    bridge = _office("paso-del-norte", "Paso del Norte", "08037", "Juárez", "Ciudad Juárez", ("08", "CH", "CHH"), True)
    tapachula = _office("tapachula", "Tapachula", "07089", "Tapachula", "Tapachula", ("07", "CS", "CHP"), False)
    users = {
        key: create_staff(email=f"{key}@puente.test", name=key.title(), roles=[(key, bridge)], password=PASSWORD, is_demo=True)
        for key in ROLES
    }
    for key in ("reception", "counsellor"):
        users[f"far_{key}"] = create_staff(
            email=f"far-{key}@puente.test", name=f"Far {key}", roles=[(key, tapachula)], password=PASSWORD, is_demo=True
        )
    actors = {key: build_actor(user, timezone.now()) for key, user in users.items()}
    return Cast(bridge, tapachula, users, actors)


def _office(
    slug: str, name: str, code: str, municipality: str, seat: str, state: tuple[str, str, str], is_pilot: bool
) -> Office:
    existing = Office.objects.filter(slug=slug).first()
    if existing:
        return existing
    State.objects.get_or_create(
        code=state[0],
        defaults={"curp_code": state[1], "iso_code": f"MX-{state[2]}", "pcode": f"MX{state[0]}", "name": state[2].title(), "abbreviation": state[2]},
    )
    Municipality.objects.get_or_create(
        code=code,
        defaults={
            "state_id": state[0], "name": municipality, "seat": seat, "latitude": 31.74 if state[0] == "08" else 14.9,
            "longitude": -106.49 if state[0] == "08" else -92.26, "population": 1_512_450, "pcode": f"MX{code}",
        },
    )  # fmt: skip
    return Office.objects.create(slug=slug, name=name, municipality_id=code, is_pilot=is_pilot)
