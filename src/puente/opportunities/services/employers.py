"""Employers, schools and bodies that support self-employment, and how far the office trusts them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from puente.audit.services import record_event
from puente.engines.occupations.text import fold
from puente.opportunities.models import Employer, EmployerNote
from puente.opportunities.policies import EDIT_OPENINGS, require_right
from puente.opportunities.services.openings import InvalidOpening
from puente.opportunities.verbs import EMPLOYER_CHANGED, EMPLOYER_CREATED, EMPLOYER_JUDGED
from puente.platform.policy import Actor, Purpose


@dataclass(frozen=True)
class EmployerFacts:
    """What a business says of itself."""

    name: str
    municipality_id: str | None = None
    address: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""


@transaction.atomic
def create_employer(*, actor: Actor, facts: EmployerFacts, now: datetime) -> Employer:
    """Write down an employer. Raises InvalidOpening where one of this name is there already."""
    require_right(actor, EDIT_OPENINGS)
    employer = Employer(created_at=now, created_by=actor.id)
    _apply(employer, facts)
    employer.save(force_insert=True)
    _record(actor, EMPLOYER_CREATED, employer, {})
    return employer


@transaction.atomic
def edit_employer(*, actor: Actor, employer_id: UUID, facts: EmployerFacts) -> Employer:
    """Change what is known of an employer; a new name is found with its openings at once."""
    require_right(actor, EDIT_OPENINGS)
    employer = Employer.objects.select_for_update().get(pk=employer_id)
    old_key = employer.name_key
    _apply(employer, facts)
    employer.save()
    if employer.name_key != old_key:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE opportunities_opening SET search_text = title_key || ' ' || %s WHERE employer_id = %s",
                [employer.name_key, employer.pk],
            )
    _record(actor, EMPLOYER_CHANGED, employer, {})
    return employer


@transaction.atomic
def judge_employer(*, actor: Actor, employer_id: UUID, trust: str, text: str, now: datetime) -> EmployerNote:
    """Add what the office learned of an employer; `avoid` takes all its openings out of every shortlist."""
    require_right(actor, EDIT_OPENINGS)
    employer = Employer.objects.select_for_update().get(pk=employer_id)
    note = EmployerNote.objects.create(
        employer=employer, trust=Employer.Trust(trust), text=text, made_at=now, made_by=actor.id
    )
    employer.trust = note.trust
    employer.save(update_fields=["trust"])
    _record(actor, EMPLOYER_JUDGED, employer, {"trust": note.trust})
    return note


def _apply(employer: Employer, facts: EmployerFacts) -> None:
    name = " ".join(facts.name.split())
    name_key = fold(name)[:160]
    if not name_key:
        raise InvalidOpening("name", _("Write the name of the employer in words."))
    if Employer.objects.filter(name_key=name_key).exclude(pk=employer.pk).exists():
        raise InvalidOpening("name", _("An employer of this name is there already. Look for it in the list."))
    employer.name, employer.name_key, employer.municipality_id = name, name_key, facts.municipality_id
    employer.address, employer.contact_name = facts.address, facts.contact_name
    employer.phone, employer.email = facts.phone, facts.email


def _record(actor: Actor, verb: str, employer: Employer, detail: dict[str, str]) -> None:
    record_event(
        actor=actor, verb=verb, record_type="employer", record_id=employer.pk, purpose=Purpose.ADMINISTRATION,
        detail=detail,
    )  # fmt: skip
