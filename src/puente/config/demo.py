"""Demo data: invented people at the bridge, and one account per role that signs in by password alone."""

from rich.console import Console
from rich.table import Table

from puente.accounts.models import User
from puente.accounts.roles import ROLES
from puente.accounts.services import create_staff
from puente.config.content import load_content
from puente.offices.models import Municipality, Office

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
    if Municipality.objects.count() == 0 or not Office.objects.exists():
        with console.status("Loading places and catalogues …"):
            load_content(console)
    if User.objects.exists():
        return
    bridge = Office.objects.get(code=BRIDGE)
    for key, name in STAFF.items():
        create_staff(email=f"{key}@demo.puente", name=name, roles=[(key, bridge)], password=PASSWORD, is_demo=True)


def print_accounts(console: Console) -> None:
    """Print one account per role."""
    table = Table("role", "e-mail", "password", box=None)
    for key in ROLES:
        table.add_row(key, f"{key}@demo.puente", PASSWORD)
    console.print(table)
    console.print("[dim]Demo accounts sign in by password alone. Never load demo data into a real office.[/]")
