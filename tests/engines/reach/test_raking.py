"""Raking a panel to known margins, and chances to known ratings."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from puente.engines.reach.raking import Margin, RakingProblem, calibrate_chances, rake


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_raked_weights_meet_every_margin(seed):
    rng = np.random.default_rng(seed)
    sex, age = rng.integers(0, 2, 500), rng.integers(0, 4, 500)
    truth = rng.uniform(0.2, 3, 500)
    margins = [Margin("sex", sex, np.bincount(sex, truth)), Margin("age", age, np.bincount(age, truth))]
    weight = rake(np.ones(500), margins)
    for margin in margins:
        assert np.bincount(margin.category, weight) == pytest.approx(margin.target, rel=1e-5)
    assert weight.min() > 0


def test_margins_that_cannot_be_met_are_named():
    sex = np.array([0, 0, 1])
    with pytest.raises(RakingProblem, match="“age” sums to 5"):
        rake(np.ones(3), [Margin("sex", sex, np.array([2.0, 1])), Margin("age", sex, np.array([4.0, 1]))])
    with pytest.raises(RakingProblem, match="category 2 of “sex”"):
        rake(np.ones(3), [Margin("sex", sex, np.array([2.0, 1, 1]))])
    with pytest.raises(RakingProblem, match="contradict"):
        rake(np.ones(3), [Margin("sex", sex, np.array([2.0, 1])), Margin("same", sex, np.array([1.0, 2]))], rounds=50)


def test_calibrated_chances_have_the_known_rating_and_keep_who_listens_more():
    rng = np.random.default_rng(1)
    chance = rng.uniform(0.01, 0.6, (3, 400)).astype(np.float32)
    weight = rng.uniform(0.5, 2, 400)
    target = np.array([0.05, 0.3, 0.7])
    calibrated = calibrate_chances(chance, weight, target)
    assert calibrated @ weight / weight.sum() == pytest.approx(target, abs=1e-5)
    assert np.array_equal(np.argsort(calibrated[0]), np.argsort(chance[0]))
    assert calibrated.max() < 1
    with pytest.raises(RakingProblem, match="Programme 0"):
        calibrate_chances(np.zeros((1, 400), dtype=np.float32), weight, np.array([0.1]))
