"""What a row of a file becomes: an offer to write, or a reason why not."""

from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from hashlib import blake2b

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: Each reason with the words of the report. {text} is what stood in the file.
REASONS: dict[str, str | Promise] = {
    "title_missing": _("It has no job title. Nobody could be told what the offer is."),
    "title_too_long": _("The job title is longer than 200 letters: another column may have been chosen for it."),
    "key_missing": _("It has no number of its own, so it could not be found again."),
    "key_repeated": _("Its number stands on an earlier row of the same file."),
    "kind_unknown": _("Its kind is neither vacancy, course nor self-employment support."),
    "place_missing": _("It names no municipality."),
    "homonyms": _("More than one municipality of the state bears this name."),
    "name_unknown": _("No municipality of the state bears this name."),
    "state_unknown": _("No state bears this name."),
    "state_contradicted": _("The municipality names another state than the column of the state."),
    "occupation_queued": _("No occupation is near enough to this title. It waits for a person to decide."),
    "occupation_unknown": _("This code is no unit group of SINCO 2019. The occupation was taken from the title."),
    "wage_unreadable": _("The wage could not be read. The offer was taken without one."),
    "wage_reversed": _("The highest wage is below the lowest. The offer was taken with the lowest alone."),
    "amount_unreadable": _("The amount could not be read. The offer was taken without it."),
    "day_unreadable": _("The date could not be read. The day of the import was taken."),
    "last_day_unreadable": _("The last day could not be read. The rule of the source was taken."),
    "hour_unreadable": _("The hours could not be read. The offer was taken without them."),
    "shift_too_long": _("A shift of more than 16 hours is a slip of the pen. The offer was taken without hours."),
    "answer_unreadable": _("This is neither yes nor no. No was taken."),
    "number_unreadable": _("The number could not be read. The offer was taken without it."),
    "requirement_unknown": _("This requirement is not in the lists. The offer was taken without it."),
    "age_without_law": _("An age may be asked only where a law demands it, and none is named. The age was left out."),
    "alike": _("Same employer, title, place and wage as another offer."),
}


Amount = float | Decimal | None


@dataclass(frozen=True, slots=True)
class Issue:
    """A row, or a cell of it, that needs a person's eye."""

    number: int
    kind: str
    reason: str
    text: str = ""
    key: str = ""


@dataclass(slots=True)
class Draft:
    """One offer read from a row. Wages are pesos a month."""

    number: int
    key: str
    kind: str
    title: str
    title_key: str
    valid_from: date
    valid_until: date | None
    employer: str = ""
    description: str = ""
    occupation: str | None = None
    occupation_state: str = "queued"
    wage_min: float | None = None
    wage_max: float | None = None
    cost: float | None = None
    support_amount: float | None = None
    state: str | None = None
    municipality: str | None = None
    is_remote: bool = False
    weekdays: int = 0
    starts_at: time | None = None
    ends_at: time | None = None
    hours_a_week: float | None = None
    works_nights: bool = False
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


def hash_likeness(title_key: str, employer_key: str, place: str, wage_min: Amount, wage_max: Amount) -> int:
    """Return the number that offers alike in employer, title, place and wage share: 64 bits, signed."""
    wages = [None if wage is None else round(float(wage), 2) for wage in (wage_min, wage_max)]
    alike = "\x1f".join([title_key, employer_key, place, *map(str, wages)])
    return int.from_bytes(blake2b(alike.encode(), digest_size=8).digest(), "big", signed=True)
