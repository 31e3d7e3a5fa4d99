import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.matching.group_audit import audit_groups
from puente.engines.matching.success import (
    Basis,
    apply_calibration,
    calibrate,
    describe_band,
    estimate_success,
    find_expected_surplus,
    find_plain_value,
)


def test_without_outcomes_everything_is_assumed_and_says_so():
    table = estimate_success(np.zeros((3, 2), int), np.zeros((3, 2), int))
    assert table.basis is Basis.ASSUMED
    assert np.allclose(table.probability, 0.5)
    assert (table.high - table.low > 0.3).all()


def test_few_outcomes_are_drawn_to_their_neighbourhood_and_many_speak_for_themselves():
    outcomes = np.array([[1000, 2], [1000, 1000]])
    successes = np.array([[900, 0], [300, 300]])
    table = estimate_success(successes, outcomes)
    assert table.basis is Basis.SHRUNK
    assert table.probability[0, 0] == pytest.approx(0.9, abs=0.01)
    # Two failures in a trade that goes well elsewhere prove little.
    assert 0.4 < table.probability[0, 1] < 0.9
    assert table.high[0, 1] - table.low[0, 1] > 5 * (table.high[0, 0] - table.low[0, 0])
    assert ((table.low <= table.probability) & (table.probability <= table.high)).all()


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_calibration_never_falls_and_keeps_the_number_of_successes(seed):
    rng = np.random.default_rng(seed)
    predicted = rng.choice(np.linspace(0.05, 0.95, 12), 400)
    succeeded = rng.random(400) < predicted**2
    calibration = calibrate(predicted, succeeded)
    assert calibration is not None
    assert (np.diff(calibration.observed) >= 0).all()
    assert calibration.correct(predicted).sum() == pytest.approx(succeeded.sum())


def test_too_few_outcomes_calibrate_nothing():
    assert calibrate(np.full(50, 0.5), np.ones(50, bool)) is None
    table = estimate_success(np.ones((1, 1), int), np.ones((1, 1), int))
    assert apply_calibration(table, None) is table
    rising = calibrate(np.repeat([0.2, 0.8], 200), np.tile([True, False], 200))
    assert apply_calibration(table, rising).basis is Basis.CALIBRATED


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="between 0"):
        estimate_success(np.array([[2]]), np.array([[1]]))
    with pytest.raises(ValueError, match="same shape"):
        estimate_success(np.zeros((1, 2), int), np.zeros((2, 1), int))


def test_expected_surplus_counts_a_chance_twice_as_the_person_and_the_employer_both_decide():
    utility, chance = np.array([1.0, 0.6, 1.0]), np.array([0.3, 0.9, 0.6])
    assert np.argsort(-find_plain_value(utility, chance)).tolist() == [2, 1, 0]
    assert np.argsort(-find_expected_surplus(utility, chance)).tolist() == [1, 2, 0]
    assert find_expected_surplus(utility, chance, cost=2.0).tolist() == [0, 0, 0]
    # A spread of nearly nothing is no spread.
    assert np.allclose(
        find_expected_surplus(utility, chance, cost=0.1, spread=1e-6), find_expected_surplus(utility, chance, cost=0.1)
    )
    assert (find_expected_surplus(utility, chance, cost=2.0, spread=0.5) > 0).all()


@pytest.mark.parametrize(
    ("low", "high", "band"), [(0, 0.5, "wide"), (0.1, 0.3, "low"), (0.45, 0.6, "even"), (0.7, 0.9, "high")]
)
def test_a_screen_shows_bands(low, high, band):
    assert describe_band(low, high) == band


def test_groups_are_compared_afterwards_and_small_ones_are_not_shown():
    rng = np.random.default_rng(1)
    group = np.repeat([0, 1, 2], [200, 200, 5])
    value = np.where(group == 1, 0.5, 0.8) * (rng.random(405) < 0.8)
    rows = audit_groups(group, value)
    assert [row.people for row in rows] == [200, 200, 5]
    assert rows[2].mean_value is None
    assert rows[1].value_difference is not None
    difference, low, high = rows[1].value_difference
    assert low < difference < high < 0
    assert rows[0].placed_difference is not None
    difference, low, high = rows[0].placed_difference
    assert low < 0 < high
    with pytest.raises(ValueError, match="above 0"):
        audit_groups(group, value, np.zeros(405))
