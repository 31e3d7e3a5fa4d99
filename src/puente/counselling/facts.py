"""What a person brings and asks for, as one value: what the forms fill, the services store and the engine reads."""

from dataclasses import dataclass, field

#: Where a person must never be sent is sealed as this many codes, empty ones included: its length tells nothing.
MOST_NEVER_SEND = 8
MOST_PLACES = 5
MOST_JOBS = 8
MOST_SKILLS = 10

#: Parts of the week that may be refused, in the order of the engine's bits.
SCHEDULE = ("sundays", "nights", "rotating")
#: Limits of content/labour/body_limits.csv → what openings ask of the body.
LIMITED_DEMANDS = {
    "heavy_lifting": "lifting_over_20_kg",
    "long_standing": "standing",
    "heights": "heights",
    "bending": "bending",
    "heat": "heat",
    "fine_handwork": "fine_hand_work",
    "driving": "driving",
    "sight": "good_eyesight",
    "hearing": "good_hearing",
}
NO_HOURS_LIMIT = 168


@dataclass(frozen=True)
class JobFacts:
    """One past job. `employer` may name people and places: it is sealed."""

    words: str
    suggested: tuple[str, ...] = ()
    close_pair: tuple[str, ...] = ()
    occupation: str | None = None
    is_confirmed: bool = False
    years: float | None = None
    country: str = ""
    employer: str = field(default="", repr=False)


@dataclass(frozen=True)
class ProfileFacts:
    """All answers of one version of a work profile. None: not asked; an empty tuple: asked, and there is none.

    places: states (2 digits) and municipalities (5), the wanted ones first. never_send: the same, absolute, and kept
    out of repr so that it reaches no log.
    """

    jobs: tuple[JobFacts, ...] = ()
    home_municipality: str | None = None
    places: tuple[str, ...] = ()
    wage_floor: int | None = None
    wage_give: int = 0
    max_hours: int | None = None
    refused_schedule: tuple[str, ...] | None = None
    household_size: int | None = None
    schooling: str = ""
    english: int | None = None
    licences: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    body_limits: tuple[str, ...] | None = None
    skills: tuple[str, ...] = ()
    never_send: tuple[str, ...] = field(default=(), repr=False)


#: The answers that a correction may change, and the fields each one is.
ANSWERS: dict[str, tuple[str, ...]] = {
    "jobs": ("jobs",),
    "home": ("home_municipality",),
    "places": ("places",),
    "wage": ("wage_floor", "wage_give"),
    "week": ("refused_schedule", "max_hours"),
    "household": ("household_size",),
    "schooling": ("schooling",),
    "english": ("english",),
    "licences": ("licences",),
    "documents": ("documents",),
    "languages": ("languages",),
    "body": ("body_limits",),
}
