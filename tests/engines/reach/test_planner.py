"""The planner against every possible plan, and the auditor against plans that were tampered with."""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse

from puente.engines.reach.audit import audit_plan
from puente.engines.reach.instance import Blackout, Booking, Goal, Instance, InstanceProblem, Site
from puente.engines.reach.planner.calendar import find_room, lay_out
from puente.engines.reach.planner.curves import Curves
from puente.engines.reach.planner.planning import plan_campaign
from puente.engines.reach.planner.rules import make_columns, make_packing, make_steps
from puente.engines.reach.planner.solver import INFINITE, Solver
from puente.engines.reach.planner.stages import Effort, Search
from tests.engines.reach.markets import MONDAY, book, make_tiny, make_town

SEEDS = st.integers(0, 2**32 - 1)
EXACT = Effort(gap=1e-7, seconds=30)


def try_every_plan(instance: Instance) -> list[tuple[float, float, int]]:
    """Return (weakest site, value, cost) of every plan that the auditor passes."""
    cells = [(programme, day, False) for programme in range(3) for day in range(2)]
    cells += [(programme, day, True) for programme in range(2) for day in range(2)]
    most = [min(instance.programmes[p].spots_per_day, 1 if free else 2) for p, _, free in cells]
    if not instance.outlets[0].free_quota:
        most = [0 if free else limit for limit, (_, _, free) in zip(most, cells, strict=True)]
    found = []
    for counts in product(*(range(limit + 1) for limit in most)):
        plan = [Booking(p, d, n, free) for (p, d, free), n in zip(cells, counts, strict=True) if n]
        audit = audit_plan(instance, plan)
        if not audit.broken:
            figures = audit.figures
            found.append((min(figures.site_reach.values()), figures.value, figures.cost))
    return found


@given(SEEDS)
@example(167762211)
@settings(max_examples=12, deadline=None)
def test_no_plan_has_more_value_and_the_bound_holds(seed):
    instance = make_tiny(seed)
    plan = plan_campaign(instance, EXACT)
    audit = audit_plan(instance, plan.bookings)
    best = max(value for _, value, _ in try_every_plan(instance))
    assert audit.broken == ()
    assert audit.figures.value == pytest.approx(best, rel=1e-6)
    assert plan.certificate.stages[0].bound >= best - 1e-9
    assert plan.certificate.gap <= 1e-5  # the solver's own tolerance of a row is 1e-6


@given(SEEDS)
@settings(max_examples=8, deadline=None)
def test_goals_are_kept_in_their_order(seed):
    instance = make_tiny(seed, goals=tuple(Goal))
    audit = audit_plan(instance, plan_campaign(instance, EXACT).bookings)
    plans = try_every_plan(instance)
    weakest = max(plan[0] for plan in plans)
    value = max(plan[1] for plan in plans if plan[0] >= weakest - 1e-8)
    cost = min(plan[2] for plan in plans if plan[0] >= weakest - 1e-8 and plan[1] >= value - 1e-8)
    assert audit.broken == ()
    assert min(audit.figures.site_reach.values()) == pytest.approx(weakest, abs=1e-6)
    assert audit.figures.value == pytest.approx(value, abs=1e-6)
    assert audit.figures.cost == cost


@given(SEEDS)
@settings(max_examples=8, deadline=None)
def test_a_floor_is_kept_or_refused_with_what_would_be_possible(seed):
    instance = make_tiny(seed)
    plans = try_every_plan(instance)
    level = max(plan[0] for plan in plans)
    kept = replace(instance, sites=tuple(replace(site, floor=0.9 * level) for site in instance.sites))
    assert audit_plan(kept, plan_campaign(kept, EXACT).bookings).broken == ()
    too_high = replace(instance, sites=tuple(replace(site, floor=0.99) for site in instance.sites))
    with pytest.raises(InstanceProblem, match="floor"):
        plan_campaign(too_high, EXACT)


