"""Planning on the panel: concave where it says so, bounds that hold, and k+ never called proved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.campaign.market import make_market
from puente.engines.reach.audit import audit_plan
from puente.engines.reach.instance import Instance
from puente.engines.reach.planner.calendar import find_room
from puente.engines.reach.planner.greedy import plan_greedily
from puente.engines.reach.planner.planning import open_columns, plan_campaign
from puente.engines.reach.planner.respondents import PanelReach, find_touch, share_at_least
from puente.engines.reach.planner.rules import make_packing
from puente.engines.reach.planner.stages import Effort
from tests.engines.reach.markets import draw_panel, make_tiny, make_town

SEEDS = st.integers(0, 2**32 - 1)


def panels_of(instance: Instance, seed: int = 1, people: int = 300) -> list:
    return [
        draw_panel(seed + site, people, instance.outlet_of[instance.site_of == site] - 0)
        for site in range(len(instance.sites))
    ]


def model_of(instance: Instance, **options: object) -> PanelReach:
    return PanelReach(instance, open_columns(instance), panels_of(instance), **options)  # type: ignore[arg-type]


def test_the_envelope_of_three_plus_touches_where_it_was_published():
    assert f"{find_touch(3):.4f}" == "3.3836"
    touch = find_touch(3)
    assert f"{share_at_least(np.array(touch), 3) / touch:.4f}" == "0.1942"
    assert find_touch(1) == 0


@pytest.mark.parametrize("times", [2, 3, 5])
def test_the_envelope_lies_above_the_curve_and_is_concave(times):
    model = model_of(make_town(), times=times)
    means = np.linspace(0, 25, 2_000)
    envelope = model._value(means)
    assert np.all(envelope >= share_at_least(means, times) - 1e-12)
    assert np.all(np.diff(envelope, 2) <= 1e-9)


@given(SEEDS, st.sampled_from([1, 3]))
@settings(max_examples=25, deadline=None)
def test_a_tangent_lies_above_reach_everywhere_and_gains_diminish(seed, times):
    rng = np.random.default_rng(seed)
    model = model_of(make_town(), times=times)
    count = len(model.columns)
    here, there = rng.uniform(0, 8, count), rng.integers(0, 12, count).astype(float)
    for tangent in model.tangents(here):
        promised = tangent.constant + tangent.slope @ there[tangent.drivers]
        weight = model.weight[tangent.piece]
        assert promised >= weight @ model._value(model._means(tangent.piece, there)) - 1e-5
    few, many = model.begin(), model.begin()
    for column in rng.integers(0, count, 4):
        model.add(few, int(column))
        model.add(many, int(column))
    model.add(many, int(rng.integers(count)))
    columns = np.arange(count)
    assert np.all(model.gains(few, 0, columns) >= model.gains(many, 0, columns) - 1e-6)


@given(SEEDS)
@settings(max_examples=10, deadline=None)
def test_the_bound_is_above_every_plan_and_the_auditor_counts_the_same_reach(seed):
    instance = make_tiny(seed)
    panels = panels_of(instance, seed % 1000)
    columns = open_columns(instance)
    model = PanelReach(instance, columns, panels)
    plan = plan_campaign(instance, Effort(gap=1e-5, seconds=20), model)
    audit = audit_plan(instance, plan.bookings, (), panels)
    assert audit.broken == ()
    assert audit.figures.value == pytest.approx(plan.certificate.achieved, abs=1e-5)
    packing = make_packing(instance, find_room(instance), columns)
    rng = np.random.default_rng(seed)
    for _ in range(200):
        spots = rng.integers(0, 3, len(columns)) * (columns.tariff <= 0)
        if np.all(packing.left(spots) >= 0) and np.all(spots <= columns.most):
            assert model.achieve(spots) <= plan.certificate.stages[0].bound + 1e-6


def test_three_plus_is_labelled_with_its_bound_and_never_proved():
    instance = make_town(budget=300_000)
    plan = plan_campaign(instance, Effort(gap=0.01, seconds=20), model_of(instance, times=3))
    assert not plan.certificate.proved
    assert plan.certificate.statement.startswith("bound ")
    assert plan.certificate.statement.endswith(", not proved")
    assert plan.certificate.achieved <= plan.certificate.stages[0].bound


def test_greedy_on_the_envelope_beats_greedy_on_three_plus_at_a_small_budget():
    market = make_market(20_000, outlets=16, programmes=8, people=3_000)
    instance, columns = market.instance, open_columns(market.instance)
    packing = make_packing(instance, find_room(instance), columns)
    true = PanelReach(instance, columns, market.panels, times=3, envelope=False)
    envelope = PanelReach(instance, columns, market.panels, times=3)
    plans = [
        plan_greedily(m, columns, packing, floors=np.zeros(4), weakest_first=False, reached=np.zeros(4))
        for m in (true, envelope)
    ]
    assert true.achieve(plans[1]) > 1.2 * true.achieve(plans[0])
