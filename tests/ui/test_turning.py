"""A turned or flipped film: right pixels, right places, and a sign that says so."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.widgets.corner_text import warning_of
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid, visible_part
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.orientation import UPRIGHT, Orientation
from cxr_desktop.ui.widgets.viewport import Viewport

ALL = [Orientation(turns, flipped) for turns in range(4) for flipped in (False, True)]


def film(pixels: NDArray[np.float32]) -> Radiograph:
    return Radiograph(pixels, "a" * 64, "film.png", "PNG", 16)


def seen(pixels: NDArray[np.float32], orientation: Orientation) -> NDArray[np.float32]:
    """Turn with numpy: what must be on the screen."""
    flipped = np.fliplr(pixels) if orientation.flipped else pixels
    return np.rot90(flipped, -orientation.turns)


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[ExamViewer]:
    made = ExamViewer()
    qtbot.addWidget(made)
    made.resize(1000, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.canvas.setFocus()
    yield made
    made.close()


@pytest.mark.parametrize("orientation", ALL)
def test_at_one_to_one_every_pixel_is_where_it_belongs(orientation: Orientation) -> None:
    pixels = np.random.default_rng(3).random((40, 60), dtype=np.float32)
    expected = seen(pixels, orientation)
    rows, columns = expected.shape
    view = Viewport.fitting(columns, rows, columns, rows)
    part = visible_part(FilmPyramid.of(pixels), view, orientation)
    assert part is not None
    assert np.abs(part.pixels - expected).max() < 1e-4


@pytest.mark.parametrize("orientation", ALL)
def test_a_zoomed_part_of_a_large_turned_film_is_that_of_the_turned_pixels(
    orientation: Orientation,
) -> None:
    pixels = np.random.default_rng(3).random((700, 1100), dtype=np.float32)
    turned = np.ascontiguousarray(seen(pixels, orientation))
    rows, columns = turned.shape
    for zoom in (0.3, 1.7):
        view = Viewport.fitting(columns, rows, 200, 150).zoomed(zoom, (30, 120))
        got = visible_part(FilmPyramid.of(pixels), view, orientation)
        expected = visible_part(FilmPyramid.of(turned), view)
        assert got is not None
        assert expected is not None
        assert (got.x, got.y) == (expected.x, expected.y)
        assert np.abs(got.pixels - expected.pixels).max() < 0.03


def test_turning_is_what_is_seen_whatever_was_done_before() -> None:
    pixels = np.arange(12, dtype=np.float32).reshape(3, 4)
    for start in ALL:
        now = seen(pixels, start)
        assert np.array_equal(seen(pixels, start.right()), np.rot90(now, -1))
        assert np.array_equal(seen(pixels, start.left()), np.rot90(now))
        assert np.array_equal(seen(pixels, start.mirrored()), np.fliplr(now))
        assert start.right().left() == start
        assert start.mirrored().mirrored() == start


def test_film_points_go_to_the_screen_and_back() -> None:
    for orientation, point in itertools.product(ALL, [(0.0, 0.0), (10.5, 3.25), (60.0, 40.0)]):
        there = orientation.to_shown(60, 40) @ np.array([*point, 1.0])
        columns, rows = orientation.size(60, 40)
        assert -1e-9 <= there[0] <= columns + 1e-9
        assert -1e-9 <= there[1] <= rows + 1e-9
        back = orientation.to_film(60, 40) @ there
        assert back[:2] == pytest.approx(point)


def test_the_sign_says_what_was_done_and_stays_with_the_text_off(viewer: ExamViewer) -> None:
    assert warning_of(UPRIGHT, inverted=False) == ""
    assert warning_of(Orientation(1, flipped=True), inverted=True) == (
        "FLIPPED · ROTATED 90° RIGHT · INVERTED"
    )
    assert "180" in warning_of(Orientation(2), inverted=False)
    viewer.show_film(film(np.zeros((300, 300), np.float32)))
    viewer.canvas.set_corners_visible(False)
    assert greys(viewer.canvas).max() == 0
    QTest.keyClick(viewer.canvas, Qt.Key.Key_X)
    assert greys(viewer.canvas)[:40].max() > 150


def test_keys_turn_and_flip_and_bring_the_film_back(viewer: ExamViewer) -> None:
    viewer.show_film(film(np.zeros((300, 500), np.float32)))
    canvas = viewer.canvas
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.orientation == Orientation(1)
    assert (canvas.view.columns, canvas.view.rows) == (300, 500)
    QTest.keyClick(canvas, Qt.Key.Key_Q)
    assert canvas.orientation.is_plain
    assert not viewer.film_actions.turns.upright.isEnabled()
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert viewer.film_actions.turns.flip.isChecked()
    QTest.keyClick(canvas, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.orientation.is_plain
    assert not viewer.film_actions.turns.flip.isChecked()
    canvas.turn_right()
    canvas.set_window(0.2, 0.2)
    QTest.keyClick(canvas, Qt.Key.Key_0)
    assert canvas.orientation.is_plain
    assert canvas.window_level.width == 1


def test_another_film_is_never_turned(viewer: ExamViewer) -> None:
    viewer.show_film(film(np.zeros((300, 500), np.float32)))
    viewer.canvas.flip()
    viewer.canvas.turn_left()
    viewer.show_film(Radiograph(np.zeros((20, 30), np.float32), "b" * 64, "b.png", "PNG"))
    assert viewer.canvas.orientation.is_plain
    assert (viewer.canvas.view.columns, viewer.canvas.view.rows) == (30, 20)


@pytest.mark.parametrize("orientation", ALL)
def test_the_map_turns_with_the_film(viewer: ExamViewer, orientation: Orientation) -> None:
    canvas = viewer.canvas
    canvas.set_corners_visible(False)
    canvas.show_film(film(np.zeros((400, 400), np.float32)))
    values = np.full((8, 8), -3.0, np.float32)
    values[1, 2] = 2.0
    canvas.set_heat_map(HeatMap(values, FilmRegion(0, 0, 400, 400)))
    canvas.set_heat_map_visible(True)
    canvas.set_orientation(orientation)
    shown = greys(canvas).astype(float)
    shown[:40] = 0  # the sign
    place = canvas.film_to_widget.map(QPointF(125, 75))
    rows, columns = np.nonzero(shown > 0.9 * shown.max())
    assert columns.mean() == pytest.approx(place.x(), abs=12)
    assert rows.mean() == pytest.approx(place.y(), abs=12)


def greys(canvas: ImageCanvas) -> NDArray[np.uint8]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    stride = image.bytesPerLine()
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), stride)
    return whole[:, : image.width()].copy()
