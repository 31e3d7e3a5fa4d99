"""Vehicle models: how many of an audience hear a plan's spots once, twice, …, from ratings and duplication.

One interface: `model.distribution(plan, audience)` returns P(0..n). `plan` is the number of spots in each programme,
n their sum; `audience` is an index. Formulas and their sources stand with each model.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np
from scipy.special import betaln, gammaln

from puente.engines.reach.numbers import Floats, Whole
from puente.engines.reach.panel import Panel, count_exposures


class Measurement(Protocol):
    """What is known of the audiences of one site: from a panel, or from a published table."""

    def ratings(self, audience: int, programmes: Whole) -> Floats:
        """Return the share of the audience that hears one spot in each programme."""
        ...

    def duplication(self, audience: int, programmes: Whole) -> Floats:
        """Return the share that hears one spot in each of two programmes; the diagonal is two spots in one."""
        ...

    def resample(self, rng: np.random.Generator) -> "Measurement":
        """Return what another sample of the same size might have measured."""
        ...


class Model(Protocol):
    """A vehicle model. `overstates` says that it is known to promise too much."""

    name: ClassVar[str]
    overstates: ClassVar[bool]

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n), the shares of the audience that hear 0, 1, …, n of the plan's spots."""
        ...


@dataclass(frozen=True)
class Table:
    """A measurement that comes as a published table.

    rating: (audiences, programmes), fractions. shared: (audiences, programmes, programmes), duplication with
    repeat audiences on the diagonal. respondents: size of the survey behind the table.
    """

    rating: Floats
    shared: Floats
    respondents: int

    def ratings(self, audience: int, programmes: Whole) -> Floats:
        return np.asarray(self.rating[audience, programmes])

    def duplication(self, audience: int, programmes: Whole) -> Floats:
        return np.asarray(self.shared[audience][np.ix_(programmes, programmes)])

    def resample(self, rng: np.random.Generator) -> "Table":
        """Draw ratings from their sampling distribution; duplication follows by the law D = K·r·r with K as measured.

        The law of duplication: Goodhardt and Ehrenberg, Journal of Marketing Research 1969.
        """
        rating = np.clip(self.rating, 1e-9, 1 - 1e-9)
        drawn = rng.beta(rating * self.respondents, (1 - rating) * self.respondents)
        factor = drawn / rating
        shared = self.shared * factor[:, :, None] * factor[:, None, :]
        # Two programmes share neither less than they must nor more than the smaller one has (Fréchet).
        most = np.minimum(drawn[:, :, None], drawn[:, None, :])
        least = np.maximum(0, drawn[:, :, None] + drawn[:, None, :] - 1)
        return Table(drawn, np.clip(shared, least, most), self.respondents)


def binomial(n: int, rating: float) -> Floats:
    """Return P(0..n) of n independent spots with one rating."""
    if rating <= 0 or rating >= 1:
        return _all_or_nothing(n, rating)
    k = np.arange(n + 1)
    return np.asarray(np.exp(_log_choose(n, k) + k * np.log(rating) + (n - k) * np.log1p(-rating)))


def beta_binomial(n: int, once: float, twice: float) -> Floats:
    """Return P(0..n) for n spots in one vehicle (Metheringham, Journal of Advertising Research 1964).

    Args:
        n: number of spots.
        once: reach of one spot.
        twice: reach of two spots; 2·once − once² where they fall independently (then binomial), `once` where the
            same people hear both.
    """
    shared = 2 * once - twice
    if n <= 1 or shared <= once**2 + 1e-12:
        return binomial(n, once)
    if shared >= once - 1e-12:
        return _all_or_nothing(n, once)
    alpha = once * (twice - once) / (2 * once - once**2 - twice)
    beta = alpha * (1 - once) / once
    k = np.arange(n + 1)
    return np.asarray(np.exp(_log_choose(n, k) + betaln(k + alpha, n - k + beta) - betaln(alpha, beta)))


def _all_or_nothing(n: int, rating: float) -> Floats:
    shares = np.zeros(n + 1)
    shares[n] += rating
    shares[0] += 1 - rating
    return shares


