"""Intervals agree with published numbers and stay honest at the ends."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `train` is not installed")

from cxr_desktop.training.intervals import delong, wilson


def test_wilson_gives_the_textbook_interval() -> None:
    # Newcombe, Statistics in Medicine 1998, table I: 81 of 263 and 15 of 148.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=1e-4)


def test_no_misses_do_not_mean_no_risk() -> None:
    low, high = wilson(0, 30)
    assert low == 0
    assert high == pytest.approx(0.1135, abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_area_counts_ties_half() -> None:
    scores = np.array([0.1, 0.5, 0.5, 0.9])
    area, low, high = delong(scores, np.array([False, False, True, True]))
    assert area == 0.875
    assert low < area < high


def test_the_interval_has_its_coverage() -> None:
    rng = np.random.default_rng(11)
    flags = np.repeat([True, False], 40)
    # Two normals one deviation apart: the true area is Phi(1 / sqrt 2).
    inside = 0
    for _ in range(300):
        scores = rng.normal(0, 1, 80) + flags
        _, low, high = delong(scores, flags)
        inside += low <= 0.76025 <= high
    assert 0.91 <= inside / 300 <= 0.99


def test_films_parted_without_an_error_still_get_an_interval() -> None:
    area, low, high = delong(np.arange(20.0), np.arange(20) >= 10)
    assert area == 1.0
    assert high == pytest.approx(1.0)
    assert low < 0.8


def test_a_single_film_gives_no_interval() -> None:
    with pytest.raises(ValueError, match="two films"):
        delong(np.arange(3.0), np.array([True, False, False]))
