"""Where a film lies on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxr_desktop.ui.widgets.viewport import Viewport


def test_a_fitted_film_is_whole_and_centred() -> None:
    view = Viewport.fitting(2000, 1000, 800, 800)
    assert view.zoom == pytest.approx(0.4)
    assert view.left == pytest.approx(0)
    assert view.top == pytest.approx(200)


def test_a_fitted_film_follows_the_window_and_a_zoomed_one_keeps_its_middle() -> None:
    fitted = Viewport.fitting(2000, 1000, 800, 800).resized(400, 400)
    assert fitted.zoom == pytest.approx(0.2)
    zoomed = Viewport.fitting(2000, 1000, 800, 800).zoomed(2.0).resized(400, 300)
    assert zoomed.zoom == 2.0
    assert (zoomed.x, zoomed.y) == (1000, 500)


sizes = st.integers(1, 8000)


@given(sizes, sizes, st.floats(0.1, 8), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_film_point_under_the_cursor(
    columns: int, rows: int, factor: float, across: float, down: float
) -> None:
    view = Viewport.fitting(columns, rows, 900, 700)
    cursor = (
        view.left + across * columns * view.zoom,
        view.top + down * rows * view.zoom,
    )
    before = view.to_film(*cursor)
    after = view.zoomed(view.zoom * factor, cursor).to_film(*cursor)
    assert after == pytest.approx(before, abs=1e-3)


@given(st.lists(st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)), max_size=10))
def test_however_one_pans_a_strip_of_the_film_stays_in_view(
    moves: list[tuple[float, float]],
) -> None:
    view = Viewport.fitting(1500, 1200, 900, 700).zoomed(3.0)
    for dx, dy in moves:
        view = view.panned(dx, dy)
    assert view.left < 900 - 40
    assert view.left + 1500 * view.zoom > 40
    assert view.top < 700 - 40
    assert view.top + 1200 * view.zoom > 40


def test_zoom_stays_within_limits() -> None:
    view = Viewport.fitting(1000, 1000, 500, 500)
    assert view.zoomed(1e9).zoom == 32.0
    assert view.zoomed(1e-9).zoom == pytest.approx(0.25)


def test_the_same_look_shows_the_same_part_of_a_film_of_another_size() -> None:
    view = Viewport.fitting(2000, 1000, 800, 800).zoomed(1.2).panned(-100, 40)
    other = Viewport.fitting(3000, 3000, 400, 500).looking(view.look)
    assert other.look.zoom == pytest.approx(view.look.zoom)
    assert (other.look.x, other.look.y) == pytest.approx((view.look.x, view.look.y))
    assert not other.fitted


def test_the_look_of_a_fitted_film_fits_another() -> None:
    view = Viewport.fitting(2000, 1000, 800, 800)
    other = Viewport.fitting(3000, 3000, 400, 500).zoomed(2.0)
    assert other.looking(view.look).fitted
