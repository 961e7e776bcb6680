"""Two films side by side: the same part, the same window, and one in place of the other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.radiograph import Radiograph, Window
from cxr_desktop.ui.widgets.compare_stage import CompareStage
from cxr_desktop.ui.widgets.corner_text import Corners
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.tools import Tool


def a_film(rows: int, columns: int, window: Window) -> Radiograph:
    """Make a film of that size."""
    pixels = np.linspace(0, 1, rows * columns, dtype=np.float32).reshape(rows, columns)
    sha256 = hashlib.sha256(f"{rows}{columns}".encode()).hexdigest()
    return Radiograph(pixels, sha256, "a.png", "PNG", window=window)


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[CompareStage]:
    made = CompareStage(ImageCanvas())
    qtbot.addWidget(made)
    made.resize(800, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.canvas.show_film(a_film(300, 200, Window(0.5, 0.8)))
    yield made
    made.close()


def is_as_wide(one: QWidget, other: QWidget) -> bool:
    return one.width() == other.width()


def add(stage: CompareStage) -> None:
    """Show a film of another size and exposure beside."""
    film = a_film(600, 500, Window(0.6, 0.4))
    stage.show_other(film, FilmPyramid.of(film.pixels), Corners(), "EARLIER FILM")


def test_both_are_seen_side_by_side_and_the_other_goes_again(stage: CompareStage) -> None:
    assert not stage.other.isVisible()
    add(stage)
    assert stage.canvas.isVisible()
    assert stage.other.isVisible()
    assert abs(stage.canvas.width() - stage.other.width()) <= 1
    stage.end()
    assert not stage.other.isVisible()
    assert stage.other.film is None


def test_zoom_and_place_of_either_are_those_of_both(stage: CompareStage) -> None:
    add(stage)
    for leader, follower in (
        (stage.canvas, stage.other),
        (stage.other, stage.canvas),
    ):
        leader.zoom_by(2.0, (50.0, 60.0))
        leader.pan_by(20, -10)
        looks = (leader.view.look, follower.view.look)
        assert looks[0].zoom == pytest.approx(looks[1].zoom)
        assert (looks[0].x, looks[0].y) == pytest.approx((looks[1].x, looks[1].y))
    stage.canvas.fit()
    assert stage.other.view.fitted


def test_a_window_is_moved_and_stretched_alike(stage: CompareStage) -> None:
    add(stage)
    stage.canvas.set_window(0.7, 0.4)
    assert stage.other.window_level.width == pytest.approx(0.2)
    assert stage.other.window_level.centre == pytest.approx(0.7)
    stage.other.reset_window()
    assert stage.canvas.window_level == Window(0.5, 0.8)


def test_a_preset_is_the_same_preset_made_for_the_other_film(stage: CompareStage) -> None:
    add(stage)
    stage.canvas.use_preset(2)
    assert stage.other.window_level.name == stage.canvas.window_level.name
    assert stage.other.window_level.centre == stage.other.presets[1].window.centre


def test_black_and_white_are_exchanged_on_both(stage: CompareStage) -> None:
    add(stage)
    stage.canvas.set_inverted(True)
    assert stage.other.is_inverted


def test_a_film_that_comes_later_is_seen_as_the_first_is(stage: CompareStage) -> None:
    stage.canvas.zoom_by(3.0)
    stage.canvas.set_inverted(True)
    add(stage)
    assert stage.other.view.look.zoom == pytest.approx(stage.canvas.view.look.zoom)
    assert stage.other.is_inverted


def test_one_takes_the_place_of_the_other_and_the_look_stays(
    qtbot: QtBot, stage: CompareStage
) -> None:
    add(stage)
    stage.canvas.zoom_by(2.0)
    look = stage.canvas.view.look
    for shown, hidden in ((stage.other, stage.canvas), (stage.canvas, stage.other)):
        stage.toggle_in_place()
        qtbot.waitUntil(partial(is_as_wide, shown, stage))
        assert not hidden.isVisible()
        assert shown.hasFocus()
        assert shown.view.look.zoom == pytest.approx(look.zoom)
        assert (shown.view.look.x, shown.view.look.y) == pytest.approx((look.x, look.y))
    stage.show_beside()
    qtbot.waitUntil(lambda: abs(stage.canvas.width() - stage.other.width()) <= 1)
    assert stage.canvas.view.look.zoom == pytest.approx(look.zoom)
    assert stage.other.view.look.zoom == pytest.approx(look.zoom)


def test_the_sides_are_exchanged(qtbot: QtBot, stage: CompareStage) -> None:
    add(stage)
    assert stage.canvas.x() < stage.other.x()
    stage.swap()
    qtbot.waitUntil(lambda: stage.canvas.x() > stage.other.x())


def test_nothing_is_measured_on_the_earlier_film(stage: CompareStage) -> None:
    stage.canvas.tool = Tool.LENGTH
    add(stage)
    assert stage.other.tool is Tool.WINDOW
    QTest.mouseClick(stage.other, Qt.MouseButton.LeftButton)
    assert stage.other.measures.book.measurements == ()
    stage.canvas.tool = Tool.PAN
    assert stage.other.tool is Tool.PAN


def test_the_sign_is_painted_even_with_the_text_off(stage: CompareStage) -> None:
    add(stage)
    stage.other.set_corners_visible(False)
    with_sign = stage.other.grab().toImage()
    stage.other.set_sign("")
    assert stage.other.grab().toImage() != with_sign
