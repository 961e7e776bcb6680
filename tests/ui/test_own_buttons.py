"""Choosing what the mouse buttons do: they do it, on every screen, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.services.keys import ChooseKeys
from cxr_desktop.ui.keymap import KeyMap, follow_buttons
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.keys_dialog import KeysDialog
from cxr_desktop.ui.shell.mouse_fields import mouse_rows
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.image_canvas import ImageCanvas
from cxr_desktop.ui.widgets.tools import MouseButtons, Tool
from tests.support.fakes import MemoryKeys
from tests.support.held_runner import HeldRunner
from tests.support.world import World

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
MIDDLE = Qt.MouseButton.MiddleButton


class Table:
    """A film under one person's mouse buttons."""

    def __init__(self, qtbot: QtBot, world: World) -> None:
        self.store, self.runner, session = MemoryKeys(), HeldRunner(), Session()
        session.sign_in(world.actor("rad"))
        self.keys = KeyMap(ChooseKeys(self.store, world.access), self.runner, session)
        self.viewer = ExamViewer()
        qtbot.addWidget(self.viewer)
        self.viewer.resize(900, 640)
        with qtbot.waitExposed(self.viewer):
            self.viewer.show()
        pixels = np.linspace(0, 1, 1200 * 900, dtype=np.float32).reshape(1200, 900)
        self.viewer.show_film(Radiograph(pixels, "a" * 64, "film.png", "PNG", 16))
        follow_buttons(self.keys, self.viewer.compare)

    def dialog(self) -> KeysDialog:
        return KeysDialog(self.keys, {}, {}, self.viewer)

    def save(self, **tasks: Tool) -> None:
        """Choose these tasks in the dialog and save."""
        dialog = self.dialog()
        for button, task in tasks.items():
            field = dialog.mouse.fields[button]
            field.setCurrentIndex(field.findData(task))
        dialog.save.click()
        self.runner.finish_all()

    @property
    def canvas(self) -> ImageCanvas:
        return self.viewer.canvas

    def effect_of(self, button: Qt.MouseButton) -> set[str]:
        """Drag with a button, and say what changed."""
        self.canvas.reset()
        before = self._look()
        start = QPoint(200, 200)
        QTest.mousePress(self.canvas, button, pos=start)
        QTest.mouseMove(self.canvas, start + QPoint(20, -40))
        QTest.mouseRelease(self.canvas, button, pos=start + QPoint(20, -40))
        after = self._look()
        return {name for name in before if before[name] != after[name]}

    def _look(self) -> dict[str, object]:
        view = self.canvas.view
        at = view.to_film(200.0, 200.0)
        return {
            "window": self.canvas.window_level,
            "zoom": view.zoom,
            "place": (round(at[0], 3), round(at[1], 3)),
        }


@pytest.fixture
def table(qtbot: QtBot, world: World) -> Iterator[Table]:
    made = Table(qtbot, world)
    yield made
    made.runner.close()


def test_as_they_come_left_windows_and_right_and_middle_pan(table: Table) -> None:
    assert table.effect_of(LEFT) == {"window"}
    assert table.effect_of(RIGHT) == {"place"}
    assert table.effect_of(MIDDLE) == {"place"}


def test_chosen_buttons_do_what_was_chosen_and_only_what_differs_is_stored(table: Table) -> None:
    table.save(left=Tool.PAN, right=Tool.WINDOW, middle=Tool.ZOOM)
    assert table.effect_of(LEFT) == {"place"}
    assert table.effect_of(RIGHT) == {"window"}
    assert table.effect_of(MIDDLE) == {"zoom"}  # the film's point under the press stays there
    assert table.store.chosen["rad"] == {
        "mouse.left": "pan",
        "mouse.right": "window",
        "mouse.middle": "zoom",
    }


def test_dragging_up_zooms_in(table: Table) -> None:
    table.save(middle=Tool.ZOOM)
    zoom = table.canvas.view.zoom
    table.effect_of(MIDDLE)
    assert table.canvas.view.zoom > zoom


def test_a_tool_with_the_task_of_the_right_button_exchanges_the_two(table: Table) -> None:
    table.save(right=Tool.ZOOM)
    table.viewer.film_actions.zoom_tool.trigger()
    assert table.effect_of(LEFT) == {"zoom"}
    assert table.effect_of(RIGHT) == {"window"}
    assert table.effect_of(MIDDLE) == {"place"}


def test_after_measuring_the_left_button_does_what_was_chosen(table: Table) -> None:
    table.save(left=Tool.PAN, right=Tool.WINDOW)
    table.canvas.setFocus()
    table.viewer.film_actions.measures.length.trigger()
    assert table.effect_of(RIGHT) == {"window"}
    QTest.keyClick(table.canvas, Qt.Key.Key_Escape)
    assert table.canvas.tool is Tool.PAN
    assert table.viewer.film_actions.pan_tool.isChecked()


def test_the_earlier_film_has_the_same_buttons(table: Table) -> None:
    table.save(left=Tool.PAN, right=Tool.WINDOW)
    assert table.viewer.compare.other.buttons == table.canvas.buttons


@pytest.mark.parametrize(
    "tasks,said",
    [
        ({"right": Tool.WINDOW}, "would do the same"),
        ({"left": Tool.ZOOM}, "No button would be left for: Grey window."),
        ({"right": Tool.ZOOM, "middle": Tool.ZOOM}, "No button would be left for: Move the film."),
    ],
)
def test_a_conflict_is_said_and_not_saved(table: Table, tasks: dict[str, Tool], said: str) -> None:
    dialog = table.dialog()
    for button, task in tasks.items():
        field = dialog.mouse.fields[button]
        field.setCurrentIndex(field.findData(task))
    assert said in dialog.problem.text()
    assert not dialog.save.isEnabled()


def test_reset_puts_them_back(table: Table) -> None:
    table.save(left=Tool.PAN, right=Tool.WINDOW)
    dialog = table.dialog()
    dialog.reset.click()
    dialog.save.click()
    table.runner.finish_all()
    assert table.store.chosen["rad"] == {}
    assert table.effect_of(LEFT) == {"window"}


def test_they_hold_from_the_next_sign_in_on_and_nonsense_in_store_counts_as_nothing(
    table: Table,
) -> None:
    table.store.chosen["rad"] = {"mouse.right": "zoom", "mouse.middle": "length", "mouse.x": "pan"}
    table.keys.load()
    table.runner.finish_all()
    assert table.canvas.buttons == MouseButtons(right=Tool.ZOOM)
    assert ("Right drag", "Zoom") in mouse_rows(table.keys.buttons)
