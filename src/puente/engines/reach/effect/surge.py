"""Will somebody answer? Expected calls of a plan against the hours in which the line is staffed."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from puente.engines.reach.effect.calls import carry_over
from puente.engines.reach.numbers import Floats


@dataclass(frozen=True)
class Surge:
    """One period. load: share of the counsellors' time taken. waiting: share of callers who wait, 1 when overrun."""

    calls: float
    load: float
    waiting: float

    @property
    def overrun(self) -> bool:
        """Tell whether more calls come than can be taken."""
        return self.load >= 1


def expect_surge(
    usual: float,
    grp: Floats,
    per_100: float,
    *,
    hours: Floats,
    counsellors: int,
    minutes_per_call: float,
    persistence: float = 0.0,
) -> list[Surge]:
    """Return what each period of a plan brings to the line.

    Waiting is Erlang's C formula (1917), for calls spread evenly over the open hours: real peaks are worse.

    Args:
        usual: calls a period without airing. grp: (periods,) planned GRPs. per_100: calls for 100 GRPs more, best the
            upper end of the interval of `respond_to_dose`. hours: (periods,) open hours.

    Raises:
        ValueError: a line that is never open, or without counsellors.
    """
    if counsellors < 1 or np.any(hours <= 0) or minutes_per_call <= 0:
        raise ValueError("A line needs counsellors, open hours and a length of a call.")
    calls = usual + per_100 * carry_over(grp[None, :], persistence)[0] / 100
    traffic = calls * minutes_per_call / 60 / hours
    return [
        Surge(float(c), float(t / counsellors), _wait(float(t), counsellors))
        for c, t in zip(calls, traffic, strict=True)
    ]


def _wait(traffic: float, counsellors: int) -> float:
    if traffic >= counsellors:
        return 1.0
    if traffic <= 0:
        return 0.0
    busy = np.arange(counsellors)
    terms = np.exp(busy * np.log(traffic) - gammaln(busy + 1))
    last = float(np.exp(counsellors * np.log(traffic) - gammaln(counsellors + 1))) / (1 - traffic / counsellors)
    return last / (float(terms.sum()) + last)
