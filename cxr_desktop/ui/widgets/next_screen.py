"""The window on the next screen, as it was on this one: full, maximised, or of its size."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget


def next_screen(window: QWidget) -> QScreen | None:
    """Return the screen after the one that the window is on, round the end; None for only one."""
    screens = QGuiApplication.screens()
    if len(screens) < 2 or window.screen() not in screens:
        return None
    return screens[(screens.index(window.screen()) + 1) % len(screens)]


def move_to_next_screen(window: QWidget) -> None:
    """Move it there, if there is another screen."""
    there = next_screen(window)
    if there is None:
        return
    state = window.windowState()
    window.setWindowState(Qt.WindowState.WindowNoState)  # a full window does not move
    window.setScreen(there)
    window.setGeometry(_within(window.size(), window.frameGeometry().size(), there))
    window.setWindowState(state)


def _within(size: QSize, framed: QSize, screen: QScreen) -> QRect:
    """Return a place in the middle of a screen, with its frame no larger than it is."""
    room = screen.availableGeometry()
    place = QRect(QPoint(0, 0), size.boundedTo(room.size() - (framed - size)))
    place.moveCenter(room.center())
    return place
