"""The vehicle models: published examples to their printed digits, and what any model of reach must keep."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.reach.airings import draw_airings, measure_airings
from puente.engines.reach.intervals import estimate_reach
from puente.engines.reach.models import (
    BetaBinomial,
    CanonicalExpansion,
    Metheringham,
    Respondents,
    Sainsbury,
    Table,
    beta_binomial,
    binomial,
    sum_from,
)
from puente.engines.reach.panel import Panel
from tests.engines.reach.markets import draw_panel

OUTLET = np.repeat(np.arange(4), 5)
PANEL = draw_panel(3, 3_000, OUTLET)
SEEDS = st.integers(0, 2**32 - 1)


def make_table(rating: list[float], shared: list[list[float]]) -> Table:
    return Table(np.array([rating]), np.array([shared]), respondents=400)


def all_models(panel: Panel = PANEL) -> list:
    return [Sainsbury(panel), Metheringham(panel), CanonicalExpansion(panel, OUTLET), Respondents(panel)]


def test_sainsbury_as_published():
    table = make_table([0.3, 0.4, 0.2], np.zeros((3, 3)).tolist())
    shares = Sainsbury(table).distribution(np.array([1, 1, 1]), 0)
    assert f"{1 - shares[0]:.4f}" == "0.6640"
    assert [f"{share:.3f}" for share in shares[1:]] == ["0.452", "0.188", "0.024"]
    assert f"{1 - binomial(3, 0.3)[0]:.4f}" == "0.6570"


def test_beta_binomial_as_published():
    table = make_table([0.5], [[0.45]])  # reach of two spots: 2 × 0.5 − 0.45 = 0.55
    assert f"{1 - BetaBinomial(table).distribution(np.array([5]), 0)[0]:.6f}" == "0.603365"


def test_metheringham_as_published():
    shared = np.array([[150, 200, 180], [200, 120, 140], [180, 140, 170]]) / 10_000
    shares = Metheringham(make_table([0.15, 0.08, 0.12], shared.tolist())).distribution(np.array([4, 3, 5]), 0)
    assert f"{1 - shares[0]:.5f}" == "0.74342"
    assert [f"{share:.4f}" for share in shares[1:4]] == ["0.3266", "0.2315", "0.1178"]


def test_the_beta_binomial_model_refuses_several_programmes():
    with pytest.raises(ValueError, match="Metheringham"):
        BetaBinomial(PANEL).distribution(np.ones(20, dtype=int), 0)


def test_only_sainsbury_is_flagged_as_overstating():
    assert [model.name for model in all_models() if model.overstates] == ["sainsbury"]


@given(SEEDS)
@settings(max_examples=25, deadline=None)
def test_every_model_returns_a_distribution_that_grows_with_the_plan(seed):
    rng = np.random.default_rng(seed)
    plan = rng.integers(0, 4, 20)
    more = plan + (np.arange(20) == rng.integers(20))
    for model in all_models():
        shares = model.distribution(plan, 1)
        assert len(shares) == plan.sum() + 1
        assert shares.min() >= 0
        assert shares.sum() == pytest.approx(1, abs=1e-9)
        if model.name != "canonical_expansion":  # cut at zero, it may lose a hair
            assert 1 - model.distribution(more, 1)[0] >= 1 - shares[0] - 1e-9


@given(SEEDS)
@settings(max_examples=20, deadline=None)
def test_the_panel_counts_what_trying_every_outcome_counts(seed):
    rng = np.random.default_rng(seed)
    chance = rng.uniform(0, 0.9, (3, 2)).astype(np.float32)
    panel = Panel(rng.uniform(0.1, 1, 2), np.ones((1, 2), dtype=bool), chance, 2)
    plan = np.array([2, 1, 1])
    spots = np.repeat(np.arange(3), plan)
    expected = np.zeros(5)
    for person, weight in enumerate(panel.weights_of(0)):
        for heard in product((0, 1), repeat=4):
            own = chance[spots, person].astype(float)
            expected[sum(heard)] += weight * np.prod(np.where(heard, own, 1 - own))
    assert Respondents(panel).distribution(plan, 0) == pytest.approx(expected, abs=1e-9)


def test_the_canonical_expansion_is_near_the_panel_and_sainsbury_promises_too_much():
    rng = np.random.default_rng(11)
    errors = {name: [] for name in ("sainsbury", "metheringham", "canonical_expansion")}
    for _ in range(10):
        plan = np.bincount(rng.integers(0, 20, rng.integers(10, 120)), minlength=20)
        true = 1 - Respondents(PANEL).distribution(plan, 0)[0]
        for model in all_models()[:3]:
            errors[model.name].append((1 - model.distribution(plan, 0)[0]) / true - 1)
    assert np.mean(np.abs(errors["canonical_expansion"])) < 0.003
    assert np.mean(np.abs(errors["metheringham"])) < 0.015
    assert min(errors["sainsbury"]) > 0.01


def test_a_beta_binomial_meets_its_limits():
    assert beta_binomial(4, 0.3, 0.51) == pytest.approx(binomial(4, 0.3))
    assert beta_binomial(4, 0.3, 0.3) == pytest.approx([0.7, 0, 0, 0, 0.3])
    assert beta_binomial(3, 0.0, 0.0) == pytest.approx([1, 0, 0, 0])


def test_an_interval_comes_with_every_reach_and_narrows_with_the_survey():
    plan = np.full(20, 2)
    few = estimate_reach(draw_panel(3, 3_000, OUTLET, 100), Metheringham, plan, 0, rounds=60)
    many = estimate_reach(draw_panel(3, 3_000, OUTLET, 2_000), Metheringham, plan, 0, rounds=60)
    assert set(few) == {1, 3, 5}
    for k, estimate in few.items():
        assert estimate.low < estimate.value < estimate.high
        assert many[k].high - many[k].low < estimate.high - estimate.low


def test_the_interval_of_a_published_table_covers_its_own_value():
    shared = np.array([[150, 200, 180], [200, 120, 140], [180, 140, 170]]) / 10_000
    table = make_table([0.15, 0.08, 0.12], shared.tolist())
    estimate = estimate_reach(table, Metheringham, np.array([4, 3, 5]), 0, rounds=60)[1]
    assert estimate.low < estimate.value < estimate.high


def test_airings_drawn_as_bits_reach_what_the_panel_expects():
    plan = np.full(20, 3)
    bits = draw_airings(PANEL, np.repeat(np.arange(20), plan), seed=5)
    drawn = measure_airings(bits, np.arange(60), PANEL.weights_of(0))
    exact = Respondents(PANEL).distribution(plan, 0)
    assert drawn.sum() == pytest.approx(1)
    for k in (1, 3, 5):
        assert sum_from(drawn, k) == pytest.approx(sum_from(exact, k), abs=0.03)


def test_bit_counters_agree_with_counting_and_stay_full():
    panel = Panel(np.ones(70), np.ones((1, 70), dtype=bool), np.full((1, 70), 0.4, dtype=np.float32), 70)
    bits = draw_airings(panel, np.zeros(40, dtype=int), seed=1)
    heard = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, :70].sum(axis=0)
    expected = np.bincount(np.minimum(heard, 15), minlength=16) / 70
    assert measure_airings(bits, np.arange(40), np.full(70, 1 / 70)) == pytest.approx(expected)


def test_a_panel_refuses_what_does_not_fit_together():
    with pytest.raises(ValueError, match="same people"):
        Panel(np.ones(3), np.ones((1, 2), dtype=bool), np.zeros((1, 3), dtype=np.float32), 3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        Panel(np.ones(2), np.ones((1, 2), dtype=bool), np.full((1, 2), 1.5, dtype=np.float32), 3)
    with pytest.raises(ValueError, match="audience 0"):
        Panel(np.ones(2), np.zeros((1, 2), dtype=bool), np.zeros((1, 2), dtype=np.float32), 3).weights_of(0)
