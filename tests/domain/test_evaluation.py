"""Evaluation by hand: ten films of two sources."""

import math

import pytest

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.evaluation import Confusion, ScoredFilm, evaluate

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
    assert one.ppv == pytest.approx(0.5 / (0.5 + 0.25))
    assert one.npv == pytest.approx(0.5 / (0.5 + 0.25))
    assert two.auc.value == 1.0


def test_the_overall_figure_is_the_plain_mean_over_sources() -> None:
    films = [*_films("big", [0.1] * 90, [0.05] * 90), *_films("small", [0.1] * 2, [0.9] * 2)]
    assert evaluate(films, POINTS).mean_auc == pytest.approx((0.0 + 1.0) / 2)


def test_a_source_with_one_label_is_listed_but_not_averaged() -> None:
    films = [*_films("both", [0.1] * 2, [0.9] * 2), *_films("normal only", [0.9], [])]
    result = evaluate(films, POINTS)
    assert [figures.source for figures in result.sources] == ["both", "normal only"]
    assert math.isnan(result.sources[1].auc.value)
    assert result.mean_auc == 1.0


def test_the_worst_misses_come_first() -> None:
    films = _films("one", [0.1, 0.8, 0.97], [0.4, 0.02])
    worst = evaluate(films, POINTS, misses=3).worst_misses
    assert [film.probability for film in worst] == [0.02, 0.97, 0.8]
