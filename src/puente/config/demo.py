"""Demo data: invented people at the bridge, and one account per role that signs in by password alone."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.selectors import build_actor
from puente.accounts.services import create_staff
from puente.config import demo_counselling, demo_desk, demo_needs, demo_opportunities, demo_reception
from puente.config.content import load_content
from puente.offices.models import Office
from puente.platform.policy import Actor
from puente.platform.row_security import acting_as

BRIDGE = "juarez"
PASSWORD = "puente-demo-2026"  # noqa: S105 - printed at every start of the demo, of invented data

#: Invented names, one per role.
STAFF = {
    "reception": "Rocío Armendáriz",
    "counsellor": "Joel Quezada",
    "protection": "Inés Montelongo",
    "liaison": "Fidel Ruiz",
    "communication": "Itzel Barraza",
    "coordinator": "Dalia Loya",
    "analyst": "Óscar Nevárez",
    "administrator": "Tomás Trejo",
}


def load_demo_data(console: Console, *, with_people: bool, people: int = 160) -> None:
    """Load content, offices, accounts and, if asked, people and openings; what is there stays."""
    if not Office.objects.exists():
        with console.status("Loading places and catalogues …"):
            load_content(console)
    if User.objects.exists():
        return
    # One transaction: a start that was cut off leaves no half of a demo, and the next one makes it whole.
    with transaction.atomic():
        bridge = Office.objects.get(code=BRIDGE)
        staff = {
            key: create_staff(
                email=f"{key}@demo.puente", name=name, roles=[(key, bridge)], password=PASSWORD, is_demo=True
            )
            for key, name in STAFF.items()
        }
        if with_people:
            now = timezone.now()
            actors = {key: build_actor(user, now) for key, user in staff.items()}
            _create_people(console, bridge, actors, now, people)


def _create_people(console: Console, bridge: Office, actors: dict[str, Actor], now: datetime, people: int) -> None:
    reception, counsellor, liaison = actors["reception"], actors["counsellor"], actors["liaison"]
    steps = 4
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Inventing openings …", total=steps)
        with acting_as(liaison):
            demo_opportunities.create_demo(actor=liaison, now=now)
        progress.update(task, advance=1, description="Inventing arrivals …")
        received = demo_reception.create_demo(
            reception=reception, counsellor=counsellor, office=bridge, now=now, people=people
        )
        today = {person_id for _arrival, person_id, _stage in received.arrivals}
        earlier = [person_id for person_id in received.person_ids if person_id not in today]
        progress.update(task, advance=1, description="Inventing needs …")
        with acting_as(counsellor):
            demo_needs.create_demo(
                counsellor=counsellor, office_id=bridge.pk, person_ids=earlier[: people // 3], now=now
            )
        progress.update(task, advance=1, description="Inventing counselling …")
        with acting_as(counsellor):
            demo_counselling.create_demo(
                counsellor=counsellor, office_id=bridge.pk, person_ids=earlier[: people // 4], now=now
            )
        with acting_as(actors["coordinator"]):
            demo_desk.create_demo(coordinator=actors["coordinator"], office_id=bridge.pk, now=now)
        progress.update(task, advance=1)


def print_accounts(console: Console) -> None:
    """Print one account per role."""
    table = Table("role", "e-mail", "password", box=None)
    for key in ROLES:
        table.add_row(key, f"{key}@demo.puente", PASSWORD)
    console.print(table)
    console.print("[dim]Demo accounts sign in by password alone. Never load demo data into a real office.[/]")
