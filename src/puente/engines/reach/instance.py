"""What a plan is made from: sites, audiences, outlets with their programmes and prices, budgets, rules and goals.

Money is in whole cents, times of day in minutes after midnight, shares are fractions. Rows refer to each other by
position. A plan is a list of `Booking`s.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property

import numpy as np

from puente.engines.reach.numbers import Floats, Whole

MINUTES_A_DAY = 24 * 60


class InstanceProblem(ValueError):
    """Something in the input cannot be planned with; the message says where and what to change."""


class Goal(StrEnum):
    """What a plan strives for, in this order: a later goal may not spoil an earlier one."""

    WEAKEST_SITE = "weakest_site"
    VALUE = "value"
    COST = "cost"


@dataclass(frozen=True)
class Site:
    """A place where the campaign runs. floor: least weighted reach. languages: share of airings in each language."""

    id: str
    budget: int | None = None
    floor: float = 0.0
    languages: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Audience:
    """Whom the campaign wants to reach; weight says how much one of its people counts."""

    id: str
    weight: float = 1.0


@dataclass(frozen=True)
class Phase:
    """A stretch of days, both included, with a budget of its own where one is given."""

    id: str
    first: date
    last: date
    budget: int | None = None


@dataclass(frozen=True)
class Step:
    """A step of the rate card: from so many paid spots on, every paid spot of the outlet is cheaper by this share."""

    spots: int
    discount: float


@dataclass(frozen=True)
class Outlet:
    """A station. free_quota: statutory spots at no cost. credit: what it owes, where only that may be spent."""

    id: str
    site: int
    spots_per_day: int
    free_quota: int = 0
    steps: tuple[Step, ...] = ()
    earliest: int = 0
    latest: int = MINUTES_A_DAY
    credit: int | None = None


@dataclass(frozen=True)
class Programme:
    """A programme or time band in which spots can be placed. weekdays: Monday first."""

    id: str
    outlet: int
    weekdays: tuple[bool, ...]
    start: int
    price: int
    spots_per_day: int
    spots_total: int


@dataclass(frozen=True)
class Blackout:
    """Days, both included, on which nothing may air: everywhere, or at one site, or on one outlet."""

    first: date
    last: date
    site: int | None = None
    outlet: int | None = None


@dataclass(frozen=True)
class Material:
    """A recorded spot. share: of the airings in its language. Rights end on `last`; not before `earliest` of a day."""

    id: str
    language: str
    seconds: int
    share: float = 1.0
    first: date = date.min
    last: date = date.max
    earliest: int = 0


@dataclass(frozen=True, order=True)
class Booking:
    """Spots in one programme on one day."""

    programme: int
    day: int
    spots: int
    free: bool = False


@dataclass(frozen=True)
class Instance:
    """A planning problem.

    population: (sites, audiences) people. shape, ceiling: (sites, audiences) of the curve that turns the GRPs of an
    audience into reach: ceiling · (1 − (1 + g / (ceiling · shape))^−shape), g in contacts per head (Ehrenberg's
    negative binomial). rating: (programmes, audiences), share of the audience at the programme's site that hears one
    spot. site_phase_budget: (site, phase) → cents. fixed: airings that stand whatever is planned.
    slack: how much of an earlier goal, as a share, a later one may give back.
    """

    sites: tuple[Site, ...]
    audiences: tuple[Audience, ...]
    population: Floats
    shape: Floats
    ceiling: Floats
    phases: tuple[Phase, ...]
    outlets: tuple[Outlet, ...]
    programmes: tuple[Programme, ...]
    rating: Floats
    budget: int
    site_phase_budget: dict[tuple[int, int], int] = field(default_factory=dict)
    blackouts: tuple[Blackout, ...] = ()
    earliest: int = 0
    latest: int = MINUTES_A_DAY
    materials: tuple[Material, ...] = ()
    fixed: tuple[Booking, ...] = ()
    goals: tuple[Goal, ...] = tuple(Goal)
    slack: float = 0.0

    def __post_init__(self) -> None:
        for phase, following in zip(self.phases, self.phases[1:], strict=False):
            if following.first <= phase.last:
                raise InstanceProblem(f"Phase {following.id} begins before phase {phase.id} has ended.")
        if not self.phases or any(phase.last < phase.first for phase in self.phases):
            raise InstanceProblem("A campaign needs at least one phase, and each must end on or after its first day.")
        outside = [booking for booking in self.fixed if not 0 <= booking.day < self.days]
        if outside:
            programme = self.programmes[outside[0].programme].id
            raise InstanceProblem(f"The fixed airing in {programme} lies before the first phase or after the last.")
        if np.any(self.rating < 0) or np.any(self.rating >= 1):
            raise InstanceProblem("Ratings are shares of the audience: 0 or more, and below 1.")
        if self.population.sum() <= 0 or sum(audience.weight for audience in self.audiences) <= 0:
            raise InstanceProblem("No audience has both people and a weight: there is nobody to reach.")
        if np.any(self.shape <= 0) or np.any(self.ceiling <= 0) or np.any(self.ceiling > 1):
            raise InstanceProblem("The shape of a reach curve is positive, its ceiling above 0 and at most 1.")

    @cached_property
    def first_day(self) -> date:
        """Return the day that has position 0."""
        return self.phases[0].first

    @cached_property
    def days(self) -> int:
        """Return the number of days from the first phase's first to the last phase's last."""
        return (self.phases[-1].last - self.first_day).days + 1

    def date_of(self, day: int) -> date:
        """Return the date of a day's position."""
        return self.first_day + timedelta(days=day)

    @cached_property
    def outlet_of(self) -> Whole:
        """Return the outlet of each programme, shape (programmes,)."""
        return np.array([programme.outlet for programme in self.programmes], dtype=np.int64)

    @cached_property
    def site_of(self) -> Whole:
        """Return the site of each programme, shape (programmes,)."""
        return np.array([self.outlets[programme.outlet].site for programme in self.programmes], dtype=np.int64)

    @cached_property
    def importance(self) -> Floats:
        """Return what share of all weighted people each audience at each site is, shape (sites, audiences)."""
        weighted = self.population * np.array([audience.weight for audience in self.audiences])
        return np.asarray(weighted / weighted.sum())


def unit_price(price: int, discount: float) -> int:
    """Return a spot's price after a discount, in whole cents, halves up."""
    return int(price * (10_000 - round(discount * 10_000)) + 5_000) // 10_000
