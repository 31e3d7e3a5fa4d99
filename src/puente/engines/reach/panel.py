"""A panel of respondents at one site: who hears a spot in which programme, and how likely.

The panel is the reference. Every shorter formula in `models` is an approximation of what is counted here.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from puente.engines.reach.numbers import Flags, Floats, Singles, Whole, compiled

# A count this unlikely is left out of a person's distribution; what is cut off is put back into "not reached".
NEGLIGIBLE = 1e-13
# Nobody hears a programme for certain; a chance of one would make every further spot worthless.
HIGHEST_CHANCE = 0.999


@dataclass(frozen=True)
class Panel:
    """Respondents of one site.

    weight: (people,) how many inhabitants each stands for. member: (audiences, people). chance: (programmes, people),
    the probability that the person hears one spot in the programme. respondents: how many were really asked, which is
    what intervals rest on; a synthetic panel of 50,000 calibrated by a survey of 400 knows what 400 know.
    """

    weight: Floats
    member: Flags
    chance: Singles
    respondents: int

    def __post_init__(self) -> None:
        people = len(self.weight)
        if self.member.shape[1] != people or self.chance.shape[1] != people:
            raise ValueError("Weight, membership and chances must name the same people.")
        if np.any(self.weight < 0) or np.any(self.chance < 0) or np.any(self.chance > 1):
            raise ValueError("Weights must not be negative, and chances must lie between 0 and 1.")
        if self.respondents < 1:
            raise ValueError("A panel needs at least one respondent.")

    @cached_property
    def pressure(self) -> Singles:
        """Return −ln(1 − chance), shape (programmes, people): pressures of several spots add up."""
        return np.asarray(-np.log1p(-np.minimum(self.chance, HIGHEST_CHANCE)), dtype=np.float32)

    def weights_of(self, audience: int) -> Floats:
        """Return the weights of the members of an audience, summing to one, and zero for everybody else."""
        weight = self.weight * self.member[audience]
        if weight.sum() <= 0:
            raise ValueError(f"Nobody in the panel belongs to audience {audience}.")
        return np.asarray(weight / weight.sum())

    def ratings(self, audience: int, programmes: Whole) -> Floats:
        """Return the mean chance of each programme in the audience, shape (programmes,), as fractions."""
        return np.asarray(self.chance[programmes] @ self.weights_of(audience), dtype=np.float64)

    def duplication(self, audience: int, programmes: Whole) -> Floats:
        """Return the share that hears one spot in each of two programmes; the diagonal is two spots in one."""
        chance = self.chance[programmes].astype(np.float64)
        return np.asarray((chance * self.weights_of(audience)) @ chance.T)

    def resample(self, rng: np.random.Generator) -> "Panel":
        """Draw as many respondents as were asked, with replacement and by weight; they then weigh the same.

        An audience without anybody in a draw would leave nothing to measure, so such a draw is repeated.
        """
        share = self.weight / self.weight.sum()
        while True:
            drawn = rng.choice(len(share), self.respondents, p=share)
            member = self.member[:, drawn]
            if np.array_equal(member.any(axis=1), self.member[:, share > 0].any(axis=1)):
                return Panel(np.ones(self.respondents), member, self.chance[:, drawn], self.respondents)


def count_exposures(panel: Panel, spots: Whole, audience: int) -> Floats:
    """Return P(0..n): the share of the audience that hears each number of the plan's n spots, exactly.

    Each person's count is a sum of independent binomials; the shares are their average.

    Args:
        spots: (programmes,) number of spots in each programme.
    """
    weight = panel.weights_of(audience)
    people = np.flatnonzero(weight)
    chosen = np.flatnonzero(spots)
    return _count(
        np.ascontiguousarray(panel.chance[np.ix_(chosen, people)].astype(np.float64)),
        spots[chosen],
        weight[people],
        int(spots.sum()),
    )


@compiled
def _count(chance: Floats, spots: Whole, weight: Floats, total: int) -> Floats:
    result = np.zeros(total + 1)
    exact = np.zeros(total + 2)
    for person in range(weight.size):
        exact[0] = 1.0
        top = 0
        for programme in range(spots.size):
            hears = chance[programme, person]
            if hears == 0.0:
                continue
            for _ in range(spots[programme]):
                exact[top + 1] = exact[top] * hears
                for k in range(top, 0, -1):
                    exact[k] = exact[k] * (1.0 - hears) + exact[k - 1] * hears
                exact[0] *= 1.0 - hears
                if exact[top + 1] > NEGLIGIBLE:
                    top += 1
                else:
                    exact[top] += exact[top + 1]
                    exact[top + 1] = 0.0
        for k in range(top + 1):
            result[k] += weight[person] * exact[k]
            exact[k] = 0.0
    return result
