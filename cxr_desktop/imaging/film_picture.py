"""A film as first shown, for paper."""

from __future__ import annotations

import cv2

from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.imaging.display import to_display
from cxr_desktop.imaging.preprocess import resize_area

LONGEST_SIDE = 1200


def draw_film(radiograph: Radiograph) -> bytes:
    """Return an 8-bit grey PNG through the film's own window, longest side at most 1,200 pixels."""
    scale = min(1.0, LONGEST_SIDE / max(radiograph.rows, radiograph.columns))
    width = max(1, round(radiograph.columns * scale))
    height = max(1, round(radiograph.rows * scale))
    small = resize_area(radiograph.pixels, width, height)
    written, png = cv2.imencode(".png", to_display(small, radiograph.window))
    if not written:
        raise RuntimeError("OpenCV could not encode a PNG")
    return png.tobytes()
