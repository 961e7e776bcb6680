"""A likeness tells one source's films from the others, and is careful with all it does not know."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.films import Film
from cxr_desktop.training.gate_data import FILM, Seen
from cxr_desktop.training.likeness import RARE, SOURCE, fit_likeness, likeness_samples
from cxr_desktop.training.logistic import fit_logistic, logistic


def _seen(own: NDArray[np.bool_], features: NDArray[np.float64]) -> Seen:
    number = len(own)
    return Seen(
        np.full(number, FILM),
        np.where(own, SOURCE, "nih_bbox"),
        np.array([f"p{place}" for place in range(number)]),
        features,
        np.zeros((number, 4)),
        np.zeros(number),
    )


def test_the_sources_own_films_are_known_and_others_are_not() -> None:
    rng = np.random.default_rng(1)
    own = np.arange(1200) < 500
    features = rng.normal(0, 3, (1200, 12)) + 7
    features[own, :3] += 24
    likeness = fit_likeness(_seen(own[::2], features[::2]))
    assert likeness is not None
    known = likeness(features[1::2])
    assert np.mean(known[own[1::2]] > 0.5) > 0.95
    assert np.mean(known[~own[1::2]] > 0.5) < 0.01


def test_a_film_that_says_nothing_is_taken_for_a_rare_one() -> None:
    rng = np.random.default_rng(2)
    own = np.arange(4000) < 1000
    likeness = fit_likeness(_seen(own, rng.normal(0, 1, (4000, 3))))
    assert likeness is not None
    assert likeness(np.zeros((1, 3)))[0] == pytest.approx(RARE, rel=0.2)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_without_both_sides_there_is_no_likeness(share: float) -> None:
    own = np.full(20, bool(share))
    assert fit_likeness(_seen(own, np.ones((20, 2)))) is None


def test_no_film_is_looked_at_where_the_source_took_no_part() -> None:
    film = Film(Path("x"), "shenzhen", "normal", "p", "PA", "high", "train", "open", "0")
    assert list(likeness_samples([film])) == []


def test_logistic_regression_agrees_with_scikit_learn() -> None:
    linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is missing")
    rng = np.random.default_rng(6)
    x = rng.normal(0, 1, (500, 4))
    targets = (rng.random(500) < logistic(x @ np.array([1.0, -2.0, 0.5, 0.0]))).astype(float)
    weights = rng.random(500)
    # Its penalty is half of the squares beside C times the summed losses.
    theirs = linear_model.LogisticRegression(C=0.5, fit_intercept=False, tol=1e-10)
    theirs.fit(x, targets, weights)
    ours = fit_logistic(x, targets, weights, np.zeros(4), ridge=1.0)
    np.testing.assert_allclose(ours, theirs.coef_[0], atol=1e-4)
