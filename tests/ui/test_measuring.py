"""Measuring with mouse and keys: what is drawn, said, moved, deleted and undone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.measurement import Measurement, MeasurementKind, Point
from cxr_desktop.domain.radiograph import PixelSpacing, Radiograph
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.measure_paint import bar_length
from cxr_desktop.ui.widgets.measure_text import is_marked, text_of
from cxr_desktop.ui.widgets.tools import Tool

SPACING = PixelSpacing(0.2, 0.2)
LENGTH, ANGLE, RATIO = MeasurementKind.LENGTH, MeasurementKind.ANGLE, MeasurementKind.RATIO


def film(spacing: PixelSpacing | None = SPACING, sha256: str = "a" * 64) -> Radiograph:
    pixels = np.zeros((1000, 1000), np.float32)
    return Radiograph(pixels, sha256, "film.dcm", "DICOM", 16, spacing=spacing)


@pytest.fixture
def viewer(qtbot: QtBot) -> Iterator[ExamViewer]:
    made = ExamViewer()
    qtbot.addWidget(made)
    made.resize(1000, 640)
    with qtbot.waitExposed(made):
        made.show()
    made.show_film(film())
    made.canvas.setFocus()
    yield made
    made.close()


def spot(canvas: ImageCanvas, x: float, y: float) -> QPoint:
    return canvas.film_to_widget.map(QPointF(x, y)).toPoint()


def click(canvas: ImageCanvas, *points: Point) -> None:
    for x, y in points:
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, x, y))


def drag(canvas: ImageCanvas, start: Point, end: Point) -> None:
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, *start))
    QTest.mouseMove(canvas, spot(canvas, *end))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=spot(canvas, *end))


def done(viewer: ExamViewer) -> tuple[Measurement, ...]:
    return viewer.canvas.measures.book.measurements


def near(point: Point, x: float, y: float) -> bool:
    return abs(point[0] - x) < 3 and abs(point[1] - y) < 3


def greys(canvas: ImageCanvas) -> NDArray[np.uint8]:
    image = canvas.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    stride = image.bytesPerLine()
    whole = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), stride)
    return whole[:, : image.width()].copy()


def test_a_length_is_drawn_by_two_clicks_or_by_one_drag(viewer: ExamViewer) -> None:
    QTest.keyClick(viewer.canvas, Qt.Key.Key_D)
    assert viewer.film_actions.measures.length.isChecked()
    click(viewer.canvas, (200, 300), (500, 700))
    drag(viewer.canvas, (600, 200), (900, 200))
    first, second = done(viewer)
    assert near(first.points[0], 200, 300)
    assert near(first.points[1], 500, 700)
    assert near(second.points[0], 600, 200)
    assert near(second.points[1], 900, 200)
    assert float(text_of(first, SPACING).split()[0]) == pytest.approx(100, abs=1)


def test_an_angle_takes_three_points_and_a_ratio_two_lines(viewer: ExamViewer) -> None:
    QTest.keyClick(viewer.canvas, Qt.Key.Key_A)
    click(viewer.canvas, (300, 100), (300, 300), (500, 300))
    QTest.keyClick(viewer.canvas, Qt.Key.Key_C)
    drag(viewer.canvas, (350, 700), (650, 700))
    drag(viewer.canvas, (200, 800), (800, 800))
    right, ratio = done(viewer)
    assert right.kind is ANGLE
    assert float(text_of(right, SPACING).rstrip("°")) == pytest.approx(90, abs=1.5)
    assert ratio.kind is RATIO
    assert text_of(ratio, SPACING) in {"CTR 0.50", "CTR 0.49", "CTR 0.51 – above 0.50"}


def test_lengths_say_their_unit_and_the_plane_they_hold_in() -> None:
    line = Measurement(LENGTH, ((0.0, 0.0), (300.0, 400.0)))
    assert text_of(line, SPACING) == "100.0 mm"
    at_detector = PixelSpacing(0.2, 0.2, at_detector=True)
    assert text_of(line, at_detector) == "100.0 mm at the detector plane"
    assert text_of(line, None) == "500 pixels"


def test_a_ratio_above_one_half_is_marked_in_words_and_colour() -> None:
    large = Measurement(RATIO, ((0.0, 0.0), (56.0, 0.0), (0.0, 9.0), (100.0, 9.0)))
    small = Measurement(RATIO, ((0.0, 0.0), (50.0, 0.0), (0.0, 9.0), (100.0, 9.0)))
    assert text_of(large, None) == "CTR 0.56 – above 0.50"
    assert is_marked(large, None)
    assert text_of(small, None) == "CTR 0.50"
    assert not is_marked(small, None)


def test_an_end_point_is_moved_and_brought_back(viewer: ExamViewer, qtbot: QtBot) -> None:
    canvas = viewer.canvas
    canvas.tool = Tool.LENGTH
    click(canvas, (200, 300), (500, 300))
    canvas.tool = Tool.WINDOW
    before = canvas.window_level
    with qtbot.waitSignal(canvas.measures.changed):
        drag(canvas, (500, 300), (800, 500))
    (moved,) = done(viewer)
    assert near(moved.points[0], 200, 300)
    assert near(moved.points[1], 800, 500)
    assert canvas.window_level == before
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert near(done(viewer)[0].points[1], 500, 300)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert done(viewer) == ()
    assert not canvas.magnifier.is_on


def test_a_line_is_selected_by_a_click_moved_as_a_whole_and_deleted(viewer: ExamViewer) -> None:
    canvas = viewer.canvas
    canvas.tool = Tool.LENGTH
    click(canvas, (200, 300), (500, 300))
    click(canvas, (200, 600), (500, 600))
    canvas.tool = Tool.WINDOW
    drag(canvas, (350, 300), (450, 400))
    assert near(done(viewer)[0].points[0], 300, 400)
    assert near(done(viewer)[0].points[1], 600, 400)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    (left,) = done(viewer)
    assert near(left.points[0], 200, 600)
    QTest.keyClick(canvas, Qt.Key.Key_Delete)  # nothing is selected any more
    assert len(done(viewer)) == 1
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(done(viewer)) == 2


def test_a_click_on_a_measurement_without_moving_it_changes_nothing(
    viewer: ExamViewer, qtbot: QtBot
) -> None:
    canvas = viewer.canvas
    canvas.tool = Tool.LENGTH
    click(canvas, (200, 300), (500, 300))
    before = done(viewer)
    with qtbot.assertNotEmitted(canvas.measures.changed):
        click(canvas, (350, 300))
    assert done(viewer) == before
    assert canvas.measures.book.selected == 0


def test_escape_drops_what_is_half_drawn_then_the_tool(viewer: ExamViewer) -> None:
    canvas = viewer.canvas
    canvas.tool = Tool.RATIO
    click(canvas, (200, 300), (500, 300), (100, 500))
    assert canvas.measures.book.drawing is RATIO
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(canvas.measures.book.drawn) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.measures.book.drawing is None
    assert canvas.tool is Tool.RATIO
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert viewer.film_actions.window_tool.isChecked()
    assert done(viewer) == ()


def test_measurements_stay_on_their_place_of_the_film_however_it_is_turned(
    viewer: ExamViewer,
) -> None:
    canvas = viewer.canvas
    canvas.set_corners_visible(False)
    canvas.measures.show((Measurement(LENGTH, ((100.0, 200.0), (100.0, 800.0))),))
    for turn in (canvas.fit, canvas.turn_right, canvas.flip, canvas.zoom_out):
        turn()
        shown = greys(canvas)
        middle = spot(canvas, 100, 500)
        around = shown[middle.y() - 2 : middle.y() + 3, middle.x() - 2 : middle.x() + 3]
        assert around.max() > 120
    click(canvas, (100, 500))
    assert canvas.measures.book.selected == 0


def test_points_never_leave_the_film(viewer: ExamViewer) -> None:
    canvas = viewer.canvas
    canvas.zoom_out()
    canvas.tool = Tool.LENGTH
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.rect().bottomRight())
    (line,) = done(viewer)
    assert line.points == ((0.0, 0.0), (1000.0, 1000.0))


def test_another_film_comes_without_measurements(viewer: ExamViewer) -> None:
    viewer.canvas.tool = Tool.LENGTH
    click(viewer.canvas, (200, 300), (500, 300), (600, 600))
    viewer.show_film(film(sha256="b" * 64))
    assert done(viewer) == ()
    assert viewer.canvas.measures.book.drawing is None
    assert not viewer.canvas.measures.book.can_undo


def test_a_film_of_one_pixel_width_can_be_measured(viewer: ExamViewer) -> None:
    pixels = np.zeros((900, 1), np.float32)
    viewer.show_film(Radiograph(pixels, "c" * 64, "thin.png", "PNG"))
    viewer.canvas.tool = Tool.LENGTH
    click(viewer.canvas, (0.5, 100), (0.5, 500))
    (line,) = done(viewer)
    assert text_of(line, None).endswith("pixels")
    viewer.canvas.grab()


def test_the_scale_bar_is_a_round_length_and_only_there_with_a_spacing(
    viewer: ExamViewer,
) -> None:
    assert bar_length(3.0, 200) == (50, 150)
    assert bar_length(0.1, 200) == (500, 50)
    assert bar_length(900.0, 200) == (0, 0)
    canvas = viewer.canvas
    right = slice(canvas.width() - 15, canvas.width() - 5)
    middle = slice(canvas.height() // 2 - 20, canvas.height() // 2 + 20)
    assert greys(canvas)[middle, right].max() > 200
    viewer.show_film(film(spacing=None, sha256="b" * 64))
    assert greys(canvas)[middle, right].max() == 0


def test_the_glass_is_there_while_z_is_held_and_follows_the_cursor(viewer: ExamViewer) -> None:
    canvas = viewer.canvas
    pixels = np.zeros((1000, 1000), np.float32)
    pixels[500:504, 500:504] = 1.0
    viewer.show_film(Radiograph(pixels, "d" * 64, "dot.png", "PNG"))
    canvas.set_corners_visible(False)
    plain = int((greys(canvas) > 128).sum())
    QTest.mouseMove(canvas, spot(canvas, 502, 502))
    QTest.keyPress(canvas, Qt.Key.Key_Z)
    assert viewer.film_actions.measures.magnifier.isChecked()
    QTest.mouseMove(canvas, spot(canvas, 502, 504))
    QTest.mouseMove(canvas, spot(canvas, 502, 502))
    canvas.magnifier.at = QPointF(spot(canvas, 502, 502))
    at = spot(canvas, 502, 502)
    dot = greys(canvas)[at.y() - 40 : at.y() + 40, at.x() - 40 : at.x() + 40]
    assert int((dot > 128).sum()) > 3 * plain
    power, size = canvas.magnifier.power, canvas.magnifier.size
    zoom = canvas.view.zoom
    wheel(canvas, Qt.KeyboardModifier.NoModifier)
    wheel(canvas, Qt.KeyboardModifier.ControlModifier)
    assert canvas.magnifier.power > power
    assert canvas.magnifier.size > size
    assert canvas.view.zoom == zoom
    QTest.keyRelease(canvas, Qt.Key.Key_Z)
    assert not canvas.magnifier.is_on
    assert int((greys(canvas) > 128).sum()) == plain


def wheel(canvas: ImageCanvas, modifier: Qt.KeyboardModifier) -> None:
    at = QPointF(50, 50)
    event = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        modifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    canvas.wheelEvent(event)


def test_f11_fills_the_screen_and_goes_back(viewer: ExamViewer) -> None:
    QTest.keyClick(viewer.canvas, Qt.Key.Key_F11)
    assert viewer.window().isFullScreen()
    QTest.keyClick(viewer.canvas, Qt.Key.Key_F11)
    assert not viewer.window().isFullScreen()


def test_what_was_measured_is_listed_beside_the_film_in_words(viewer: ExamViewer) -> None:
    viewer.show_measurements((Measurement(LENGTH, ((0.0, 0.0), (300.0, 400.0))),))
    assert viewer.panel.measured.text() == "Length: 100.0 mm"
    viewer.canvas.tool = Tool.RATIO
    assert viewer.film_actions.measures.ratio.isChecked()
    for line in (((500, 500), (700, 500)), ((300, 600), (900, 600))):
        drag(viewer.canvas, *line)
    assert "Ratio: CTR 0.3" in viewer.panel.measured.text()
    viewer.show_film(film(sha256="b" * 64))
    assert viewer.panel.measured.text() == ""


def test_a_huge_film_is_windowed_turned_and_measured(viewer: ExamViewer) -> None:
    pixels = np.zeros((12000, 12000), np.float32)
    pixels[3000:9000, 3000:9000] = 0.5
    viewer.show_film(Radiograph(pixels, "e" * 64, "huge.png", "PNG"))
    canvas = viewer.canvas
    canvas.use_preset(2)
    canvas.turn_right()
    canvas.tool = Tool.LENGTH
    drag(canvas, (3000, 6000), (9000, 6000))
    (line,) = done(viewer)
    assert float(text_of(line, None).split()[0]) == pytest.approx(6000, abs=40)
    canvas.grab()
