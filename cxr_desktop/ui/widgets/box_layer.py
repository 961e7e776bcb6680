"""A box drawn on a film: one drag after `arm`, then it stays until `clear`."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform

from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.ui.widgets.corner_text import WARNING
from cxr_desktop.ui.widgets.film_view import FilmView

COVER = QColor(0, 0, 0, 110)
LEAST = 8.0  # film pixels a side


class BoxLayer(QObject):
    """`drawn` carries the box as a `FilmRegion`, `armed_changed` follows `arm` and its end.

    Positions are widget pixels.
    """

    drawn = Signal(object)
    armed_changed = Signal()

    def __init__(self, view: FilmView) -> None:
        super().__init__(view)
        self._view = view
        self._is_armed = False
        self._from: QPointF | None = None
        self._box: QRectF | None = None  # in film pixels

    @property
    def is_armed(self) -> bool:
        """Whether the next drag draws a box."""
        return self._is_armed

    @property
    def hint(self) -> str:
        """What to do next; nothing unless a box is to be drawn."""
        return self.tr("Draw a box around what to hide") if self._is_armed else ""

    @property
    def region(self) -> FilmRegion | None:
        """The box that is there, whole pixels of the film."""
        box = self._box
        if box is None or min(box.width(), box.height()) < LEAST:
            return None
        left, top, right, bottom = (
            round(edge) for edge in (box.left(), box.top(), box.right(), box.bottom())
        )
        return FilmRegion(left, top, right - left, bottom - top)

    def arm(self, *, on: bool = True) -> None:
        """Let the next drag draw a box in place of the one that is there, or not."""
        if on != self._is_armed and (self._view.film is not None or not on):
            self._is_armed = on
            self._from = None
            self.armed_changed.emit()
            self._view.update()

    def clear(self) -> None:
        """Take the box away."""
        self._box = self._from = None
        self.arm(on=False)
        self._view.update()

    def press(self, at: QPointF) -> bool:
        """Begin a box; whether one is to be drawn."""
        if self._is_armed:
            self._from, self._box = self._film_point(at), None
        return self._is_armed

    def move(self, at: QPointF) -> bool:
        """Go on with it; whether one is being drawn."""
        if self._from is None:
            return False
        self._box = QRectF(self._from, self._film_point(at)).normalized()
        self._view.update()
        return True

    def release(self, at: QPointF) -> bool:
        """End it; whether one was being drawn. A click draws none."""
        if not self.move(at):
            return False
        region = self.region
        self.arm(on=False)
        if region is None:
            self._box = None
        else:
            self.drawn.emit(region)
        return True

    def paint(self, painter: QPainter, place: QTransform) -> None:
        """Draw it; a layer of `FilmDisplay`."""
        if self._box is not None:
            painter.setPen(QPen(WARNING, 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(COVER)
            painter.drawPolygon(place.map(QPolygonF(self._box)))

    def _film_point(self, at: QPointF) -> QPointF:
        """Return the film point under a place of the widget, kept on the film."""
        point, film = self._view.film_to_widget.inverted()[0].map(at), self._view.film
        if film is None:
            return point
        return QPointF(
            min(max(point.x(), 0.0), float(film.columns)),
            min(max(point.y(), 0.0), float(film.rows)),
        )
