"""The contour of the heat map: where it runs, at which level, and when it is there at all."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.widgets.corner_text import broken
from cxr_desktop.ui.widgets.heat_contour import DEFAULT, LEAST, MOST, contour_lines
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.measure_paint import paint_hints
from cxr_desktop.ui.widgets.tools import Tool
from tests.support.read_desk import Desk
from tests.support.reading import READER

REGION = FilmRegion(100, 40, 700, 700)


def peak(at: tuple[int, int] = (3, 3), top: float = 2.0) -> HeatMap:
    rows, columns = np.indices((7, 7))
    far = np.hypot(rows - at[0], columns - at[1])
    return HeatMap((top - far).astype(np.float32), REGION)


def ends(lines: list[QLineF]) -> list[tuple[float, float]]:
    return [(p.x(), p.y()) for line in lines for p in (line.p1(), line.p2())]


def test_the_line_goes_round_the_peak_where_the_map_has_that_level() -> None:
    # The peak falls by 1 a cell of 100 pixels from 2: half of it lies about 100 pixels away.
    away = [math.hypot(x - 450, y - 390) for x, y in ends(contour_lines(peak(), 0.5))]
    assert len(away) > 40
    assert min(away) > 85
    assert max(away) < 115


def test_the_line_is_closed_round_a_peak_inside() -> None:
    points = [(round(x, 6), round(y, 6)) for x, y in ends(contour_lines(peak(), 0.5))]
    assert all(points.count(point) == 2 for point in set(points))


def test_a_higher_level_encloses_less() -> None:
    def span(level: float) -> float:
        xs = [x for x, _ in ends(contour_lines(peak(), level))]
        return max(xs) - min(xs)

    assert span(0.2) > span(0.5) > span(0.8) > 0


def test_a_map_without_evidence_has_no_line_and_a_faint_one_is_not_blown_up() -> None:
    assert contour_lines(peak(top=-1.0), 0.1) == []
    assert contour_lines(HeatMap(np.full((7, 7), 0.2, np.float32), REGION), 0.5) == []


@pytest.fixture
def canvas(qtbot: QtBot) -> ImageCanvas:
    made = ImageCanvas()
    qtbot.addWidget(made)
    made.resize(900, 800)
    pixels = np.zeros((780, 900), np.float32)
    made.show_film(Radiograph(pixels, "a" * 64, "film.png", "PNG", 16))
    made.set_corners_visible(False)
    return made


def test_it_is_off_until_asked_and_off_again_with_another_map(canvas: ImageCanvas) -> None:
    canvas.set_heat_map(peak())
    black = canvas.grab().toImage()
    assert not canvas.contour.is_visible
    canvas.contour.set_visible(True)
    assert canvas.grab().toImage() != black
    assert not canvas.is_heat_map_visible
    canvas.set_heat_map(peak((2, 2)))
    assert not canvas.contour.is_visible
    assert canvas.grab().toImage() == black


def test_its_caption_stands_above_what_the_tool_says_comes_next(canvas: ImageCanvas) -> None:
    canvas.set_heat_map(peak())
    canvas.tool = Tool.LENGTH
    tool_alone = canvas.grab().toImage()
    canvas.contour.set_visible(True)
    both = canvas.grab().toImage()
    foot = QRect(0, both.height() - 64 - 9, both.width(), 64 + 9)
    assert both.copy(foot) == tool_alone.copy(foot)
    above = QRect(0, foot.top() - 22, both.width(), 18)
    assert both.copy(above) != tool_alone.copy(above)


def test_without_a_map_there_is_nothing_to_switch_on(canvas: ImageCanvas) -> None:
    canvas.contour.set_visible(True)
    assert not canvas.contour.is_visible


def test_the_level_stays_within_its_limits_and_the_caption_says_it(canvas: ImageCanvas) -> None:
    contour = canvas.contour
    assert not contour.hint
    canvas.set_heat_map(peak())
    contour.set_visible(True)
    assert f"{DEFAULT} %" in contour.hint
    assert "not the outline of a lesion" in contour.hint
    for _ in range(30):
        contour.raise_level()
    assert contour.level == MOST
    contour.set_level(-5)
    assert contour.level == LEAST


def test_in_a_narrow_window_the_caption_goes_on_in_another_line(canvas: ImageCanvas) -> None:
    canvas.set_heat_map(peak())
    canvas.contour.set_visible(True)
    caption, metrics = canvas.contour.hint, canvas.fontMetrics()
    whole = metrics.horizontalAdvance(caption)
    assert broken(metrics, caption, whole) == [caption]
    lines = broken(metrics, caption, whole * 0.6)
    assert len(lines) == 2
    assert " ".join(lines) == caption
    assert all(metrics.horizontalAdvance(line) <= whole * 0.6 for line in lines)

    def rows(width: int) -> int:
        picture = QImage(width, 200, QImage.Format.Format_Grayscale8)
        picture.fill(Qt.GlobalColor.red)
        painter = QPainter(picture)
        painter.setFont(canvas.font())
        paint_hints(painter, picture.rect(), (caption,))
        painter.end()
        empty = picture.pixel(0, 0)
        return sum(picture.pixel(width // 2, row) != empty for row in range(200))

    assert rows(whole * 2) == metrics.height()
    assert rows(round(whole * 0.7)) == 2 * metrics.height()


def test_keys_slider_and_line_say_the_same(qtbot: QtBot) -> None:
    desk = Desk(qtbot, READER)
    view = ReadView(desk.presenter)
    qtbot.addWidget(view)
    view.resize(936, 672)
    with qtbot.waitExposed(view):
        view.show()
    try:
        desk.open(Path("/films/a.png"))
        heat, contour = view.viewer.panel.heat, view.viewer.canvas.contour
        QTest.keyClick(view.viewer.canvas, Qt.Key.Key_G)
        assert not contour.is_visible  # no answer yet
        desk.presenter.run()
        desk.until(lambda state: all(e.verdict for e in state.films.entries))
        assert not contour.is_visible
        assert not heat.level.isVisible()
        QTest.keyClick(view.viewer.canvas, Qt.Key.Key_G)
        assert contour.is_visible
        assert heat.contour_button.isChecked()
        assert heat.level.isVisible()
        QTest.keyClick(view.viewer.canvas, Qt.Key.Key_Period)
        assert heat.level.value() == contour.level == DEFAULT + 5
        QTest.keyClick(view.viewer.canvas, Qt.Key.Key_Comma)
        QTest.keyClick(view.viewer.canvas, Qt.Key.Key_Comma)
        assert heat.level.value() == contour.level == DEFAULT - 5
        heat.level.setValue(70)
        assert contour.level == 70
        heat.contour_button.click()
        assert not contour.is_visible
        assert not heat.level.isVisible()
    finally:
        desk.close()
