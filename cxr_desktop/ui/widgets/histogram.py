"""How often each grey occurs on a film, with two lines to drag: what is black and what is white."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.radiograph import FULL_WINDOW, Window
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid

BINS = 128
HEIGHT = 96
SPARE = 0.1  # of the film's range, shown on either side
REACH = 12.0
NARROWEST = 0.005


class Histogram(QWidget):
    """Shows a film's values and a window; `window_dragged` carries centre and width, 0..1 units."""

    window_dragged = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: NDArray[np.float64] = np.zeros(BINS)
        self._window = FULL_WINDOW
        self._held: str = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Histogram"))
        self.setToolTip(self.tr("Drag the lines: what is left of the first is black"))

    def show_film(self, pyramid: FilmPyramid) -> None:
        """Count the values of a film, on its smallest scale; rare ones show too (square root)."""
        counts, _ = np.histogram(pyramid.levels[-1], bins=BINS, range=(0.0, 1.0))
        inner = counts[1:-1]  # the black and the white end would flatten the rest
        top = max(int(inner.max(initial=0)), 1)
        self._bars = np.sqrt(np.minimum(counts / top, 1.0))
        self.update()

    def show_window(self, window: Window) -> None:
        """Mark another window."""
        self._window = window
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for room to aim in."""
        return QSize(320, HEIGHT)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Paint bars, the ramp from black to white, and both lines."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Palette.CANVAS))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Palette.OUTLINE))
        width = self._x(1 / BINS) - self._x(0)
        for place, share in enumerate(self._bars):
            high = share * (self.height() - 8)
            painter.drawRect(QRectF(self._x(place / BINS), self.height() - high, width, high))
        low, high = self._x(self._window.low), self._x(self._window.high)
        painter.setPen(QPen(QColor(Palette.TEXT), 1.0))
        painter.drawPolyline(
            QPolygonF(
                [QPointF(0, self.height() - 1), QPointF(low, self.height() - 1),
                 QPointF(high, 1), QPointF(self.width(), 1)]
            )
        )  # fmt: skip
        painter.setPen(QPen(QColor(Palette.ACCENT), 2.0))
        for x in (low, high):
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the nearer line, or of the window between them."""
        x = event.position().x()
        to_low, to_high = (abs(x - self._x(v)) for v in (self._window.low, self._window.high))
        if min(to_low, to_high) <= REACH:
            self._held = "low" if to_low <= to_high else "high"
        else:
            self._held = "centre"
            self._drag(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held."""
        if self._held:
            self._drag(event.position().x())

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        """Let go."""
        self._held = ""

    def _drag(self, x: float) -> None:
        value = x / max(self.width(), 1) * (1 + 2 * SPARE) - SPARE
        low, high = self._window.low, self._window.high
        if self._held == "low":
            low = min(value, high - NARROWEST)
        elif self._held == "high":
            high = max(value, low + NARROWEST)
        else:
            low, high = value - self._window.width / 2, value + self._window.width / 2
        self.window_dragged.emit((low + high) / 2, high - low)

    def _x(self, value: float) -> float:
        return (value + SPARE) / (1 + 2 * SPARE) * self.width()
