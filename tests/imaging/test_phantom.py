"""The drawn film: same arguments, same film; lungs dark, bone bright."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.imaging.phantom import draw_chest


def test_the_same_seed_draws_the_same_film() -> None:
    film = draw_chest(200, 160, seed=3)
    assert film.shape == (200, 160)
    assert film.dtype == np.float32
    assert np.array_equal(film, draw_chest(200, 160, seed=3))
    assert not np.array_equal(film, draw_chest(200, 160, seed=4))


def test_lungs_are_darker_than_heart_and_air_darker_than_lungs() -> None:
    film = draw_chest(256, 256)
    lung = film[120:140, 70:90].mean()
    assert film[150:160, 125:135].mean() > lung + 0.2
    assert film[5:15, 5:15].mean() < lung - 0.1


def test_an_opacity_brightens_only_one_lung() -> None:
    clear, ill = draw_chest(256, 256), draw_chest(256, 256, opacity=True)
    assert (ill - clear)[130:150, 60:90].mean() > 0.08
    assert abs(float((ill - clear)[130:150, 170:200].mean())) < 0.01


def test_a_film_too_small_to_draw_on_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="16"):
        draw_chest(8, 100)
