"""Make-goods: what a station owes for spots that did not air, planned anew, and nothing else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from puente.engines.reach.audit import audit_plan
from puente.engines.reach.instance import Blackout, Booking, Goal, Instance
from puente.engines.reach.planner.planning import Plan, plan_campaign
from puente.engines.reach.planner.stages import Effort


@dataclass(frozen=True)
class Proposal:
    """Spots to ask for. lost, recovered: weighted reach. plan: with everything that stands as fixed airings."""

    bookings: tuple[Booking, ...]
    lost: float
    recovered: float
    plan: Plan


def propose_make_goods(
    instance: Instance,
    booked: Sequence[Booking],
    lost: Sequence[Booking],
    today: date,
    effort: Effort = Effort(seconds=10),  # noqa: B008
) -> Proposal:
    """Return replacements for lost spots, on the outlets that lost them, after today and inside the flight.

    What aired and what is still to come stands. Each outlet owes what its lost paid spots cost, and its lost free spots
    as free spots; the planner spends that and no more, for the most value.

    Args:
        booked: the whole plan as ordered. lost: what did not air, a part of `booked`.
        today: replacements are proposed from the following day on.

    Raises:
        ValueError: a lost spot that was not booked.
    """
    standing = Counter[tuple[int, int, bool]]()
    for booking in booked:
        standing[booking.programme, booking.day, booking.free] += booking.spots
    owed = Counter[int]()
    free_owed = Counter[int]()
    for booking in lost:
        key = (booking.programme, booking.day, booking.free)
        standing[key] -= booking.spots
        if standing[key] < 0:
            raise ValueError(f"More was lost in {instance.programmes[booking.programme].id} than was booked.")
        outlet = int(instance.outlet_of[booking.programme])
        if booking.free:
            free_owed[outlet] += booking.spots
        else:
            owed[outlet] += booking.spots * instance.programmes[booking.programme].price
    fixed = tuple(sorted(Booking(p, d, n, f) for (p, d, f), n in standing.items() if n > 0))
    free_standing = Counter[int]()
    for booking in fixed:
        free_standing[int(instance.outlet_of[booking.programme])] += booking.spots if booking.free else 0
    # The airtime is owed, not bought: budgets are out of the question, and so are discounts.
    spent = sum(b.spots * instance.programmes[b.programme].price for b in fixed if not b.free)
    remaining = replace(
        instance,
        sites=tuple(replace(site, budget=None, floor=0.0) for site in instance.sites),
        phases=tuple(replace(phase, budget=None) for phase in instance.phases),
        site_phase_budget={},
        budget=spent + sum(owed.values()),
        outlets=tuple(
            replace(outlet, credit=owed[index], free_quota=free_standing[index] + free_owed[index], steps=())
            for index, outlet in enumerate(instance.outlets)
        ),
        blackouts=(*instance.blackouts, Blackout(instance.first_day, today)),
        fixed=fixed,
        goals=(Goal.VALUE,),
    )
    plan = plan_campaign(remaining, effort)
    new = Counter({(b.programme, b.day, b.free): b.spots for b in plan.bookings})
    new.subtract({(b.programme, b.day, b.free): b.spots for b in fixed})
    values = [audit_plan(remaining, bookings).figures.value for bookings in (booked, fixed, plan.bookings)]
    return Proposal(
        tuple(sorted(Booking(p, d, n, f) for (p, d, f), n in new.items() if n > 0)),
        float(np.subtract(values[0], values[1])),
        float(np.subtract(values[2], values[1])),
        plan,
    )
