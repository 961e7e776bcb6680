"""A round glass over the film that follows the cursor: full depth, same window, more zoom."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from cxr_desktop.ui.widgets.film_pyramid import to_grey, visible_part
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.viewport import Viewport

SIZES = (160, 800)  # diameter in widget pixels
POWERS = (1.5, 12.0)
POWER_STEP = 1.25
SIZE_STEP = 40
RIM = QColor(232, 236, 240)


class Magnifier:
    """Held over `view` while `is_on`; `power` is times the zoom of the film, `size` in pixels."""

    def __init__(self, view: FilmView) -> None:
        self._view = view
        self.is_on = False
        self.at = QPointF()
        self.power = 2.5
        self.size = 320

    def change_power(self, turns: float) -> None:
        """Magnify more (above 0) or less, within limits."""
        self.power = min(max(self.power * POWER_STEP**turns, POWERS[0]), POWERS[1])

    def change_size(self, turns: float) -> None:
        """Make the glass larger (above 0) or smaller, within limits."""
        self.size = round(min(max(self.size + SIZE_STEP * turns, SIZES[0]), SIZES[1]))

    def paint(self, painter: QPainter) -> None:
        """Draw the glass with what lies under its middle."""
        view, pyramid = self._view, self._view.pyramid
        if not self.is_on or pyramid is None:
            return
        ratio = view.devicePixelRatioF()
        side = max(1, round(self.size * ratio))
        here = view.view
        x, y = here.to_film(self.at.x() * ratio, self.at.y() * ratio)
        glass = Viewport(here.columns, here.rows, side, side, here.zoom * self.power, x, y)
        box = QRectF(self.at.x() - self.size / 2, self.at.y() - self.size / 2, self.size, self.size)
        circle = QPainterPath()
        circle.addEllipse(box)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipPath(circle, Qt.ClipOperation.IntersectClip)
        painter.fillRect(box, QColor(0, 0, 0))
        part = visible_part(pyramid, glass, view.orientation)
        if part is not None:
            grey = to_grey(part.pixels, view.window_level, invert=view.is_inverted)
            rows, columns = grey.shape
            image = QImage(grey.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
            at = QPointF(box.left() + part.x / ratio, box.top() + part.y / ratio)
            painter.drawImage(QRectF(at.x(), at.y(), columns / ratio, rows / ratio), image)
        painter.restore()
        painter.setPen(QPen(RIM, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
