"""Evaluation by hand: ten films of two sources."""

import math

import numpy as np
import pytest

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import Confusion, ScoredFilm, evaluate
from cxr_desktop.domain.performance import wilson

POINTS = OperatingPoints(0.3, 0.7)


def _films(source: str, normal: list[float], abnormal: list[float]) -> list[ScoredFilm]:
    return [
        *(ScoredFilm(f"n{p}", source, abnormal=False, probability=p) for p in normal),
        *(ScoredFilm(f"a{p}", source, abnormal=True, probability=p) for p in abnormal),
    ]


def test_each_source_is_measured_by_itself() -> None:
    films = [
        *_films("one", [0.1, 0.2, 0.5, 0.9], [0.1, 0.6, 0.8, 0.95]),
        *_films("two", [0.2, 0.1], [0.9, 0.8]),
    ]
    result = evaluate(films, POINTS, prevalence=0.5)
    one, two = result.sources
    assert (one.source, one.normals, one.abnormals) == ("one", 4, 4)
    assert one.sensitivity.value == pytest.approx(3 / 4)
    assert one.specificity.value == pytest.approx(3 / 4)
    assert one.accuracy.value == pytest.approx(4 / 6)
    assert one.uncertain.value == pytest.approx(2 / 8)
    assert one.confusion == Confusion(normal=(2, 1, 1), abnormal=(1, 1, 2))
    assert one.ppv.value == pytest.approx(0.5 / (0.5 + 0.25))
    assert one.npv.value == pytest.approx(0.5 / (0.5 + 0.25))
    # 95 %: no abnormal film may be missed, so only normal films below 0.1 are cleared; there are 0.
    assert [share.value for share in one.cleared] == [0.0, 0.0, 0.0]
    # Bins: 0.1 (1 of 2), 0.2 (0 of 1), 0.5 (0 of 1), 0.6 (1 of 1), 0.8 (1 of 1), 0.9 (1 of 2).
    gaps = [2 * 0.4, 0.2, 0.5, 0.4, 0.2, 2 * 0.425]
    assert one.calibration_error.value == pytest.approx(sum(gaps) / 8)
    assert two.auc.value == 1.0


def test_the_overall_figure_is_the_plain_mean_over_sources() -> None:
    films = [*_films("big", [0.1] * 90, [0.05] * 90), *_films("small", [0.1] * 2, [0.9] * 2)]
    macro = evaluate(films, POINTS).macro
    assert macro.sources == ("big", "small")
    assert macro.auc.value == pytest.approx((0.0 + 1.0) / 2)
    assert macro.sensitivity.value == pytest.approx((0.0 + 1.0) / 2)
    assert macro.specificity.value == 1.0
    big, small = wilson(0, 90), wilson(2, 2)
    above, below = big.high / 2, (1 - small.low) / 2
    assert macro.sensitivity.high == pytest.approx(0.5 + above)
    assert macro.sensitivity.low == pytest.approx(0.5 - below)


def test_a_source_with_one_label_is_listed_but_not_averaged() -> None:
    films = [*_films("both", [0.1] * 2, [0.9] * 2), *_films("normal only", [0.9], [])]
    result = evaluate(films, POINTS)
    assert [figures.source for figures in result.sources] == ["both", "normal only"]
    assert math.isnan(result.sources[1].auc.value)
    assert result.macro.sources == ("both",)
    assert result.macro.auc.value == 1.0


def test_the_worst_misses_come_first() -> None:
    films = _films("one", [0.1, 0.8, 0.97], [0.4, 0.02])
    worst = evaluate(films, POINTS, misses=3).worst_misses
    assert [film.probability for film in worst] == [0.02, 0.97, 0.8]


def test_the_confusion_table_agrees_with_scikit_learn() -> None:
    metrics = pytest.importorskip("sklearn.metrics", reason="scikit-learn is not installed")
    rng = np.random.default_rng(5)
    films = _films("one", rng.random(40).tolist(), (rng.random(60) ** 0.5).tolist())
    (figures,) = evaluate(films, POINTS).sources
    said = [0 if f.probability < 0.3 else 2 if f.probability >= 0.7 else 1 for f in films]
    truth = [2 if film.abnormal else 0 for film in films]
    table = metrics.confusion_matrix(truth, said, labels=[0, 1, 2])
    assert figures.confusion == Confusion(tuple(table[0]), tuple(table[2]))
    decided = [(t, s) for t, s in zip(truth, said, strict=True) if s != 1]
    wanted = metrics.accuracy_score(*zip(*decided, strict=True))
    assert figures.accuracy.value == pytest.approx(wanted)


def test_without_a_source_of_both_labels_there_is_no_mean() -> None:
    macro = evaluate(_films("normal only", [0.9], []), POINTS).macro
    assert macro.sources == ()
    assert math.isnan(macro.auc.value)