def _log_choose(n: int, k: Whole) -> Floats:
    return np.asarray(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def pool(insertions: Whole, rating: Floats, shared: Floats) -> tuple[float, float]:
    """Return the reach of one and of two spots of the average vehicle (Metheringham).

    Pairs of spots within a vehicle count n(n−1)/2 times, pairs across two vehicles n·m times.

    Args:
        insertions: (vehicles,); rating: (vehicles,); shared: (vehicles, vehicles), repeat audience on the diagonal.
    """
    total = int(insertions.sum())
    once = float(insertions @ rating) / total
    if total < 2:
        return once, once
    n = insertions.astype(np.float64)
    pairs = (n @ shared @ n - n @ np.diag(shared)) / 2
    return once, 2 * once - float(pairs) / (total * (total - 1) / 2)


@dataclass(frozen=True)
class Sainsbury:
    """Every spot falls independently of all others: R = 1 − Π(1 − r)^x.

    Overstates: people who hear a programme once tend to hear it again. Shown because it is what most vendors ship.
    """

    name: ClassVar[str] = "sainsbury"
    overstates: ClassVar[bool] = True
    measurement: Measurement

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n)."""
        chosen = np.flatnonzero(plan)
        shares = np.ones(1)
        for spots, rating in zip(plan[chosen], self.measurement.ratings(audience, chosen), strict=True):
            shares = np.convolve(shares, binomial(int(spots), float(rating)))
        return shares


@dataclass(frozen=True)
class BetaBinomial:
    """One programme, several spots. A plan over several programmes is for Metheringham or the canonical expansion."""

    name: ClassVar[str] = "beta_binomial"
    overstates: ClassVar[bool] = False
    measurement: Measurement

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n). Raises ValueError where the plan uses more than one programme."""
        chosen = np.flatnonzero(plan)
        if len(chosen) > 1:
            raise ValueError("The beta-binomial model knows one programme; use Metheringham for several.")
        if len(chosen) == 0:
            return np.ones(1)
        rating = float(self.measurement.ratings(audience, chosen)[0])
        repeated = float(self.measurement.duplication(audience, chosen)[0, 0])
        return beta_binomial(int(plan[chosen[0]]), rating, 2 * rating - repeated)


@dataclass(frozen=True)
class Metheringham:
    """The whole plan as spots of one average vehicle (Metheringham, Journal of Advertising Research 1964)."""

    name: ClassVar[str] = "metheringham"
    overstates: ClassVar[bool] = False
    measurement: Measurement

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n)."""
        chosen = np.flatnonzero(plan)
        if len(chosen) == 0:
            return np.ones(1)
        once, twice = pool(
            plan[chosen],
            self.measurement.ratings(audience, chosen),
            self.measurement.duplication(audience, chosen),
        )
        return beta_binomial(int(plan.sum()), once, twice)


@dataclass(frozen=True)
class CanonicalExpansion:
    """A beta-binomial for each outlet, joined by the correlations between outlets (Danaher, JMR 1991).

    P(x) = Π f_i(x_i) · [1 + Σ_{i<j} ρ_ij z_i z_j] with z = (x − μ)/σ; cut at zero and brought back to a sum of one.

    outlet: (programmes,) which outlet a programme belongs to.
    """

    name: ClassVar[str] = "canonical_expansion"
    overstates: ClassVar[bool] = False
    measurement: Measurement
    outlet: Whole

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n)."""
        chosen = np.flatnonzero(plan)
        if len(chosen) == 0:
            return np.ones(1)
        spots = plan[chosen].astype(np.float64)
        rating = self.measurement.ratings(audience, chosen)
        shared = self.measurement.duplication(audience, chosen)
        outlets, place = np.unique(self.outlet[chosen], return_inverse=True)
        size = int(plan.sum()) + 1
        plain, standard = np.empty((2, len(outlets), size // 2 + 1), dtype=np.complex128)
        scale = np.zeros(len(outlets))
        for i in range(len(outlets)):
            own = place == i
            once, twice = pool(plan[chosen][own], rating[own], shared[np.ix_(own, own)])
            shares = beta_binomial(int(spots[own].sum()), once, twice)
            counts = np.arange(len(shares))
            mean = counts @ shares
            scale[i] = np.sqrt(max(float((counts - mean) ** 2 @ shares), 0.0))
            plain[i] = np.fft.rfft(shares, size)
            standard[i] = np.fft.rfft((counts - mean) * shares, size)
        covariance = (shared - np.outer(rating, rating)) * np.outer(spots, spots)
        joined = np.prod(plain, axis=0)
        for i in range(len(outlets)):
            for j in range(i + 1, len(outlets)):
                weight = covariance[np.ix_(place == i, place == j)].sum()
                if weight == 0 or scale[i] == 0 or scale[j] == 0:
                    continue
                others = np.prod(np.delete(plain, [i, j], axis=0), axis=0)
                joined = joined + weight / (scale[i] * scale[j]) ** 2 * standard[i] * standard[j] * others
        shares = np.maximum(np.fft.irfft(joined, size), 0)
        return np.asarray(shares / shares.sum())


@dataclass(frozen=True)
class Respondents:
    """The panel itself, counted person by person."""

    name: ClassVar[str] = "respondents"
    overstates: ClassVar[bool] = False
    measurement: Panel

    def distribution(self, plan: Whole, audience: int) -> Floats:
        """Return P(0..n)."""
        return count_exposures(self.measurement, plan, audience)


def sum_from(shares: Floats, times: int) -> float:
    """Return the share reached at least `times` times: 1+ reach, 3+ reach."""
    return float(shares[times:].sum()) if times > 0 else 1.0
