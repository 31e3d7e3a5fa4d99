"""Reading shortlists, choices and what stands beside them."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from puente.counselling.matching import build_person, get_similarity
from puente.counselling.models import Choice, Introduction, Sheet, Shortlist, ShortlistEntry
from puente.counselling.policies import VIEW_INTRODUCTIONS, VIEW_PROFILE
from puente.counselling.sealed import unseal_sheet
from puente.counselling.selectors.profiles import ReadProfile
from puente.engines.matching import Rule
from puente.engines.matching.hidden import list_hidden
from puente.opportunities.models import Opening
from puente.opportunities.selectors.market import Market
from puente.opportunities.selectors.openings import get_openings
from puente.platform.policy import Actor

MOST_HIDDEN_SHOWN = 30


@dataclass(frozen=True)
class ReadShortlist:
    """A shortlist with its entries and their openings."""

    row: Shortlist
    entries: list[ShortlistEntry]
    courses: list[ShortlistEntry]
    openings: dict[UUID, Opening]


def find_shortlist(actor: Actor, person_id: UUID) -> ReadShortlist | None:
    """Return the newest shortlist of a person, None where there is none."""
    row = (
        Shortlist.objects.visible_to(actor, VIEW_PROFILE)
        .filter(person_id=person_id)
        .order_by("-made_at", "-id")
        .first()
    )
    if row is None:
        return None
    entries = list(ShortlistEntry.objects.filter(shortlist=row).order_by("rank"))
    best = [UUID(step[3]) for step in row.one_more]
    openings = get_openings(actor, {entry.opening_id for entry in entries} | set(best))
    parts = {part: [entry for entry in entries if entry.part == part] for part in ShortlistEntry.Part}
    return ReadShortlist(row, parts[ShortlistEntry.Part.ALL], parts[ShortlistEntry.Part.COURSES], openings)


def list_openings_behind(
    actor: Actor, profile: ReadProfile, age: int | None, market: Market, rule: str, detail: int, today: date
) -> list[Opening]:
    """Return the openings that one rule hides from a person, best first.

    Args:
        profile: read with `with_never_send`, so that the openings there are left out as everywhere.
    """
    person = build_person(profile.facts, age)
    ids = list_hidden(person, market.index, get_similarity(), Rule(rule), detail, now=today, limit=MOST_HIDDEN_SHOWN)
    found = get_openings(actor, [UUID(name) for name in ids])
    return [found[UUID(name)] for name in ids if UUID(name) in found]


def find_choice(actor: Actor, person_id: UUID) -> Choice | None:
    """Return what the person chose last, None where they have not chosen."""
    choices = Choice.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id)
    return choices.order_by("-made_at", "-id").first()


def find_introductions(actor: Actor, person_id: UUID) -> dict[UUID, Introduction]:
    """Return the newest introduction of a person for each opening."""
    rows = Introduction.objects.visible_to(actor, VIEW_INTRODUCTIONS).filter(person_id=person_id).order_by("made_at")
    return {row.opening_id: row for row in rows}


def find_sheet(actor: Actor, person_id: UUID) -> Sheet | None:
    """Return the newest sheet of a person, None where there is none."""
    sheets = Sheet.objects.visible_to(actor, VIEW_PROFILE).filter(person_id=person_id)
    return sheets.order_by("-made_at", "-id").first()


def read_sheet(sheet: Sheet, data_key: bytes) -> dict[str, Any]:
    """Return what a sheet says and the code of its phone page; raises SealBroken."""
    return unseal_sheet(data_key, sheet.pk, sheet.sealed)
