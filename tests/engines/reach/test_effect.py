"""Effect: published figures to their digits, error rates in simulation, and what a report may not say."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.campaign.published import fatima, list_published
from puente.engines.reach.effect.calls import carry_over, interrupt_series, respond_to_dose
from puente.engines.reach.effect.counts import Family, FitProblem, fit_counts
from puente.engines.reach.effect.power import draw_calls, power_of_series, size_for_differences, size_for_waves
from puente.engines.reach.effect.promises import Outcome, check_registration, find_claims, register_outcome
from puente.engines.reach.effect.surveys import (
    Respondents,
    compare_waves,
    difference_in_differences,
    study_staggered_sites,
)


@pytest.mark.parametrize(("what", "printed", "found"), list_published())
def test_published_examples_come_out_to_the_printed_digits(what, printed, found):
    assert found == printed


def test_the_fatima_table_shows_knowledge_and_not_intent():
    assert compare_waves(175, 243, 331, 385).shown
    intent = compare_waves(165, 243, 289, 385)
    assert f"{intent.p:.3f}" == "0.051"
    assert not intent.shown
    assert fatima("intent").startswith("-0.0")


def test_waves_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="no more answers than people"):
        compare_waves(5, 4, 1, 2)


def test_quasi_poisson_widens_and_never_moves_the_estimate():
    rng = np.random.default_rng(2)
    counts = draw_calls(rng, np.full(80, 20.0), 2.4)
    plain, quasi = (interrupt_series(counts, 40, family=f).change for f in (Family.POISSON, Family.QUASI))
    assert quasi.value == plain.value
    assert quasi.high / quasi.low > plain.high / plain.low


def test_the_negative_binomial_meets_poisson_where_nothing_is_overdispersed():
    rng = np.random.default_rng(3)
    counts = rng.poisson(np.full(200, 6.0)).astype(float)
    counts[::2] = 6
    design = np.stack([np.ones(200), np.arange(200) / 200], axis=1)
    poisson = fit_counts(counts, design, family=Family.POISSON)
    binomial = fit_counts(counts, design, family=Family.NEGATIVE_BINOMIAL)
    assert binomial.coefficient == pytest.approx(poisson.coefficient, abs=1e-5)
    assert binomial.dispersion < 1e-4


def test_the_overdispersion_is_found_again():
    rng = np.random.default_rng(4)
    mean = np.full(4_000, 30.0)
    counts = rng.poisson(rng.gamma(4.0, mean / 4.0)).astype(float)
    fit = fit_counts(counts, np.ones((4_000, 1)), family=Family.NEGATIVE_BINOMIAL)
    assert fit.dispersion == pytest.approx(0.25, rel=0.1)
    assert np.exp(fit.coefficient[0]) == pytest.approx(counts.mean())


def test_a_placebo_date_is_rarely_an_effect():
    rng = np.random.default_rng(5)
    shown = 0
    for _ in range(150):
        counts = draw_calls(rng, np.full(104, 32.1), 2.36)
        change = interrupt_series(counts, int(rng.integers(26, 78)), family=Family.NEGATIVE_BINOMIAL).change
        shown += change.p < 0.05
    assert 0.01 <= shown / 150 <= 0.10


def test_what_cannot_be_fitted_is_said():
    with pytest.raises(FitProblem, match="not all 0"):
        fit_counts(np.zeros(10), np.ones((10, 1)))
    with pytest.raises(FitProblem, match="say the same"):
        fit_counts(np.ones(10), np.ones((10, 2)))
    with pytest.raises(FitProblem, match="cannot carry"):
        fit_counts(np.ones(2), np.eye(2))
    with pytest.raises(FitProblem, match="without a single call"):
        interrupt_series(np.array([3.0, 2, 4, 3, 2, 4, 0, 0, 0, 0]), 6)
    with pytest.raises(ValueError, match="before and after"):
        interrupt_series(np.ones(10), 10)


def test_calls_follow_the_dose_that_made_them():
    rng = np.random.default_rng(6)
    grp = rng.uniform(0, 200, (4, 60)) * (rng.random((4, 60)) < 0.6)
    mean = np.array([10, 20, 30, 40])[:, None] * np.exp(0.25 * carry_over(grp, 0.4) / 100)
    calls = draw_calls(rng, mean, 2.0)
    response = respond_to_dose(calls, grp)
    assert response.chosen
    assert response.per_100.low < np.exp(0.25) < response.per_100.high
    assert response.persistence == pytest.approx(0.4, abs=0.15)
    given = respond_to_dose(calls, grp, persistence=0.4, family=Family.NEGATIVE_BINOMIAL, harmonics=1)
    assert not given.chosen
    assert given.calls_per_100[1] < given.calls_per_100[0] < given.calls_per_100[2]


def test_the_same_airing_everywhere_cannot_be_told_from_time():
    with pytest.raises(FitProblem, match="say the same"):
        respond_to_dose(np.ones((2, 10)), np.zeros((2, 10)), persistence=0.0)


def draw_survey(rng: np.random.Generator, clusters: int, lift: float, people: int = 60) -> Respondents:
    cluster = np.repeat(np.arange(clusters), 2 * people)
    wave = np.tile(np.repeat([0, 1], people), clusters)
    exposed = cluster < clusters // 2
    level, drift = rng.normal(0.45, 0.05, clusters), rng.normal(0.02, 0.04, clusters)
    share = np.clip(level[cluster] + wave * (drift[cluster] + lift * exposed), 0.01, 0.99)
    return Respondents(cluster, wave, exposed, (rng.random(len(share)) < share).astype(float))


@pytest.mark.parametrize("clusters", [6, 14])
def test_the_interval_of_a_difference_of_differences_covers_the_truth_with_few_clusters(clusters):
    rng = np.random.default_rng(clusters)
    covered = 0
    for _ in range(250):
        difference = difference_in_differences(draw_survey(rng, clusters, 0.1))
        covered += difference.low <= 0.1 <= difference.high
    assert 0.91 <= covered / 250 <= 0.99


def test_equal_clusters_give_the_t_interval_of_their_changes():
    people = draw_survey(np.random.default_rng(1), 8, 0.1)
    difference = difference_in_differences(people)
    change = [
        people.answer[(people.cluster == c) & (people.wave == 1)].mean()
        - people.answer[(people.cluster == c) & (people.wave == 0)].mean()
        for c in range(8)
    ]
    assert difference.value == pytest.approx(np.mean(change[:4]) - np.mean(change[4:]))
    assert difference.freedom == pytest.approx(6)
    error = np.sqrt(np.var(change[:4], ddof=1) / 4 + np.var(change[4:], ddof=1) / 4)
    assert difference.high - difference.value == pytest.approx(2.446912 * error, rel=1e-5)


def test_surveys_that_cannot_carry_a_difference_of_differences_are_refused():
    people = draw_survey(np.random.default_rng(1), 3, 0.1)
    with pytest.raises(ValueError, match="at least two clusters"):
        difference_in_differences(people)
    one_wave = Respondents(people.cluster, np.zeros_like(people.wave), people.exposed, people.answer)
    with pytest.raises(ValueError, match="one wave alone"):
        difference_in_differences(one_wave)
    mixed = Respondents(people.cluster, people.wave, people.wave == 1, people.answer)
    with pytest.raises(ValueError, match="both with and without"):
        difference_in_differences(mixed)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20, deadline=None)
def test_staggered_sites_without_noise_give_the_effect_exactly_and_none_before(seed):
    rng = np.random.default_rng(seed)
    began = [2, 2, 4, 4, None, None]
    level, drift = rng.uniform(0.2, 0.5, 6), rng.normal(0, 0.02, 7).cumsum()
    grown = np.array([[0 if b is None or t < b else 0.02 * (t - b + 1) for t in range(7)] for b in began])
    effects, overall = study_staggered_sites(level[:, None] + drift + grown, began)
    for effect in effects:
        expected = 0.02 * (effect.periods + 1) if effect.periods >= 0 else 0
        assert effect.difference.value == pytest.approx(expected, abs=1e-9)
    assert overall.value > 0
    assert any(effect.periods < -1 for effect in effects)


def test_sites_that_all_begin_together_cannot_be_staggered():
    with pytest.raises(ValueError, match="later or never"):
        study_staggered_sites(np.full((3, 4), 0.5), [1, 1, 1])


def test_sample_sizes_as_published():
    assert [size_for_waves(0.72, 0.86), size_for_waves(0.45, 0.55), size_for_waves(0.45, 0.50)] == [129, 389, 1562]
    # For a lift of ten points 776.4 people are needed, often printed as 776, which would not be enough.
    assert [size_for_differences(0.45, lift, drift=0.02) for lift in (0.05, 0.10, 0.15)] == [3120, 777, 342]
    assert size_for_waves(0.45, 0.55, design_effect=2) == 778
    with pytest.raises(ValueError, match="must be a change"):
        size_for_waves(0.4, 0.4)


def test_five_calls_a_week_cannot_show_a_rise_by_half():
    assert power_of_series(5, 1.5, rounds=150) < 0.5
    assert power_of_series(32, 1.5, rounds=150) > 0.85


def test_an_outcome_is_named_before_airing_or_the_report_says_that_it_was_not():
    named = datetime(2027, 1, 10, tzinfo=UTC)
    outcome = Outcome("Where do you ask for help?", "names the line", "more", "difference in differences", 0.05)
    registration = register_outcome(outcome, named)
    assert check_registration(registration, named + timedelta(days=20)) == "before"
    assert check_registration(registration, named - timedelta(days=1)) == "after"
    changed = type(registration)(Outcome("Other", "a", "more", "none", 0.1), named, registration.digest)
    assert check_registration(changed, named + timedelta(days=20)) == "altered"


@pytest.mark.parametrize(
    "text",
    [
        "The campaign reduced human trafficking in the city.",
        "Hubo menos víctimas gracias a los spots.",
        "La trata disminuyó un 20 %.",
        "La campagne a réduit la traite des personnes.",
    ],
)
def test_a_claim_of_less_trafficking_is_found(text):
    assert find_claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "Knowledge of trafficking rose by 14 points (7.4 to 20.7).",
        "Más personas conocen la línea contra la trata.",
        "Davantage de personnes connaissent les risques de la traite.",
    ],
)
def test_what_was_measured_may_be_said(text):
    assert find_claims(text) == []
