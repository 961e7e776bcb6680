"""The film on the screen: right greys, right places, and the reader's moves."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Caution, Radiograph, StudyInfo, Window
from cxr_desktop.ui.widgets.corner_text import Corners, draw_corners
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid, to_grey, visible_part
from cxr_desktop.ui.widgets.heat_overlay import colours, evidence, overlay_image
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.tools import Tool
from cxr_desktop.ui.widgets.viewport import Viewport


def film(pixels: NDArray[np.float32], window: Window | None = None) -> Radiograph:
    return Radiograph(pixels, "a" * 64, "film.png", "PNG", 16, window or Window())


def ramp(rows: int = 300, columns: int = 400) -> NDArray[np.float32]:
    line = np.linspace(0.0, 1.0, columns, dtype=np.float32)
    return np.ascontiguousarray(np.broadcast_to(line, (rows, columns)))


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    made = ImageCanvas()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.set_corners_visible(False)
    return made


def greys(canvas: ImageCanvas) -> NDArray[np.uint8]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    stride = image.bytesPerLine()
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), stride)
    return whole[:, : image.width()].copy()


def test_at_one_to_one_every_pixel_is_shown_through_the_window(canvas: ImageCanvas) -> None:
    pixels = ramp()
    canvas.show_film(film(pixels))
    canvas.actual_size()
    canvas.set_window(0.5, 0.5)
    expected = np.clip((pixels - 0.25) / 0.5 * 255, 0, 255)
    assert np.abs(greys(canvas).astype(float) - expected).max() <= 1


def test_sixteen_bits_are_kept_two_close_values_are_told_apart_by_a_narrow_window(
    canvas: ImageCanvas,
) -> None:
    pixels = np.full((300, 400), 30000 / 65535, np.float32)
    pixels[:, 200:] = 30030 / 65535  # the same grey in 8 bit
    canvas.show_film(film(pixels))
    canvas.actual_size()
    canvas.set_window(30015 / 65535, 64 / 65535)
    shown = greys(canvas)
    assert int(shown[150, 300]) - int(shown[150, 100]) > 100


def test_inverting_turns_the_greys_and_says_so_but_leaves_the_film_alone(
    canvas: ImageCanvas,
) -> None:
    pixels = ramp()
    canvas.show_film(film(pixels))
    canvas.actual_size()
    before = greys(canvas)
    canvas.set_inverted(True)
    after = greys(canvas)
    assert np.abs(before[100:].astype(int) + after[100:] - 255).max() <= 1
    assert not np.array_equal(before[:30] + after[:30], np.full((30, 400), 255))  # INVERTED
    assert np.array_equal(pixels, ramp())


def test_a_film_is_fitted_and_opened_through_its_own_window(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(900, 1200), Window(0.4, 0.2)))
    assert canvas.view.zoom == pytest.approx(1 / 3)
    assert (canvas.window_level.centre, canvas.window_level.width) == (0.4, 0.2)


def test_the_pyramid_shows_the_same_greys_as_the_film_at_any_zoom() -> None:
    pixels = ramp(1600, 2000)
    pyramid = FilmPyramid.of(pixels)
    assert [level.shape for level in pyramid.levels] == [(1600, 2000), (800, 1000), (400, 500)]
    for zoom in (0.13, 0.25, 0.4, 0.9, 1.7, 6.0):
        view = Viewport.fitting(2000, 1600, 500, 400).zoomed(zoom)
        part = visible_part(pyramid, view)
        assert part is not None
        columns = part.x + np.arange(part.pixels.shape[1]) + 0.5
        expected = ((columns - view.left) / view.zoom - 0.5) / 1999
        inner = slice(4, -4)  # the last pixels at an edge have no neighbour to mix with
        assert np.abs(part.pixels[10, inner] - expected[inner]).max() < 2e-3


def test_a_film_out_of_view_paints_nothing() -> None:
    view = Viewport(100, 100, 50, 50, zoom=1.0, x=500, y=0)
    assert visible_part(FilmPyramid.of(ramp(100, 100)), view) is None


def test_a_very_long_film_can_be_shown(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(20, 40000)))
    canvas.grab()
    canvas.actual_size()
    assert int(greys(canvas)[150, 200]) == pytest.approx(127, abs=3)


def test_grey_mapping_saturates_instead_of_wrapping() -> None:
    pixels = np.array([[-5.0, 0.0, 0.5, 1.0, 9.0]], np.float32)
    assert to_grey(pixels, Window(0.5, 0.5), invert=False).tolist() == [[0, 0, 128, 255, 255]]
    assert to_grey(pixels, Window(0.5, 0.5), invert=True).tolist() == [[255, 255, 128, 0, 0]]


def test_the_picture_outlives_its_numpy_array(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp()))
    first = greys(canvas)
    gc.collect()
    others = [np.full((300, 400), 7, np.uint8) for _ in range(50)]
    assert len(others) == 50
    assert np.array_equal(greys(canvas), first)


def test_the_wheel_zooms_to_the_cursor(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(900, 1200)))
    before = canvas.view.to_film(100, 80)
    wheel(canvas, QPoint(100, 80), 120)
    assert canvas.view.zoom == pytest.approx(1.25 / 3)
    assert canvas.view.to_film(100, 80) == pytest.approx(before, abs=0.01)
    wheel(canvas, QPoint(100, 80), -120)
    assert canvas.view.zoom == pytest.approx(1 / 3)


def test_left_drag_windows_right_and_middle_drag_pan(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(900, 1200)))
    drag(canvas, Qt.MouseButton.LeftButton, 60, 30)
    assert canvas.window_level.width > 1.1  # to the right: wider
    assert canvas.window_level.centre > 0.55  # down: a higher value is mid grey, so darker
    place = (canvas.view.x, canvas.view.y)
    drag(canvas, Qt.MouseButton.RightButton, 60, 30)
    assert (canvas.view.x, canvas.view.y) == (place[0] - 180, place[1] - 90)
    drag(canvas, Qt.MouseButton.MiddleButton, -60, -30)
    assert (canvas.view.x, canvas.view.y) == pytest.approx(place)


def test_with_the_pan_tool_left_and_right_change_places(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(900, 1200)))
    canvas.tool = Tool.PAN
    drag(canvas, Qt.MouseButton.LeftButton, 10, 0)
    assert canvas.window_level == Window()
    assert not canvas.view.fitted
    drag(canvas, Qt.MouseButton.RightButton, 10, 0)
    assert canvas.window_level.width > 1


def test_a_double_click_resets_everything(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(), Window(0.4, 0.3)))
    canvas.zoom_in()
    canvas.set_window(0.9, 0.1)
    canvas.set_inverted(True)
    QTest.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert canvas.view.fitted
    assert canvas.window_level == Window(0.4, 0.3)
    assert not canvas.is_inverted


def test_arrows_pan_and_with_ctrl_change_the_window(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp(900, 1200)))
    canvas.actual_size()
    x = canvas.view.x
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.view.x == x + 60
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert canvas.window_level.width == pytest.approx(1.1)


def test_the_window_stays_usable_however_far_one_drags(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp()))
    for dx, dy in ((-9000, -9000), (9000, 9000), (-9000, 9000)):
        drag(canvas, Qt.MouseButton.LeftButton, dx, dy)
        assert 0 < canvas.window_level.width <= 4
        assert -1 <= canvas.window_level.centre <= 2
        canvas.grab()


def test_no_move_harms_an_empty_canvas(canvas: ImageCanvas) -> None:
    wheel(canvas, QPoint(10, 10), 120)
    drag(canvas, Qt.MouseButton.LeftButton, 5, 5)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key)
    canvas.fit()
    canvas.reset()
    assert greys(canvas).max() == 0


def test_the_map_is_off_until_asked_and_lies_on_its_region(canvas: ImageCanvas) -> None:
    canvas.show_film(film(np.zeros((300, 400), np.float32)))
    values = np.full((7, 7), -3.0, np.float32)
    values[3, 3] = 2.0
    canvas.set_heat_map(HeatMap(values, FilmRegion(100, 0, 300, 300)))
    assert greys(canvas).max() == 0
    canvas.set_heat_map_visible(True)
    shown = greys(canvas).astype(float)
    rows, columns = np.indices(shown.shape)
    centre = (
        (shown * columns).sum() / shown.sum() + 0.5,
        (shown * rows).sum() / shown.sum() + 0.5,
    )
    assert centre == (pytest.approx(250, abs=2), pytest.approx(150, abs=2))
    canvas.set_heat_map_visible(False)
    assert greys(canvas).max() == 0


def test_another_film_takes_the_map_away(canvas: ImageCanvas) -> None:
    canvas.show_film(film(ramp()))
    canvas.set_heat_map(HeatMap(np.ones((7, 7), np.float32), FilmRegion(0, 0, 400, 300)))
    canvas.set_heat_map_visible(True)
    canvas.show_film(film(ramp()))
    assert canvas.heat_map is None
    assert not canvas.is_heat_map_visible


def test_only_evidence_for_abnormal_is_painted_and_little_is_not_blown_up() -> None:
    region = FilmRegion(0, 0, 10, 10)
    assert evidence(HeatMap(np.full((7, 7), -4.0, np.float32), region)).max() == 0
    faint = np.zeros((7, 7), np.float32)
    faint[3, 3] = 0.05
    assert evidence(HeatMap(faint, region)).max() < 0.2
    strong = faint * 100
    assert evidence(HeatMap(strong, region)).max() > 0.9
    assert (
        overlay_image(HeatMap(np.full((7, 7), -4.0, np.float32), region))
        .pixelColor(128, 128)
        .alpha()
        == 0
    )


def test_the_colours_grow_lighter_with_the_value() -> None:
    scale = colours(np.linspace(0, 1, 64, dtype=np.float32)[None, :])[0].astype(float)
    lightness = scale @ np.array([0.0722, 0.7152, 0.2126])
    assert (np.diff(lightness) >= -0.5).all()
    assert lightness[-1] - lightness[0] > 100


def test_patient_text_of_any_kind_is_drawn_as_it_is(canvas: ImageCanvas) -> None:
    canvas.set_corners_visible(True)
    canvas.show_film(film(np.zeros((300, 400), np.float32)))
    canvas.set_corners(Corners.of(StudyInfo(patient_name="<b>x</b>^محمد", patient_id="=1+1")))
    assert greys(canvas)[:60].max() > 100
    canvas.set_corners_visible(False)
    assert greys(canvas).max() == 0


def wheel(canvas: ImageCanvas, at: QPoint, delta: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    canvas.wheelEvent(event)


def drag(canvas: ImageCanvas, button: Qt.MouseButton, dx: int, dy: int) -> None:
    start = QPoint(200, 150)
    QTest.mousePress(canvas, button, pos=start)
    QTest.mouseMove(canvas, start + QPoint(dx, dy))
    QTest.mouseRelease(canvas, button, pos=start + QPoint(dx, dy))


def ink_rows(shown: NDArray[np.uint8]) -> int:
    rows = np.flatnonzero(shown.max(axis=1) > 100)
    return int(rows[-1] - rows[0] + 1)


def test_arabic_and_urdu_names_are_not_cut_off_above_or_below(canvas: ImageCanvas) -> None:
    name = "ڈسٹرکٹ لِلّٰہِ اُمِّ محمد جی"
    font = QFont(canvas.font())
    font.setPixelSize(13)
    roomy = QImage(400, 200, QImage.Format.Format_Grayscale8)
    roomy.fill(0)
    painter = QPainter(roomy)
    painter.setFont(font)
    painter.setPen(QColor(232, 236, 240))
    painter.drawText(20, 100, name)
    painter.end()
    free = np.frombuffer(roomy.constBits(), np.uint8).reshape(200, roomy.bytesPerLine())
    canvas.set_corners_visible(True)
    canvas.show_film(film(np.zeros((300, 400), np.float32)))
    canvas.set_corners(Corners(upper_left=(name,)))
    assert abs(ink_rows(greys(canvas)[:150, :190]) - ink_rows(free)) <= 1


def test_a_sign_gives_way_to_long_names_but_is_always_there(canvas: ImageCanvas) -> None:
    canvas.set_corners_visible(True)
    canvas.show_film(film(np.zeros((300, 400), np.float32)))
    canvas.set_corners(Corners(upper_left=("W" * 40,), upper_right=("W" * 40,)))
    before = greys(canvas)[28:60].max()
    canvas.flip()
    assert before == 0
    assert greys(canvas)[28:60].max() > 150


def test_a_lossy_film_says_so_in_its_corner_and_another_does_not() -> None:
    pixels = np.zeros((8, 8), np.float32)
    plain = Radiograph(pixels, "a" * 64, "a.dcm", "DICOM")
    stated = Radiograph(
        pixels, "a" * 64, "a.dcm", "DICOM", cautions=(Caution("lossy_compression", "It was."),)
    )
    jpeg = Radiograph(pixels, "a" * 64, "a.jpg", "JPEG")
    corners = Corners.of(StudyInfo(view_position="PA"))
    assert corners.with_compression(plain).lower_left == ("PA",)
    for lossy in (stated, jpeg):
        assert corners.with_compression(lossy).lower_left == ("Lossy compression", "PA")


@pytest.mark.parametrize("other,is_whole", [("PA", True), ("A department of radiology", False)])
def test_a_corner_takes_the_room_that_the_other_does_not_need(
    qapp: QApplication, other: str, is_whole: bool
) -> None:
    del qapp
    text = "1970-01-01 · Female · 55 years"
    image = QImage(300, 100, QImage.Format.Format_Grayscale8)
    image.fill(0)
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    width = painter.fontMetrics().horizontalAdvance(text)
    assert 150 < width < 250  # more than half
    draw_corners(painter, image.rect(), Corners(upper_left=(text,), upper_right=(" ", other)))
    painter.end()
    first_line = [
        x for x in range(300) if any(image.pixelColor(x, y).red() > 150 for y in range(12, 26))
    ]
    assert (max(first_line) > 12 + width - 8) is is_whole


@pytest.mark.parametrize("width,lines", [(600, 1), (260, 2)])
def test_a_warning_is_never_cut_off(qapp: QApplication, width: int, lines: int) -> None:
    del qapp
    image = QImage(width, 120, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.red)
    empty = image.pixel(0, 0)
    painter = QPainter(image)
    font = painter.font()
    font.setPixelSize(13)
    painter.setFont(font)
    high = painter.fontMetrics().height()
    draw_corners(painter, image.rect(), Corners(), "EARLIER FILM 2026-11-28 · OTHER BIRTH DATE")
    painter.end()
    covered = [y for y in range(120) if image.pixel(width // 2, y) != empty]
    assert round(len(covered) / high) == lines
