"""What a person brings and accepts, as far as a shortlist may know it.

There is no field for sex, origin, marital status, indigenous identity or a deportation record, so none of
them can weigh. A field that was not asked stays None (or a bit without an answer): it hides nothing.
"""

from dataclasses import dataclass, field

from puente.engines.matching.constraints import (
    DOCUMENTS,
    HIGHEST_ENGLISH,
    HIGHEST_SCHOOLING,
    LANGUAGES,
    LICENCES,
    PHYSICAL_DEMANDS,
    Rule,
    Schedule,
    find_shift,
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to a list of yes-no questions: bits surely yes, bits surely no; the others were not asked."""

    yes: int = 0
    no: int = 0

    def __post_init__(self) -> None:
        if self.yes < 0 or self.no < 0 or self.yes & self.no:
            raise ValueError("an answer is yes or no, not both: a bit stands in yes and in no")


@dataclass(frozen=True, slots=True)
class PastJob:
    """Work somebody has done: SINCO index, years (None: not asked), and whether the code was confirmed."""

    sinco: int
    years: float | None = None
    confirmed: bool = True

    def __post_init__(self) -> None:
        if self.sinco < 0 or (self.years is not None and not 0 <= self.years < 100):
            raise ValueError("a past job needs a SINCO index and, if years are given, 0 to 99 of them")


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A state (index) where somebody would live, or one municipality (index) of it."""

    state: int | None = None
    municipality: int | None = None

    def __post_init__(self) -> None:
        if (self.state is None) == (self.municipality is None):
            raise ValueError("a place is a state or a municipality: give one of them")


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """What a person brings and accepts.

    wage_floor and wage_give are pesos a month: nothing below floor minus give is shown. max_hours is hours a
    week; give 168 for somebody who said there is no limit. physical answers "can you do this?", schedule
    "do you accept this?". places stand in order of preference. never_send is absolute and is kept out of
    repr, so that it reaches no log.
    """

    jobs: tuple[PastJob, ...] = ()
    licences: Answers = Answers()
    documents: Answers = Answers()
    languages: Answers = Answers()
    physical: Answers = Answers()
    schedule: Answers = Answers()
    schooling: int | None = None
    english: int | None = None
    age: int | None = None
    household_size: int | None = None
    max_hours: float | None = None
    wage_floor: float | None = None
    wage_give: float = 0.0
    places: tuple[PlaceChoice, ...] = ()
    home: tuple[float, float] | None = None
    never_send_states: frozenset[int] = field(default=frozenset(), repr=False)
    never_send_municipalities: frozenset[int] = field(default=frozenset(), repr=False)

    def __post_init__(self) -> None:
        for name, width in _WIDTHS.items():
            answers: Answers = getattr(self, name)
            if (answers.yes | answers.no) >> width:
                raise ValueError(f"{name} has {width} questions, and an answer stands beyond them")
        for name, (lowest, highest) in _RANGES.items():
            number = getattr(self, name)
            if number is not None and not lowest <= number <= highest:
                raise ValueError(f"{name} must lie between {lowest} and {highest}")
        if self.home is not None and not (-90 <= self.home[0] <= 90 and -180 <= self.home[1] <= 180):
            raise ValueError("home must be a latitude and a longitude in degrees")


_WIDTHS = {
    "licences": LICENCES,
    "documents": DOCUMENTS,
    "languages": LANGUAGES,
    "physical": PHYSICAL_DEMANDS,
    "schedule": len(Schedule),
}
_RANGES: dict[str, tuple[float, float]] = {
    "schooling": (0, HIGHEST_SCHOOLING),
    "english": (0, HIGHEST_ENGLISH),
    "age": (0, 120),
    "household_size": (1, 100),
    "max_hours": (0, 168),
    "wage_floor": (1, 10_000_000),
    "wage_give": (0, 10_000_000),
}


def find_lacking(profile: PersonProfile) -> tuple[int, int]:
    """Return the two words of all that the person surely lacks or refuses."""
    return (
        profile.licences.no << find_shift(Rule.LICENCE)
        | profile.documents.no << find_shift(Rule.DOCUMENT)
        | _levels_above(profile.schooling, HIGHEST_SCHOOLING) << find_shift(Rule.SCHOOLING)
        | _levels_above(profile.english, HIGHEST_ENGLISH) << find_shift(Rule.ENGLISH),
        profile.languages.no << find_shift(Rule.LANGUAGE)
        | profile.physical.no << find_shift(Rule.PHYSICAL)
        | profile.schedule.no << find_shift(Rule.SCHEDULE),
    )


def find_unanswered(profile: PersonProfile) -> tuple[int, int]:
    """Return the two words of all that the person was not asked about."""
    return (
        _without_answer(profile.licences, LICENCES) << find_shift(Rule.LICENCE)
        | _without_answer(profile.documents, DOCUMENTS) << find_shift(Rule.DOCUMENT)
        | (_levels_above(0, HIGHEST_SCHOOLING) if profile.schooling is None else 0) << find_shift(Rule.SCHOOLING)
        | (_levels_above(0, HIGHEST_ENGLISH) if profile.english is None else 0) << find_shift(Rule.ENGLISH),
        _without_answer(profile.languages, LANGUAGES) << find_shift(Rule.LANGUAGE)
        | _without_answer(profile.physical, PHYSICAL_DEMANDS) << find_shift(Rule.PHYSICAL)
        | _without_answer(profile.schedule, len(Schedule)) << find_shift(Rule.SCHEDULE),
    )


def _levels_above(level: int | None, highest: int) -> int:
    if level is None:
        return 0
    return (1 << (highest + 1)) - (1 << (level + 1))


def _without_answer(answers: Answers, width: int) -> int:
    return ((1 << width) - 1) & ~(answers.yes | answers.no)