@given(SEEDS)
@settings(max_examples=40, deadline=None)
def test_laying_out_places_all_spots_or_names_those_that_block_each_other(seed):
    rng = np.random.default_rng(seed)
    instance = make_town()
    room = find_room(instance)
    room = replace(
        room,
        programme=rng.integers(0, 3, room.programme.shape) * (rng.random(room.programme.shape) < 0.3),
        outlet=rng.integers(0, 3, room.outlet.shape),
    )
    room = replace(room, programme=np.minimum(room.programme, room.outlet[instance.outlet_of]))
    wanted = rng.integers(0, 5, (6, 1))
    placed, crowded = lay_out(instance, room, wanted)
    assert np.all(placed <= room.programme)
    for outlet in range(2):
        assert np.all(placed[instance.outlet_of == outlet].sum(axis=0) <= room.outlet[outlet])
    if crowded:
        for own in crowded:
            assert wanted[own.programmes, 0].sum() > own.most
    else:
        assert np.array_equal(placed.sum(axis=1), wanted[:, 0])


def test_a_town_is_planned_with_free_spots_discount_and_materials():
    instance = make_town()
    plan = plan_campaign(instance, Effort(gap=1e-4, seconds=20))
    airings = [(airing.programme, airing.day, airing.material) for airing in plan.airings]
    audit = audit_plan(instance, plan.bookings, airings)
    assert audit.broken == ()
    assert audit.figures.free_spots == 4
    assert audit.figures.cost <= instance.budget
    languages = [instance.materials[airing.material].language for airing in plan.airings]
    assert languages.count("tar") / len(languages) == pytest.approx(0.25, abs=0.06)
    assert plan.certificate.proved
    assert "proved within" in plan.certificate.statement


def test_the_same_seed_gives_the_same_plan():
    first, second = (plan_campaign(make_town(), Effort(gap=1e-4, seconds=20, seed=4)) for _ in range(2))
    assert first.bookings == second.bookings


def test_blackouts_windows_and_weekdays_are_kept():
    instance = make_town(
        blackouts=(Blackout(date(2027, 2, 3), date(2027, 2, 9)), Blackout(MONDAY, MONDAY, outlet=1)), latest=960
    )
    plan = plan_campaign(instance, Effort(gap=1e-4, seconds=20))
    days = {(instance.outlet_of[booking.programme], booking.day) for booking in plan.bookings}
    assert not any(2 <= day <= 8 or (outlet, day) == (1, 0) for outlet, day in days)
    assert all(instance.programmes[booking.programme].start < 960 for booking in plan.bookings)


def test_fixed_airings_stand_and_count():
    fixed = book(make_town(), ("a2", 0, 2), ("b2", 13, 1))
    instance = make_town(fixed=fixed)
    plan = plan_campaign(instance, Effort(gap=1e-4, seconds=20))
    assert audit_plan(instance, plan.bookings, [(a.programme, a.day, a.material) for a in plan.airings]).broken == ()
    booked = {(b.programme, b.day): b.spots for b in plan.bookings}
    assert all(booked[b.programme, b.day] >= b.spots for b in fixed)


def test_no_money_is_no_plan_and_no_error():
    instance = make_town(budget=0, outlets=tuple(replace(o, free_quota=0) for o in make_town().outlets))
    assert plan_campaign(instance, Effort(seconds=10)).bookings == ()


def test_materials_that_may_not_air_are_named():
    late = tuple(replace(material, earliest=23 * 60) for material in make_town().materials)
    with pytest.raises(InstanceProblem, match="No material may air in"):
        plan_campaign(make_town(materials=late), Effort(gap=0.01, seconds=10))


TAMPERED = {
    "weekday": {"programmes": lambda p: replace(p, weekdays=(False,) + (True,) * 6)},
    "window": {"programmes": lambda p: replace(p, start=3 * 60), "earliest": 6 * 60},
    "spots per programme and day": {"programmes": lambda p: replace(p, spots_per_day=1)},
    "spots per programme": {"programmes": lambda p: replace(p, spots_total=2)},
    "spots per outlet and day": {"outlets": lambda o: replace(o, spots_per_day=1)},
    "budget": {"budget": 100},
    "blackout": {"blackouts": (Blackout(MONDAY, MONDAY),)},
    "site budget": {"sites": (Site("juarez", budget=1),)},
    "site and phase budget": {"site_phase_budget": {(0, 0): 1}},
    "floor": {"sites": (Site("juarez", floor=0.9),)},
    "credit": {"outlets": lambda o: replace(o, credit=1)},
    "fixed airing": {"fixed": (Booking(3, 5, 1),)},
}


