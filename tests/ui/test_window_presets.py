"""Grey windows under the number keys, by the film's own names, and typed exactly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.radiograph import Radiograph, Window
from cxr_desktop.ui.widgets.corner_text import state_lines
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.histogram import Histogram
from cxr_desktop.ui.widgets.window_dialog import WindowDialog
from cxr_desktop.ui.widgets.window_presets import own_presets, presets_of


def chest(rows: int = 400, columns: int = 400) -> NDArray[np.float32]:
    """Draw two dark lungs with texture, a bright middle, black around."""
    rng = np.random.default_rng(1)
    pixels = np.zeros((rows, columns), np.float32)
    body = slice(columns // 8, -columns // 8)
    pixels[:, body] = 0.55
    pixels[80:320, 70:170] = 0.2
    pixels[80:320, 230:330] = 0.2
    pixels[:, 180:220] = 0.85
    noise = rng.normal(0, 0.03, pixels.shape).astype(np.float32)
    return np.where(pixels > 0, np.clip(pixels + noise, 0.02, 0.98), 0).astype(np.float32)


def film(pixels: NDArray[np.float32], *windows: Window) -> Radiograph:
    first = windows[0] if windows else Window()
    return Radiograph(pixels, "a" * 64, "film.dcm", "DICOM", 16, first, windows)


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[ExamViewer]:
    made = ExamViewer()
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.canvas.setFocus()
    yield made
    made.close()


def presets(pixels: NDArray[np.float32]) -> dict[str, Window]:
    made = presets_of(film(pixels), FilmPyramid.of(pixels))
    return {preset.key: preset.window for preset in made}


def test_the_lung_window_spans_the_lungs_and_the_mediastinal_one_the_bright_middle() -> None:
    by_key = presets(chest())
    assert by_key["2"].low < 0.2 < by_key["2"].centre < 0.5
    assert by_key["3"].high > 0.85
    assert by_key["3"].low > by_key["2"].low


def test_presets_follow_the_film_when_it_is_darker() -> None:
    bright, dark = presets(chest()), presets(np.asarray(chest() * 0.5, np.float32))
    for key in "23456":
        assert dark[key].centre == pytest.approx(bright[key].centre / 2, abs=0.02)


def test_black_borders_and_white_letters_do_not_move_the_presets() -> None:
    plain, framed = chest(), chest()
    framed[:, :60] = 0
    framed[10:30, 200:260] = 1
    before, after = presets(plain), presets(framed)
    for key in "2345":
        assert after[key].centre == pytest.approx(before[key].centre, abs=0.04)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (700, 1), (3, 3)])
def test_the_smallest_films_have_presets_too(shape: tuple[int, int]) -> None:
    for window in presets(np.full(shape, 0.5, np.float32)).values():
        assert window.width > 0


def test_number_keys_choose_the_window_and_the_corner_names_it(viewer: ExamViewer) -> None:
    viewer.show_film(film(chest()))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_2)
    lungs = viewer.canvas.window_level
    assert lungs.name == "Lungs"
    assert "Lungs" in state_lines(1.0, lungs)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_7)
    assert (viewer.canvas.window_level.low, viewer.canvas.window_level.high) == (0, 1)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_1)
    assert viewer.canvas.window_level.centre == Window().centre


def test_a_window_changed_by_hand_has_no_preset_name_any_more(viewer: ExamViewer) -> None:
    viewer.show_film(film(chest()))
    viewer.canvas.use_preset(2)
    QTest.keyClick(viewer.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert viewer.canvas.window_level.name == ""


def test_number_keys_without_a_film_do_nothing(viewer: ExamViewer) -> None:
    QTest.keyClick(viewer.canvas, Qt.Key.Key_3)
    viewer.canvas.use_preset(3)
    assert viewer.canvas.window_level == Window()


def test_the_films_own_windows_are_in_the_menu_by_name(viewer: ExamViewer) -> None:
    own = (Window(0.4, 0.3, "NORMAL"), Window(0.6, 0.2, "HARDER & SHARPER"), Window(0.5, 0.5))
    viewer.show_film(film(chest(), *own))
    menu = viewer.film_actions.windows.menu
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert "NORMAL" in texts
    assert "HARDER && SHARPER" in texts
    assert "Window 3 of the film" in texts
    next(a for a in menu.actions() if a.text() == "HARDER && SHARPER").trigger()
    assert viewer.canvas.window_level == own[1]
    viewer.show_film(replace(film(chest()), sha256="b" * 64))
    menu.aboutToShow.emit()
    assert "NORMAL" not in [action.text() for action in menu.actions()]
    assert len([preset.name for preset in own_presets(film(chest()))]) == 0


def test_centre_and_width_can_be_typed_exactly_and_follow_the_film(viewer: ExamViewer) -> None:
    viewer.show_film(film(chest()))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_L)
    dialog = viewer.findChild(WindowDialog)
    assert dialog is not None
    assert dialog.isVisible()
    dialog.centre.setValue(37.5)
    dialog.width_box.setValue(12.5)
    assert viewer.canvas.window_level.centre == pytest.approx(0.375)
    assert viewer.canvas.window_level.width == pytest.approx(0.125)
    viewer.canvas.set_window(0.25, 0.75)
    assert dialog.centre.value() == pytest.approx(25.0)
    assert dialog.width_box.value() == pytest.approx(75.0)
    viewer.clear()
    assert not dialog.isVisible()


def test_black_and_white_are_dragged_on_the_histogram(viewer: ExamViewer) -> None:
    viewer.show_film(film(chest()))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_L)
    dialog = viewer.findChild(WindowDialog)
    assert dialog is not None
    histogram = dialog.histogram

    def at(value: float) -> QPoint:
        return QPoint(round((value + 0.1) / 1.2 * histogram.width()), 40)

    def drag(start: float, end: float) -> None:
        QTest.mousePress(histogram, Qt.MouseButton.LeftButton, pos=at(start))
        QTest.mouseMove(histogram, at(end))
        QTest.mouseRelease(histogram, Qt.MouseButton.LeftButton, pos=at(end))

    drag(0.0, 0.2)
    assert viewer.canvas.window_level.low == pytest.approx(0.2, abs=0.01)
    assert viewer.canvas.window_level.high == pytest.approx(1.0, abs=0.01)
    drag(1.0, 0.6)
    assert viewer.canvas.window_level.high == pytest.approx(0.6, abs=0.01)
    drag(0.2, 0.9)  # never past the other line
    assert viewer.canvas.window_level.width > 0
    assert dialog.centre.value() == pytest.approx(viewer.canvas.window_level.centre * 100, abs=0.1)
    dialog.grab()


def test_a_histogram_shows_where_the_values_are_and_survives_a_film_of_one_value(
    viewer: ExamViewer,
) -> None:
    histogram = Histogram()
    histogram.resize(240, 96)
    pixels = np.full((50, 50), 0.25, np.float32)
    histogram.show_film(FilmPyramid.of(pixels))
    histogram.show_window(Window(0.5, 2.0))
    image = histogram.grab().toImage()
    assert image.pixelColor(round(0.352 / 1.2 * 240), 60).lightness() > 60
    assert image.pixelColor(round(0.95 / 1.2 * 240), 80).lightness() < 30
    histogram.show_film(FilmPyramid.of(np.zeros((1, 1), np.float32)))
    histogram.grab()
    assert viewer.canvas.film is None


def test_8_and_9_are_the_windows_that_the_films_file_brings(viewer: ExamViewer) -> None:
    windows = (Window(0.4, 0.3, "NORMAL"), Window(0.6, 0.2, "HARDER"), Window(0.5, 0.1, "SOFTER"))
    viewer.show_film(film(chest(), *windows))
    viewer.activateWindow()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_9)
    assert viewer.canvas.window_level == windows[1]
    QTest.keyClick(viewer.canvas, Qt.Key.Key_8)
    assert viewer.canvas.window_level == windows[0]


def test_without_windows_of_its_own_8_and_9_do_nothing(viewer: ExamViewer) -> None:
    viewer.show_film(film(chest()))
    viewer.activateWindow()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_3)
    before = viewer.canvas.window_level
    QTest.keyClick(viewer.canvas, Qt.Key.Key_8)
    assert viewer.canvas.window_level == before
    assert not any(action.isEnabled() for action in viewer.film_actions.windows.own)
