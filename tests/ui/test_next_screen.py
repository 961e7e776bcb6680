"""Shift+F11 takes the window to the next screen; a screen more needs a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.widgets.exam_viewer import ExamViewer
from cxr_desktop.ui.widgets.next_screen import next_screen

SCREENS = [
    {"name": "left", "x": 0, "y": 0, "width": 1600, "height": 1000},
    {"name": "right", "x": 1600, "y": 0, "width": 1200, "height": 800},
]
SETTINGS = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1}


def window_with_film() -> tuple[QMainWindow, ExamViewer]:
    window, viewer = QMainWindow(), ExamViewer()
    window.setCentralWidget(viewer)
    window.resize(1400, 900)
    window.show()
    viewer.show_film(Radiograph(np.zeros((40, 40), np.float32), "a" * 64, "film", "PNG"))
    window.activateWindow()
    viewer.canvas.setFocus()
    return window, viewer


def test_with_one_screen_nothing_happens(qtbot: QtBot) -> None:
    window, viewer = window_with_film()
    qtbot.addWidget(window)
    qtbot.waitUntil(window.isActiveWindow)
    before = window.geometry()
    assert next_screen(window) is None
    viewer.film_actions.next_screen.trigger()
    assert window.geometry() == before


def test_with_two_it_goes_to_the_other_and_back_full_as_it_was(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": [one | SETTINGS for one in SCREENS]}))
    platform = f"offscreen:configfile={config}"
    ended = subprocess.run(
        [sys.executable, "-m", "tests.ui.test_next_screen"],
        env=os.environ | {"QT_QPA_PLATFORM": platform},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    there, full, back = (json.loads(line) for line in ended.stdout.splitlines())
    assert there == {"screen": "right", "inside": True, "full": False}
    assert full == {"screen": "left", "inside": True, "full": True}
    assert back == {"screen": "right", "inside": True, "full": True}


def main() -> None:
    """Press the keys, and say where the window is after each."""
    application = QApplication([])
    window, viewer = window_with_film()

    def say() -> None:
        application.processEvents()
        screen = window.screen()
        told = {
            "screen": screen.name(),
            "inside": screen.geometry().adjusted(-2, -2, 2, 2).contains(window.geometry()),
            "full": window.isFullScreen(),
        }
        sys.stdout.write(json.dumps(told) + "\n")

    def press(modifier: Qt.KeyboardModifier) -> None:
        QTest.keyClick(viewer.canvas, Qt.Key.Key_F11, modifier)
        application.processEvents()

    application.processEvents()
    press(Qt.KeyboardModifier.ShiftModifier)
    say()
    press(Qt.KeyboardModifier.NoModifier)
    press(Qt.KeyboardModifier.ShiftModifier)
    say()
    press(Qt.KeyboardModifier.ShiftModifier)
    say()


if __name__ == "__main__":
    main()
