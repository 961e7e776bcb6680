"""The figures agree with hand-computed cases and with scikit-learn."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxr_desktop.domain.performance import (
    NOT_MEASURED,
    Estimate,
    at_least,
    at_most,
    auc,
    calibration_error,
    cleared_at,
    mean,
    negative_predictive_value,
    positive_predictive_value,
    predictive_values,
    weighted_sum,
    wilson,
)


def test_wilson_agrees_with_a_textbook_case() -> None:
    # 15 of 50: Agresti and Coull, The American Statistician 1998, give 0.191 to 0.438.
    estimate = wilson(15, 50)
    assert estimate.value == 0.3
    assert (round(estimate.low, 3), round(estimate.high, 3)) == (0.191, 0.438)


def test_wilson_of_nothing_is_not_measured() -> None:
    assert str(wilson(0, 0)) == "not measured"


def test_wilson_of_all_stays_below_one_at_its_low_end() -> None:
    estimate = wilson(20, 20)
    assert estimate.value == 1.0
    assert estimate.high == 1.0
    assert 0.83 < estimate.low < 0.85


def test_wilson_refuses_more_hits_than_films() -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(3, 2)


def test_auc_counts_ties_half() -> None:
    scores = np.array([0.1, 0.5, 0.5, 0.9])
    abnormal = np.array([False, False, True, True])
    estimate = auc(scores, abnormal)
    assert estimate.value == pytest.approx((1 + 0.5 + 1 + 1) / 4)
    assert estimate.low < estimate.value < estimate.high


def test_wilson_agrees_with_newcombe() -> None:
    # Statistics in Medicine 1998, table I: 81 of 263 and 15 of 148.
    assert (wilson(81, 263).low, wilson(81, 263).high) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert (wilson(15, 148).low, wilson(15, 148).high) == pytest.approx((0.0624, 0.1605), abs=1e-4)


def test_films_parted_without_an_error_still_get_an_interval() -> None:
    estimate = auc(np.arange(20.0), np.arange(20) >= 10)
    assert estimate.value == 1.0
    assert estimate.low < 0.8


def test_one_film_of_a_label_gives_no_interval() -> None:
    assert math.isnan(auc(np.arange(3.0), np.array([True, False, False])).value)


def test_auc_without_a_label_is_not_measured() -> None:
    assert math.isnan(auc(np.array([0.2, 0.3]), np.array([True, True])).value)


@settings(deadline=None)  # the first call imports scikit-learn
@given(st.integers(0, 2**32 - 1), st.integers(2, 60), st.integers(2, 60))
def test_auc_agrees_with_scikit_learn(seed: int, normals: int, abnormals: int) -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(seed)
    scores = np.round(rng.random(normals + abnormals), 2)
    abnormal = np.arange(normals + abnormals) >= normals
    assert auc(scores, abnormal).value == pytest.approx(metrics.roc_auc_score(abnormal, scores))


def test_delong_interval_covers_the_true_area_about_95_times_in_100() -> None:
    rng = np.random.default_rng(4)
    true_area = 0.5 * (1 + math.erf(1 / 2))  # two unit normals one deviation apart
    covered = 0
    for _ in range(400):
        scores = np.concatenate([rng.normal(0, 1, 60), rng.normal(1, 1, 60)])
        estimate = auc(scores, np.arange(120) >= 60)
        covered += estimate.low <= true_area <= estimate.high
    assert 0.91 <= covered / 400 <= 0.98


def test_calibration_error_is_the_gap_between_said_and_seen() -> None:
    scores = np.array([0.8] * 10)
    abnormal = np.array([True] * 6 + [False] * 4)
    error = calibration_error(scores, abnormal)
    assert error.value == pytest.approx(0.2)
    # One bin: the ends are those of 6 of 10. It holds 0.8, so no error at all is possible.
    assert error.low == 0.0
    assert error.high == pytest.approx(0.8 - wilson(6, 10).low)


def test_calibration_error_of_two_bins_by_hand() -> None:
    scores = np.array([0.15] * 30 + [0.95] * 10)
    abnormal = np.array([True] * 15 + [False] * 15 + [True] * 9 + [False])
    error = calibration_error(scores, abnormal)
    assert error.value == pytest.approx(0.75 * 0.35 + 0.25 * 0.05)
    first, second = wilson(15, 30), wilson(9, 10)
    above = math.hypot(0.75 * (first.high - 0.5), 0.25 * ((0.95 - second.low) - 0.05))
    below = math.hypot(0.75 * (0.5 - first.low), 0.25 * 0.05)
    assert error.high == pytest.approx(error.value + above)
    assert error.low == pytest.approx(error.value - below)


def test_calibration_error_without_films_is_not_measured() -> None:
    assert math.isnan(calibration_error(np.array([]), np.array([], dtype=bool)).value)


@settings(deadline=None, max_examples=40)  # the first call imports scikit-learn
@given(st.integers(0, 2**32 - 1), st.integers(5, 300))
def test_calibration_error_agrees_with_scikit_learn(seed: int, films: int) -> None:
    calibration = pytest.importorskip("sklearn.calibration", reason="scikit-learn is missing")
    rng = np.random.default_rng(seed)
    scores = rng.random(films)
    abnormal = rng.random(films) < scores**2
    seen, said = calibration.calibration_curve(abnormal, scores, n_bins=10)
    counts, _ = np.histogram(scores, bins=10, range=(0.0, 1.0))
    wanted = float((np.abs(seen - said) * counts[counts > 0]).sum() / films)
    assert calibration_error(scores, abnormal).value == pytest.approx(wanted)


def test_a_sum_of_estimates_takes_the_ends_that_add_up_squared() -> None:
    total = weighted_sum([Estimate(0.5, 0.2, 0.6), Estimate(0.4, 0.0, 0.6)], [1.0, 1.0])
    assert total.value == pytest.approx(0.9)
    assert (total.low, total.high) == pytest.approx((0.9 - 0.5, 0.9 + math.hypot(0.1, 0.2)))


def test_a_mean_leaves_out_what_was_not_measured() -> None:
    alone = mean([Estimate(0.5, 0.4, 0.6), NOT_MEASURED])
    assert (alone.value, alone.low, alone.high) == pytest.approx((0.5, 0.4, 0.6))
    assert math.isnan(mean([NOT_MEASURED]).value)


def test_cleared_share_is_counted_below_the_lowest_abnormal_film() -> None:
    scores = np.array([0.1, 0.2, 0.4, 0.3, 0.8])
    abnormal = np.array([False, False, False, True, True])
    assert cleared_at(scores, abnormal, 1.0).value == pytest.approx(2 / 3)
    assert cleared_at(scores, abnormal, 0.5).value == pytest.approx(1.0)


def test_predictive_values_follow_bayes() -> None:
    right, cleared = Estimate(0.9, 0.8, 0.95), Estimate(0.8, 0.7, 0.9)
    ppv = positive_predictive_value(right, cleared, 0.1)
    assert ppv.value == pytest.approx(0.09 / (0.09 + 0.18))
    assert ppv.low == pytest.approx(0.08 / (0.08 + 0.27))
    assert ppv.high == pytest.approx(0.095 / (0.095 + 0.09))
    assert predictive_values(0.9, 0.8, 0.1) == pytest.approx((ppv.value, 0.72 / (0.72 + 0.01)))
    npv = negative_predictive_value(right, cleared, 0.1)
    assert npv.value == pytest.approx(0.72 / (0.72 + 0.01))
    assert npv.low == pytest.approx(0.63 / (0.63 + 0.02))
    assert npv.high == pytest.approx(0.81 / (0.81 + 0.005))


def test_predictive_values_agree_with_counting_at_the_films_own_prevalence() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(8)
    abnormal = rng.random(300) < 0.3
    called = rng.random(300) < np.where(abnormal, 0.8, 0.25)
    ill, well = int(abnormal.sum()), int((~abnormal).sum())
    sensitivity = wilson(int((called & abnormal).sum()), ill)
    specificity = wilson(int((~called & ~abnormal).sum()), well)
    wanted = metrics.precision_score(abnormal, called)
    assert positive_predictive_value(sensitivity, specificity, ill / 300).value == pytest.approx(
        wanted
    )
    wanted = metrics.precision_score(~abnormal, ~called)
    assert negative_predictive_value(sensitivity, specificity, ill / 300).value == pytest.approx(
        wanted
    )


def test_where_nothing_is_called_abnormal_there_is_no_predictive_value() -> None:
    never = positive_predictive_value(Estimate(0, 0, 0.1), Estimate(1, 0.9, 1), 0.2)
    assert math.isnan(never.value)
    assert math.isnan(positive_predictive_value(NOT_MEASURED, NOT_MEASURED, 0.2).value)


def test_the_exact_bounds_by_hand_and_against_scipy() -> None:
    # No hit in n: the bound solves (1 - p)^n = 0.05, the rule of three's exact form.
    assert at_most(0, 30) == pytest.approx(1 - 0.05 ** (1 / 30))
    assert at_least(30, 30) == pytest.approx(0.05 ** (1 / 30))
    assert at_most(7, 7) == 1.0
    assert math.isnan(at_most(0, 0))
    stats = pytest.importorskip("scipy.stats", reason="scipy is not installed")
    for hits, total in ((1, 30), (2, 381), (29, 30), (150, 400)):
        assert at_most(hits, total) == pytest.approx(stats.beta.ppf(0.95, hits + 1, total - hits))
        assert at_least(hits, total) == pytest.approx(stats.beta.ppf(0.05, hits, total - hits + 1))


def test_a_bound_refuses_more_hits_than_films() -> None:
    with pytest.raises(ValueError, match="no proportion"):
        at_most(3, 2)
