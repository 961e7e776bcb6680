"""Augmentation keeps the film's frame and changes its look, the same way for the same seed."""

import numpy as np
import pytest

from cxr_desktop.imaging.phantom import draw_chest
from cxr_desktop.training.augment import augment, hide_border, random_crop


@pytest.mark.parametrize("seed", range(12))
def test_an_augmented_film_is_a_film(seed: int) -> None:
    film = augment(draw_chest(160, 128), 96, np.random.default_rng(seed))
    assert film.shape == (96, 96)
    assert film.dtype == np.float32
    assert 0 <= film.min() < film.max() <= 1


def test_the_same_seed_gives_the_same_film() -> None:
    source = draw_chest(128, 128)
    first, second = (augment(source, 64, np.random.default_rng(5)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_crop_keeps_at_least_four_fifths_of_each_axis() -> None:
    film = draw_chest(200, 100)
    for seed in range(30):
        rows, columns = random_crop(film, np.random.default_rng(seed)).shape
        assert rows >= 163
        assert columns >= 81


def test_hiding_borders_leaves_the_source_untouched() -> None:
    film = draw_chest(96, 96)
    before = film.copy()
    for seed in range(10):
        hide_border(film, np.random.default_rng(seed))
    np.testing.assert_array_equal(film, before)
