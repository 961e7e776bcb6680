"""The line around what raised the score most, in pixels of the film."""

from __future__ import annotations

import cv2
import numpy as np

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.measurement import Point
from cxr_desktop.imaging.map_overlay import evidence

SIDE = 256  # points of the map that the line is followed on
LEAST_CORNERS = 3


def map_contour(heat_map: HeatMap, level: float) -> tuple[tuple[Point, ...], ...]:
    """Return closed lines around what is at least `level` (0..1 of the map's `evidence`)."""
    inside = (evidence(heat_map, SIDE, SIDE) >= level).astype(np.uint8)
    found, _ = cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    region = heat_map.region
    lines = []
    for one in found:
        corners = (one.reshape(-1, 2) + 0.5) / SIDE * (region.width, region.height)
        corners += (region.x, region.y)
        if len(corners) >= LEAST_CORNERS:
            lines.append(tuple((float(x), float(y)) for x, y in [*corners, corners[0]]))
    return tuple(lines)
