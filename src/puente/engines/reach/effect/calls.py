"""Calls to the line: an interrupted series, and calls by dose of airing.

One city's calls cannot prove an effect: with five calls a week even a doubling has a power of 75 %. The main outcome
is the survey; this stands beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from puente.engines.reach.effect.counts import CountFit, Family, RateRatio, fit_counts
from puente.engines.reach.numbers import Floats, Whole

PERSISTENCES = tuple(float(step) / 20 for step in range(19))


@dataclass(frozen=True)
class SeriesEffect:
    """What an interrupted series shows. change: of the rate at the interruption. trend: per period."""

    change: RateRatio
    trend: RateRatio
    slope_change: RateRatio | None
    fit: CountFit


def interrupt_series(
    counts: Floats,
    after: int,
    *,
    family: Family = Family.QUASI,
    offset: Floats | None = None,
    season: Sequence[int] | None = None,
    period: int = 12,
    harmonics: int = 0,
    slope: bool = False,
    level: float = 0.95,
) -> SeriesEffect:
    """Fit a step at an interruption, over a trend and a season (Bernal, Cummins, Gasparrini, IJE 2017).

    Args:
        counts: (periods,) counts in the order of time. after: first period after the interruption.
        offset: (periods,) log of the population or the hours of service.
        season: (periods,) place in the year of each period, as the month; the period's number where it is None.
        period: places in a year: 12 months, 52 weeks. harmonics: pairs of sine and cosine.
        slope: whether the trend may change as well.

    Raises:
        FitProblem: see `fit_counts`. ValueError: nothing lies before or after the interruption.
    """
    if not 0 < after < len(counts):
        raise ValueError("There must be periods both before and after the interruption.")
    time = np.arange(1, len(counts) + 1, dtype=np.float64)
    step = (time > after).astype(np.float64)
    columns = [np.ones_like(time), step, time]
    if slope:
        columns.append((time - after) * step)
    place = time if season is None else np.asarray(season, dtype=np.float64)
    for order in range(1, harmonics + 1):
        columns += [np.sin(2 * np.pi * order * place / period), np.cos(2 * np.pi * order * place / period)]
    fit = fit_counts(counts, np.stack(columns, axis=1), family=family, offset=offset)
    return SeriesEffect(
        fit.rate_ratio(1, level=level),
        fit.rate_ratio(2, level=level),
        fit.rate_ratio(3, level=level) if slope else None,
        fit,
    )


@dataclass(frozen=True)
class DoseResponse:
    """Calls by dose. per_100: rate ratio for 100 GRPs more. calls_per_100: more calls a site and period at the mean.

    persistence: share of a period's pressure that lasts into the next.
    """

    per_100: RateRatio
    calls_per_100: tuple[float, float, float]
    persistence: float
    chosen: bool
    fit: CountFit


def respond_to_dose(
    calls: Floats,
    grp: Floats,
    *,
    family: Family = Family.QUASI,
    persistence: float | None = None,
    hours: Floats | None = None,
    period: int = 52,
    harmonics: int = 0,
    level: float = 0.95,
) -> DoseResponse:
    """Fit calls by GRPs with what lasts from earlier periods, a level for each site and a common trend.

    Args:
        calls, grp: (sites, periods), with GRPs as aired. hours: (sites, periods) hours the line was open, or None.
        persistence: between 0 and 1; without it the one that fits best is taken, and the interval does not know
            that it was chosen, which `chosen` says.

    Raises:
        FitProblem: as when airing was the same in all sites and periods. Published yardstick: CDC "Tips" 2012, +89
            calls a week and area for 100 GRPs of a tagged spot.
    """
    options = PERSISTENCES if persistence is None else (persistence,)
    fits = [(_fit_dose(calls, grp, option, family, hours, period, harmonics), option) for option in options]
    fit, best = min(fits, key=lambda pair: pair[0].deviance)
    ratio = fit.rate_ratio(0, times=1.0, level=level)
    average = float(calls.mean())
    more = (average * (ratio.value - 1), average * (ratio.low - 1), average * (ratio.high - 1))
    return DoseResponse(ratio, more, best, persistence is None, fit)


def carry_over(grp: Floats, persistence: float) -> Floats:
    """Return the pressure of each period: its own GRPs and what lasts of earlier ones (Broadbent 1979).

    Args:
        grp: (sites, periods).
    """
    pressure = np.array(grp, dtype=np.float64)
    for index in range(1, pressure.shape[1]):
        pressure[:, index] += persistence * pressure[:, index - 1]
    return pressure


def _fit_dose(
    calls: Floats, grp: Floats, persistence: float, family: Family, hours: Floats | None, period: int, harmonics: int
) -> CountFit:
    sites, periods = calls.shape
    site: Whole = np.repeat(np.arange(sites), periods)
    time = np.tile(np.arange(periods, dtype=np.float64), sites)
    columns = [carry_over(grp, persistence).ravel() / 100, *(site[:, None] == np.arange(sites)).T.astype(np.float64)]
    columns.append(time / periods)
    for order in range(1, harmonics + 1):
        columns += [np.sin(2 * np.pi * order * time / period), np.cos(2 * np.pi * order * time / period)]
    offset = None if hours is None else np.log(hours.ravel())
    return fit_counts(calls.ravel().astype(np.float64), np.stack(columns, axis=1), family=family, offset=offset)
