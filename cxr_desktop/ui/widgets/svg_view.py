"""A picture drawn as SVG text, on white as it will be printed."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

LEAST_WIDTH = 360


class SvgView(QWidget):
    """Shows one SVG in its own proportions; takes no room without one."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        # No child of the widget: Qt deletes those first, and may ask for a picture once more.
        self._picture = QSvgRenderer()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(LEAST_WIDTH)
        self.hide()

    def show_svg(self, svg: str) -> None:
        """Show this instead of what was there; an empty text hides the widget."""
        self._picture.load(QByteArray(svg.encode()))
        self._picture.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.setVisible(bool(svg))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the picture's proportions."""
        return QSize(LEAST_WIDTH, self.heightForWidth(LEAST_WIDTH))

    def heightForWidth(self, width: int) -> int:
        """Return the height that fits a width."""
        size = self._picture.defaultSize()
        return width * size.height() // max(size.width(), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it."""
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._picture.render(painter, QRectF(self.rect()))
        finally:
            painter.end()  # one that is left open takes the program down with the widget
