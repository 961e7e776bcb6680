"""A heat map as colours to lay over a film: only what raised the score, in order of lightness."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from cxr_desktop.domain.assessment import HeatMap

SIDE = 256
LEAST_TOP = 0.5
DARKEST, LIGHTEST = 72, 245


def evidence(heat_map: HeatMap) -> NDArray[np.float32]:
    """Return 0..1, (SIDE, SIDE): the positive part of the map, relative to its highest value.

    A map whose highest value is under `LEAST_TOP` logits is not blown up to full colour: there is
    little to show. Negative values (towards normal) are 0.
    """
    positive = np.maximum(heat_map.values, 0.0)
    top = max(float(positive.max(initial=0.0)), LEAST_TOP)
    # Cubic between the centres of the model's few cells: smooth, and the peaks stay where they are.
    smooth = cv2.resize(positive / top, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
    return np.clip(np.asarray(smooth, dtype=np.float32), 0.0, 1.0)


def colours(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Map 0..1 to BGR of the inferno scale (its lightness rises evenly), without its black end."""
    index = (DARKEST + values * (LIGHTEST - DARKEST)).astype(np.uint8)
    return np.asarray(cv2.applyColorMap(index, cv2.COLORMAP_INFERNO), dtype=np.uint8)


def overlay_image(heat_map: HeatMap) -> QImage:
    """Paint the map as a picture of its region: the higher the value, the less transparent."""
    values = evidence(heat_map)
    alpha = np.clip(1.5 * values, 0.0, 1.0)
    bgra = np.empty((SIDE, SIDE, 4), np.uint8)
    bgra[..., :3] = (colours(values) * alpha[..., None]).astype(np.uint8)
    bgra[..., 3] = (alpha * 255).astype(np.uint8)
    image = QImage(bgra.data, SIDE, SIDE, SIDE * 4, QImage.Format.Format_ARGB32_Premultiplied)
    return image.copy()  # the copy owns its bytes; `bgra` may go


def legend_image(width: int = 128) -> QImage:
    """Paint the colour scale from less (left) to more (right), one pixel high."""
    bgr = colours(np.linspace(0.0, 1.0, width, dtype=np.float32)[None, :])
    image = QImage(bgr.tobytes(), width, 1, width * 3, QImage.Format.Format_BGR888)
    return image.copy()
