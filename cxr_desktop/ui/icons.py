"""Our own SVG icons (resources/icons), drawn in any colour and sharp at any scale."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from cxr_desktop import locations
from cxr_desktop.ui.theme import Palette

SIZES = (16, 20, 24, 32, 48)  # those between are scaled down; 2 pixels per point fit too
OWN_INKS = (  # what the first screens show in a colour of its own
    *((name, Palette.ACCENT) for name in ("film", "history", "users", "chart")),
    *((name, Palette.ON_ACCENT) for name in ("open", "play", "save")),
    ("verdict-normal", Palette.NORMAL),
    ("verdict-uncertain", Palette.UNCERTAIN),
    ("verdict-abnormal", Palette.ABNORMAL),
)


def icon(name: str, colour: str = Palette.TEXT, *, checked_colour: str | None = None) -> QIcon:
    """Return an icon by its file name without ".svg"; `checked_colour` is for a button held down.

    Raises FileNotFoundError for a name that has no drawing: a bug that the smoke test finds.
    """
    made = QIcon()
    wanted = [
        (colour, QIcon.Mode.Normal, QIcon.State.Off),
        (Palette.FAINT, QIcon.Mode.Disabled, QIcon.State.Off),
    ]
    if checked_colour is not None:
        wanted.append((checked_colour, QIcon.Mode.Normal, QIcon.State.On))
    for ink, mode, state in wanted:
        for size in SIZES:
            made.addPixmap(_painted(name, ink, size), mode, state)
    return made


def pixmap(name: str, colour: str = Palette.TEXT, size: int = 24, *, scale: float = 1.0) -> QPixmap:
    """Return a square picture of `size` logical pixels for a screen of that device pixel ratio."""
    painted = QPixmap(_painted(name, colour, round(size * scale)))
    painted.setDevicePixelRatio(scale)
    return painted


class IconWarmer(QObject):
    """Draws all icons one by one while the person types: screens are then made without a stall."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._left: list[tuple[str, str]] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_free)

    @property
    def is_running(self) -> bool:
        """Whether there are icons left."""
        return self._timer.isActive()

    def start(self) -> None:
        """Begin, one icon in one of the usual colours whenever the event loop is free."""
        names = sorted(path.stem for path in (locations.resources() / "icons").glob("*.svg"))
        self._left = [(name, ink) for ink in (Palette.MUTED, Palette.TEXT) for name in names]
        self._left += OWN_INKS
        self._timer.start(0)

    def _on_free(self) -> None:
        if self._left:
            icon(*self._left.pop())
        else:
            self._timer.stop()


def _painted(name: str, colour: str, size: int) -> QPixmap:
    """Draw, or take from Qt's own cache of pictures what was drawn before."""
    key = f"cxr/{name}/{colour}/{size}"
    picture = QPixmap()
    if QPixmapCache.find(key, picture):
        return picture
    svg = (locations.resources() / "icons" / f"{name}.svg").read_bytes()
    renderer = QSvgRenderer(QByteArray(svg.replace(b"currentColor", colour.encode())))
    picture = QPixmap(QSize(size, size))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    QPixmapCache.insert(key, picture)
    return picture
