"""Every way to turn log-odds into probabilities, on known distortions and against scikit-learn."""

import numpy as np
import pytest

from cxr_desktop.training.logistic import logistic
from cxr_desktop.training.scaling import (
    Scores,
    balanced_weights,
    fit_isotonic,
    fit_platt,
    fit_source_shift,
    fit_temperature,
)


def test_platts_scaling_undoes_a_known_distortion() -> None:
    rng = np.random.default_rng(3)
    honest = rng.normal(0, 2, 40_000)
    abnormal = rng.random(40_000) < logistic(honest)
    scaling = fit_platt(Scores.plain(honest * 3 + 1.5), abnormal, np.full(40_000, 1 / 40_000))
    assert scaling.temperature == pytest.approx(3, rel=0.05)
    assert scaling.shift == pytest.approx(1.5, abs=0.15)
    np.testing.assert_allclose(scaling(Scores.plain(honest * 3 + 1.5)), logistic(honest), atol=0.02)


def test_a_shift_of_one_source_is_found_and_taken_away() -> None:
    rng = np.random.default_rng(3)
    honest = rng.normal(0, 2, 40_000)
    abnormal = rng.random(40_000) < logistic(honest)
    likeness = rng.random(40_000)
    scores = Scores(honest * 3 + 1.5 + 4 * likeness, likeness)
    weights = np.full(40_000, 1 / 40_000)
    scaling = fit_source_shift(scores, abnormal, weights)
    assert scaling.temperature == pytest.approx(3, rel=0.05)
    assert scaling.shift == pytest.approx(1.5, abs=0.2)
    assert scaling.source_shift == pytest.approx(4, abs=0.3)
    np.testing.assert_allclose(scaling(scores), logistic(honest), atol=0.03)
    with pytest.raises(ValueError, match="no film looks like"):
        fit_source_shift(Scores.plain(scores.log_odds), abnormal, weights)


def test_the_temperature_alone_shifts_nothing() -> None:
    rng = np.random.default_rng(3)
    honest = rng.normal(0, 2, 40_000)
    abnormal = rng.random(40_000) < logistic(honest)
    scaling = fit_temperature(Scores.plain(honest * 3), abnormal, np.full(40_000, 1 / 40_000))
    assert scaling.temperature == pytest.approx(3, rel=0.05)
    assert scaling.shift == 0.0


def test_platts_scaling_agrees_with_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is missing")
    rng = np.random.default_rng(6)
    log_odds = rng.normal(0, 2, 3000)
    abnormal = rng.random(3000) < logistic(0.5 * log_odds - 0.7)
    weights = rng.random(3000)
    # A ridge so weak that it does nothing; the labels are 0 and 1, ours are just inside.
    theirs = linear_model.LogisticRegression(C=1e9).fit(log_odds[:, None], abnormal, weights)
    ours = fit_platt(Scores.plain(log_odds), abnormal, weights)
    assert 1 / ours.temperature == pytest.approx(float(theirs.coef_[0, 0]), abs=0.01)
    assert -ours.shift / ours.temperature == pytest.approx(float(theirs.intercept_[0]), abs=0.01)


def test_isotonic_agrees_with_scikit_learn() -> None:
    isotonic = pytest.importorskip("sklearn.isotonic", reason="scikit-learn is not installed")
    rng = np.random.default_rng(7)
    log_odds = np.round(rng.normal(0, 2, 400), 1)
    abnormal = rng.random(400) < logistic(log_odds)
    weights = rng.random(400)
    asked = np.linspace(-9, 9, 101)
    theirs = isotonic.IsotonicRegression(out_of_bounds="clip").fit(log_odds, abnormal, weights)
    ours = fit_isotonic(Scores.plain(log_odds), abnormal, weights)
    np.testing.assert_allclose(ours(Scores.plain(asked)), theirs.predict(asked), atol=1e-9)


def test_labels_parted_without_an_error_give_finite_numbers() -> None:
    scaling = fit_platt(Scores.plain(np.arange(-5.0, 5.0)), np.arange(10) >= 5, np.full(10, 0.1))
    assert 0 < scaling.temperature < 100
    assert np.isfinite(scaling.shift)


@pytest.mark.parametrize("fit", [fit_platt, fit_temperature])
def test_scores_that_fall_with_abnormality_are_refused(fit: object) -> None:
    assert callable(fit)
    with pytest.raises(ValueError, match="do not rise"):
        fit(Scores.plain(-np.arange(-20.0, 20.0)), np.arange(40) >= 20, np.full(40, 1 / 40))


def test_films_of_no_group_weigh_nothing() -> None:
    weights = balanced_weights(np.array([True, False, True]), {"one": np.array([0, 1])})
    assert weights.tolist() == [0.5, 0.5, 0.0]
