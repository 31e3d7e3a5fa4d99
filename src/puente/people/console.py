"""`puente plant`: invented people, from a terminal."""

import argparse
from uuid import UUID

from django.utils import timezone
from rich.console import Console

from puente.audit.policies import PLANT_CANARY
from puente.offices.models import Office
from puente.people.services.canaries import plant_canaries
from puente.platform.policy import system_actor

#: Whoever may run commands on the machine.
OPERATOR = UUID("00000000-0000-7000-8000-00000000c0de")


def plant_from_console(options: argparse.Namespace, console: Console) -> int:
    """Invent `options.number` people for the office of code `options.office`; returns the exit code."""
    office = Office.objects.filter(code=options.office).first()
    if office is None:
        codes = ", ".join(Office.objects.order_by("code").values_list("code", flat=True))
        console.print(f"[bold red]There is no office {options.office}. Choose one of: {codes}.[/]")
        return 1
    actor = system_actor("operator", OPERATOR, [PLANT_CANARY], [office.pk])
    try:
        plant_canaries(actor=actor, office_id=office.pk, number=options.number, now=timezone.now())
    except ValueError as problem:
        console.print(f"[bold red]{problem}[/]")
        return 1
    console.print(f"Planted {options.number} at {office.code}. Whoever opens one is told of under /audit/alerts/.")
    return 0
