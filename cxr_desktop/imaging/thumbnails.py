"""Small pictures for the History list."""

from __future__ import annotations

import cv2

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.display import to_display
from cxr_desktop.imaging.preprocess import resize_area

LONGEST_SIDE = 192


def make_thumbnail(radiograph: Radiograph) -> bytes:
    """Draw the film as first shown: an 8-bit grey PNG, longest side 192 pixels at most."""
    scale = min(1.0, LONGEST_SIDE / max(radiograph.rows, radiograph.columns))
    width = max(1, round(radiograph.columns * scale))
    height = max(1, round(radiograph.rows * scale))
    small = resize_area(radiograph.pixels, width, height)
    _, png = cv2.imencode(".png", to_display(small, radiograph.window))
    return png.tobytes()
