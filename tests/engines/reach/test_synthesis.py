"""Panels invented from published figures, the what-if curve, and whether the line can take the calls."""

from dataclasses import replace

import numpy as np
import pytest

from puente.engines.reach.effect.surge import expect_surge
from puente.engines.reach.models import Respondents
from puente.engines.reach.planner.curves import curve_reach
from puente.engines.reach.planner.stages import Effort
from puente.engines.reach.planner.what_if import explore_budgets
from puente.engines.reach.raking import Margin
from puente.engines.reach.synthesis import Stations, fit_curve, fit_loyalty, make_panel
from tests.engines.reach.markets import make_town


def test_the_loyalty_of_juarez_gives_back_its_daily_net_audience():
    # XHH-FM 100.7, April 2019: rating 0.679, net 76,378 of some 1.25 million; a day as 48 half hours.
    shape = fit_loyalty(0.00679, 76_378 / 1_250_000, 48)
    assert 1 - (1 + 48 * 0.00679 / shape) ** -shape == pytest.approx(76_378 / 1_250_000)
    assert 0.005 < shape < 0.1
    with pytest.raises(ValueError, match="net audience lies between"):
        fit_loyalty(0.01, 0.5, 10)


def make_small_panel(people: int = 4_000):
    rng = np.random.default_rng(1)
    sex, age = rng.integers(0, 2, people), rng.integers(0, 3, people)
    margins = [Margin("sex", sex, np.array([480.0, 520.0])), Margin("age", age, np.array([300.0, 500.0, 200.0]))]
    stations = Stations(
        outlet=np.repeat(np.arange(3), 4),
        daypart=np.tile(np.arange(4), 3),
        loyalty=np.array([0.3, 0.6, 1.0]),
        rating=rng.uniform(0.005, 0.04, 12),
    )
    return make_panel(stations, np.stack([sex == 1, age == 0]), margins, respondents=400), stations, margins


def test_an_invented_panel_meets_margins_and_ratings():
    panel, stations, margins = make_small_panel()
    for margin in margins:
        assert np.bincount(margin.category, panel.weight) == pytest.approx(margin.target, rel=1e-5)
    assert panel.chance @ panel.weight / panel.weight.sum() == pytest.approx(stations.rating, abs=1e-5)


def test_the_fitted_curve_follows_the_panel():
    panel, *_ = make_small_panel()
    shape = fit_curve(panel, 0)
    rng = np.random.default_rng(9)
    for spots in (10, 40, 120):
        plan = np.bincount(rng.integers(0, 12, spots), minlength=12)
        contacts = plan @ panel.ratings(0, np.arange(12))
        true = 1 - Respondents(panel).distribution(plan, 0)[0]
        assert float(curve_reach(contacts, np.array(shape), np.array(1.0))) == pytest.approx(true, abs=0.03)


def test_more_money_reaches_more_and_each_point_has_its_bound():
    points = explore_budgets(make_town(materials=()), [400_000, 50_000, 150_000], Effort(seconds=10))
    assert [point.budget for point in points] == [50_000, 150_000, 400_000]
    assert [point.value for point in points] == sorted(point.value for point in points)
    assert all(point.value <= point.bound + 1e-9 and point.cost <= point.budget for point in points)
    assert points[0].marginal is None
    assert points[1].marginal < points[2].marginal


def test_site_budgets_keep_their_share_of_the_whole():
    town = make_town(materials=())
    half = replace(town, sites=(replace(town.sites[0], budget=town.budget // 2),))
    points = explore_budgets(half, [200_000], Effort(seconds=10))
    assert points[0].cost <= 100_000


def test_a_plan_that_overruns_the_line_is_seen_before_it_airs():
    calm, loud = expect_surge(
        30, np.array([0.0, 800.0]), 89, hours=np.array([60.0, 60.0]), counsellors=2, minutes_per_call=15
    )
    assert not calm.overrun
    assert calm.calls == 30
    assert 0 < calm.waiting < 0.1
    assert loud.overrun
    assert loud.waiting == 1
    after = expect_surge(
        30, np.array([800.0, 0.0]), 89, hours=np.array([60.0] * 2), counsellors=2, minutes_per_call=15, persistence=0.5
    )[1]
    assert after.calls == pytest.approx(30 + 0.5 * 8 * 89)
    with pytest.raises(ValueError, match="counsellors"):
        expect_surge(30, np.zeros(1), 89, hours=np.zeros(1), counsellors=2, minutes_per_call=15)


def test_the_wait_of_one_counsellor_is_the_load():
    surge = expect_surge(2, np.zeros(1), 0, hours=np.array([1.0]), counsellors=1, minutes_per_call=15)[0]
    assert surge.waiting == pytest.approx(surge.load) == pytest.approx(0.5)
