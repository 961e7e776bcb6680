"""Calibration is measured on patients that it was not fitted to, and chance is told apart."""

import numpy as np
import pytest
from numpy.typing import NDArray

from cxr_desktop.training.cross_fit import (
    METHODS,
    balanced_error,
    chance_error,
    cross_fit,
    halves,
)
from cxr_desktop.training.logistic import logistic
from cxr_desktop.training.scaling import Scores


def _films(
    number: int, seed: int = 0
) -> tuple[Scores, NDArray[np.bool_], dict[str, NDArray[np.int64]], list[str]]:
    """Two sources whose log-odds are three times too sure; two films of each patient.

    Films of the first look like a source that may have a shift of its own.
    """
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2, number)
    abnormal = rng.random(number) < logistic(honest)
    groups = {"a": np.arange(number // 2), "b": np.arange(number // 2, number)}
    scores = Scores(3 * honest, np.where(np.arange(number) < number // 2, 0.9, 0.1))
    return scores, abnormal, groups, [f"p{place // 2}" for place in range(number)]


def test_no_patient_is_on_both_sides_and_the_sides_are_alike() -> None:
    _, abnormal, groups, patients = _films(400)
    one = halves(abnormal, groups, patients, np.random.default_rng(0))
    sides: dict[str, set[bool]] = {}
    for patient, side in zip(patients, one, strict=True):
        sides.setdefault(patient, set()).add(bool(side))
    assert {len(both) for both in sides.values()} == {1}
    for members in groups.values():
        assert abs(one[members].mean() - 0.5) < 0.05


@pytest.mark.parametrize("method", METHODS)
def test_every_method_mends_scores_that_are_too_sure(method: str) -> None:
    scores, abnormal, groups, patients = _films(3000)
    found = cross_fit(method, scores, abnormal, groups, patients)
    for name, members in groups.items():
        before = balanced_error(logistic(scores.log_odds[members]), abnormal[members])
        assert before > 0.12
        assert found.errors[name].error < 0.07
        assert found.errors[name].beyond_chance < 0.03
    assert found.loss < 0.5


def test_only_a_shift_of_its_own_mends_a_source_that_scores_too_high() -> None:
    scores, abnormal, groups, patients = _films(3000)
    high = Scores(scores.log_odds + 20 * scores.likeness, scores.likeness)
    one_for_all = cross_fit("Platt", high, abnormal, groups, patients)
    assert min(one_for_all.errors[name].beyond_chance for name in groups) > 0.06
    own = cross_fit("Platt with a source's own shift", high, abnormal, groups, patients)
    assert max(own.errors[name].beyond_chance for name in groups) < 0.03
    assert own.loss < one_for_all.loss - 0.05


def test_a_fit_never_sees_the_film_it_is_measured_on() -> None:
    scores, abnormal, groups, patients = _films(120, seed=4)
    fair = cross_fit("isotonic", scores, abnormal, groups, patients)
    noise = np.random.default_rng(1).normal(0, 1, 120)
    blind = cross_fit("isotonic", Scores.plain(noise), abnormal, groups, patients)
    # Isotonic steps fitted to the same films would look informative even on noise.
    assert blind.loss > fair.loss
    assert blind.loss > 0.69


def test_few_films_show_an_error_by_chance_and_it_is_told() -> None:
    rng = np.random.default_rng(2)
    few = rng.random(30)
    many = rng.random(3000)
    assert chance_error(few, few > 0.5, rng) > 0.08
    assert chance_error(many, many > 0.5, rng) < 0.04


def test_the_balanced_error_by_hand() -> None:
    scores = np.array([0.85, 0.85, 0.85, 0.15])
    abnormal = np.array([True, True, False, False])
    # Weights are a quarter each: of 0.75 said 0.85, half were abnormal; of 0.25 said 0.15, none.
    assert balanced_error(scores, abnormal) == pytest.approx(0.75 * (0.85 - 2 / 3) + 0.25 * 0.15)
    assert np.isnan(balanced_error(scores, np.ones(4, dtype=np.bool_)))


def test_films_outside_the_groups_get_no_probability() -> None:
    scores, abnormal, groups, patients = _films(100)
    found = cross_fit(
        "Platt", scores, abnormal, {"a": groups["a"], "b": groups["b"][:-1]}, patients
    )
    assert np.isnan(found.probabilities[-1])
    assert not np.isnan(found.probabilities[:-1]).any()
    assert cross_fit("Platt", scores, abnormal, groups, patients).loss == pytest.approx(
        cross_fit("Platt", scores, abnormal, groups, patients).loss
    )
