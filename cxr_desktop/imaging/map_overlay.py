"""A film with its heat map, as a PNG for looking at outside the program."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from cxr_desktop.domain.assessment import HeatMap
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.preprocess import resize_area

LONGEST_SIDE = 1024
LEAST_TOP = 0.5
DARKEST, LIGHTEST = 72, 245
OPACITY = 0.6


def draw_map(radiograph: Radiograph, heat_map: HeatMap) -> bytes:
    """Return a PNG, longest side at most 1024 pixels: the film as first shown, the map over it.

    Only what raised the score is coloured (inferno scale), the stronger the more opaque. The
    colours run from 0 to the map's highest value, or to 0.5 logits where that is lower, so that a
    map with little to show is not blown up.
    """
    written, png = cv2.imencode(".png", film_with_map(radiograph, heat_map))
    if not written:
        raise RuntimeError("OpenCV could not encode a PNG")
    return png.tobytes()


def film_with_map(radiograph: Radiograph, heat_map: HeatMap | None) -> NDArray[np.uint8]:
    """Return that picture as (rows, columns, 3), blue first; without a map the film alone."""
    scale = min(1.0, LONGEST_SIDE / max(radiograph.rows, radiograph.columns))
    rows = max(1, round(radiograph.rows * scale))
    columns = max(1, round(radiograph.columns * scale))
    window = radiograph.window
    small = resize_area(radiograph.pixels, columns, rows)
    grey = np.clip((small - window.low) / window.width, 0.0, 1.0)
    picture = np.repeat((grey * 255).astype(np.float32)[..., None], 3, axis=2)
    if heat_map is not None:
        _lay_over(picture, heat_map, scale)
    return np.asarray(picture.round(), dtype=np.uint8)


def _lay_over(picture: NDArray[np.float32], heat_map: HeatMap, scale: float) -> None:
    rows, columns = picture.shape[:2]
    top, bottom, left, right = _scaled(heat_map.region, scale, rows, columns)
    values = evidence(heat_map, bottom - top, right - left)
    alpha = (OPACITY * np.sqrt(values))[..., None]
    seen = picture[top:bottom, left:right]
    picture[top:bottom, left:right] = seen * (1 - alpha) + _colours(values) * alpha


def evidence(heat_map: HeatMap, rows: int, columns: int) -> NDArray[np.float32]:
    """Return 0..1, (rows, columns): the positive part of the map, relative to its highest value."""
    positive = np.maximum(heat_map.values, 0.0)
    top = max(float(positive.max(initial=0.0)), LEAST_TOP)
    smooth = cv2.resize(positive / top, (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(smooth, dtype=np.float32), 0.0, 1.0)


def _colours(values: NDArray[np.float32]) -> NDArray[np.float32]:
    index = (DARKEST + values * (LIGHTEST - DARKEST)).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(index, cv2.COLORMAP_INFERNO), dtype=np.float32)


def _scaled(region: FilmRegion, scale: float, rows: int, columns: int) -> tuple[int, int, int, int]:
    """Return (top, bottom, left, right) of a region on the smaller picture, at least 1 x 1."""
    top = min(round(region.y * scale), rows - 1)
    left = min(round(region.x * scale), columns - 1)
    bottom = max(top + 1, min(round((region.y + region.height) * scale), rows))
    right = max(left + 1, min(round((region.x + region.width) * scale), columns))
    return top, bottom, left, right
