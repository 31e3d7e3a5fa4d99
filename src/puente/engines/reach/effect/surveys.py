"""Surveys of knowledge, attitude and practice before and after: differences, and differences of differences."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from puente.engines.reach.numbers import Flags, Floats, Whole


@dataclass(frozen=True)
class Difference:
    """A difference of shares, with interval. freedom: degrees of freedom of the interval, None for the normal one."""

    value: float
    low: float
    high: float
    p: float
    level: float
    freedom: float | None = None

    @property
    def shown(self) -> bool:
        """Tell whether the interval leaves out zero; otherwise a report must say that nothing was shown."""
        return self.low > 0 or self.high < 0


def compare_waves(before: int, asked_before: int, after: int, asked_after: int, *, level: float = 0.95) -> Difference:
    """Return the change of a share between two waves, without a control: what else changed is in it as well.

    Interval: Newcombe's hybrid score (Statistics in Medicine 1998, method 10); p: of the pooled z test.

    Args:
        before, after: how many answered so. asked_before, asked_after: how many were asked.

    Raises:
        ValueError: nobody asked, or more answers than people.
    """
    if not (0 <= before <= asked_before and 0 <= after <= asked_after and asked_before and asked_after):
        raise ValueError("Each wave needs people asked, and no more answers than people.")
    z = float(ndtri(0.5 + level / 2))
    first, second = before / asked_before, after / asked_after
    low_first, high_first = _score_interval(first, asked_before, z)
    low_second, high_second = _score_interval(second, asked_after, z)
    change = second - first
    pooled = (before + after) / (asked_before + asked_after)
    error = sqrt(pooled * (1 - pooled) * (1 / asked_before + 1 / asked_after))
    return Difference(
        change,
        change - sqrt((second - low_second) ** 2 + (high_first - first) ** 2),
        change + sqrt((high_second - second) ** 2 + (first - low_first) ** 2),
        float(2 * ndtr(-abs(change) / error)) if error > 0 else 1.0,
        level,
    )


def _score_interval(share: float, people: int, z: float) -> tuple[float, float]:
    """Return Wilson's interval of a share."""
    centre = (share + z * z / (2 * people)) / (1 + z * z / people)
    reach = z * sqrt(share * (1 - share) / people + z * z / (4 * people * people)) / (1 + z * z / people)
    return centre - reach, centre + reach


@dataclass(frozen=True)
class Respondents:
    """Answers of a repeated survey. cluster: place of each person; wave: 0 before, 1 after; answer: 0 or 1, or a score.

    exposed: whether the campaign aired in the person's cluster; the same for everybody in it.
    """

    cluster: Whole
    wave: Whole
    exposed: Flags
    answer: Floats


def difference_in_differences(people: Respondents, *, level: float = 0.95) -> Difference:
    """Return how much more the answer changed where the campaign aired than where it did not.

    The change of each cluster is one observation, weighted by the harmonic number of people asked; the interval is
    cluster-robust for few clusters: HC2 with the degrees of freedom of Bell and McCaffrey (Survey Methodology 2002),
    which for two groups of equal weight is the t interval of Donald and Lang (2007).

    Raises:
        ValueError: fewer than two clusters with or without the campaign, or a cluster asked in one wave alone.
    """
    change, weight, exposed = _collapse(people)
    if exposed.sum() < 2 or (~exposed).sum() < 2:
        raise ValueError(
            "A difference of differences needs at least two clusters with and two without the campaign; with fewer,"
            " compare the waves and say that there was no control."
        )
    root = np.sqrt(weight)
    design = np.stack([np.ones_like(change), exposed.astype(np.float64)], axis=1) * root[:, None]
    response = change * root
    inverse = np.linalg.inv(design.T @ design)
    hat = design @ inverse @ design.T
    residual = response - hat @ response
    influence = (design @ inverse)[:, 1] / np.sqrt(np.maximum(1 - np.diag(hat), 1e-12))
    effect = float((inverse @ design.T @ response)[1])
    variance = float((influence**2) @ (residual**2))
    # Under equal variances the estimate of the variance is a sum of chi-squares; its freedom follows from two moments.
    weights = np.diag(influence**2) @ (np.eye(len(change)) - hat)
    freedom = float(np.trace(weights) ** 2 / np.trace(weights @ weights))
    return make_difference(effect, sqrt(variance), freedom, level)


