"""Our own SVG icons (resources/icons), drawn in any colour and sharp at any scale."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from cxr_desktop import locations
from cxr_desktop.ui.theme import Palette

SIZES = (16, 20, 24, 32, 40, 48, 64)  # those between are scaled down; 2 pixels per point fit too


def icon(name: str, colour: str = Palette.TEXT, *, checked_colour: str | None = None) -> QIcon:
    """Return an icon by its file name without ".svg"; `checked_colour` is for a button held down.

    Raises FileNotFoundError for a name that has no drawing: a bug that the smoke test finds.
    """
    svg = _drawing(name)
    made = QIcon()
    wanted = [
        (colour, QIcon.Mode.Normal, QIcon.State.Off),
        (Palette.FAINT, QIcon.Mode.Disabled, QIcon.State.Off),
    ]
    if checked_colour is not None:
        wanted.append((checked_colour, QIcon.Mode.Normal, QIcon.State.On))
    for ink, mode, state in wanted:
        renderer = _renderer(svg, ink)
        for size in SIZES:
            made.addPixmap(_paint(renderer, size), mode, state)
    return made


def pixmap(name: str, colour: str = Palette.TEXT, size: int = 24, *, scale: float = 1.0) -> QPixmap:
    """Return a square picture of `size` logical pixels for a screen of that device pixel ratio."""
    painted = _paint(_renderer(_drawing(name), colour), round(size * scale))
    painted.setDevicePixelRatio(scale)
    return painted


def _drawing(name: str) -> bytes:
    return (locations.resources() / "icons" / f"{name}.svg").read_bytes()


def _renderer(svg: bytes, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg.replace(b"currentColor", colour.encode())))


def _paint(renderer: QSvgRenderer, size: int) -> QPixmap:
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return picture
