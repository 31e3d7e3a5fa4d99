"""Openings written down or changed at the desk."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from puente.audit.services import record_event
from puente.engines.occupations.text import fold
from puente.offices.models import Municipality
from puente.opportunities.imports.cells import is_night_shift
from puente.opportunities.imports.drafts import hash_likeness
from puente.opportunities.imports.writing import GROUPS
from puente.opportunities.models import Employer, Opening
from puente.opportunities.policies import EDIT_OPENINGS, VIEW_OPENINGS, require_right
from puente.opportunities.services.titles import queue_title
from puente.opportunities.verbs import (
    OPENING_CHANGED,
    OPENING_CLOSED,
    OPENING_CREATED,
    OPENING_REOPENED,
    PLACE_FILLED,
)
from puente.platform.policy import Actor, Purpose


class InvalidOpening(ValueError):
    """Something about an opening cannot stand; `field` names it and `message` says what to change."""

    def __init__(self, field: str, message: str | Promise) -> None:
        super().__init__(str(message))
        self.field = field
        self.message = message


@dataclass(frozen=True)
class OpeningFacts:
    """What a person may say of an opening. Wages are pesos a month; weekdays a mask with Monday as bit 0."""

    kind: str
    title: str
    valid_from: date
    employer_id: UUID | None = None
    description: str = ""
    occupation_id: str | None = None
    wage_min: Decimal | None = None
    wage_max: Decimal | None = None
    cost: Decimal | None = None
    support_amount: Decimal | None = None
    state_id: str | None = None
    municipality_id: str | None = None
    is_remote: bool = False
    weekdays: int = 0
    starts_at: time | None = None
    ends_at: time | None = None
    hours_a_week: Decimal | None = None
    rotates: bool = False
    schooling: int = 0
    english: int = 0
    licences: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    physical: list[str] = field(default_factory=list)
    age_min: int | None = None
    age_max: int | None = None
    age_ground: str = ""
    housing: bool = False
    household_places: int | None = None
    places: int = 1
    valid_until: date | None = None

    @classmethod
    def of(cls, opening: Opening) -> "OpeningFacts":
        """Return what an opening says now."""
        return cls(**{entry.name: getattr(opening, entry.name) for entry in fields(cls)})


@transaction.atomic
def create_opening(*, actor: Actor, facts: OpeningFacts, now: datetime) -> Opening:
    """Write down an opening; without an occupation its title is queued for a decision. Raises InvalidOpening."""
    require_right(actor, EDIT_OPENINGS)
    opening = Opening(created_at=now)
    _apply(opening, facts, actor, now)
    opening.save(force_insert=True)
    _record(actor, OPENING_CREATED, opening, {})
    _queue_title(opening, now)
    return opening


@transaction.atomic
def edit_opening(*, actor: Actor, opening_id: UUID, facts: OpeningFacts, now: datetime) -> Opening:
    """Change an opening; what was changed of an imported one is kept by later imports. Raises InvalidOpening."""
    require_right(actor, EDIT_OPENINGS)
    opening = Opening.objects.select_for_update().get(pk=opening_id)
    before, was_confirmed = OpeningFacts.of(opening), opening.occupation_state == "confirmed"
    _apply(opening, facts, actor, now)
    after = OpeningFacts.of(opening)
    changed = [entry.name for entry in fields(after) if getattr(before, entry.name) != getattr(after, entry.name)]
    if opening.occupation_id and not was_confirmed:
        # Whoever saves the form has seen the suggestion and let it stand.
        changed.append("occupation_state")
    if not changed:
        return opening
    if opening.source_id:
        held = {group for group, columns in GROUPS.items() if set(columns) & set(changed)}
        opening.held_fields = sorted(held | set(opening.held_fields))
    opening.save()
    _record(actor, OPENING_CHANGED, opening, {"changed": changed})
    _queue_title(opening, now)
    return opening


@transaction.atomic
def set_open(*, actor: Actor, opening_id: UUID, is_open: bool, now: datetime) -> Opening:
    """Close an opening, or open it again; later imports of its source leave that alone.

    Raises InvalidOpening where an opening whose last day has passed would be opened.
    """
    require_right(actor, EDIT_OPENINGS)
    opening = Opening.objects.select_for_update().get(pk=opening_id)
    if is_open and opening.valid_until and opening.valid_until < localdate(now):
        raise InvalidOpening("valid_until", _("Its last day has passed. Give it a new last day first."))
    opening.is_open, opening.updated_at, opening.updated_by = is_open, now, actor.id
    if opening.source_id:
        opening.held_fields = sorted({*opening.held_fields, "standing"})
    opening.save(update_fields=["is_open", "held_fields", "updated_at", "updated_by"])
    _record(actor, OPENING_REOPENED if is_open else OPENING_CLOSED, opening, {})
    return opening


@transaction.atomic
def fill_places(*, actor: Actor, opening_id: UUID, number: int = 1) -> int:
    """Count places of an opening as filled (a negative number frees them again); returns how many are left.

    Whoever records that somebody was hired calls this; it never goes below none or above all places.
    """
    require_right(actor, VIEW_OPENINGS)
    opening = Opening.objects.select_for_update().get(pk=opening_id)
    opening.places_filled = min(max(opening.places_filled + number, 0), opening.places)
    opening.save(update_fields=["places_filled"])
    _record(actor, PLACE_FILLED, opening, {"filled": opening.places_filled})
    return opening.places_left


def _apply(opening: Opening, facts: OpeningFacts, actor: Actor, now: datetime) -> None:
    values: dict[str, Any] = {entry.name: getattr(facts, entry.name) for entry in fields(facts)}
    title = " ".join(facts.title.split())
    title_key = fold(title)
    if not title_key:
        raise InvalidOpening("title", _("Write the job title in words."))
    values["title"] = title
    values["state_id"] = _check_place(facts)
    _check_numbers(facts)
    for name, value in values.items():
        setattr(opening, name, value)
    opening.title_key = title_key[:200]
    employer_key = (
        Employer.objects.values_list("name_key", flat=True).get(pk=facts.employer_id) if facts.employer_id else ""
    )
    opening.search_text = f"{opening.title_key} {employer_key}".strip()
    opening.occupation_state = "confirmed" if facts.occupation_id else "queued"
    opening.works_nights = bool(facts.starts_at and facts.ends_at and is_night_shift(facts.starts_at, facts.ends_at))
    place = opening.municipality_id or opening.state_id or ""
    opening.duplicate_key = hash_likeness(opening.title_key, employer_key, place, facts.wage_min, facts.wage_max)
    opening.updated_at, opening.updated_by = now, actor.id


def _check_place(facts: OpeningFacts) -> str | None:
    if facts.municipality_id is None:
        if not facts.is_remote and facts.state_id is None:
            raise InvalidOpening("municipality", _("Choose the municipality, or mark that it is done from home."))
        return facts.state_id
    if facts.state_id and not facts.municipality_id.startswith(facts.state_id):
        raise InvalidOpening("municipality", _("This municipality lies in another state. Choose one of the two."))
    if not Municipality.objects.filter(pk=facts.municipality_id).exists():
        raise InvalidOpening("municipality", _("There is no such municipality. Choose one of the list."))
    return facts.municipality_id[:2]


def _check_numbers(facts: OpeningFacts) -> None:
    if facts.wage_min is not None and facts.wage_max is not None and facts.wage_max < facts.wage_min:
        raise InvalidOpening("wage_max", _("The highest wage is below the lowest. Correct one of the two."))
    if facts.age_min is not None and facts.age_max is not None and facts.age_max < facts.age_min:
        raise InvalidOpening("age_max", _("The highest age is below the lowest. Correct one of the two."))
    if (facts.age_min is not None or facts.age_max is not None) and not facts.age_ground.strip():
        raise InvalidOpening(
            "age_ground", _("Name the law that asks for this age. Where no law does, leave the age empty.")
        )
    if facts.valid_until and facts.valid_until < facts.valid_from:
        raise InvalidOpening("valid_until", _("The last day comes before the first. Correct one of the two."))


def _queue_title(opening: Opening, now: datetime) -> None:
    if opening.occupation_id is None:
        queue_title(title_key=opening.title_key, title=opening.title, now=now)


def _record(actor: Actor, verb: str, opening: Opening, detail: dict[str, Any]) -> None:
    record_event(
        actor=actor, verb=verb, record_type="opening", record_id=opening.pk, purpose=Purpose.ADMINISTRATION,
        detail=detail,
    )  # fmt: skip
