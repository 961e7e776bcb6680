"""The share of a heat map inside the lung half of the film, by hand."""

import math

import numpy as np
import pytest

from cxr_desktop.training.map_share import BOTTOM, LEFT, RIGHT, TOP, share_in_lung_half


def test_the_box_is_half_of_the_film_and_an_even_map_has_half_of_its_energy_there() -> None:
    assert pytest.approx(0.5) == (BOTTOM - TOP) * (RIGHT - LEFT)
    for side in (1, 7, 10):
        assert share_in_lung_half(np.ones((side, side))) == pytest.approx(0.5)


def test_a_map_in_the_middle_is_inside_and_one_in_a_corner_is_not() -> None:
    heat = np.zeros((7, 7))
    heat[3, 3] = 2.0
    assert share_in_lung_half(heat) == pytest.approx(1.0)
    heat[0, 0] = 2.0
    assert share_in_lung_half(heat) == pytest.approx(0.5)


def test_what_lowers_the_score_does_not_count() -> None:
    heat = np.full((7, 7), -1.0)
    assert math.isnan(share_in_lung_half(heat))
    heat[2, 2] = 0.5
    assert share_in_lung_half(heat) == pytest.approx(1.0)


def test_a_cell_on_the_edge_counts_by_its_part_inside() -> None:
    heat = np.zeros((10, 12))
    heat[1, 5] = 1.0  # from 10 to 20 % of the height: half of it is inside
    assert share_in_lung_half(heat) == pytest.approx(0.5)
