"""Operating points keep their promises on the films they were chosen on, source by source."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.calibrate import calibrate_pack, trusted_groups
from cxr_desktop.training.films import Film
from cxr_desktop.training.logistic import logistic
from cxr_desktop.training.meaning import meaning_rows
from cxr_desktop.training.operating_points import choose_points, precision, precision_bound
from cxr_desktop.training.scaling import Scores, balanced_weights

Groups = dict[str, NDArray[np.int64]]
PATIENTS = [f"p{number // 2}" for number in range(720)]


def _scores(seed: int = 1) -> tuple[NDArray[np.float64], NDArray[np.bool_], Groups]:
    """Two hospitals; the small one is harder and has few normals."""
    rng = np.random.default_rng(seed)
    abnormal = np.concatenate([rng.random(600) < 0.7, rng.random(120) < 0.5])
    apart = np.concatenate([np.full(600, 4.0), np.full(120, 1.5)])
    log_odds = rng.normal(0, 1.2, 720) + np.where(abnormal, apart / 2, -apart / 2)
    return log_odds, abnormal, {"large": np.arange(600), "small": np.arange(600, 720)}


def test_in_no_source_more_than_two_percent_of_the_abnormal_fall_into_normal() -> None:
    log_odds, abnormal, groups = _scores()
    calibration = calibrate_pack(Scores.plain(log_odds), abnormal, groups, groups, PATIENTS)
    for members in groups.values():
        missed = calibration.probabilities[members] < calibration.points.normal_below
        assert missed[abnormal[members]].mean() <= 0.02
    higher = calibration.points.normal_below + 0.02
    small = groups["small"]
    assert (calibration.probabilities[small] < higher)[abnormal[small]].mean() > 0.02


def test_abnormal_is_right_nine_times_in_ten_in_every_source() -> None:
    log_odds, abnormal, groups = _scores()
    calibration = calibrate_pack(Scores.plain(log_odds), abnormal, groups, groups, PATIENTS)
    points = calibration.points
    shares = [
        precision(calibration.probabilities[m] >= points.abnormal_from, abnormal[m])
        for m in groups.values()
    ]
    assert 0.9 <= min(shares) < 0.93
    assert points.normal_below < points.abnormal_from < 1


def test_the_bounds_of_the_promises_are_stated_source_by_source() -> None:
    log_odds, abnormal, groups = _scores()
    figures = calibrate_pack(Scores.plain(log_odds), abnormal, groups, groups, PATIENTS).figures
    ill = int(abnormal[groups["small"]].sum())
    stated = figures["Abnormal films called normal at most, small validation"]
    assert f" of {ill})" in stated
    assert "one-sided Clopper-Pearson bound at 95 %" in stated
    assert "at least" in figures["Called abnormal and abnormal, small validation"]
    held_out = figures["Abnormal films called normal, small halves the points were not chosen on"]
    assert 0 < float(held_out.split()[0]) < 15


def test_the_bound_of_the_precision_is_below_it_and_rises_with_films() -> None:
    called = np.array([True] * 18 + [False] * 2 + [True] * 2 + [False] * 18)
    ill = np.arange(40) < 20
    assert precision(called, ill) == pytest.approx(0.9)
    few, many = precision_bound(called, ill), precision_bound(np.tile(called, 20), np.tile(ill, 20))
    assert 0.6 < few < many < 0.9


def test_useless_scores_leave_everything_uncertain() -> None:
    rng = np.random.default_rng(2)
    abnormal = np.arange(400) % 2 == 0
    points = choose_points(rng.random(400), abnormal, {"one": np.arange(400)})
    assert points.normal_below < 0.06
    assert points.abnormal_from > 0.9


def test_weights_balance_source_and_label() -> None:
    _, abnormal, groups = _scores()
    weights = balanced_weights(abnormal, groups)
    for members in groups.values():
        for label in (True, False):
            assert weights[members][abnormal[members] == label].sum() == pytest.approx(0.25)


def test_the_meaning_only_rises_and_says_on_how_many_films_it_was_counted() -> None:
    log_odds, abnormal, groups = _scores()
    rows = meaning_rows(logistic(log_odds), abnormal, balanced_weights(abnormal, groups))
    assert (rows[0].low, rows[-1].high) == (0.0, 1.0)
    assert all(a.high <= b.low for a, b in pairwise(rows))
    shares = [row.abnormal_of_100 for row in rows]
    assert shares == sorted(shares)
    assert 1 <= shares[0] < 20
    assert 80 < shares[-1] <= 99
    assert sum(row.films for row in rows) <= 720


def test_nothing_is_said_of_scores_that_few_films_had() -> None:
    scores = np.array([0.05] * 40 + [0.35] * 24 + [0.95] * 25)
    abnormal = np.arange(89) >= 40
    rows = meaning_rows(scores, abnormal, np.full(89, 1 / 89))
    assert [(row.low, row.high, row.films) for row in rows] == [(0.0, 0.1, 40), (0.9, 1.0, 25)]
    assert [row.abnormal_of_100 for row in rows] == [1, 99]


def test_tenths_whose_share_falls_are_joined_with_all_between_them() -> None:
    scores = np.array([0.15] * 30 + [0.25] * 5 + [0.35] * 30)
    abnormal = np.array([True] * 20 + [False] * 10 + [True] * 5 + [True] * 10 + [False] * 20)
    (row,) = meaning_rows(scores, abnormal, np.full(65, 1 / 65))
    assert (row.low, row.high, row.films) == (0.1, 0.4, 65)
    assert row.abnormal_of_100 == round(100 * 35 / 65)


def test_every_source_gets_its_own_figures() -> None:
    log_odds, abnormal, groups = _scores()
    figures = calibrate_pack(
        Scores.plain(log_odds), abnormal, groups, {"large": groups["large"]}, PATIENTS
    ).figures
    assert figures["AUC, large validation"] > figures["AUC, small validation"]
    assert "Calibration error, large halves not fitted to" in figures
    assert "Calibration error, small halves not fitted to" not in figures
    assert "labels balanced" in figures["Calibration"]


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


def test_scores_off_to_one_side_are_shifted_and_useless_ones_are_refused() -> None:
    log_odds, abnormal, groups = _scores()
    calibration = calibrate_pack(Scores.plain(log_odds + 60.0), abnormal, groups, groups, PATIENTS)
    assert calibration.scaling.shift == pytest.approx(60.0, abs=1.5)
    assert "Platt (sources" in calibration.figures["Calibration"]
    with pytest.raises(ValueError, match="do not rise"):
        calibrate_pack(Scores.plain(-log_odds), abnormal, groups, groups, PATIENTS)


def test_a_source_that_scores_too_high_gets_a_shift_of_its_own() -> None:
    log_odds, abnormal, groups = _scores()
    likeness = np.where(np.arange(720) < 600, 0.95, 0.02)
    high = Scores(log_odds + 3 * likeness, likeness)
    calibration = calibrate_pack(high, abnormal, groups, groups, PATIENTS)
    assert calibration.scaling.source_shift == pytest.approx(3.0, abs=0.6)
    figures = calibration.figures
    assert figures["Calibration"].startswith("Platt with a source's own shift (")
    title = "Films that look like the source with a shift of its own, {} validation"
    assert figures[title.format("large")].startswith("600 of 600 (100.0 %")
    assert figures[title.format("small")].startswith("0 of 120 (0.0 %")
    plain = calibrate_pack(Scores.plain(high.log_odds), abnormal, groups, groups, PATIENTS)
    assert plain.scaling.source_shift == 0.0
    assert title.format("large") not in plain.figures


def test_without_a_trusted_source_nothing_is_calibrated() -> None:
    log_odds, abnormal, groups = _scores()
    with pytest.raises(ValueError, match="no validation group"):
        calibrate_pack(Scores.plain(log_odds), abnormal, groups, {}, PATIENTS)
