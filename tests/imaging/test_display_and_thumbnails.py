"""Film to screen grey: window, level, invert; small pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from cxr_desktop.domain.radiograph import FULL_WINDOW, Radiograph, Window
from cxr_desktop.imaging.display import as_first_shown, to_display
from cxr_desktop.imaging.thumbnails import LONGEST_SIDE, make_thumbnail

PIXELS = np.linspace(0, 1, 3000, dtype=np.float32).reshape(50, 60)


def film(pixels: np.ndarray, window: Window = FULL_WINDOW) -> Radiograph:
    return Radiograph(pixels, "0" * 64, "film.png", "PNG", window=window)


@pytest.mark.parametrize("window", [FULL_WINDOW, Window(0.4, 0.2), Window(0.9, 1.7)])
@pytest.mark.parametrize("invert", [False, True])
def test_display_is_the_window_rounded_to_255(window: Window, invert: bool) -> None:
    expected = np.clip((PIXELS.astype(float) - window.low) / window.width, 0, 1) * 255
    shown = to_display(PIXELS, window, invert=invert)
    assert shown.dtype == np.uint8
    assert np.abs(shown - (255 - expected if invert else expected)).max() <= 0.51


def test_inverting_twice_is_the_same() -> None:
    window = Window(0.5, 0.3)
    plain, inverted = to_display(PIXELS, window), to_display(PIXELS, window, invert=True)
    assert np.abs(plain.astype(int) + inverted - 255).max() <= 1


def test_a_single_row_keeps_its_shape() -> None:
    assert to_display(PIXELS[:1], FULL_WINDOW).shape == (1, 60)
    assert to_display(PIXELS[:, :1].copy(), FULL_WINDOW).shape == (50, 1)


def test_a_film_is_first_shown_through_its_own_window() -> None:
    window = Window(0.25, 0.5)
    assert np.array_equal(as_first_shown(film(PIXELS.copy(), window)), to_display(PIXELS, window))


@pytest.mark.parametrize(("rows", "columns"), [(3000, 2500), (400, 1000), (100, 60), (5000, 3)])
def test_a_thumbnail_keeps_the_shape_and_fits(rows: int, columns: int) -> None:
    pixels = np.linspace(0, 1, rows * columns, dtype=np.float32).reshape(rows, columns)
    png = make_thumbnail(film(pixels))
    small = cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_UNCHANGED)
    assert small is not None
    assert small.dtype == np.uint8
    assert small.ndim == 2
    assert max(small.shape) == min(LONGEST_SIDE, max(rows, columns))
    assert (
        small.shape[0] / small.shape[1] == pytest.approx(rows / columns, rel=0.05) or columns == 3
    )
    assert small[0, 0] < 20
    assert small[-1, -1] > 235
