"""A synthetic panel out of what is published: population by group, ratings by audience, how loyal listeners are.

No open respondent-level panel of broadcasting exists. What is published (ratings, daily net audience, census margins)
is met exactly or by fit; the rest, who listens to two stations, follows from loyalty and availability and is a model.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq, minimize_scalar

from puente.engines.reach.models import Respondents
from puente.engines.reach.numbers import Flags, Floats, Whole
from puente.engines.reach.panel import Panel
from puente.engines.reach.planner.curves import curve_reach
from puente.engines.reach.raking import Margin, calibrate_chances, rake

# A gamma of this shape for being near a radio or screen at a time of day: half the people vary within a factor of two.
AVAILABILITY = 2.0
LEAST_LOYAL, MOST_LOYAL = 1e-3, 1e3


def fit_loyalty(rating: float, net: float, spots: int) -> float:
    """Return the gamma shape of loyalty with which `spots` spots at one rating reach a net audience.

    A small shape is a station with few, faithful listeners. Ciudad Juárez, April 2019: ratings of 0.679 and 0.014,
    daily net audiences nine times the average audience.

    Args:
        rating: share that hears one spot. net: share that hears any of them.

    Raises:
        ValueError: a net audience below the rating or beyond what independent listening would give.
    """
    most = -float(np.expm1(-spots * rating))
    if not rating < net < most:
        raise ValueError(f"With {spots} spots rated {rating:.2%} the net audience lies between that and {most:.2%}.")

    def excess(log_shape: float) -> float:
        shape = float(np.exp(log_shape))
        return float(1 - (1 + spots * rating / shape) ** -shape - net)

    low, high = np.log(LEAST_LOYAL), np.log(MOST_LOYAL)
    if excess(float(low)) > 0:
        return LEAST_LOYAL
    if excess(float(high)) < 0:
        return MOST_LOYAL
    return float(np.exp(brentq(excess, low, high)))


@dataclass(frozen=True)
class Stations:
    """What is known of the programmes of one site.

    outlet: (programmes,). daypart: (programmes,) part of the day. loyalty: (outlets,) gamma shapes, see `fit_loyalty`.
    rating: (programmes,) shares among everybody.
    """

    outlet: Whole
    daypart: Whole
    loyalty: Floats
    rating: Floats


def make_panel(
    stations: Stations, group: Flags, margins: Sequence[Margin], *, respondents: int, seed: int = 0
) -> Panel:
    """Return a panel whose weights meet the margins and whose chances meet the ratings.

    Args:
        group: (audiences, people) who belongs to which audience.
        margins: known totals; categories name people in the same order.
        respondents: size of the surveys behind the ratings; intervals rest on it, not on the number of people invented.

    Raises:
        RakingProblem: margins or ratings that cannot be met.
    """
    rng = np.random.default_rng(seed)
    people = group.shape[1]
    weight = rake(np.ones(people), margins)
    loyalty = rng.gamma(stations.loyalty[:, None], 1 / stations.loyalty[:, None], (len(stations.loyalty), people))
    parts = int(stations.daypart.max()) + 1
    available = rng.gamma(AVAILABILITY, 1 / AVAILABILITY, (parts, people))
    pressure = stations.rating[:, None] * loyalty[stations.outlet] * available[stations.daypart]
    chance = (-np.expm1(-pressure)).astype(np.float32)
    return Panel(weight, group, calibrate_chances(chance, weight, stations.rating), respondents)


def fit_curve(panel: Panel, audience: int, *, ceiling: float = 1.0, plans: int = 24, seed: int = 0) -> float:
    """Return the shape of the GRP curve that comes nearest to the panel over random plans of 2 to 200 spots."""
    rng = np.random.default_rng(seed)
    count = panel.chance.shape[0]
    model = Respondents(panel)
    contacts, reach = np.empty(plans), np.empty(plans)
    rating = panel.ratings(audience, np.arange(count))
    for index, spots in enumerate(np.geomspace(2, 200, plans).astype(np.int64)):
        plan = np.bincount(rng.integers(0, count, spots), minlength=count)
        contacts[index] = plan @ rating
        reach[index] = 1 - model.distribution(plan, audience)[0]

    def error(log_shape: float) -> float:
        return float(((curve_reach(contacts, np.exp(log_shape), np.array(ceiling)) - reach) ** 2).sum())

    return float(np.exp(minimize_scalar(error, bounds=(-6, 6), method="bounded").x))
