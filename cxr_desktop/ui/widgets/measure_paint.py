"""Draws measurements and the scale bar over a film, in widget pixels at any zoom and turn."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from cxr_desktop.domain.measurement import Measurement, MeasurementKind, Point
from cxr_desktop.domain.radiograph import PixelSpacing
from cxr_desktop.ui.widgets.corner_text import BACKDROP, MARGIN, TEXT, WARNING, broken
from cxr_desktop.ui.widgets.measure_book import lines_of
from cxr_desktop.ui.widgets.measure_text import is_marked, ratio_text, text_of

LINE = QColor(112, 214, 255)
SHADOW = QColor(0, 0, 0)  # opaque: blending long soft lines takes four times as long
HEART, THORAX = "H", "T"
END = 4.0
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)
LONGEST_SHARE = 0.3
HINT_FOOT, HINT_GAP, HINT_MARGIN = 64, 4, 20


def paint_measurement(
    painter: QPainter,
    place: QTransform,
    measurement: Measurement,
    spacing: PixelSpacing | None,
    *,
    selected: bool,
) -> None:
    """Draw one measurement and its figure; the ratio's lines carry H and T as well."""
    colour = WARNING if is_marked(measurement, spacing) else LINE
    paint_lines(painter, place, measurement.kind, measurement.points, colour, selected=selected)
    points = [place.map(QPointF(*point)) for point in measurement.points]
    if measurement.kind is MeasurementKind.RATIO:
        for name, pair in ((HEART, points[:2]), (THORAX, points[2:])):
            _label(painter, max(pair, key=lambda p: p.x()) + QPointF(8, 5), name, colour)
        anchor = QPointF((points[2] + points[3]) / 2) + QPointF(0, 20)
        _label(painter, anchor, ratio_text(measurement, spacing), colour, centred=True)
        return
    anchor = points[1] if measurement.kind is MeasurementKind.ANGLE else _rightmost(points)
    _label(painter, anchor + QPointF(10, -6), text_of(measurement, spacing), colour)


def paint_lines(
    painter: QPainter,
    place: QTransform,
    kind: MeasurementKind,
    points: Sequence[Point],
    colour: QColor = LINE,
    *,
    selected: bool,
) -> None:
    """Draw the lines and ends of what there is so far."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    lines = [
        (place.map(QPointF(*start)), place.map(QPointF(*end)))
        for start, end in lines_of(kind, tuple(points))
    ]
    for pen in (QPen(SHADOW, 4.0), QPen(colour, 2.5 if selected else 1.5)):
        painter.setPen(pen)
        for start, end in lines:
            painter.drawLine(start, end)
    painter.setPen(QPen(SHADOW, 1.0))
    painter.setBrush(colour if selected else Qt.BrushStyle.NoBrush)
    for point in points:
        at = place.map(QPointF(*point))
        painter.setPen(QPen(SHADOW, 3.5))
        painter.drawEllipse(at, END, END)
        painter.setPen(QPen(colour, 1.5))
        painter.drawEllipse(at, END, END)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_scale_bar(
    painter: QPainter, area: QRect, place: QTransform, spacing: PixelSpacing, unit: str
) -> None:
    """Draw an upright bar of a round number of millimetres at the right edge, half way down."""
    down = place.map(QPointF(0, 1)) - place.map(QPointF(0, 0))
    across = place.map(QPointF(1, 0)) - place.map(QPointF(0, 0))
    upright = abs(down.y()) > abs(across.y())  # which way of the film is up on the screen
    per_mm = abs(down.y()) / spacing.row_mm if upright else abs(across.y()) / spacing.column_mm
    length, pixels = bar_length(per_mm, area.height() * LONGEST_SHARE)
    if not length:
        return
    x, y = area.right() - MARGIN, area.center().y() - pixels / 2
    for pen in (QPen(SHADOW, 4.0), QPen(TEXT, 1.5)):
        painter.setPen(pen)
        painter.drawLine(QPointF(x, y), QPointF(x, y + pixels))
        for end in (y, y + pixels):
            painter.drawLine(QPointF(x - 8, end), QPointF(x, end))
    _label(painter, QPointF(x - 8, y - 8), unit.format(length=length), TEXT, to_left=True)


def bar_length(pixels_per_mm: float, longest: float) -> tuple[int, float]:
    """Return the longest round number of millimetres that fits, and its pixels; (0, 0) for none."""
    fitting = [step for step in STEPS if step * pixels_per_mm <= longest]
    if not fitting or not math.isfinite(pixels_per_mm):
        return 0, 0.0
    return fitting[-1], fitting[-1] * pixels_per_mm


def _rightmost(points: list[QPointF]) -> QPointF:
    return max(points, key=lambda point: point.x())


def _label(
    painter: QPainter,
    at: QPointF,
    text: str,
    colour: QColor,
    *,
    centred: bool = False,
    to_left: bool = False,
) -> None:
    """Write beside a point, kept inside the widget."""
    metrics = painter.fontMetrics()
    size = metrics.size(Qt.TextFlag.TextSingleLine.value, text)
    x = at.x() - (size.width() / 2 if centred else size.width() if to_left else 0)
    window = painter.viewport()
    x = min(max(x, 6.0), max(window.width() - size.width() - 6.0, 6.0))
    y = min(max(at.y() - size.height() / 2, 2.0), max(window.height() - size.height() - 2.0, 2.0))
    box = QRectF(x, y, size.width(), size.height())
    painter.fillRect(box.adjusted(-4, 0, 4, 0), BACKDROP)
    painter.setPen(colour)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter.value, text)


def paint_hints(painter: QPainter, area: QRect, hints: Sequence[str]) -> None:
    """Say, low in the middle, one below the other, what is shown and what comes next.

    A hint that is too long for the film goes on in another line: its end counts most.
    """
    metrics = painter.fontMetrics()
    y = area.bottom() - HINT_FOOT
    for text in reversed(hints):
        for line in reversed(broken(metrics, text, area.width() - HINT_MARGIN)):
            _label(painter, QPointF(area.center().x(), y), line, TEXT, centred=True)
            y -= metrics.height()
        y -= HINT_GAP
