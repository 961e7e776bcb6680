"""P(abnormal) on a scale from 0 to 1 with its three zones, the two cuts and a tick at the score."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.assessment import OperatingPoints
from cxr_desktop.domain.texts import three_digits
from cxr_desktop.ui import theme
from cxr_desktop.ui.palette import Palette, Size

BAR_TOP, BAR_HEIGHT = 14, 8
INSET = 14


class ScoreScale(QWidget):
    """A small bar: zones normal, uncertain, abnormal; cuts with values; a tick at the score."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._score: float | None = None
        self._points = OperatingPoints(0.5, 0.5)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_score(self, score: float, points: OperatingPoints) -> None:
        """Show a probability, 0..1, between its cuts."""
        self._score, self._points = score, points
        self.setAccessibleName(
            self.tr(
                "{score} on a scale from 0 to 1; normal below {low}, abnormal from {high}"
            ).format(
                score=score_text(score, points),
                low=cut_text(points.normal_below),
                high=cut_text(points.abnormal_from),
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Be as high as tick, bar and figures."""
        return QSize(240, 44)

    def minimumSizeHint(self) -> QSize:
        """Fit a narrow panel."""
        return QSize(160, 44)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint zones, cuts and tick."""
        if self._score is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(Size.SMALL))
        low, high = self._points.normal_below, self._points.abnormal_from
        for start, end, colour in (
            (0.0, low, Palette.NORMAL),
            (low, high, Palette.UNCERTAIN),
            (high, 1.0, Palette.ABNORMAL),
        ):
            left, right = self._x(start), self._x(end)
            painter.fillRect(QRectF(left, BAR_TOP, right - left, BAR_HEIGHT), QColor(colour))
        self._paint_cuts(painter, low, high)
        self._paint_tick(painter, self._x(self._score))

    def _x(self, value: float) -> float:
        return INSET + value * (self.width() - 2 * INSET)

    def _paint_cuts(self, painter: QPainter, low: float, high: float) -> None:
        """Write the cuts under the bar; two that are close stand apart, left and right."""
        below = BAR_TOP + BAR_HEIGHT
        painter.setPen(QPen(QColor(Palette.SURFACE), 2))
        for cut in (low, high):
            x = self._x(cut)
            painter.drawLine(QPointF(x, BAR_TOP - 1), QPointF(x, below + 1))
        painter.setPen(QColor(Palette.MUTED))
        width = painter.fontMetrics().horizontalAdvance("0.000")
        apart = max(0.0, (width + 6 - (self._x(high) - self._x(low))) / 2)
        for x, text in (
            (self._x(low) - apart, cut_text(low)),
            (self._x(high) + apart, cut_text(high)),
        ):
            left = min(max(x - width / 2, 0.0), float(self.width() - width))
            box = QRectF(left, below + 4, width, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_tick(self, painter: QPainter, x: float) -> None:
        top = BAR_TOP - 3
        arrow = QPolygonF([QPointF(x, top + 2), QPointF(x - 6, top - 8), QPointF(x + 6, top - 8)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(Palette.TEXT))
        painter.drawPolygon(arrow)
        painter.setPen(QPen(QColor(Palette.CANVAS), 4))
        painter.drawLine(QPointF(x, top + 2), QPointF(x, BAR_TOP + BAR_HEIGHT + 2))
        painter.setPen(QPen(QColor(Palette.TEXT), 2))
        painter.drawLine(QPointF(x, top), QPointF(x, BAR_TOP + BAR_HEIGHT + 2))


def cut_text(value: float) -> str:
    """Write a cut to two digits, or three where it has them: 0.30, 0.347, 0.000396."""
    return three_digits(value) if 0.0 < value < 0.001 else f"{value:.3f}".removesuffix("0")


def score_text(value: float, points: OperatingPoints) -> str:
    """Write a probability to two digits, never rounded onto 0, 1 or over a cut."""
    if 0.0 < value < 0.005:
        return "<0.01"
    if 0.995 <= value < 1.0:
        return ">0.99"
    for digits in (2, 3, 4):
        shown = float(f"{value:.{digits}f}")
        if points.verdict(shown) == points.verdict(value):
            return f"{value:.{digits}f}"
    return f"{value:.6f}"
