"""Hiding a part of a film by the grey around it."""

from __future__ import annotations

import numpy as np
import pytest

from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.occlusion import Occlusion, hide
from cxr_desktop.domain.radiograph import Radiograph


def a_film() -> Radiograph:
    """Grey 0.2, with a white square of 20 pixels at (40, 30)."""
    pixels = np.full((100, 120), 0.2, dtype=np.float32)
    pixels[30:50, 40:60] = 1.0
    return Radiograph(pixels, "a" * 64, "a.png", "PNG")


def test_a_part_gets_the_grey_around_it_and_the_rest_stays() -> None:
    film = a_film()
    hidden = hide(film, FilmRegion(40, 30, 20, 20))
    assert np.allclose(hidden.pixels, 0.2, atol=1e-6)
    assert film.pixels[40, 50] == 1.0
    assert not hidden.pixels.flags.writeable


def test_only_what_is_around_counts() -> None:
    hidden = hide(a_film(), FilmRegion(50, 30, 20, 20))
    assert 0.2 < hidden.pixels[40, 55] < 0.5  # the other half of the square lies in the ring
    assert hidden.pixels[40, 45] == 1.0


@pytest.mark.parametrize("region", [FilmRegion(0, 0, 10, 10), FilmRegion(110, 90, 10, 10)])
def test_a_part_at_the_edge_has_its_ring_on_the_film(region: FilmRegion) -> None:
    assert np.allclose(hide(a_film(), region).pixels[95:, 115:], 0.2)


def test_the_whole_film_becomes_its_own_mean() -> None:
    film = a_film()
    hidden = hide(film, FilmRegion(0, 0, 120, 100))
    assert np.allclose(hidden.pixels, film.pixels.mean(), atol=1e-5)


@pytest.mark.parametrize(
    "region", [FilmRegion(-1, 0, 5, 5), FilmRegion(0, 0, 0, 5), FilmRegion(118, 0, 5, 5)]
)
def test_a_part_outside_the_film_is_a_mistake(region: FilmRegion) -> None:
    with pytest.raises(ValueError, match="does not lie on the film"):
        hide(a_film(), region)


def test_the_change_is_negative_when_the_part_spoke_for_abnormal() -> None:
    assert Occlusion(FilmRegion(0, 0, 9, 9), 0.9, 0.4).change == pytest.approx(-0.5)
