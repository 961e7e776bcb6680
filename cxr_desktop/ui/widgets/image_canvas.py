"""The film under a reader's hands: `FilmDisplay` with mouse and keys.

The wheel zooms to the cursor; the left button does what `tool` says, the others what `buttons`
says; a double click resets. Keys with the focus here: arrows pan,
Ctrl+arrows change the window (left/right: width, up/down: centre), Z held is the magnifier (the
wheel then changes its power, with Ctrl its size), Esc ends measuring.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QPainter, QTransform, QWheelEvent
from PySide6.QtWidgets import QWidget

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.measurement import MeasurementKind
from cxr_desktop.domain.radiograph import FULL_WINDOW, Radiograph
from cxr_desktop.ui.widgets.box_layer import BoxLayer
from cxr_desktop.ui.widgets.film_display import FilmDisplay
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.heat_contour import HeatContour
from cxr_desktop.ui.widgets.magnifier import Magnifier
from cxr_desktop.ui.widgets.measure_layer import MeasureLayer
from cxr_desktop.ui.widgets.measure_paint import paint_hints, paint_scale_bar
from cxr_desktop.ui.widgets.measure_text import next_step, nothing_to_calibrate, scale_unit
from cxr_desktop.ui.widgets.tools import MouseButtons, Tool
from cxr_desktop.ui.widgets.viewport import STEP

PAN_STEP = 60
MM_PER_INCH = 25.4
LEAST_DOTS, MOST_DOTS = 40.0, 600.0  # per inch; a screen that says anything else does not know
DRAG_PER_WINDOW = 300.0  # screen pixels of dragging that double the width
DRAG_PER_ZOOM = 150.0  # and that double the zoom


class ImageCanvas(FilmDisplay):
    """Shows one `Radiograph` and lets a reader move it, zoom it, set its window and measure.

    `tool_changed` follows `tool`, `magnifier_changed` carries whether the glass is on.
    """

    tool_changed = Signal()
    magnifier_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag: Tool | None = None
        self._drag_from = QPointF()
        self._drag_window = FULL_WINDOW
        self._drag_pressed = QPointF()
        self._buttons = MouseButtons()
        self._tool = self._buttons.left
        self.measures = MeasureLayer(self)
        self.boxes = BoxLayer(self)
        self.magnifier = Magnifier(self)
        self.contour = HeatContour(self)
        self.add_layer(self.contour.paint)
        self.add_layer(self.boxes.paint)
        self.add_layer(self.measures.paint)
        self.add_layer(self._paint_scale)
        self.add_layer(self._paint_hints)
        self.add_layer(lambda painter, _: self.magnifier.paint(painter))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def tool(self) -> Tool:
        """What the left button does."""
        return self._tool

    @tool.setter
    def tool(self, tool: Tool) -> None:
        if tool is not self._tool:
            self._tool = tool
            self.measures.give_up()
            self.tool_changed.emit()
        self._show_cursor(over_one=False)

    @property
    def buttons(self) -> MouseButtons:
        """What each button does as long as no tool is chosen."""
        return self._buttons

    def set_buttons(self, buttons: MouseButtons) -> None:
        """Let the buttons do this; a tool that was chosen stays."""
        before, self._buttons = self._buttons, buttons
        if self.tool is before.left:
            self.drop_tool()

    def drop_tool(self) -> None:
        """Let the left button do what it does as long as no tool is chosen."""
        self.tool = self._buttons.left

    def show_film(self, film: Radiograph, pyramid: FilmPyramid | None = None) -> None:
        """Show a film as `FilmDisplay.show_film` says, without measurements or box."""
        self.measures.clear()
        self.boxes.clear()
        super().show_film(film, pyramid)

    def clear(self) -> None:
        """Show nothing, and forget film, map, text and measurements."""
        self.measures.clear()
        self.boxes.clear()
        self.set_magnifier(False)
        super().clear()

    def set_heat_map(self, heat_map: HeatMap | None) -> None:
        """Set the map; it and its contour are off until they are asked for."""
        self.contour.set_map(heat_map)
        super().set_heat_map(heat_map)

    @property
    def true_zoom(self) -> float | None:
        """The zoom at which a millimetre of the film is one on the screen; None where not known.

        The screen must tell its own size, and credibly.
        """
        spacing, dots = self.measures.spacing, self.screen().physicalDotsPerInch()
        if self.film is None or spacing is None or not LEAST_DOTS <= dots <= MOST_DOTS:
            return None
        return dots * self.devicePixelRatioF() / MM_PER_INCH * spacing.column_mm

    def true_size(self) -> None:
        """Show a millimetre of the film as one on the screen, where that is known."""
        zoom = self.true_zoom
        if zoom is not None:
            self.zoom_by(zoom / self.view.zoom)

    def set_magnifier(self, on: bool) -> None:
        """Hold the glass over the film where the cursor is, or put it away."""
        on = on and self.film is not None
        if on != self.magnifier.is_on:
            self.magnifier.is_on = on
            cursor = QPointF(self.mapFromGlobal(QCursor.pos()))
            inside = self.rect().contains(cursor.toPoint())
            self.magnifier.at = cursor if inside else QPointF(self.rect().center())
            self.update()
            self.magnifier_changed.emit(on)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom to the cursor; fine wheels and touch pads zoom smoothly."""
        turns = event.angleDelta().y() / 120.0
        if self.film is None or turns == 0:
            event.ignore()
            return
        if self.magnifier.is_on:
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.magnifier.change_size(turns)
            else:
                self.magnifier.change_power(turns)
            self.update()
        else:
            at = event.position() * self.devicePixelRatioF()
            self.zoom_by(STEP**turns, (at.x(), at.y()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag, or measure."""
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and self.boxes.press(event.position()):
            return
        if left and self.measures.press(event.position(), self._draws):
            return
        task = self._buttons.task_of(event.button(), self.tool)
        self._drag = task if self.film is not None else None
        self._drag_from = self._drag_pressed = event.position()
        self._drag_window = self.window_level
        if self._drag is Tool.PAN:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan, change the window, or go on measuring; the glass comes along."""
        if self.magnifier.is_on:
            self.magnifier.at = event.position()
            self.update()
        if self.boxes.move(event.position()):
            return
        if self._drag is None:
            if not self.measures.move(event.position()):
                self._show_cursor(over_one=self.measures.is_over_one(event.position()))
            return
        moved = event.position() - self._drag_from
        if self._drag is Tool.PAN:
            self._drag_from = event.position()
            moved *= self.devicePixelRatioF()
            self.pan_by(moved.x(), moved.y())
        elif self._drag is Tool.ZOOM:
            self._drag_from = event.position()
            at = self._drag_pressed * self.devicePixelRatioF()
            self.zoom_by(math.exp2(-moved.y() / DRAG_PER_ZOOM), (at.x(), at.y()))
        elif self._drag is Tool.WINDOW:
            start = self._drag_window
            self.set_window(
                start.centre + moved.y() / DRAG_PER_WINDOW * start.width,
                start.width * math.exp2(moved.x() / DRAG_PER_WINDOW),
            )

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag."""
        event.accept()
        left = event.button() == Qt.MouseButton.LeftButton
        if left and not self.boxes.release(event.position()):
            self.measures.release(event.position(), self._draws)
        self._drag = None
        self._show_cursor(over_one=False)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Reset with the left button; a second quick press of another one goes on dragging."""
        left = event.button() == Qt.MouseButton.LeftButton
        busy = self._tool.measures is not None or self.measures.is_over_one(event.position())
        if left and self.film is not None and not busy:
            self._drag = None
            self.reset()
        else:
            self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan with the arrows, window with Ctrl+arrows, magnify with Z, stop measuring with Esc."""
        if event.key() == Qt.Key.Key_Z and not event.modifiers():
            self.set_magnifier(True)
            return
        if event.key() == Qt.Key.Key_Escape and self.boxes.is_armed:
            self.boxes.arm(on=False)
            return
        if event.key() == Qt.Key.Key_Escape and self._is_measuring:
            if not self.measures.give_up():
                self.drop_tool()
            return
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

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Put the glass away with the key that brought it."""
        if event.key() == Qt.Key.Key_Z:
            if not event.isAutoRepeat():
                self.set_magnifier(False)
            return
        super().keyReleaseEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Z and Esc here before they reach an action; put the glass away with the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            held = event.key() == Qt.Key.Key_Z and not event.modifiers()
            is_drawing = self._is_measuring or self.boxes.is_armed
            if held or (event.key() == Qt.Key.Key_Escape and is_drawing):
                event.accept()
                return True
        if event.type() == QEvent.Type.FocusOut:
            self.set_magnifier(False)
        return super().event(event)

    @property
    def _is_measuring(self) -> bool:
        return self._tool.measures is not None

    @property
    def _draws(self) -> MeasurementKind | None:
        """What the left button draws; no calibration of a film whose file tells its spacing."""
        kind = self._tool.measures
        is_told = self.film is not None and self.film.spacing is not None
        return None if is_told and kind is MeasurementKind.CALIBRATION else kind

    @property
    def measuring_hint(self) -> str:
        """What comes next as long as the left button draws, or why it draws nothing."""
        kind = self._draws
        if kind is not None:
            return next_step(kind, len(self.measures.book.drawn))
        return nothing_to_calibrate() if self._is_measuring else ""

    def _show_cursor(self, *, over_one: bool) -> None:
        if over_one:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self._is_measuring or self.boxes.is_armed:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def _paint_scale(self, painter: QPainter, place: QTransform) -> None:
        spacing = self.measures.spacing
        if spacing is not None and self.are_corners_visible:
            paint_scale_bar(painter, self.rect(), place, spacing, scale_unit(spacing))

    def _paint_hints(self, painter: QPainter, _: QTransform) -> None:
        """Say what the contour means, and what comes next as long as the left button draws."""
        hints = (self.contour.hint, self.boxes.hint or self.measuring_hint)
        paint_hints(painter, self.rect(), tuple(filter(None, hints)))


_ARROWS = {
    Qt.Key.Key_Left: QPoint(-1, 0),
    Qt.Key.Key_Right: QPoint(1, 0),
    Qt.Key.Key_Up: QPoint(0, -1),
    Qt.Key.Key_Down: QPoint(0, 1),
}
