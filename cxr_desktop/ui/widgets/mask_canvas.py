"""A film on which a person draws boxes that will be made black."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cxr_desktop.domain.deidentify import MOST_BOXES, MaskBox
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid

LEAST = QSize(300, 240)
SMALLEST_DRAG = 3


class MaskCanvas(QWidget):
    """`boxes` are in pixels of the film; `changed` follows every new or removed one."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: list[MaskBox] = []
        self._film: QImage | None = None
        self._rows = self._columns = 0
        self._from: QPoint | None = None
        self._to: QPoint | None = None
        self.setMinimumSize(LEAST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Film; drag to cover a part of it"))

    def show_film(self, film: Radiograph) -> None:
        """Show a film through its own window; a small copy is enough to draw on."""
        small = FilmPyramid.of(film.pixels).levels[-1]
        window = film.window
        grey = np.clip((small - window.low) / window.width, 0, 1) * 255
        pixels = np.ascontiguousarray(grey, dtype=np.uint8)
        height, width = pixels.shape
        image = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
        self._film = image.copy()  # the array above does not live on
        self._rows, self._columns = film.rows, film.columns
        self.update()

    @property
    def film_size(self) -> tuple[int, int]:
        """Columns and rows of the film; (0, 0) without one."""
        return self._columns, self._rows

    def add(self, box: MaskBox) -> bool:
        """Add a box; one that begins outside the film, or one too many, is not taken."""
        inside = box.x < self._columns and box.y < self._rows
        if not inside or len(self.boxes) >= MOST_BOXES:
            return False
        self.boxes.append(box)
        self._tell()
        return True

    def remove_last(self) -> None:
        """Take the last box away."""
        if self.boxes:
            self.boxes.pop()
            self._tell()

    def sizeHint(self) -> QSize:
        """Ask for a square."""
        return QSize(420, 360)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a box."""
        if event.button() is Qt.MouseButton.LeftButton and self._film is not None:
            self._from = self._to = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow with its corner."""
        if self._from is not None:
            self._to = event.position().toPoint()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the box; a mere click is none."""
        start, self._from, self._to = self._from, None, None
        if start is None:
            return
        drawn = QRect(start, event.position().toPoint()).normalized() & self._place()
        if drawn.width() >= SMALLEST_DRAG and drawn.height() >= SMALLEST_DRAG:
            self.add(self._box_of(drawn))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint film, boxes, and the one being drawn."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(Palette.CANVAS))
        if self._film is None:
            painter.setPen(QColor(Palette.MUTED))
            painter.drawText(
                self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("The film is being read…")
            )
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self._place(), self._film)
        painter.setPen(QPen(QColor(Palette.UNCERTAIN), 2))
        for box in self.boxes:
            place = self._rect_of(box)
            painter.fillRect(place, QColor(Palette.CANVAS))
            painter.drawRect(place)
        if self._from is not None and self._to is not None:
            painter.drawRect(QRect(self._from, self._to).normalized())

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _place(self) -> QRect:
        """Where the film lies on the widget."""
        size = QSize(self._columns, self._rows).scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatio
        )
        left = (self.width() - size.width()) // 2
        return QRect(QPoint(left, (self.height() - size.height()) // 2), size)

    def _box_of(self, drawn: QRect) -> MaskBox:
        place = self._place()
        scale = self._columns / place.width()
        x = int((drawn.left() - place.left()) * scale)
        y = int((drawn.top() - place.top()) * scale)
        return MaskBox(
            max(x, 0),
            max(y, 0),
            max(1, round(drawn.width() * scale)),
            max(1, round(drawn.height() * scale)),
        )

    def _rect_of(self, box: MaskBox) -> QRect:
        place = self._place()
        scale = place.width() / self._columns
        whole = QRect(
            place.left() + round(box.x * scale),
            place.top() + round(box.y * scale),
            max(2, round(box.width * scale)),
            max(2, round(box.height * scale)),
        )
        return whole & place
