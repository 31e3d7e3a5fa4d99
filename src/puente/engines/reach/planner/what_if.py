"""What a campaign could reach with less money or more: the curve from budget to reach, each point with its bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from puente.engines.reach.audit import audit_plan
from puente.engines.reach.instance import Goal, Instance
from puente.engines.reach.planner.planning import plan_campaign
from puente.engines.reach.planner.stages import Effort


@dataclass(frozen=True)
class Point:
    """One budget. value, bound: weighted reach. marginal: cents that one more point of reach (1 %) costs, or None."""

    budget: int
    cost: int
    value: float
    bound: float
    site_reach: dict[str, float]
    site_cost: dict[str, int]
    marginal: float | None


def explore_budgets(
    instance: Instance,
    budgets: Sequence[int],
    effort: Effort = Effort(seconds=10),  # noqa: B008
) -> list[Point]:
    """Plan the instance with each budget, smallest first, for value alone.

    Budgets of sites and phases keep their share of the whole, so that they neither bind earlier nor later. The marginal
    cost is that of the step from the point before: None for the first, and where more money reaches nobody more.

    Args:
        budgets: cents.
    """
    points: list[Point] = []
    for budget in sorted(budgets):
        scaled = _scale(instance, budget)
        plan = plan_campaign(scaled, effort)
        figures = audit_plan(scaled, plan.bookings).figures
        marginal = None
        if points and figures.value > points[-1].value:
            marginal = (figures.cost - points[-1].cost) / (100 * (figures.value - points[-1].value))
        bound = plan.certificate.stages[0].bound
        points.append(
            Point(budget, figures.cost, figures.value, bound, figures.site_reach, figures.cost_by_site, marginal)
        )
    return points


def _scale(instance: Instance, budget: int) -> Instance:
    share = budget / instance.budget if instance.budget else 1.0

    def part(amount: int | None) -> int | None:
        return None if amount is None else int(amount * share)

    return replace(
        instance,
        budget=budget,
        sites=tuple(replace(site, budget=part(site.budget), floor=0.0) for site in instance.sites),
        phases=tuple(replace(phase, budget=part(phase.budget)) for phase in instance.phases),
        site_phase_budget={key: int(amount * share) for key, amount in instance.site_phase_budget.items()},
        goals=(Goal.VALUE,),
    )
