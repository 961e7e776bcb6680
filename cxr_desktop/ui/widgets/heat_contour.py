"""A line around what moved the score at least so much: a quieter look at the heat map."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QObject, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QTransform

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.ui.widgets.film_view import FilmView
from cxr_desktop.ui.widgets.heat_overlay import SIDE, evidence
from cxr_desktop.ui.widgets.measure_paint import SHADOW

COLOUR = QColor(92, 224, 206)
LEAST, MOST, STEP, DEFAULT = 10, 90, 5, 50
"""The level, in percent of the map's highest value."""

GRID = 4  # every so many of the map's SIDE points: finer than the eye can tell


class HeatContour(QObject):
    """A layer of `FilmDisplay`, off on each new map. `changed` follows switch, level and map."""

    changed = Signal()

    def __init__(self, view: FilmView) -> None:
        super().__init__(view)
        self._view = view
        self._map: HeatMap | None = None
        self._visible = False
        self._level = DEFAULT
        self._lines: list[QLineF] | None = None  # in film pixels; None: not computed yet

    @property
    def is_visible(self) -> bool:
        """Whether a map is there and its contour switched on."""
        return self._visible and self._map is not None

    @property
    def level(self) -> int:
        """Around what the line goes, in percent of the map's highest value."""
        return self._level

    @property
    def hint(self) -> str:
        """What the line says, and what not; nothing without a line."""
        if not self.is_visible:
            return ""
        return self.tr(
            "Contour at {level} %: shows what moved the score, not the outline of a lesion"
        ).format(level=self._level)

    def set_map(self, heat_map: HeatMap | None) -> None:
        """Take another map; the line is off until `set_visible`."""
        self._map, self._visible = heat_map, False
        self._forget_lines()

    def set_visible(self, visible: bool) -> None:
        """Draw the line, or not."""
        if visible != self._visible:
            self._visible = visible
            self._forget_lines()

    def set_level(self, level: int) -> None:
        """Set the level, within its limits."""
        level = min(max(level, LEAST), MOST)
        if level != self._level:
            self._level = level
            self._forget_lines()

    def raise_level(self) -> None:
        """Draw a smaller area."""
        self.set_level(self._level + STEP)

    def lower_level(self) -> None:
        """Draw a larger area."""
        self.set_level(self._level - STEP)

    def paint(self, painter: QPainter, place: QTransform) -> None:
        """Draw it; a layer of `FilmDisplay`."""
        if self._map is None or not self._visible:
            return
        if self._lines is None:
            self._lines = contour_lines(self._map, self._level / 100)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = [place.map(line) for line in self._lines]
        for pen in (QPen(SHADOW, 4.0), QPen(COLOUR, 2.0)):
            painter.setPen(pen)
            painter.drawLines(shown)

    def _forget_lines(self) -> None:
        self._lines = None
        self._view.update()
        self.changed.emit()


def contour_lines(heat_map: HeatMap, level: float) -> list[QLineF]:
    """Return the line at `level` (0..1 of the map's `evidence`) as short pieces, in film pixels.

    Each cell of the grid is cut into two triangles; a triangle whose corners lie on both sides of
    the level is crossed by one straight piece, so no case is ambiguous.
    """
    values = evidence(heat_map)[GRID // 2 :: GRID, GRID // 2 :: GRID].astype(np.float64)
    rows, columns = values.shape
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    region = heat_map.region
    points = np.stack(
        [
            region.x + (x * GRID + GRID // 2 + 0.5) / SIDE * region.width,
            region.y + (y * GRID + GRID // 2 + 0.5) / SIDE * region.height,
            values,
        ],
        axis=-1,
    )
    a, b = points[:-1, :-1].reshape(-1, 3), points[:-1, 1:].reshape(-1, 3)
    c, d = points[1:, :-1].reshape(-1, 3), points[1:, 1:].reshape(-1, 3)
    triangles = np.concatenate([np.stack([a, b, c], axis=1), np.stack([d, c, b], axis=1)])
    return [QLineF(*piece) for piece in _crossings(triangles, level).tolist()]


def _crossings(triangles: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Return where the level crosses (n, 3 corners, x y value), as rows of x1 y1 x2 y2."""
    above = triangles[..., 2] >= level
    triangles = triangles[above.any(axis=1) & ~above.all(axis=1)]
    above = triangles[..., 2] >= level
    # The corner that is alone on its side, and the two others.
    alone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), above.argmin(axis=1))
    each = np.arange(len(triangles))
    apex = triangles[each, alone]
    ends = []
    for following in (1, 2):
        other = triangles[each, (alone + following) % 3]
        share = (level - apex[:, 2]) / (other[:, 2] - apex[:, 2])
        ends.append(apex[:, :2] + share[:, None] * (other[:, :2] - apex[:, :2]))
    return np.concatenate(ends, axis=1)