@pytest.mark.parametrize("rule", TAMPERED)
def test_the_auditor_finds_each_broken_rule(rule):
    town = make_town(materials=())
    plan = book(town, ("a0", 0, 2), ("a1", 0, 1), ("a0", 1, 1))
    assert audit_plan(town, plan).broken == ()
    changes = {
        name: tuple(change(item) for item in getattr(town, name)) if callable(change) else change
        for name, change in TAMPERED[rule].items()
    }
    assert rule in {broken.rule for broken in audit_plan(replace(town, **changes), plan).broken}


def test_the_auditor_finds_spots_outside_phases_too_many_free_ones_and_an_overrun_phase():
    town = make_town(materials=())
    assert [b.rule for b in audit_plan(town, [Booking(0, 14, 1)]).broken] == ["phase"]
    free = [Booking(0, day, 2, free=True) for day in range(3)]
    assert [b.rule for b in audit_plan(town, free).broken] == ["free quota"]
    poor = replace(town, phases=(replace(town.phases[0], budget=100),))
    assert [b.rule for b in audit_plan(poor, book(town, ("a0", 0, 1))).broken] == ["phase budget"]


def test_the_auditor_looks_at_materials():
    town = make_town()
    plan = book(town, ("a0", 0, 2))
    assert [b.rule for b in audit_plan(town, plan, [(0, 0, 0)]).broken] == ["materials"]
    assert [b.rule for b in audit_plan(town, plan, [(0, 0, 0), (0, 0, 0)]).broken] == ["same material twice in a row"]
    old = replace(town, materials=tuple(replace(m, last=date(2027, 1, 1)) for m in town.materials))
    rules = {b.rule for b in audit_plan(old, plan, [(0, 0, 0), (0, 0, 1)]).broken}
    assert rules == {"material rights, hour or language"}


def test_the_auditor_prices_by_the_step_that_was_reached():
    town = make_town(materials=())
    nine = audit_plan(town, [Booking(3, day, 1) for day in range(9)]).figures
    ten = audit_plan(town, [Booking(3, day, 1) for day in range(10)]).figures
    assert (nine.cost, ten.cost) == (9 * 12_050, 10 * 9_640)


def test_spots_that_reach_a_step_of_the_rate_card_are_bought_at_it_from_the_start():
    instance = make_town(materials=())
    plan = plan_campaign(instance, Effort(gap=0.5, seconds=10))
    paid = sum(b.spots for b in plan.bookings if instance.outlet_of[b.programme] == 1)
    assert paid >= 10
    assert audit_plan(instance, plan.bookings).broken == ()
    assert plan.certificate.greedy_value > 0


def test_a_second_run_of_the_solver_keeps_its_own_time():
    rng = np.random.default_rng(0)
    weights = rng.integers(1, 1000, (60, 300))
    solver = Solver(0)
    solver.add_columns(np.zeros(300), np.ones(300), integer=True)
    solver.add_rows(np.full(60, -INFINITE), sparse.csr_array(weights.astype(float)), weights.sum(axis=1) * 0.3)
    solver.set_objective(rng.integers(1, 1000, 300).astype(float))
    outcomes = [solver.solve(relaxed=False, seconds=0.3) for _ in range(3)]
    assert not any(outcome.finished for outcome in outcomes)
    assert solver.highs.getRunTime() < 3
    assert all(outcome.bound >= outcome.objective for outcome in outcomes)


def test_what_is_left_of_a_budget_is_filled_without_leaving_a_step():
    instance = make_town(materials=())
    room = find_room(instance)
    columns = make_columns(instance, room)
    packing = make_packing(instance, room, columns)
    search = Search(
        instance, room, columns, packing, make_steps(instance, columns), Curves(instance, columns), Effort(seconds=5)
    )
    begun = np.zeros(len(columns), dtype=np.int64)
    discounted = np.flatnonzero((columns.tariff == 1) & (columns.programme == 3))
    begun[discounted] = 10
    filled = search.fill(begun)
    assert np.all(filled >= begun)
    assert filled.sum() > 10
    assert search.keeps(filled)