def make_difference(effect: float, error: float, freedom: float, level: float) -> Difference:
    """Return a difference with its t interval."""
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * error
    p = float(2 * stdtr(freedom, -abs(effect) / error)) if error > 0 else 1.0
    return Difference(effect, effect - reach, effect + reach, p, level, freedom)


def _collapse(people: Respondents) -> tuple[Floats, Floats, Flags]:
    """Return change, weight and exposure of each cluster."""
    changes, weights, exposures = [], [], []
    for name in np.unique(people.cluster):
        own = people.cluster == name
        first, second = people.answer[own & (people.wave == 0)], people.answer[own & (people.wave == 1)]
        if not first.size or not second.size:
            raise ValueError(f"Cluster {name} was asked in one wave alone; leave it out or ask there again.")
        if people.exposed[own].any() != people.exposed[own].all():
            raise ValueError(f"Cluster {name} is both with and without the campaign.")
        changes.append(second.mean() - first.mean())
        weights.append(first.size * second.size / (first.size + second.size))
        exposures.append(bool(people.exposed[own].all()))
    return np.array(changes), np.array(weights), np.array(exposures)


@dataclass(frozen=True)
class EventEffect:
    """The effect so many periods after a site began; negative before it began, where it should be none."""

    periods: int
    sites: int
    difference: Difference


def study_staggered_sites(
    share: Floats, began: Sequence[int | None], *, level: float = 0.95
) -> tuple[list[EventEffect], Difference]:
    """Return the effect by periods since a site began, and over all periods after, where sites begin one after another.

    Each site is compared from its last period before to later ones with the sites that have not begun by then
    (Callaway and Sant'Anna, Journal of Econometrics 2021), so a site that began early is never a control. Intervals:
    jackknife over sites with the t of sites − 1.

    Args:
        share: (sites, periods) share of answers, all periods asked. began: first period with airing, or None.

    Raises:
        ValueError: no site can be compared with one that has not begun.
    """
    sites = len(began)
    events, overall = _event_means(share, began, range(sites))
    if overall is None:
        raise ValueError("No site began while another had not; staggered sites need a later or never beginning one.")
    left_out = [_event_means(share, began, [s for s in range(sites) if s != gone]) for gone in range(sites)]
    effects = []
    for periods, (value, count) in sorted(events.items()):
        again = np.array([drawn[periods][0] for drawn, _ in left_out if periods in drawn])
        if count >= 2 and len(again) == sites:
            effects.append(EventEffect(periods, count, _jackknife(value, again, level)))
    again = np.array([value for _, value in left_out if value is not None])
    return effects, _jackknife(overall, again, level)


def _jackknife(value: float, again: Floats, level: float) -> Difference:
    number = len(again)
    error = sqrt((number - 1) / number * float(((again - again.mean()) ** 2).sum()))
    return make_difference(value, error, number - 1, level)


def _event_means(
    share: Floats, began: Sequence[int | None], sites: Sequence[int]
) -> tuple[dict[int, tuple[float, int]], float | None]:
    """Return event time → (mean effect, sites), and the mean over all periods after the beginning."""
    effects: dict[int, list[float]] = {}
    for site in sites:
        start = began[site]
        if start is None or start < 1:
            continue
        for period in range(share.shape[1]):
            later = [s for s in sites if began[s] is None or began[s] > max(period, start)]  # type: ignore[operator]
            if not later or period == start - 1:
                continue
            change = share[site, period] - share[site, start - 1]
            control = float(np.mean(share[later, period] - share[later, start - 1]))
            effects.setdefault(period - start, []).append(float(change) - control)
    after = [value for periods, own in effects.items() if periods >= 0 for value in own]
    means = {periods: (float(np.mean(own)), len(own)) for periods, own in effects.items()}
    return means, float(np.mean(after)) if after else None
