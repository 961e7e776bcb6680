"""The occlusion check on the screen: a box, one more run, and words that say what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.screens.read.state import Opened, Showing
from tests.support.read_desk import ShownDesk
from tests.support.reading import FIRST_READER, READER, TECHNICIAN

A, B = Path("/films/a.png"), Path("/films/b.png")


class Screen(ShownDesk):
    """With the keys at hand."""

    def __init__(self, qtbot: QtBot, actor: Actor = READER) -> None:
        super().__init__(qtbot, actor)
        self.canvas = self.view.viewer.canvas
        self.canvas.setFocus()

    def run(self, *paths: Path) -> None:
        """Open films and run the first."""
        self.open(*paths)
        self.presenter.run()
        self.until(lambda state: isinstance(state.stage, Showing) and not state.is_running)

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Drag with the left button between two film points."""
        button = Qt.MouseButton.LeftButton
        QTest.mousePress(self.canvas, button, pos=self.spot(*start))
        QTest.mouseMove(self.canvas, self.spot(*end))
        QTest.mouseRelease(self.canvas, button, pos=self.spot(*end))

    def spot(self, x: float, y: float) -> QPoint:
        """Return where a film point lies on the widget."""
        return self.canvas.film_to_widget.map(QPointF(x, y)).toPoint()

    def hide_a_part(self) -> None:
        """Draw a box with the key and the mouse, and wait for what comes of it."""
        QTest.keyClick(self.canvas, Qt.Key.Key_B)
        self.draw((10, 10), (30, 40))
        self.until(lambda state: state.occlusion is not None and not state.occlusion.is_running)


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_a_box_is_hidden_and_the_score_without_it_is_said(screen: Screen) -> None:
    screen.run(A)
    screen.hide_a_part()
    (region,) = screen.reading.occlusion.asked
    assert (region.x, region.y) == (pytest.approx(10, abs=1), pytest.approx(10, abs=1))
    assert (region.width, region.height) == (pytest.approx(20, abs=1), pytest.approx(30, abs=1))
    box = screen.view.occlusion
    assert box.figure.text() == "P(abnormal) 0.40 with the box hidden, 0.90 without (-0.50)."
    assert "stored" in box.note.text()
    assert screen.view.viewer.panel.badge.probability_text == "P(abnormal) 0.90"
    assert screen.canvas.boxes.region == region


def test_the_same_key_takes_the_box_away(screen: Screen) -> None:
    screen.run(A)
    screen.hide_a_part()
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    assert screen.canvas.boxes.region is None
    assert screen.state.occlusion is not None
    assert not screen.state.occlusion.is_on
    assert not screen.view.occlusion.figure.isVisible()


def test_escape_and_a_click_hide_nothing(screen: Screen) -> None:
    screen.run(A)
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    assert screen.canvas.boxes.is_armed
    QTest.keyClick(screen.canvas, Qt.Key.Key_Escape)
    assert not screen.canvas.boxes.is_armed
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    screen.draw((10, 10), (11, 11))
    assert screen.canvas.boxes.region is None
    assert screen.reading.occlusion.asked == []


def test_drawing_a_box_neither_windows_nor_measures(screen: Screen) -> None:
    screen.run(A)
    window = screen.canvas.window_level
    screen.hide_a_part()
    assert screen.canvas.window_level == window
    assert screen.canvas.measures.book.measurements == ()


def test_on_a_flipped_film_the_same_part_is_hidden(screen: Screen) -> None:
    screen.run(A)
    screen.canvas.flip()
    screen.hide_a_part()
    (region,) = screen.reading.occlusion.asked
    assert region.x == pytest.approx(10, abs=1)


def test_why_there_is_no_figure_is_said(screen: Screen) -> None:
    screen.run(A)
    screen.reading.occlusion.error = InvalidRequest("Another model.", hint="Run it again.")
    screen.hide_a_part()
    assert screen.view.occlusion.figure.text() == "Another model. Run it again."


def test_another_film_takes_box_and_figure_away(screen: Screen) -> None:
    screen.run(A, B)
    screen.hide_a_part()
    screen.presenter.step(1)
    screen.until_stage(Opened)
    assert screen.canvas.boxes.region is None
    assert screen.state.occlusion is None
    assert not screen.view.occlusion.isVisible()


def test_a_figure_that_comes_after_the_box_has_gone_is_dropped(screen: Screen) -> None:
    screen.run(A)
    screen.reading.classify.run_gate.close()
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    screen.draw((10, 10), (30, 40))
    assert screen.state.occlusion is not None
    assert screen.state.occlusion.is_running
    screen.presenter.beside.occlusion.clear()
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    screen.draw((5, 5), (25, 45))
    screen.reading.classify.run_gate.open()
    state = screen.until(
        lambda state: state.occlusion is not None and state.occlusion.found is not None
    )
    assert state.occlusion is not None
    assert state.occlusion.found is not None
    assert state.occlusion.found.region == screen.canvas.boxes.region


@pytest.mark.parametrize("actor", [TECHNICIAN, FIRST_READER])
def test_without_an_answer_in_view_nothing_is_offered(qtbot: QtBot, actor: Actor) -> None:
    screen = Screen(qtbot, actor)
    screen.run(A)
    assert screen.state.occlusion is None
    assert not screen.view.occlusion.isVisible()
    QTest.keyClick(screen.canvas, Qt.Key.Key_B)
    assert not screen.canvas.boxes.is_armed
    screen.close()
