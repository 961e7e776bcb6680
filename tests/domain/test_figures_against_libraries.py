"""Every figure of the Quality screen and its interval, worked out again by SciPy or scikit-learn.

What has its own test there already: kappa and the exact bounds (`test_site_figures`), calibration
error and the ROC curve (`test_performance`, `reporting/test_plots`).
"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.drift import by_chance, chi_square_99, psi
from cxr_desktop.domain.evaluation import ScoredFilm, evaluate
from cxr_desktop.domain.performance import Flags, Scores, at_most, auc, wilson
from cxr_desktop.domain.site_figures import TwoByTwo, predictive

POINTS = OperatingPoints(0.3, 0.7)


def drawn(seed: int, films: int = 240) -> tuple[Scores, Flags]:
    rng = np.random.default_rng(seed)
    abnormal = rng.random(films) < 0.4
    return np.where(abnormal, rng.beta(4, 2, films), rng.beta(2, 4, films)), abnormal


@settings(deadline=None)  # a busy computer
@given(st.integers(0, 400), st.integers(1, 400))
def test_wilsons_interval_is_scipys(hits: int, total: int) -> None:
    hits = min(hits, total)
    found, theirs = wilson(hits, total), stats.binomtest(hits, total).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@settings(deadline=None)  # a busy computer
@given(st.integers(0, 400), st.integers(1, 400))
def test_the_one_sided_bound_is_scipys_exact_one(hits: int, total: int) -> None:
    hits = min(hits, total)
    test = stats.binomtest(hits, total, alternative="less")
    theirs = test.proportion_ci(confidence_level=0.95, method="exact")
    assert at_most(hits, total) == pytest.approx(theirs.high, abs=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_sensitivity_and_specificity_are_scikit_learns_recall_at_each_cut(seed: int) -> None:
    scores, abnormal = drawn(seed)
    films = [
        ScoredFilm(str(number), "site", bool(ill), float(score))
        for number, (score, ill) in enumerate(zip(scores, abnormal, strict=True))
    ]
    (found,) = evaluate(films, POINTS).sources
    assert found.sensitivity.value == pytest.approx(metrics.recall_score(abnormal, scores >= 0.3))
    assert found.specificity.value == pytest.approx(metrics.recall_score(~abnormal, scores < 0.7))


@pytest.mark.parametrize("prevalence", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("seed", range(3))
def test_predictive_values_are_scikit_learns_precision_weighted_to_the_prevalence(
    seed: int, prevalence: float
) -> None:
    scores, abnormal = drawn(seed)
    called = scores >= 0.5
    table = TwoByTwo(
        int((abnormal & called).sum()),
        int((abnormal & ~called).sum()),
        int((~abnormal & called).sum()),
        int((~abnormal & ~called).sum()),
    )
    weights = np.where(abnormal, prevalence / abnormal.sum(), (1 - prevalence) / (~abnormal).sum())
    ppv, npv = predictive(table, prevalence)
    assert ppv.value == pytest.approx(
        metrics.precision_score(abnormal, called, sample_weight=weights)
    )
    assert npv.value == pytest.approx(
        metrics.precision_score(~abnormal, ~called, sample_weight=weights)
    )


@pytest.mark.parametrize("seed", range(3))
def test_delongs_interval_is_about_as_wide_as_scipys_bootstrap(seed: int) -> None:
    scores, abnormal = drawn(seed)
    found = auc(scores, abnormal)
    ill, well = scores[abnormal], scores[~abnormal]

    def area(some: Scores, others: Scores, axis: int = -1) -> Scores:
        below = np.expand_dims(some, axis) > np.expand_dims(others, axis - 1)
        return np.asarray(below.mean(axis=(axis - 1, axis)), dtype=np.float64)

    theirs = stats.bootstrap(
        (ill, well), area, n_resamples=2000, batch=50, method="percentile", rng=seed
    ).confidence_interval
    width = theirs.high - theirs.low
    assert found.high - found.low == pytest.approx(width, rel=0.15)
    assert abs(found.low - theirs.low) < 0.2 * width


@settings(deadline=None)  # a busy computer
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), min_size=2, max_size=12))
def test_the_stability_index_is_scipys_entropy_both_ways(counts: list[tuple[int, int]]) -> None:
    before, now = ([row[side] for row in counts] for side in (0, 1))
    p, q = np.array(before) + 0.5, np.array(now) + 0.5  # `entropy` makes shares of them
    wanted = float(stats.entropy(p, q) + stats.entropy(q, p))
    assert psi(before, now) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("freedom", range(1, 10))
def test_what_chance_reaches_is_scipys_chi_square(freedom: int) -> None:
    exact = float(stats.chi2.ppf(0.99, freedom))
    assert chi_square_99(freedom) == pytest.approx(exact, rel=0.01)
    assert by_chance(400, 100, exact) == pytest.approx(exact * (1 / 400 + 1 / 100))
