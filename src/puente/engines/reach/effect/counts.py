"""Regression of counts with a log link: Poisson, quasi-Poisson, negative binomial.

Calls to a line vary more than Poisson allows: on a real trafficking line the variance was 2.4 times the mean. A plain
Poisson interval is then half as wide as it should be, so the default is never Poisson.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln, ndtr, ndtri

from puente.engines.reach.numbers import Floats

ROUNDS = 200
PRECISION = 1e-10
# Between these the overdispersion of a negative binomial is looked for; the lower end is as good as Poisson.
LEAST_OVERDISPERSION, MOST_OVERDISPERSION = 1e-8, 50.0


class Family(StrEnum):
    """How the variance follows the mean μ: μ, φ·μ, or μ + α·μ²."""

    POISSON = "poisson"
    QUASI = "quasi_poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"


@dataclass(frozen=True)
class RateRatio:
    """By what factor a rate changed. p: of no change at all, two-sided."""

    value: float
    low: float
    high: float
    p: float
    level: float


@dataclass(frozen=True)
class CountFit:
    """A fitted regression. dispersion: φ of quasi-Poisson, α of the negative binomial, 1 for Poisson."""

    family: Family
    coefficient: Floats
    covariance: Floats
    dispersion: float
    mean: Floats
    deviance: float

    def rate_ratio(self, index: int, *, times: float = 1.0, level: float = 0.95) -> RateRatio:
        """Return exp(times · coefficient) with its Wald interval."""
        estimate, error = times * self.coefficient[index], abs(times) * np.sqrt(self.covariance[index, index])
        reach = float(ndtri(0.5 + level / 2)) * error
        p = float(2 * ndtr(-abs(estimate) / error)) if error > 0 else 1.0
        low, high = np.exp([estimate - reach, estimate + reach])
        return RateRatio(float(np.exp(estimate)), float(low), float(high), p, level)


class FitProblem(ValueError):
    """The data cannot carry the regression; the message says why."""


def fit_counts(
    counts: Floats, design: Floats, *, family: Family = Family.QUASI, offset: Floats | None = None
) -> CountFit:
    """Fit log E(count) = design · coefficient + offset.

    Args:
        counts: (rows,) 0 or more. design: (rows, columns), with a column of ones where a constant is meant.
        offset: (rows,) log of the exposure, as people at risk or hours of service.

    Raises:
        FitProblem: too few rows, columns that say the same, or counts that are all zero.
    """
    rows, columns = design.shape
    if rows <= columns:
        raise FitProblem(f"{rows} rows cannot carry {columns} coefficients.")
    if np.linalg.matrix_rank(design) < columns:
        raise FitProblem("Two columns say the same, as when every site began on the same day.")
    if np.any(counts < 0) or counts.sum() == 0:
        raise FitProblem("Counts must be 0 or more, and not all 0.")
    base = np.zeros(rows) if offset is None else offset
    if family != Family.NEGATIVE_BINOMIAL:
        coefficient, mean = _iterate(counts, design, base, 0.0)
        information = design.T @ (mean[:, None] * design)
        pearson = float(((counts - mean) ** 2 / mean).sum()) / (rows - columns)
        scale = pearson if family == Family.QUASI else 1.0
        covariance = np.asarray(scale * np.linalg.inv(information), dtype=np.float64)
        return CountFit(family, coefficient, covariance, scale, mean, _deviance(counts, mean, 0.0))
    alpha = _find_overdispersion(counts, design, base)
    coefficient, mean = _iterate(counts, design, base, alpha)
    information = design.T @ ((mean / (1 + alpha * mean))[:, None] * design)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return CountFit(family, coefficient, covariance, alpha, mean, _deviance(counts, mean, alpha))


def _iterate(counts: Floats, design: Floats, offset: Floats, alpha: float) -> tuple[Floats, Floats]:
    """Return coefficients and means by iteratively reweighted least squares (Nelder and Wedderburn 1972)."""
    mean = counts + 0.5 * max(float(counts.mean()), 0.1)
    linear = np.log(mean)
    coefficient: Floats = np.zeros(design.shape[1])
    for _ in range(ROUNDS):
        weight = mean / (1 + alpha * mean)
        working = linear - offset + (counts - mean) / mean
        weighted = design * weight[:, None]
        try:
            new = np.asarray(np.linalg.solve(design.T @ weighted, weighted.T @ working), dtype=np.float64)
        except np.linalg.LinAlgError:
            break
        linear = np.clip(design @ new + offset, -30, 30)
        mean = np.exp(linear)
        done = np.max(np.abs(new - coefficient)) < PRECISION
        coefficient = new
        if done:
            return coefficient, mean
    raise FitProblem("The regression does not settle; look for a stretch without a single call.")


def _find_overdispersion(counts: Floats, design: Floats, offset: Floats) -> float:
    """Return α that maximises the likelihood, coefficients and α in turn (Lawless 1987)."""
    alpha = LEAST_OVERDISPERSION
    bounds = (np.log(LEAST_OVERDISPERSION), np.log(MOST_OVERDISPERSION))
    for _ in range(ROUNDS):
        _, mean = _iterate(counts, design, offset, alpha)
        found = minimize_scalar(
            lambda log_alpha, mean=mean: -_likelihood(counts, mean, float(np.exp(log_alpha))),
            bounds=bounds,
            method="bounded",
            options={"xatol": 1e-7},
        )
        new = float(np.exp(found.x))
        if abs(new - alpha) <= 1e-6 * (alpha + 1e-6):
            return new
        alpha = new
    return alpha


def _likelihood(counts: Floats, mean: Floats, alpha: float) -> float:
    size = 1 / alpha
    return float(
        (
            gammaln(counts + size)
            - gammaln(size)
            - gammaln(counts + 1)
            - size * np.log1p(alpha * mean)
            + counts * (np.log(alpha * mean) - np.log1p(alpha * mean))
        ).sum()
    )


def _deviance(counts: Floats, mean: Floats, alpha: float) -> float:
    ratio = np.where(counts > 0, counts * np.log(np.maximum(counts, 1e-300) / mean), 0)
    if alpha == 0:
        return float(2 * (ratio - (counts - mean)).sum())
    return float(2 * (ratio - (counts + 1 / alpha) * np.log((1 + alpha * counts) / (1 + alpha * mean))).sum())
