"""The film under a reader's hands: `FilmDisplay` with mouse and keys.

The wheel zooms to the cursor; the left button does what `tool` says, the right button the other of
window and pan, the middle button pans; a double click resets. Keys with the focus here: arrows pan,
Ctrl+arrows change the window (left/right: width, up/down: centre).
"""

from __future__ import annotations

import math
from enum import StrEnum

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.radiograph import FULL_WINDOW
from cxr_desktop.ui.widgets.film_display import FilmDisplay
from cxr_desktop.ui.widgets.viewport import STEP

PAN_STEP = 60
DRAG_PER_WINDOW = 300.0  # screen pixels of dragging that double the width


class Tool(StrEnum):
    """What dragging with a mouse button does."""

    WINDOW = "window"
    PAN = "pan"


class ImageCanvas(FilmDisplay):
    """Shows one `Radiograph` and lets a reader move it, zoom it and set its window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag: Tool | None = None
        self._drag_from = QPointF()
        self._drag_window = FULL_WINDOW
        self.tool = Tool.WINDOW
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor; fine wheels and touch pads zoom smoothly."""
        turns = event.angleDelta().y() / 120.0
        if self.film is None or turns == 0:
            event.ignore()
            return
        at = event.position() * self.devicePixelRatioF()
        self.zoom_by(STEP**turns, (at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag."""
        self._drag = self._tool_of(event.button()) if self.film is not None else None
        self._drag_from, self._drag_window = event.position(), self.window_level
        if self._drag is Tool.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan or change the window."""
        moved = event.position() - self._drag_from
        if self._drag is Tool.PAN:
            self._drag_from = event.position()
            moved *= self.devicePixelRatioF()
            self.pan_by(moved.x(), moved.y())
        elif self._drag is Tool.WINDOW:
            start = self._drag_window
            self.set_window(
                start.centre + moved.y() / DRAG_PER_WINDOW * start.width,
                start.width * math.exp2(moved.x() / DRAG_PER_WINDOW),
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        self._drag = None
        self.unsetCursor()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset with the left button; a second quick press of another one goes on dragging."""
        if event.button() == Qt.MouseButton.LeftButton and self.film is not None:
            self._drag = None
            self.reset()
        else:
            self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan with the arrows, window with Ctrl+arrows."""
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or self.film is None:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            width = self.window_level.width
            self.set_window(
                self.window_level.centre + step.y() * 0.05 * width, width * 1.1 ** step.x()
            )
        else:
            self.pan_by(-step.x() * PAN_STEP, -step.y() * PAN_STEP)

    def _tool_of(self, button: Qt.MouseButton) -> Tool | None:
        other = Tool.PAN if self.tool is Tool.WINDOW else Tool.WINDOW
        tools = {
            Qt.MouseButton.LeftButton: self.tool,
            Qt.MouseButton.RightButton: other,
            Qt.MouseButton.MiddleButton: Tool.PAN,
        }
        return tools.get(button)


_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
