"""Operating points keep their promises on the films they were chosen on, source by source."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.calibrate import (
    balanced_weights,
    calibrate_pack,
    choose_points,
    fit_scaling,
    logistic,
    meaning_rows,
    trusted_groups,
)
from cxr_desktop.training.films import Film

Groups = dict[str, NDArray[np.int64]]


def _scores(seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.bool_], Groups]:
    """Two hospitals; the small one is harder and has few normals."""
    rng = np.random.default_rng(seed)
    abnormal = np.concatenate([rng.random(600) < 0.7, rng.random(120) < 0.5])
    apart = np.concatenate([np.full(600, 4.0), np.full(120, 1.5)])
    log_odds = rng.normal(0, 1.2, 720) + np.where(abnormal, apart / 2, -apart / 2)
    return log_odds, abnormal, {"large": np.arange(600), "small": np.arange(600, 720)}


def test_in_no_source_more_than_two_percent_of_the_abnormal_fall_into_normal() -> None:
    log_odds, abnormal, groups = _scores()
    calibration = calibrate_pack(log_odds, abnormal, groups, groups)
    for members in groups.values():
        missed = calibration.probabilities[members] < calibration.points.normal_below
        assert missed[abnormal[members]].mean() <= 0.02
    higher = calibration.points.normal_below + 0.02
    small = groups["small"]
    assert (calibration.probabilities[small] < higher)[abnormal[small]].mean() > 0.02


def test_abnormal_means_nine_of_ten_averaged_over_the_sources() -> None:
    log_odds, abnormal, groups = _scores()
    calibration = calibrate_pack(log_odds, abnormal, groups, groups)
    precisions = []
    for members in groups.values():
        called = calibration.probabilities[members] >= calibration.points.abnormal_from
        hits, alarms = called[abnormal[members]].mean(), called[~abnormal[members]].mean()
        precisions.append(hits / (hits + alarms))
    assert 0.9 <= np.mean(precisions) < 0.93
    assert calibration.points.normal_below < calibration.points.abnormal_from < 1


def test_useless_scores_leave_everything_uncertain() -> None:
    rng = np.random.default_rng(2)
    abnormal = np.arange(400) % 2 == 0
    points = choose_points(rng.random(400), abnormal, {"one": np.arange(400)})
    assert points.normal_below < 0.06
    assert points.abnormal_from > 0.9


def test_the_scaling_undoes_a_known_distortion() -> None:
    rng = np.random.default_rng(3)
    honest = rng.normal(0, 2, 40_000)
    abnormal = rng.random(40_000) < logistic(honest)
    scaling = fit_scaling(honest * 3 + 1.5, abnormal, np.full(40_000, 1 / 40_000))
    assert scaling.temperature == pytest.approx(3, rel=0.05)
    assert scaling.shift == pytest.approx(1.5, abs=0.15)
    np.testing.assert_allclose(scaling(honest * 3 + 1.5), logistic(honest), atol=0.02)


def test_labels_parted_without_an_error_give_finite_numbers() -> None:
    scaling = fit_scaling(np.arange(-5.0, 5.0), np.arange(10) >= 5, np.full(10, 0.1))
    assert 0 < scaling.temperature < 100
    assert np.isfinite(scaling.shift)


def test_scores_that_fall_with_abnormality_are_refused() -> None:
    with pytest.raises(ValueError, match="do not rise"):
        fit_scaling(-np.arange(40.0), np.arange(40) >= 20, np.full(40, 1 / 40))


def test_weights_balance_source_and_label() -> None:
    _, abnormal, groups = _scores()
    weights = balanced_weights(abnormal, groups)
    for members in groups.values():
        for label in (True, False):
            assert weights[members][abnormal[members] == label].sum() == pytest.approx(0.25)


def test_the_meaning_covers_every_score_and_only_rises() -> None:
    log_odds, abnormal, groups = _scores()
    rows = meaning_rows(logistic(log_odds), abnormal, balanced_weights(abnormal, groups))
    assert (rows[0].low, rows[-1].high) == (0.0, 1.0)
    assert [a.high for a in rows[:-1]] == [b.low for b in rows[1:]]
    shares = [row.abnormal_of_100 for row in rows]
    assert shares == sorted(shares)
    assert min(shares) >= 1
    assert max(shares) <= 99
    assert shares[-1] > 80


def test_every_source_gets_its_own_figures() -> None:
    log_odds, abnormal, groups = _scores()
    figures = calibrate_pack(log_odds, abnormal, groups, {"large": groups["large"]}).figures
    assert figures["AUC, large validation"] > figures["AUC, small validation"]
    assert len(figures) == 12


def test_a_source_with_mined_labels_decides_nothing() -> None:
    films = [
        Film(Path(f"{i}"), "s", label, f"p{i}", "PA", confidence, "val", "open", f"{i}")
        for i, (label, confidence) in enumerate(
            [
                ("normal", "high (radiologist)"),
                ("abnormal", "high (radiologist)"),
                ("normal", "very low (mined)"),
                ("abnormal", "medium-low (mined)"),
                ("abnormal", "high (radiologist)"),
            ]
        )
    ]
    groups = {"sure": np.array([0, 1]), "mined": np.array([2, 3]), "one_label": np.array([4])}
    assert list(trusted_groups(films, groups)) == ["sure"]


def test_without_a_trusted_source_nothing_is_calibrated() -> None:
    log_odds, abnormal, groups = _scores()
    with pytest.raises(ValueError, match="no validation group"):
        calibrate_pack(log_odds, abnormal, groups, {})
