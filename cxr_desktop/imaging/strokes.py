"""Strokes of the drawn film: outlines, ribbons and textures on a square of working pixels.

Points are (x, y) in the unit square, from the top left; layers are float32, (SIDE, SIDE).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.float32]
Points = list[tuple[float, float]]

SIDE = 768  # working pixels; the drawing is resized from here
SHIFT = 4  # sub-pixel bits of cv2's drawing functions


def to_pixel(point: tuple[float, float]) -> tuple[int, int]:
    """Return a point of the unit square in cv2's sub-pixel units."""
    scale = SIDE * (1 << SHIFT)
    return round(point[0] * scale), round(point[1] * scale)


def fill_outline(outline: Points, layer: Grey | None = None) -> Grey:
    """Draw 1 inside the outline, on `layer` or on a new one, and return it."""
    layer = np.zeros((SIDE, SIDE), np.float32) if layer is None else layer
    points = np.array([to_pixel(p) for p in outline], np.int32)
    cv2.fillPoly(layer, [points], 1.0, cv2.LINE_AA, SHIFT)
    return layer


def smooth(points: Points, *, closed: bool) -> Points:
    """Cut corners three times (Chaikin 1974)."""
    for _ in range(3):
        pairs = list(zip(points, points[1:] + points[:1] if closed else points[1:], strict=False))
        cut: Points = [] if closed else [points[0]]
        for (ax, ay), (bx, by) in pairs:
            cut.append((0.75 * ax + 0.25 * bx, 0.75 * ay + 0.25 * by))
            cut.append((0.25 * ax + 0.75 * bx, 0.25 * ay + 0.75 * by))
        points = cut if closed else [*cut, points[-1]]
    return points


def wobble(outline: Points, rng: np.random.Generator, by: float, *, ends: bool = False) -> Points:
    """Move each corner a little, by chance, and smooth the outline; `ends` leaves it open."""
    moved = [(x + float(rng.normal(0, by)), y + float(rng.normal(0, by))) for x, y in outline]
    return smooth(moved, closed=not ends)


def mirror(points: Points) -> Points:
    """Return the points on the other side of the middle line."""
    return [(1.0 - x, y) for x, y in points]


def ellipse(x: float, y: float, half_width: float, half_height: float) -> Points:
    """Return forty points of an ellipse."""
    turn = np.linspace(0.0, 2 * np.pi, 40, endpoint=False)
    return [(x + half_width * float(np.cos(t)), y + half_height * float(np.sin(t))) for t in turn]


def tube(lines: list[Points], half_width: float) -> Grey:
    """Return a bone seen from the side: a ribbon whose borders, the cortex, are brighter."""
    smoothed = [smooth(line, closed=False) for line in lines]
    points = [np.array([to_pixel(p) for p in line], np.int32) for line in smoothed]
    width = max(2, round(2 * half_width * SIDE))
    whole = np.zeros((SIDE, SIDE), np.float32)
    cv2.polylines(
        whole, points, isClosed=False, color=1.0, thickness=width, lineType=cv2.LINE_AA, shift=SHIFT
    )
    return np.asarray(0.65 * blur(whole, 1.2) + 0.5 * rim(whole, 3), dtype=np.float32)


def rim(shape: Grey, width: int) -> Grey:
    """Return the shape's border, `width` working pixels wide: the cortex of a bone."""
    inner = cv2.erode(shape, np.ones((width, width), np.uint8))
    return blur(np.asarray(shape - inner, dtype=np.float32), 0.8)


def thickness(shape: Grey, reach: float) -> Grey:
    """Return 0 at the border rising like a round body's chord to 1 at `reach` of the side."""
    inside = (shape > 0.5).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 5) / (reach * SIDE)
    near = 1.0 - np.clip(distance, 0.0, 1.0)
    return np.asarray(np.sqrt(1.0 - near**2), dtype=np.float32)


def texture(rng: np.random.Generator, sigma: float) -> Grey:
    """Return smooth noise of mean 0 and deviation 1."""
    noise = blur(rng.normal(0, 1, (SIDE, SIDE)).astype(np.float32), sigma)
    return np.asarray((noise - noise.mean()) / noise.std(), dtype=np.float32)


def blur(layer: Grey, sigma: float) -> Grey:
    """Blur with a Gaussian of `sigma` working pixels."""
    if sigma > 8.0:  # a wide blur has no fine detail left: the same on a sixteenth of the pixels
        small = cv2.resize(layer, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        small = cv2.GaussianBlur(small, (0, 0), sigma / 4)
        return np.asarray(cv2.resize(small, layer.shape[::-1]), dtype=np.float32)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), sigma), dtype=np.float32)
